"""Two networks on one test set: how much their figures differ there, as the examples that they were judged by vary.

It is about these two networks as they were trained: another seed of each may rank otherwise.

Accuracies are compared by McNemar's exact test (core.evaluation.verdict), areas under the ROC curve by DeLong, DeLong
and Clarke-Pearson (1988, Biometrics 44), means over examples (loss, absolute error) by Student's test of the
differences, other figures (F1, RMSE, R², perplexity) by a paired bootstrap (Efron, 1979).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.evaluation.verdict import apart, by_chance
from core.verdicts import on_windows
from core.verdicts.estimates import Estimate, chance_of, paired

if TYPE_CHECKING:  # the command line starts without pandas
    import pandas as pd

_DRAWN = 2_000  # test sets of the bootstrap
_AT_ONCE = 2_000_000  # numbers of them in memory
_FEWEST_OF_CLASS = 4  # examples, from which on areas are compared
_FEWEST = 50  # examples from which on a bootstrap holds what it promises
_SEED = 0

Floats = NDArray[np.float64]
Figure = Callable[[Floats], Floats]  # of test sets [sets, examples], how often each example is in it: [sets]


class NotComparableError(ValueError):
    """The sentence says why."""


def difference(metric: str, first: "pd.DataFrame", second: "pd.DataFrame") -> Estimate:
    """The second's figure less the first's.

    Args:
        metric: test_accuracy, test_roc_auc, …
        first: predictions for the test set, as `core.evaluation.predictions` describes them.
        second: of another network for the same examples.

    Raises:
        NotComparableError: other examples, too few, or a metric that is not computed anew here.
    """
    if on_windows.is_forecast(first):
        return _of_forecasts(metric, first, second)
    if not _are_same(first, second):
        raise NotComparableError("they were tested on other examples")
    frames, is_number = (first, second), "label" in first and first["label"].dtype.kind == "f"
    match metric.removeprefix("test_"):
        case "accuracy" if "predicted" in first and not is_number:
            return _of_shares(*(_right(frame) for frame in frames))
        case "subset_accuracy" if "wrong" in first:
            return _of_shares(*((frame["wrong"] == 0).to_numpy() for frame in frames))
        case "roc_auc" if len(_classes(first)) == 2:
            one, other = (frame[_classes(frame)[1]].to_numpy(np.float64) for frame in frames)
            return _of_areas(one, other, (first["label"] == 1).to_numpy())
        case "roc_auc":
            raise NotComparableError("areas under ROC curves are compared of two classes only")
        case "hamming_loss" if "wrong" in first and _labels(first):
            shares = (frame["wrong"].where(frame["wrong"] >= 0) / len(_labels(frame)) for frame in frames)
            return _of_means(*(each.to_numpy(np.float64) for each in shares))
        case "f1_samples" if _labels(first):
            return _of_means(*map(_f1_of_examples, frames))
        case "loss" if "loss" in first:
            return _of_means(*(frame["loss"].to_numpy(np.float64) for frame in frames))
        case "mae" if "residual" in first:
            return _of_means(*(frame["residual"].abs().to_numpy(np.float64) for frame in frames))
        case name:
            figures = [_figure(name, frame) for frame in frames]
            if figures[0] is None or figures[1] is None:
                raise NotComparableError(f"{metric} is not compared example by example")
            return _drawn(figures[0], figures[1], len(first))


def _are_same(first: "pd.DataFrame", second: "pd.DataFrame") -> bool:
    """Whether these are of the same examples: of windows of a text by what they are, of others by their labels."""
    what = [name for name in ("label", "text") if name in first]
    if what != [name for name in ("label", "text") if name in second] or len(first) != len(second):
        return False
    return all(first[name].equals(second[name]) for name in what[:1])


def _of_forecasts(metric: str, first: "pd.DataFrame", second: "pd.DataFrame") -> Estimate:
    if not on_windows.are_same(first, second):
        raise NotComparableError("they were tested on other windows")
    if metric != "test_mae":
        raise NotComparableError(f"forecasts are compared by test_mae, and not by {metric}")
    found = on_windows.absolute(first, second)
    if isinstance(found, str):
        raise NotComparableError(found)
    return replace(found, test="Student's test of stretches of windows that share no step")


def _right(frame: "pd.DataFrame") -> NDArray[np.bool_]:
    return (frame["label"] == frame["predicted"]).to_numpy()


def _classes(frame: "pd.DataFrame") -> list[str]:
    from core.evaluation.predictions import PROBABILITY  # pandas and scikit-learn come with it

    return [name for name in map(str, frame.columns) if name.startswith(PROBABILITY)]


def _labels(frame: "pd.DataFrame") -> list[str]:
    """Of several, those that have a column; none of others."""
    from core.evaluation.predictions import TRUTH

    return [name.removeprefix(TRUTH) for name in map(str, frame.columns) if name.startswith(TRUTH)] if (
        "wrong" in frame
    ) else []  # fmt: skip


def _label_sets(frame: "pd.DataFrame") -> tuple[Floats, Floats]:
    """Which labels each example has, and which it is given: 0 and 1, [examples, labels]."""
    from core.data.label_sets import BETWEEN
    from core.evaluation.predictions import TRUTH

    names = _labels(frame)
    told = [set(text.split(BETWEEN)) for text in frame["predicted"]]
    given = np.array([[float(name in each) for name in names] for each in told])
    return frame[[f"{TRUTH}{name}" for name in names]].to_numpy(np.float64), given


def _f1_of_examples(frame: "pd.DataFrame") -> Floats:
    """1 where there is no label and none is given."""
    has, given = _label_sets(frame)
    both, either = (has * given).sum(axis=1), (has + given).sum(axis=1)
    return np.asarray(np.where(either == 0, 1.0, 2 * both / np.maximum(either, 1)))


def _of_shares(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Estimate:
    only_first, only_second = apart(first, second)
    count = len(first) + 2
    more, less = only_second + 0.5, only_first + 0.5
    error = math.sqrt(more + less - (more - less) ** 2 / count) / count  # as core.evaluation.verdict has its interval
    chance = by_chance(only_first, only_second)
    return Estimate(
        (only_second - only_first) / len(first),
        error,
        math.inf,
        chance,
        "McNemar's exact test (standard error by Agresti and Min)",
    )


def _of_means(first: Floats, second: Floats) -> Estimate:
    known = np.isfinite(first) & np.isfinite(second)
    if known.sum() < 2:
        raise NotComparableError("fewer than two of their test examples have a number")
    return replace(paired(first[known].tolist(), second[known].tolist()), test="Student's test of pairs")


def _of_areas(first: Floats, second: Floats, positive: NDArray[np.bool_]) -> Estimate:
    counts = [int(positive.sum()), int((~positive).sum())]
    if min(counts) < _FEWEST_OF_CLASS:
        told = f"a class has {min(counts)} test examples, where {_FEWEST_OF_CLASS} are needed to compare areas"
        raise NotComparableError(told)
    placed = [_placements(scores[positive], scores[~positive]) for scores in (first, second)]
    apart_by = float(placed[1][0].mean()) - float(placed[0][0].mean())
    parts = [float(np.var(placed[1][side] - placed[0][side], ddof=1)) / counts[side] for side in (0, 1)]
    variance = sum(parts)
    if not variance:  # as of a network that tells all apart beside one that answers the same to all
        chance = min(1.0, 2 / math.comb(sum(counts), counts[0])) if apart_by else 1.0  # of all orders of the examples
        return Estimate(apart_by, 0.0, math.inf, chance, "an exact permutation test")
    # By Welch and Satterthwaite: of few examples of a class the variance is an estimate, too. As if it were known, ten
    # of one class beside a hundred gave 7 to 9 wrong verdicts of 100, three beside fifty 12.
    spread = sum((part / variance) ** 2 / (count - 1) for part, count in zip(parts, counts, strict=True))
    error, freedom = math.sqrt(variance), 1 / spread
    return Estimate(apart_by, error, freedom, chance_of(apart_by, error, freedom), "DeLong's test")


def _beyond_normal(score: float) -> float:
    """How often a normal number is as many deviations from its mean, to either side."""
    return math.erfc(abs(score) / math.sqrt(2))


def _placements(positive: Floats, negative: Floats) -> tuple[Floats, Floats]:
    """Of each positive score the share of negative ones below, of each negative one those above; ties count half."""

    def below(values: Floats, among: Floats) -> Floats:
        ordered = np.sort(among)
        return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2 / len(among)

    return below(positive, negative), 1 - below(negative, positive)


def _figure(name: str, frame: "pd.DataFrame") -> Figure | None:
    """How it is computed of a drawn test set; None of others than are known here."""
    if name in ("f1_macro", "f1", "precision", "recall") and "predicted" in frame and "confidence" in frame:
        return _of_cells(name, frame)
    if name in ("f1_micro", "f1_macro") and _labels(frame):
        return _of_label_sets(name, frame)
    if name in ("rmse", "r2") and "residual" in frame:
        return _of_squares(name, frame)
    if name == "perplexity" and "loss" in frame:
        losses = frame["loss"].to_numpy(np.float64)
        return lambda drawn: np.exp(drawn @ losses / drawn.sum(axis=1))
    if name == "accuracy" and "accuracy" in frame:  # of the tokens of a window
        shares = frame["accuracy"].to_numpy(np.float64)
        return lambda drawn: drawn @ shares / drawn.sum(axis=1)
    return None


def _of_cells(name: str, frame: "pd.DataFrame") -> Figure:
    """F1 of each class that occurs, averaged; of two classes precision, recall and F1 of the second one."""
    label, predicted = frame["label"].to_numpy(), frame["predicted"].to_numpy()
    present = np.unique(label) if name == "f1_macro" else np.array([1])
    is_label = (label[:, None] == present).astype(np.float64)
    is_told = (predicted[:, None] == present).astype(np.float64)

    def figure(drawn: Floats) -> Floats:
        hits, labels, told = drawn @ (is_label * is_told), drawn @ is_label, drawn @ is_told
        below = {"precision": told, "recall": labels}.get(name, (labels + told) / 2)
        return np.asarray((hits / np.maximum(below, 1e-12)).mean(axis=1))

    return figure


def _of_label_sets(name: str, frame: "pd.DataFrame") -> Figure:
    """F1 of all labels together, or the mean of that of each."""
    has, given = _label_sets(frame)
    parts = has * given, has + given
    if name == "f1_micro":
        parts = tuple(each.sum(axis=1, keepdims=True) for each in parts)

    def figure(drawn: Floats) -> Floats:
        both, either = (drawn @ each for each in parts)
        return np.asarray((2 * both / np.maximum(either, 1e-12)).mean(axis=1))

    return figure


def _of_squares(name: str, frame: "pd.DataFrame") -> Figure:
    label = frame["label"].to_numpy(np.float64)
    squares, centred = frame["residual"].to_numpy(np.float64) ** 2, label - label.mean()

    def figure(drawn: Floats) -> Floats:
        total = drawn.sum(axis=1)
        error = drawn @ squares / total
        if name == "rmse":
            return np.asarray(np.sqrt(error))
        spread = drawn @ (centred * centred) / total - (drawn @ centred / total) ** 2
        return np.asarray(1 - error / np.maximum(spread, 1e-300))

    return figure


def _drawn(first: Figure, second: Figure, examples: int) -> Estimate:
    if examples < _FEWEST:
        raise NotComparableError(f"{examples} test examples are too few for this figure; {_FEWEST} are needed")
    whole = np.ones((1, examples))
    seen = float(second(whole)[0] - first(whole)[0])
    found = np.concatenate([second(drawn) - first(drawn) for drawn in _test_sets(examples)])
    if not np.isfinite(found).all() or not math.isfinite(seen):
        raise NotComparableError("not all of their answers are numbers")
    beyond, error = min(int((found <= 0).sum()), int((found >= 0).sum())), float(found.std(ddof=1))
    chance = min(1.0, 2 * (beyond + 1) / (len(found) + 1))
    if not beyond and error:  # rarer than so many sets can tell: the interval is not to be wider for that
        chance = min(chance, _beyond_normal(seen / error))
    return Estimate(seen, error, math.inf, chance, "a paired bootstrap")


def _test_sets(examples: int) -> Iterator[Floats]:
    """How often each example is in a test set that is drawn from the given one, [sets, examples], some at a time."""
    rng, left = np.random.default_rng(_SEED), _DRAWN
    while left:
        count = min(left, max(1, _AT_ONCE // examples))
        left -= count
        yield rng.multinomial(examples, np.full(examples, 1 / examples), size=count).astype(np.float64)
