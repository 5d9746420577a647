"""What the cells of a table mean: read once as text, decided per column over all files together."""
