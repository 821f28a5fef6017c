"""Files that simulate a network elsewhere."""
