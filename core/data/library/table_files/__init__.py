"""Files that hold a table: one module a format, each of which gives rows of text."""
