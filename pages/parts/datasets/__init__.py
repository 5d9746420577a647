"""The pieces of the Datasets page."""
