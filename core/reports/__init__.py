"""Reports: Markdown with panels that show runs, as they are or as they were; and saved views of pages."""
