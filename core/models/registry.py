"""Every architecture. To add one: a file beside this one, and its class in this list."""

from core.models.base import Architecture
from core.models.cnn import CNN
from core.models.layers import Layers
from core.models.mlp import MLP

ARCHITECTURES: tuple[type[Architecture], ...] = (MLP, CNN, Layers)
