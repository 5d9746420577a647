"""/api/v1: the use cases of the pages for programs, a router a file."""
