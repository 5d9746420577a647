"""From a source to what a trainer takes: read, checked, limited, split by seed, and turned into numbers."""

import hashlib
from collections import Counter
from dataclasses import replace

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.array_checks import checked
from core.data.base import DataInfo, Dataset, Examples, Raw, Source
from core.data.examples import apply, arrays, as_bytes
from core.data.run_split import Parts, split_of
from core.data.series_load import load_series
from core.data.series_source import SeriesSource
from core.data.source_options import CorpusSource, ImageSource, TextSource
from core.data.vocabulary import OLDEST_RULES, Vocabulary, split
from core.data.windows import windows


def load(source: Source, settings: Settings, seed: int) -> Dataset:
    """The data set, ready to train on. The test set is the same whatever the seed.

    Raises:
        DataError: not to be had, or not what its source promises.
    """
    info = source.info(settings)
    raw = source.read(settings)
    if isinstance(source, CorpusSource):
        return _corpus(source, info, raw)
    if isinstance(source, SeriesSource):
        return load_series(source, info, raw, fingerprint(raw))
    raw = checked(raw, source.published(settings), source.title)
    stamp = fingerprint(raw)
    parts = split_of(raw, source, info, seed)
    if isinstance(source, ImageSource):
        parts, raw = _resized_parts(parts, info), replace(raw, x_test=_resized(raw.x_test, info))
    if source.sizes(info)[1] and not len(parts.y_val):
        raise DataError(
            f"{source.title}: no example is left for validation, as groups stay whole and each part needs every class. "
            "Take another validation split or seed, or 0 for no validation."
        )
    given = len(parts.y_val) if source.uses_validation_part(info) else 0
    data = Dataset(
        parts.x_train,
        parts.y_train,
        parts.x_val,
        parts.y_val,
        raw.x_test,
        raw.y_test,
        replace(
            info,
            train_examples=len(parts.y_train) + len(parts.y_val) - given,
            validation_examples=given,
            test_examples=len(raw.y_test),
        ),
        stamp,
    )
    return _tokenised(data, source) if isinstance(source, TextSource) else data


def fingerprint(raw: Raw) -> str:
    """SHA-256 over dtype, shape and content of the arrays: the same whatever file they came from."""
    digest = hashlib.sha256()
    more = [part for part in (raw.x_val, raw.y_val, raw.groups) if part is not None]  # sets without stay as they were
    for examples in (raw.x_train, raw.y_train, raw.x_test, raw.y_test, *more):
        for array in arrays(examples):
            kind = "text" if array.dtype.kind in "OU" else array.dtype.str
            digest.update(f"{kind}{array.shape}".encode())
            for piece in as_bytes(array):
                digest.update(piece)
    return digest.hexdigest()


def _resized_parts(parts: Parts, info: DataInfo) -> Parts:
    return replace(parts, x_train=_resized(parts.x_train, info), x_val=_resized(parts.x_val, info))


def _resized(x: Examples, info: DataInfo) -> Examples:
    from core.data.pictures import resized

    height, width = info.shape[:2]
    return apply(lambda array: resized(array, height, width), x)


def _tokenised(data: Dataset, source: TextSource) -> Dataset:
    assert not isinstance(data.x_train, dict)
    size = min(source.vocabulary, data.info.vocabulary)  # as the network is built
    vocabulary = Vocabulary.of(data.x_train, source.tokens, size, data.info.word_rules)
    return replace(
        data,
        x_train=vocabulary.encode(data.x_train, source.length),  # type: ignore[arg-type]
        x_val=vocabulary.encode(data.x_val, source.length),  # type: ignore[arg-type]
        x_test=vocabulary.encode(data.x_test, source.length),  # type: ignore[arg-type]
        vocabulary=vocabulary,
        texts_test=data.x_test,  # type: ignore[arg-type]
        texts_train=data.x_train,
    )


def _corpus(source: CorpusSource, info: DataInfo, raw: Raw) -> Dataset:
    """Windows of the running text: its beginning to train on, what follows for validation, its end for the test."""
    written = info.word_rules != OLDEST_RULES  # as it is to be written again
    tokens = split(str(arrays(raw.x_train)[0][0]), source.tokens, info.word_rules, written=written)
    train, end, test = source.cuts(len(tokens))
    known = Vocabulary.most_frequent(Counter(tokens[:train]), min(source.vocabulary, info.vocabulary))
    vocabulary = Vocabulary(source.tokens, known, info.word_rules, written)
    parts = []
    for part in (tokens[:train], tokens[train:end], tokens[test:]):
        parts.append(windows(np.array(vocabulary.numbered(part), np.int32), source.length, source.step))
    (x_train, y_train), (x_val, y_val), (x_test, y_test) = parts
    if not len(x_train):
        raise DataError(
            f"{source.title}: the part to train on is shorter than one window of {source.length} tokens. Take a "
            "smaller length or more text."
        )
    info = replace(info, train_examples=len(x_train) + len(x_val), test_examples=len(x_test))
    return Dataset(x_train, y_train, x_val, y_val, x_test, y_test, info, fingerprint(raw), vocabulary)
