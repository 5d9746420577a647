"""The pieces of the pages, a folder or a file per page; what several pages need is in pages/shared."""
