"""Every architecture. To add one: a file beside this one, and its class in this list."""

from core.architectures.architecture import Architecture
from core.architectures.cnn import CNN
from core.architectures.layers import Layers
from core.architectures.mlp import MLP
from core.architectures.pretrained import Pretrained
from core.architectures.recurrent import Recurrent, RecurrentGenerator
from core.architectures.resnet import ResNet
from core.architectures.temporal_cnn import TemporalCNN
from core.architectures.transformer import GPT, Transformer
from core.architectures.whitened_cnn import WhitenedCNN

ARCHITECTURES: tuple[type[Architecture], ...] = (
    *(MLP, CNN, ResNet, WhitenedCNN, Pretrained),
    *(Recurrent, TemporalCNN, Transformer, RecurrentGenerator, GPT),
    Layers,
)
