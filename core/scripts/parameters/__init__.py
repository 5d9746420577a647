"""What a script can be given, read from its source: a file for each way of saying it."""
