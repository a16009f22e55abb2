// Every widget's script; each page's fields work without them.
import "./colour/colour.js";
import "./image/address.js";
import "./image/media.js";
import "./json/json.js";
import "./relation/relation.js";
import "./rows/rows.js";
import "./slug/slug.js";
import "./tags/tags.js";
