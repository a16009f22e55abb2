// What only the media screens run: uploads in parts, and the focal point.
import "../components/media/focal.js";
import "../components/media/select.js";
import "../components/media/upload.js";
