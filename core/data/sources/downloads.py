"""Keras's downloadable sets: from a local folder when there is one, otherwise through Keras's own loaders."""

from typing import ClassVar, Literal

from core.common.settings import Settings
from core.data.base import DataInfo, Raw, Source
from core.data.formats import class_names
from core.data.source_options import ImageSource, TextSource
from core.data.sources.local_copies import read_local


class Download(Source):
    """Its name is that of its folder and of Keras's loader."""

    def read(self, settings: Settings) -> Raw:
        return read_local(self.source, self.facts, settings)


class Mnist(Download, ImageSource):
    title: ClassVar[str] = "MNIST"
    summary: ClassVar[str] = "70,000 handwritten digits of 28x28 pixels (LeCun, Cortes and Burges)."
    facts: ClassVar[DataInfo] = DataInfo((28, 28, 1), tuple("0123456789"), 60_000, 10_000, kind="image")

    source: Literal["mnist"] = "mnist"


class FashionMnist(Download, ImageSource):
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


class Cifar10(Download, ImageSource):
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


class Cifar100(Download, ImageSource):
    title: ClassVar[str] = "CIFAR-100"
    summary: ClassVar[str] = "60,000 colour pictures of 32x32 pixels, a hundred kinds of things (Krizhevsky)."
    facts: ClassVar[DataInfo] = DataInfo((32, 32, 3), class_names.CIFAR100, 50_000, 10_000, kind="image")

    source: Literal["cifar100"] = "cifar100"


class Imdb(Download, TextSource):
    title: ClassVar[str] = "IMDB reviews"
    summary: ClassVar[str] = "50,000 film reviews in English, negative or positive (Maas et al.)."
    facts: ClassVar[DataInfo] = DataInfo((1,), class_names.IMDB, 25_000, 25_000, task="binary", kind="text")

    source: Literal["imdb"] = "imdb"


class Reuters(Download, TextSource):
    title: ClassVar[str] = "Reuters newswires"
    summary: ClassVar[str] = "11,228 short news of 1987 in English, 46 topics (Lewis; as Keras has them)."
    facts: ClassVar[DataInfo] = DataInfo((1,), class_names.REUTERS, 8_982, 2_246, kind="text")

    source: Literal["reuters"] = "reuters"
