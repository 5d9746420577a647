"""Examples of a data set as another's network takes them: columns by their names, pictures by their size, texts by the
vocabulary that it learned; and which of them it has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.array_checks import checked
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Source
from core.data.examples import arrays, count, row_features, take, together
from core.data.row_input import as_typed
from core.data.vocabulary import Vocabulary

_SHOWN = 12  # names that are listed


@dataclass(frozen=True)
class Known:
    """A data set with labels, its parts together."""

    title: str
    info: DataInfo
    x: Examples
    y: Array

    def taken(self, positions: Array) -> "Known":
        return Known(self.title, self.info, take(self.x, positions), self.y[positions])


def known(source: Source, settings: Settings) -> Known:
    """Raises DataError: it cannot be read, or is text or series to go on from."""
    info, title = source.published(settings), str(getattr(source, "dataset", source.source))
    if info.kind in ("series", "corpus"):
        raise DataError(f"{title} is {info.kind}; accepted are rows, texts and pictures that have a class or a number.")
    raw = checked(source.read(settings), info, title)
    parts = [(x, y) for _, x, y in raw.parts() if len(y)]
    return Known(title, info, together([x for x, _ in parts]), np.concatenate([y for _, y in parts]))


def sort_of(info: DataInfo) -> tuple[str, str]:
    """What an example is, and what it has, in words: a network answers examples of its own sort."""
    return _kind(info), _task(info)


def check_fits(data: Known, wanted: DataInfo, who: str) -> None:
    """Raises DataError: another task or kind of examples, with what was received and what is accepted."""
    given, accepted = _task(data.info), _task(wanted)
    if given != accepted:
        raise DataError(f"{data.title} has {given} for each example; {who} was trained for {accepted}. Take another.")
    given, accepted = _kind(data.info), _kind(wanted)
    if given != accepted:
        raise DataError(f"{data.title} holds {given}; {who} takes {accepted}. Take another data set.")


def fitted(
    data: Known, wanted: DataInfo, stored_shape: Sequence[int], vocabulary: Vocabulary | None, who: str
) -> Examples:
    """As the network takes them, numbers in their own unit. Raises DataError.

    Args:
        wanted: of the network.
        stored_shape: of an example of what it learned from, at whose size pictures are sampled first.
    """
    check_fits(data, wanted, who)
    if wanted.is_image:
        from core.data.pictures import resized

        return resized(resized(pictures(data), *stored_shape[:2]), *wanted.shape[:2])
    if wanted.kind == "text":
        assert vocabulary is not None
        return vocabulary.encode(arrays(data.x)[0].tolist(), wanted.shape[0])
    return _columns(data, wanted, who)


def pictures(data: Known) -> Array:
    """As they are stored, uint8 [examples, height, width, channels]."""
    return arrays(data.x)[0]


def labels(data: Known, names: Sequence[str], who: str) -> Array:
    """Class numbers by the names of classes, -1 of those that the network does not tell; of several labels 0 and 1 of
    each, [examples, labels]. Raises DataError: the network tells no such class, or not all of its labels are there.
    """
    own = list(map(plain, data.info.class_names))
    if data.info.task == "multilabel":
        lacking = [name for name in names if plain(name) not in own]
        if lacking:
            raise DataError(
                f"{data.title} has the labels {listed(data.info.class_names)}; {who} tells {quoted(lacking[0])}, too, "
                "which is not there. Rename the labels of the data set, or take another."
            )
        return data.y[:, [own.index(plain(name)) for name in names]]
    places = {plain(name): place for place, name in enumerate(names)}
    of = np.array([places.get(name, -1) for name in own], np.int64)
    if (of < 0).all():
        raise DataError(
            f"{data.title} has the classes {listed(data.info.class_names)}; {who} tells {listed(names)}, none of "
            "which are there. Rename the classes of the data set, or take another."
        )
    return np.asarray(of[data.y])


def is_seen(examples: Examples, learned: Sequence[Examples]) -> Array:
    """Of each of the examples whether it is among those learned from, exactly."""
    seen = {key for part in learned for key in _keys(part)}
    return np.fromiter((key in seen for key in _keys(examples)), bool, count(examples))


def _keys(x: Examples) -> list[bytes]:
    parts = arrays(x)
    if parts[0].dtype.kind in "OU":
        return ["\0".join(map(str, np.ravel(row))).encode() for row in parts[0]] if len(parts) == 1 else _joined(parts)
    if len(parts) > 1:
        return _joined(parts)
    rows = parts[0].astype(np.float64) if parts[0].dtype.kind == "f" else parts[0]
    return [np.ascontiguousarray(row).tobytes() for row in rows]


def _joined(parts: Sequence[Array]) -> list[bytes]:
    return [b"\xff".join(keys) for keys in zip(*(_keys(part) for part in parts), strict=True)]


def _columns(data: Known, wanted: DataInfo, who: str) -> Examples:
    given = _by_name(data)
    fields = row_features(wanted)
    lacking = [field.name for field in fields if field.name not in given]
    if lacking:
        raise DataError(
            f"{data.title} has no column {quoted(lacking[0])}, which {who} learned from; {len(lacking)} of "
            f"{len(fields)} are not there. Its columns are {listed(list(given))}. Name them as in training."
        )
    numbers = [field for field in fields if field.kind == "number"]
    for field in numbers:
        if given[field.name].dtype.kind in "OU":
            raise DataError(f"{data.title} has words in {quoted(field.name)}; {who} learned from numbers there.")
    stacked = np.column_stack([given[field.name] for field in numbers]).astype(np.float64) if numbers else None
    if wanted.kind == "rows":
        assert stacked is not None
        return stacked.reshape(len(stacked), *wanted.shape)
    x: dict[str, Array] = {}
    if stacked is not None:
        x[NUMBERS] = stacked
    if wanted.categories:
        x[CATEGORIES] = np.column_stack([_as_words(given[field.name], field) for field in wanted.categories])
    return x


def _by_name(data: Known) -> dict[str, Array]:
    if isinstance(data.x, dict):
        of = ((NUMBERS, data.info.numbers), (CATEGORIES, data.info.categories))
        return {field.name: data.x[kind][:, at] for kind, fields in of for at, field in enumerate(fields)}
    flat = data.x.reshape(len(data.x), -1)
    return {field.name: flat[:, at] for at, field in enumerate(row_features(data.info))}


def _as_words(values: Array, field: object) -> Array:
    if values.dtype.kind in "OU":
        return values.astype(object)
    return np.array(["" if np.isnan(value) else as_typed(field, float(value)) for value in values], object)  # type: ignore[arg-type]


def _task(info: DataInfo) -> str:
    if info.is_classification:
        return "a class"
    return {"regression": "a number", "multilabel": "several labels"}.get(info.task, info.task)


def _kind(info: DataInfo) -> str:
    if info.is_image:
        return "pictures in colour" if info.shape[2] == 3 else "grey pictures"
    return "rows" if info.kind in ("rows", "table") else {"text": "texts"}.get(info.kind, info.kind)


def plain(name: str) -> str:
    """By which classes and labels of different data are the same."""
    return name.strip().casefold()


def listed(names: Sequence[str]) -> str:
    """The first of them, in a sentence."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
