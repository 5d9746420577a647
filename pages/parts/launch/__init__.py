"""The pieces of the Launch page."""
