"""Recording of metrics: used by the trainer and by people's own scripts. No TensorFlow."""
