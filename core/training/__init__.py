"""The trainer: the process that executes one run, its step loop, checkpoints and signs of life."""
