"""Asking an exported network: what an exported folder carries along, and what serves it. No TensorFlow, no pydantic.

The files of this room, and those of core/data/ that they import, are copied into every exported folder as they are; so
they import nothing but each other, the standard library, numpy, Pillow for pictures and the one runtime.
"""
