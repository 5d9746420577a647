"""Why a network gave an answer, and whether that explanation may be believed. Imports TensorFlow, or what does."""
