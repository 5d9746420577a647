"""The side of jobs that has TensorFlow: file for file as in core.jobs."""
