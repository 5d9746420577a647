"""The profile of a data set, from its arrays: built in or added."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Part, Raw
from core.data.examples import arrays, count
from core.data.histogram import histogram
from core.data.label_sets import counts_of
from core.data.library.label_profile import label_spread
from core.data.library.leaks.copies import duplicates
from core.data.library.leaks.finding import find
from core.data.library.leaks.leak import Leak
from core.data.library.manifest import TokenCounts
from core.data.library.profile import (
    QUANTILES,
    Column,
    Histogram,
    Images,
    Profile,
    Split,
    Spread,
    Texts,
)
from core.data.library.profile_samples import samples
from core.data.library.read_options import Progress, silent, within
from core.data.library.series_profile import lines
from core.data.series_grid import OBSERVED
from core.data.vocabulary import split
from core.data.words.rules_2 import is_space

_BINS = 30
_TOP = 20
_MOST_COLUMNS = 200  # of rows of numbers, which may be long
_PIECE = 1000  # examples at a time
_CHARACTERS_PER_TELL = 1_000_000


@dataclass(frozen=True)
class Described:
    profile: Profile
    tokens: TokenCounts | None  # of texts
    leaks: tuple[Leak, ...] = ()


def describe(
    raw: Raw,
    info: DataInfo,
    folder: Path,
    progress: Progress = silent,
    original_sizes: tuple[tuple[str, int], ...] = (),
) -> Described:
    """Looks at every example. Pictures of samples are written into the folder.

    Args:
        raw: as `core.data.array_checks.checked` gives it.

    Raises:
        OSError: the folder cannot be written.
    """
    found = samples(raw, info, folder)
    if info.kind == "corpus":
        texts, tokens = _texts([_only(raw.x_train)], info, progress)
        return Described(Profile((Split("train", 1),), texts=texts, samples=found), tokens)
    if info.kind == "series":
        return Described(_series(raw, info), None)
    splits = tuple(_split(part, y, info) for part, _, y in raw.parts() if len(y))
    leaks = find(raw, info, within(progress, 0, 0.3))
    labels = label_spread(raw.y_train, info)
    profile = Profile(splits, duplicates=duplicates(raw, info), samples=found, labels=labels)
    if info.kind in ("text", "image"):
        profile = replace(profile, columns=tuple(_target(raw, info)))
    progress(0.3, "looking at the examples")
    if info.kind == "text":
        assert not isinstance(raw.x_train, dict)
        texts, tokens = _texts(_all_texts(raw), info, progress)
        return Described(replace(profile, texts=texts), tokens, leaks)
    if info.kind == "image":
        return Described(replace(profile, images=_images(raw.x_train, info, original_sizes)), None, leaks)
    return Described(replace(profile, columns=tuple(_columns(raw, info))), None, leaks)


def _series(raw: Raw, info: DataInfo) -> Profile:
    x, facts = raw.x_train, info.series
    assert isinstance(x, dict)
    assert facts is not None
    none = np.empty(0)
    target = np.where(x[OBSERVED], raw.y_train, np.nan)
    columns = [_number(each.name, x[NUMBERS][:, place], none) for place, each in enumerate(info.features)]
    columns.append(replace(_number(info.target or "target", target, none), kind="target"))
    return Profile((Split("train", int(x[OBSERVED].sum())),), tuple(columns), lines=lines(raw, facts))


def spread(values: Array) -> Spread | None:
    """Of the values that are not missing; None when all are."""
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return None
    counts, edges = histogram(known, _BINS)
    return Spread(
        len(known),
        float(known.min()),
        float(known.max()),
        float(known.mean()),
        float(known.std()),
        tuple(np.quantile(known, QUANTILES).tolist()),
        Histogram(tuple(edges.tolist()), tuple(counts.tolist())),
    )


def _split(part: Part, y: Array, info: DataInfo) -> Split:
    counts = counts_of(y, info.classes) if info.class_names else ()
    return Split(part, len(y), tuple(counts))


def _columns(raw: Raw, info: DataInfo) -> Iterator[Column]:
    if isinstance(raw.x_train, dict) and isinstance(raw.x_test, dict):
        position = {"number": 0, "category": 0}
        for feature in info.features:
            key = NUMBERS if feature.kind == "number" else CATEGORIES
            here = position[feature.kind]
            position[feature.kind] += 1
            train, test = raw.x_train[key][:, here], raw.x_test[key][:, here] if count(raw.x_test) else np.empty(0)
            yield _number(feature.name, train, test) if key == NUMBERS else _category(feature.name, train, test)
    elif len(info.shape) == 1 and not isinstance(raw.x_train, dict) and not isinstance(raw.x_test, dict):
        for here in range(min(info.shape[0], _MOST_COLUMNS)):
            test = raw.x_test[:, here] if len(raw.x_test) else np.empty(0)
            yield _number(f"column {here + 1}", raw.x_train[:, here], test)
    yield from _target(raw, info)


def _target(raw: Raw, info: DataInfo) -> Iterator[Column]:
    """Of a regression."""
    if info.task == "regression":
        yield replace(_number(info.target or "target", raw.y_train, raw.y_test), kind="target")


def _number(name: str, train: Array, test: Array) -> Column:
    missing = int(np.isnan(train).sum()), int(np.isnan(test.astype(np.float64)).sum())
    distinct = len(np.unique(train[~np.isnan(train)]))
    return Column(name, "number", *missing, distinct, spread(train))


def _category(name: str, train: Array, test: Array) -> Column:
    counts = Counter(train.tolist())
    missing = counts.pop("", 0)
    return Column(name, "category", missing, test.tolist().count(""), len(counts), top=_ranked(counts))


def _images(x: Examples, info: DataInfo, original_sizes: tuple[tuple[str, int], ...]) -> Images:
    assert not isinstance(x, dict)
    height, width, channels = info.shape
    counts = np.zeros((channels, 256))
    for start in range(0, len(x), _PIECE):
        piece = np.asarray(x[start : start + _PIECE])
        for channel in range(channels):
            counts[channel] += np.bincount(piece[..., channel].ravel(), minlength=256)
    share = counts / counts.sum(axis=1, keepdims=True)
    levels = np.arange(256)
    mean = share @ levels
    deviation = np.sqrt(np.maximum(share @ levels**2 - mean**2, 0))
    sizes = original_sizes or ((f"{width}x{height}", len(x)),)
    return Images(height, width, channels, sizes, tuple(mean.tolist()), tuple(deviation.tolist()))


def _texts(texts: list[str], info: DataInfo, progress: Progress) -> tuple[Texts, TokenCounts]:
    words: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    word_lengths, character_lengths = [], []
    told, done, everything = 0, 0, sum(map(len, texts))
    rules, running = info.word_rules, info.kind == "corpus"
    for text in texts:
        total = 0
        for line in text.splitlines(keepends=True):  # no word goes beyond a line, and a running text is long
            found = split(line, "word", rules, written=running)
            words.update(found)
            total += len(found)
            done += len(line)
            if done - told > _CHARACTERS_PER_TELL:
                told = done
                progress(0.3 + 0.7 * done / everything, "counting words")
        signs = split(text, "character", rules)
        characters.update(signs)
        word_lengths.append(total)
        character_lengths.append(len(signs))
    counted = TokenCounts(words.total(), len(words), characters.total(), len(characters))
    return Texts(
        None if running else spread(np.array(word_lengths)),
        None if running else spread(np.array(character_lengths)),
        _ranked(Counter({word: times for word, times in words.items() if not is_space(word)})),
        _ranked(characters),
    ), counted


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_TOP])


def _all_texts(raw: Raw) -> list[str]:
    """Those that a vocabulary may be made of: with folds, the author's validation part joins the training examples."""
    assert not isinstance(raw.x_train, dict)
    assert not isinstance(raw.x_val, dict)
    return [*raw.x_train.tolist(), *(raw.x_val.tolist() if raw.x_val is not None else [])]


def _only(x: Examples) -> str:
    return str(arrays(x)[0][0])
