"""What a config may name as its data: one file a kind of source."""
