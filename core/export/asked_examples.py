"""What an export is compared and measured on: the test set, or made examples where that is gone."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.run import RunConfig
from core.data.data_info import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Feature
from core.data.examples import count, row_features, take, together
from core.data.number_scaling import Numbers
from core.data.pictures import png_of
from core.data.prepare import load
from core.data.vocabulary import Vocabulary
from core.models.version_manifest import Manifest
from core.serving.training_profile import MOST as MOST_PROFILED

MOST = 10_000  # of the test set
_MADE = 256  # examples
_SHOWN = 6  # of them that an export brings along
_LEARNED = 200  # training examples, by which the ranges of numbers in 8 bits are set
_VALUES = 2**27  # of inputs or outputs together, at most


@dataclass(frozen=True)
class Known:
    """Raw examples: those that are asked about, and training examples."""

    x: Examples
    y: Array | None = None  # of test examples
    texts: Array | None = None  # the same as texts, where they are texts
    trained: Examples | None = None
    learned: Examples | None = None  # more of them, drawn at random: what traffic is compared with

    @property
    def learned_from(self) -> Examples:
        """Made ones where there are no others."""
        return self.x if self.trained is None else self.trained


def of_data(settings: Settings, config: RunConfig, fingerprint: object, vocabulary: Vocabulary | None) -> Known | None:
    """Of the data set; None where it is gone, or is another now.

    Args:
        fingerprint: of the data that the version's run had.
    """
    try:
        data = load(config.data, settings, config.seed)
    except DataError:
        return None
    if data.fingerprint != fingerprint or not len(data.y_test):
        return None
    x, y, texts = data.x_test, data.y_test, data.texts_test
    trained = take(data.x_train, slice(0, _LEARNED))
    width = sum(int(np.prod(each.shape[1:])) for each in (x.values() if isinstance(x, dict) else [x]))
    drawn = np.random.default_rng(0).permutation(count(data.x_train))[: max(1, min(MOST_PROFILED, _VALUES // width))]
    learned = take(data.x_train, drawn)
    if texts is not None and vocabulary is not None and not isinstance(x, dict):
        length = x.shape[1]
        x = vocabulary.encode(texts.tolist(), length)
        if data.texts_train is not None:
            trained = vocabulary.encode(data.texts_train[:_LEARNED].tolist(), length)
            learned = vocabulary.encode(data.texts_train[drawn].tolist(), length)
    elif data.vocabulary is not None and data.vocabulary != vocabulary:  # a corpus that was cut by other rules
        return None
    most = max(1, min(MOST, _VALUES // max(1, width * (data.info.vocabulary if data.info.kind == "corpus" else 1))))
    return Known(take(x, slice(0, most)), y[:most], None if texts is None else texts[:most], trained, learned)


def with_odd(x: Examples, manifest: Manifest, numbers: Numbers) -> Examples:
    """Followed by what a test set may not have: of tables missing values, and categories that nobody knew."""
    return together([x, made(manifest, numbers)]) if manifest.info.kind == "table" else x


def made(manifest: Manifest, numbers: Numbers) -> Examples:
    """Examples of the right kind, the same each time; of tables with missing values and unknown categories."""
    info, draw = manifest.info, np.random.default_rng(0)
    some = max(1, min(_MADE, _VALUES // max(1, math.prod(info.shape))))
    if info.is_image:
        return draw.integers(0, 256, (some, *info.shape), np.uint8)
    if info.kind in ("text", "corpus"):
        return draw.integers(0, info.vocabulary, (some, *info.shape), np.int32)
    if info.kind == "series":
        if info.whole is not None:  # small ones, which are good for a table of a few rows, too
            return draw.integers(max(info.whole[0], 0), 2, (some, *info.shape)).astype(np.float32)
        spread = numbers.target
        return draw.normal(spread.offset if spread else 0, spread.scale if spread else 1, (some, *info.shape))
    values = [_numbers(each, manifest, draw, some) for each in row_features(info) if each.kind == "number"]
    if info.kind == "rows":
        return np.stack(values, axis=1).reshape(some, *info.shape)
    x: dict[str, Array] = {}
    if values:
        x[NUMBERS] = np.where(draw.random((some, len(values))) < 0.05, np.nan, np.stack(values, axis=1))
    if info.categories:
        columns = [draw.choice(np.array(["", "?unknown", *each.categories], object), some) for each in info.categories]
        x[CATEGORIES] = np.stack(columns, axis=1)
    return x


def _numbers(field: Feature, manifest: Manifest, draw: np.random.Generator, some: int) -> Array:
    low, high = manifest.ranges.get(field.name, (-2.0, 2.0))
    return draw.uniform(low, high, some)


def instances(
    info: DataInfo, x: Examples, texts: Array | None, vocabulary: Vocabulary | None, most: int = _SHOWN
) -> list[Any]:
    """Some as a caller would have them, as far apart as they lie: the first may be all of one day, or of one class."""
    places = np.linspace(0, count(x) - 1, min(most, count(x))).round().astype(int).tolist()
    return [_instance(info, x, at, texts, vocabulary) for at in places]


def _instance(info: DataInfo, x: Examples, at: int, texts: Array | None, vocabulary: Vocabulary | None) -> Any:
    one = take(x, slice(at, at + 1))
    if isinstance(one, dict):
        numbers, categories = (iter(one[name][0].tolist() if name in one else ()) for name in (NUMBERS, CATEGORIES))
        fields = row_features(info)
        return {each.name: _value(next(numbers if each.kind == "number" else categories)) for each in fields}
    if info.is_image and info.shape[-1] in (1, 3):
        return {"b64": png_of(one[0])}
    if info.kind == "text" and vocabulary is not None:
        return str(texts[at]) if texts is not None else vocabulary.decode(one[0].tolist())
    if info.kind == "rows":
        return dict(zip([each.name for each in row_features(info)], one[0].ravel().tolist(), strict=True))
    return one[0].tolist()


def _value(value: Any) -> Any:
    return None if value == "" or (isinstance(value, float) and math.isnan(value)) else value
