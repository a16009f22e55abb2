"""The demo's pictures: still scenes, prints and flat lays in ten glazes, drawn the same each time."""
