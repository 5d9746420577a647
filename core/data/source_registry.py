"""Every data source. To add one: a file beside this one, and its class in this list."""

from core.data.base import Source
from core.data.sources.added import AddedArrays, AddedCorpus, AddedImages, AddedSeries, AddedTable, AddedText
from core.data.sources.bundled import BreastCancer, Digits, Iris, Wine
from core.data.sources.digit_segments import DigitSegments
from core.data.sources.downloads import Cifar10, Cifar100, FashionMnist, Imdb, Mnist, Reuters
from core.data.sources.elnino import ElNino
from core.data.sources.sunspots import Sunspots
from core.data.sources.xor import Xor

SOURCES: tuple[type[Source], ...] = (
    Xor,
    Digits,
    DigitSegments,
    Iris,
    Wine,
    BreastCancer,
    Mnist,
    FashionMnist,
    Cifar10,
    Cifar100,
    Imdb,
    Reuters,
    ElNino,
    Sunspots,
    AddedTable,
    AddedImages,
    AddedText,
    AddedCorpus,
    AddedSeries,
    AddedArrays,
)
