// What only the media screens run: uploads in parts.
import "../components/media/select.js";
import "../components/media/upload.js";
