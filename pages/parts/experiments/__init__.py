"""The pieces of the Experiments page."""
