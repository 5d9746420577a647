"""The commands of `python -m core`: they parse, call the use cases that the pages call, and print."""
