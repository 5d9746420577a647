"""Network architectures: one file per family. Each is a config model with a builder that imports Keras when called."""
