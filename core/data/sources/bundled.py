"""The real data sets that scikit-learn ships: no network, no files."""

from dataclasses import replace
from functools import cache
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from core.common.settings import Settings
from core.data.base import Array, DataInfo, Feature, Raw, Source
from core.data.source_options import ImageSource


class Bundled(Source):
    """Published without a test set, so that one is held back here; the same examples for every seed."""

    test_split: float = Field(
        0.2, gt=0, lt=0.9, title="Test split", description="Share of all examples kept for the final test."
    )

    def arrays(self) -> tuple[Array, Array]:
        """Examples and class numbers, as published."""
        raise NotImplementedError

    def read(self, settings: Settings) -> Raw:
        from sklearn.model_selection import train_test_split

        x, y = self.arrays()
        # A fixed seed: runs with different seeds must be tested on the same examples to be comparable.
        x_train, x_test, y_train, y_test = train_test_split(
            x, y.astype(np.int32), test_size=self.test_split, random_state=0, stratify=y
        )
        return Raw(x_train, y_train, x_test, y_test)

    def published(self, settings: Settings) -> DataInfo:
        total = self.facts.train_examples + self.facts.test_examples
        test = int(np.ceil(total * self.test_split))  # as scikit-learn rounds
        return replace(self.facts, train_examples=total - test, test_examples=test)


@cache
def _load(name: str) -> Any:
    """Parsed once a process, and once for all children of one."""
    import sklearn.datasets

    return getattr(sklearn.datasets, f"load_{name}")()


class Digits(Bundled, ImageSource):
    title: ClassVar[str] = "Handwritten digits"
    summary: ClassVar[str] = "1,797 images of 8x8 pixels, ten classes (scikit-learn, from UCI Optical Recognition)."
    facts: ClassVar[DataInfo] = DataInfo((8, 8, 1), tuple("0123456789"), 1437, 360, kind="image")

    source: Literal["digits"] = "digits"

    def arrays(self) -> tuple[Array, Array]:
        digits = _load("digits")
        # Published as counts of 0 to 16; spread to the pixel range that image models expect.
        return (digits.images * (255 / 16)).astype(np.uint8)[..., np.newaxis], digits.target


class _Table(Bundled):
    def arrays(self) -> tuple[Array, Array]:
        table = _load(self.source)
        return table.data.astype(np.float32), table.target


def _columns(*names: str) -> tuple[Feature, ...]:
    return tuple(Feature(name, "number") for name in names)


class Iris(_Table):
    title: ClassVar[str] = "Iris"
    summary: ClassVar[str] = "150 flowers, four lengths and widths in cm, three species (scikit-learn, from Fisher)."
    facts: ClassVar[DataInfo] = DataInfo(
        (4,),
        ("setosa", "versicolor", "virginica"),
        120,
        30,
        features=_columns("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
    )

    source: Literal["iris"] = "iris"


class Wine(_Table):
    title: ClassVar[str] = "Wine"
    summary: ClassVar[str] = "178 wines, 13 chemical measurements, three growers (scikit-learn, from UCI)."
    facts: ClassVar[DataInfo] = DataInfo(
        (13,),
        ("class_0", "class_1", "class_2"),
        142,
        36,
        features=_columns(
            *("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids"),
            *("nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "OD280/OD315 of diluted wines"),
            "proline",
        ),
    )

    source: Literal["wine"] = "wine"


_CELL = (
    *("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry"),
    "fractal dimension",
)


class BreastCancer(_Table):
    title: ClassVar[str] = "Breast cancer"
    summary: ClassVar[str] = (
        "569 tumours, 30 measurements of cell nuclei, malignant or benign (scikit-learn, from UCI)."
    )
    facts: ClassVar[DataInfo] = DataInfo(
        (30,),
        ("malignant", "benign"),
        455,
        114,
        task="binary",
        features=_columns(
            *(f"mean {name}" for name in _CELL),
            *(f"{name} error" for name in _CELL),
            *(f"worst {name}" for name in _CELL),
        ),
    )

    source: Literal["breast_cancer"] = "breast_cancer"


def read_ahead() -> None:
    """Parse all of them, 2 MB, for the runs that processes forked from this one will execute."""
    for source in (Digits, Iris, Wine, BreastCancer):
        _load(source.model_fields["source"].default)
