"""The pieces of the Sweeps page."""
