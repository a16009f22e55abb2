// The command palette, loaded when somebody opens it first.
export { open } from "../components/palette/palette.js";
