"""A version of a model as a folder that runs without Traindeck: the network, and all that its answers need."""
