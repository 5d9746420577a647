"""Keras's downloadable image sets: from a local folder when there is one, otherwise through Keras's own loaders."""

from typing import ClassVar, Literal

from core.data.base import DataInfo, Raw
from core.data.local import read_local
from core.data.options import ImageSource
from core.settings import Settings


class _Download(ImageSource):
    def read(self, settings: Settings) -> Raw:
        return read_local(self.source, self.facts, settings)


class Mnist(_Download):
    title: ClassVar[str] = "MNIST"
    summary: ClassVar[str] = "70,000 handwritten digits of 28x28 pixels (LeCun, Cortes and Burges)."
    facts: ClassVar[DataInfo] = DataInfo((28, 28, 1), tuple("0123456789"), 60_000, 10_000, kind="image")

    source: Literal["mnist"] = "mnist"


class FashionMnist(_Download):
    title: ClassVar[str] = "Fashion-MNIST"
    summary: ClassVar[str] = "70,000 pictures of clothing of 28x28 pixels, ten kinds (Zalando Research)."
    facts: ClassVar[DataInfo] = DataInfo(
        (28, 28, 1),
        ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
        60_000,
        10_000,
        kind="image",
    )

    source: Literal["fashion_mnist"] = "fashion_mnist"


class Cifar10(_Download):
    title: ClassVar[str] = "CIFAR-10"
    summary: ClassVar[str] = "60,000 colour pictures of 32x32 pixels, ten kinds of things (Krizhevsky)."
    facts: ClassVar[DataInfo] = DataInfo(
        (32, 32, 3),
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        50_000,
        10_000,
        kind="image",
    )

    source: Literal["cifar10"] = "cifar10"
