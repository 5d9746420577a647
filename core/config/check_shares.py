"""Shares of the data checked as what they give: numbers of examples, known without loading any."""

import math
from collections.abc import Iterator

from core.common.errors import Problem
from core.common.text import plural
from core.config.check_series import series_problems
from core.data.base import DataInfo, Source
from core.data.series_source import SeriesSource
from core.data.source_options import CorpusSource
from core.data.windows import window_count


def share_problems(source: Source, info: DataInfo, *, tests: bool = True) -> Iterator[Problem]:
    """Folds and shares that leave a part without an example. `tests`: the run is to be tested at its end."""
    if source.folds or source.fold:
        wrong = _fold_problem(source, info)
        if wrong is not None:
            yield wrong
            return
    if isinstance(source, SeriesSource):
        yield from series_problems(source, info, tests=tests)
        return
    if isinstance(source, CorpusSource):
        yield from _text_problems(source, info, tests=tests)
        return
    train, validation = source.sizes(info)
    if train < 1:
        yield Problem("data.validation_split", f"{source.validation_split} leaves no example to train on; take less")
    elif source.validates and validation < 1:
        yield Problem("data.validation_split", _none_held_back(source, source.total(info)))
    yield from _test_problems(source, info)


def _fold_problem(source: Source, info: DataInfo) -> Problem | None:
    folds, fold = source.folds, source.fold
    if info.kind == "corpus":
        field = "data.folds" if folds else "data.fold"
        return Problem(field, "a running text is cut, not folded; take 0 and a validation split")
    if info.kind == "series":
        field = "data.folds" if folds else "data.fold"
        return Problem(field, "series are cut in time, and a fold would be judged by its future; take 0")
    if not folds:
        remedy = f"set data.folds to {fold + 1} or more, or data.fold to 0"
        return Problem("data.fold", f"fold {fold} is to be held back, and there are no folds; {remedy}")
    if folds == 1:
        return Problem("data.folds", "one fold leaves nothing to train on; take 0 for a share, or at least 2")
    if fold >= folds:
        return Problem("data.fold", f"must be below the number of folds, which is {folds}; received {fold}")
    if info.split_by == "time":
        told = "the examples are in the order of time, and a fold in their midst would be judged by its future; take 0"
        return Problem("data.folds", f"{told} and a validation split, which holds back the last")
    if info.groups and folds > info.groups:
        return Problem("data.folds", f"{folds} folds need as many groups; there are {info.groups:,}")
    if folds > source.total(info):
        return Problem("data.folds", f"{folds} folds need as many examples; there are {source.total(info):,}")
    return None


def _none_held_back(source: Source, total: int) -> str:
    share = math.floor(500 / total) / 1000 + 0.001  # so that it is rounded to one example
    none = f"{source.validation_split:g} of {plural(total, 'training example')} is less than half an example"
    if total < 2 or share > 0.9:
        return f"{none}, so that none is held back; take 0 for no validation, or more examples"
    return f"{none}, so that none is held back; take at least {share:g}, or 0 for no validation"


def _test_problems(source: Source, info: DataInfo) -> Iterator[Problem]:
    """Of a set that is published without a test part, and so cut with a share of every class in both."""
    share = getattr(source, "test_split", None)
    smaller = min(info.test_examples, info.train_examples)
    if share is not None and smaller < info.classes:
        yield Problem(
            "data.test_split",
            f"{share:g} of {info.test_examples + info.train_examples:,} examples leaves {info.test_examples:,} for the "
            f"test and {info.train_examples:,} for training; each part needs one of each of the {info.classes} classes",
        )


def _text_problems(source: CorpusSource, info: DataInfo, *, tests: bool) -> Iterator[Problem]:
    """Of a running text, whose parts are counted in windows."""
    train, end, test_at = source.cuts(info.tokens)
    parts = [("data.validation_split", "validation", source.validation_split, end - train)]
    if tests:
        parts.append(("data.test_split", "the test", source.test_split, info.tokens - test_at))
    if not window_count(train, source.length, source.step):
        yield Problem("data.length", f"{_too_short('training', train, source)}; take a smaller length or more text")
        return
    for field, name, share, tokens in parts:
        if share and not window_count(tokens, source.length, source.step):
            remedy = f"take a larger share, a smaller length, or 0 for no {name.removeprefix('the ')}"
            yield Problem(field, f"{_too_short(name, tokens, source)}; {remedy}")


def _too_short(name: str, tokens: int, source: CorpusSource) -> str:
    left = f"{plural(tokens, source.tokens)} of the text {'is' if tokens == 1 else 'are'} left for {name}"
    return f"{left}, and a window takes {source.length + 1:,}, with the one that follows"
