"""Every architecture. To add one: a file beside this one, and its class in this list."""

from core.models.base import Architecture
from core.models.cnn import CNN
from core.models.layers import Layers
from core.models.mlp import MLP
from core.models.pretrained import Pretrained
from core.models.recurrent import Recurrent, RecurrentGenerator
from core.models.resnet import ResNet
from core.models.transformer import GPT, Transformer

ARCHITECTURES: tuple[type[Architecture], ...] = (
    *(MLP, CNN, ResNet, Pretrained),
    *(Recurrent, Transformer, RecurrentGenerator, GPT),
    Layers,
)
