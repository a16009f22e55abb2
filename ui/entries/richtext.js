// The editor of rich text, loaded only where a page has such a field.
import "../fields/richtext/richtext.js";
