"""Data sets: one file per kind of source. Arrays only; no TensorFlow."""
