"""Following a Python program by its source alone, as far as constants go."""
