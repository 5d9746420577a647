"""What lets a network look better in the test than it is: told when a data set is added, and with each run on it."""
