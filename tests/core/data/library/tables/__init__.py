"""What the cells of tables mean."""
