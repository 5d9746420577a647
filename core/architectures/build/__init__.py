"""Makes Keras models of architectures. Imports Keras: only builders and processes with TensorFlow may import it."""
