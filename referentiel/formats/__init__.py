"""How the référentiel's values are written, for people and for files."""
