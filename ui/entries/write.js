// The writing mode of articles, loaded only there.
import "../admin/articles/write.js";
