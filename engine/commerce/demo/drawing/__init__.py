"""The demo's pictures: still lifes, prints and flat lays in ten glazes, drawn the same each time."""
