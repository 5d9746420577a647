"""Every data source. To add one: a file beside this one, and its class in this list."""

from core.data.base import Source
from core.data.bundled import BreastCancer, Digits, Iris, Wine
from core.data.downloads import Cifar10, FashionMnist, Mnist
from core.data.xor import Xor

SOURCES: tuple[type[Source], ...] = (Xor, Digits, Iris, Wine, BreastCancer, Mnist, FashionMnist, Cifar10)
