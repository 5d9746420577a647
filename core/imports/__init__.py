"""Coming over from other tools, and leaving: a file for each source, one use case that stores what they find."""
