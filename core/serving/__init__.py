"""Models in use: a process for each version that answers, and the gateway that others ask. Without TensorFlow."""
