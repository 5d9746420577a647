"""Parts of the page that launches people's own scripts."""
