"""Groups of test examples in which the network errs more than in the others, found among all that one may think of.

Values of columns, lengths of texts, how bright pictures are, classes, and classes taken for one another. An interval
and a correction for how many groups were looked at say whether chance would do, too.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom, hypergeom

from core.common.settings import Settings
from core.common.text import percentage, quantity
from core.data.base import Array
from core.evaluation.chances import holm, wilson
from core.evaluation.kept_texts import TEXT, UNSEEN
from core.evaluation.predictions import BRIGHTNESS, FEATURE
from core.evaluation.report import Report
from core.evaluation.report_files import read_predictions, read_report

SURE = 0.05  # p value, corrected, below which a group counts as worse
_LEAST = 10  # examples of a group, and of both sides together
_BINS = 4  # of numbers, as large as one another
_MOST_VALUES = 30  # of a column of categories
_LARGE = 0.8  # of the absolute errors of a regression are smaller than what counts as a large one


@dataclass(frozen=True)
class Slice:
    what: str  # the group, in words
    examples: int
    wrong: int
    share: float  # of wrong ones
    low: float  # Wilson's interval of 95 % of that share
    high: float
    elsewhere: float  # the share among the other examples; of a pair of classes what an error of any class would give
    p: float  # how often chance alone gives as many wrong ones, corrected for all groups (Holm, 1979)


@dataclass(frozen=True)
class Slices:
    rows: tuple[Slice, ...]  # the surest first; only groups that are worse than the rest by more than chance would give
    sure: int  # how many such groups there are, of which the first are told
    looked: int  # groups
    wrong: str  # what counts as wrong, in words
    share: float  # of wrong ones among all


def slices(
    frame: pd.DataFrame, names: Sequence[str], most: int = 8, wrong: tuple[Array, str] | None = None
) -> Slices | None:
    """The worst groups of a run's predictions; None where wrong and right cannot be told, or all are alike.

    Args:
        frame: as core.evaluation.predictions has them.
        names: of the classes; none where there are none.
        wrong: bool [examples] and what that means, where it is something else than the network's own errors.
    """
    given, found = wrong, wrong or _wrong(frame)
    if found is None or len(frame) < 2 * _LEAST or not found[0].any() or found[0].all():
        return None
    is_wrong, told = found
    groups = [(what, chosen) for what, chosen in _groups(frame, names) if _LEAST <= chosen.sum() <= len(frame) - _LEAST]
    measured = [_of_group(what, chosen, is_wrong) for what, chosen in groups]
    looked = len(measured)
    if len(names) > 2 and "confidence" in frame and given is None:
        measured += list(_pairs(frame, is_wrong, names))
        looked += len(names) * (len(names) - 1)
    # Pairs that never occur were looked at, too.
    corrected = holm([each.p for each in measured] + [1.0] * (looked - len(measured)))[: len(measured)]
    rows = [Slice(**{**each.__dict__, "p": p}) for each, p in zip(measured, corrected, strict=True)]
    worse = [each for each in rows if each.share > each.elsewhere and each.p < SURE]
    worse.sort(key=lambda each: (each.p, -each.low))
    return Slices(tuple(worse[:most]), len(worse), looked, told, float(is_wrong.mean()))


def slices_of_run(settings: Settings, run_id: int) -> Slices | None:
    """The same of what a run's evaluation left. Raises NotFoundError, EvaluationError."""
    report = read_report(settings, run_id)
    if not has_slices(report):
        return None
    return slices(read_predictions(settings, run_id), class_names(report))


def has_slices(report: Report) -> bool:
    """Examples of generators and of forecasts are parts of one whole."""
    return report.generation is None and report.forecast is None


def class_names(report: Report) -> tuple[str, ...]:
    return tuple(each.name for each in report.classification.classes) if report.classification is not None else ()


def _wrong(frame: pd.DataFrame) -> tuple[Array, str] | None:
    """Bool [examples], and what it means; what is no number counts as wrong."""
    if "residual" in frame:
        errors = frame["residual"].abs().to_numpy()
        edge = float(np.nanquantile(errors, _LARGE)) if np.isfinite(errors).any() else 0.0
        return ~(errors <= edge), f"an absolute error above {quantity(edge, 3)}, as a fifth have"
    if "wrong" in frame:
        return frame["wrong"].to_numpy() != 0, "at least one wrong label"
    if "confidence" in frame:
        return (frame["label"] != frame["predicted"]).to_numpy(), "another class is predicted"
    return None


def _of_group(what: str, chosen: Array, wrong: Array) -> Slice:
    count, bad, every = int(chosen.sum()), int(wrong[chosen].sum()), int(wrong.sum())
    # Fisher's exact test, to the side of more: so many wrong ones when they are spread over all examples by chance.
    p = float(hypergeom.sf(bad - 1, len(wrong), every, count))
    rest = (every - bad) / max(1, len(wrong) - count)
    return Slice(what, count, bad, bad / count, *wilson(bad / count, count), rest, p)


def _pairs(frame: pd.DataFrame, wrong: Array, names: Sequence[str]) -> Iterator[Slice]:
    """Each class taken for each other one that it is taken for, against errors that know no class."""
    expected = float(wrong.mean()) / (len(names) - 1)
    counts = frame["label"].value_counts()
    taken = frame[wrong & (frame["predicted"] >= 0)].groupby(["label", "predicted"]).size()
    for (label, predicted), bad in zip(taken.index.tolist(), taken.tolist(), strict=True):
        count = int(counts[label])
        if count >= _LEAST:
            what = f"{names[label]} taken for {names[predicted]}"
            p = float(binom.sf(bad - 1, count, expected))
            yield Slice(what, count, bad, bad / count, *wilson(bad / count, count), expected, p)


def _groups(frame: pd.DataFrame, names: Sequence[str]) -> Iterator[tuple[str, Array]]:
    for column in frame.columns:
        if str(column).startswith(FEATURE):
            name = str(column).removeprefix(FEATURE)
            yield from _of_column(f"feature {name}" if name.isdecimal() else name, frame[column])
    if TEXT in frame:
        yield from _bins("words", frame[TEXT].map(lambda text: len(str(text).split())))
        if UNSEEN in frame:
            yield "text cut off at its beginning", (frame[UNSEEN] > 0).to_numpy()
    if BRIGHTNESS in frame:
        yield from _bins("brightness (0 to 255)", frame[BRIGHTNESS])
    if names and "confidence" in frame and len(names) <= 2 * _MOST_VALUES:
        for number, name in enumerate(names):
            yield f"class {name}", (frame["label"] == number).to_numpy()


def _of_column(name: str, values: pd.Series) -> Iterator[tuple[str, Array]]:
    if pd.api.types.is_numeric_dtype(values):
        missing = values.isna()
        yield from _bins(name, values)
    else:
        missing = values.isna() | (values == "")
        for value in values[~missing].value_counts().index[:_MOST_VALUES]:
            yield f"{name} = {value}", (values == value).to_numpy()
    yield f"{name} is missing", missing.to_numpy()


def _bins(name: str, values: pd.Series) -> Iterator[tuple[str, Array]]:
    """Few values one by one, more in ranges of as many examples each."""
    known = values.dropna()
    different = np.unique(known)
    if len(different) <= _BINS + 2:
        for value in different.tolist():
            yield f"{name} = {quantity(value, 4)}", (values == value).to_numpy()
        return
    edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)))
    for place, (low, high) in enumerate(itertools.pairwise(edges.tolist())):
        last = place == len(edges) - 2
        told = f"{name} from {quantity(low, 4)} to {'' if last else 'below '}{quantity(high, 4)}"
        yield told, ((values >= low) & ((values <= high) if last else (values < high))).to_numpy()


def told(found: Slices) -> str:
    """What was found, in a sentence or two."""
    share = percentage(found.share, 1)
    looked = f"{found.looked:,} groups were looked at; wrong means {found.wrong}: {share} of all."
    if not found.sure:
        return f"No group is worse than the others by more than chance would give. {looked}"
    rest = f" The {len(found.rows)} surest of {found.sure} are shown." if found.sure > len(found.rows) else ""
    return (
        f"{looked} These groups have more errors than chance explains (p below {SURE:g}, corrected by Holm for all "
        f"groups); others are not listed.{rest}"
    )
