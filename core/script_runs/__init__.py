"""Carrying out people's own scripts: the process, its output, what it may take, and how it ends."""
