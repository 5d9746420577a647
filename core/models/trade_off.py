"""What a version gives up for being small or fast: exports and smaller versions beside it, and the best of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

from core.common.text import quantity
from core.evaluation.baseline_scores import tested_on
from core.evaluation.chances import wilson
from core.inference.export_formats import FORMATS
from core.models.exports import Measured, measured
from core.models.scores import figures
from core.tracking.goals import goal_of
from db.registry_records import ExportRecord, VersionRecord

By = Literal["size", "zipped", "latency"]
Threads = Literal["one", "all"]
UNCHANGED = ("keras", "saved_model")  # exports that run the original's operations, as TensorFlow does
_SHARES = ("accuracy", "subset accuracy")  # of independent examples, so that they have an interval
_JUDGED_BY = {"test_mae": "mae", "test_subset_accuracy": "subset accuracy", "test_accuracy": "accuracy"}
_MANY = 15  # exports and smaller versions, past which choosing the best of them is told of
_AS_FAST = 1.5  # times the shortest time: two measurements of one network differ by as much on a busy host
_SPARSE = 0.8  # of its size; what is zipped to less has many zeros


@dataclass(frozen=True)
class Flipped:
    """Of the original's answers to the test set, those that are another, and of these what became right, and wrong."""

    flips: int
    gained: int
    lost: int
    examples: int


@dataclass(frozen=True)
class Choice:
    """The original network, an export of it, or a network that was trained to be smaller, or an export of that."""

    name: str  # "" of the original
    title: str
    size: int  # of the network's file, bytes
    metric: str = ""
    value: float | None = None  # on the test set
    examples: int = 0
    measured: Measured | None = None  # None of the original
    same: Measured | None = None  # of a network itself: an export that is the same, run by TensorFlow as it is
    against: Flipped | None = (
        None  # the original, of a smaller version's own network; its exports were not asked with it
    )
    version: int = 0  # number of the smaller version that it is, or is an export of; 0 of the original and its exports

    @property
    def zipped(self) -> int | None:
        """Bytes."""
        known = self.measured or self.same
        return known.zipped if known else None

    @property
    def is_sparse(self) -> bool:
        """Whether it has many weights that are zero, so that it is much smaller once zipped."""
        return self.zipped is not None and self.zipped < _SPARSE * self.size

    @property
    def latency(self) -> float | None:
        """Milliseconds for one example, on one thread."""
        return self.time(1)

    def time(self, examples: int, of: str = "p50", threads: Threads = "one") -> float | None:
        """Milliseconds for so many at once, on one thread or on all; `of`: p50 or p95."""
        known = self.measured or self.same
        return known.latency.get(f"{threads}_batch_{examples}_{of}") if known else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Of an accuracy, in 95 % of cases."""
        known = self.value is not None and self.metric in _SHARES and self.examples
        return wilson(self.value or 0.0, self.examples) if known else None

    @property
    def better(self) -> float:
        """More is better; -inf where nothing is known."""
        if self.value is None or not math.isfinite(self.value):
            return -math.inf
        return -self.value if goal_of(self.metric) == "min" else self.value

    def cost(self, by: By) -> float | None:
        match by:
            case "size":
                return self.size
            case "zipped":
                return self.zipped
            case "latency":
                return self.latency


@dataclass(frozen=True)
class SmallerVersion:
    """A version that was trained to be smaller than another, with its exports."""

    version: VersionRecord
    how: str  # "pruned 80 %"
    exports: Sequence[ExportRecord]
    flipped: Flipped | None = None


def choices(
    version: VersionRecord, exports: Sequence[ExportRecord], smaller: Sequence[SmallerVersion] = ()
) -> list[Choice]:
    """The original first, then its exports in the order of the formats, then smaller versions, each with its own."""
    found = _of_version(version, exports)
    for each in smaller:
        title, number = f"{each.how[:1].upper()}{each.how[1:]}", each.version.number
        network, *others = _of_version(each.version, each.exports)
        named = replace(network, name=f"@{number}", title=f"{title} (version {number})", version=number)
        found.append(replace(named, against=each.flipped))
        for one in others:
            found.append(replace(one, name=f"@{number} {one.name}", title=f"{title} · {one.title}", version=number))
    return found


def _of_version(version: VersionRecord, exports: Sequence[ExportRecord]) -> list[Choice]:
    order = list(FORMATS)
    ranked = sorted(exports, key=lambda each: order.index(each.name) if each.name in FORMATS else len(order))
    made = [(each, measured(each)) for each in ranked]
    tested = next((found for _, found in made if found and found.original is not None), None)
    named = {each.name: found for each, found in made}
    same = next((found for name in UNCHANGED if (found := named.get(name)) is not None), None)
    network = Choice("", "Original", version.network_size, same=same)
    if tested is not None:
        network = replace(network, metric=tested.metric, value=tested.original, examples=tested.examples)
    else:
        metric, value = own_figure(version)
        network = replace(network, metric=metric, value=value, examples=tested_on(version.facts) or 0)
    return [network, *(_choice(each, found) for each, found in made)]


def _choice(export: ExportRecord, found: Measured | None) -> Choice:
    title = FORMATS[export.name].title if export.name in FORMATS else export.name
    if found is None:
        return Choice(export.name, title, export.size)
    return Choice(export.name, title, export.size, found.metric, found.value, found.examples, found)


def front(found: Sequence[Choice], by: By) -> set[str]:
    """Names of those than which no other is at once as good and as cheap, and better in one of both."""
    known = [(each, cost) for each in found if (cost := each.cost(by)) is not None and each.better > -math.inf]
    return {
        each.name
        for each, cost in known
        if not any(
            other.better >= each.better and its <= cost and (other.better > each.better or its < cost)
            for other, its in known
        )
    }


def best_within(found: Sequence[Choice], within: float, by: By) -> Choice | None:
    """The cheapest of all but the original that loses at most so much: of a share, or relative to an error.

    Of those that are about as fast as the fastest, the smallest.
    """
    kept = _kept(found, within, by)
    if by != "latency" or not kept:
        return min(kept, key=lambda each: (each[0], -each[1].better, each[1].name))[1] if kept else None
    return min(_as_fast(kept), key=lambda each: (each.size, -each.better, each.name))


def _kept(found: Sequence[Choice], within: float, by: By) -> list[tuple[float, Choice]]:
    """With their costs, those that lose no more."""
    return [
        (cost, each)
        for each in found[1:]
        if (cost := each.cost(by)) is not None and (loss := _loss(found[0], each)) is not None and loss <= within + 1e-9
    ]


def _as_fast(kept: Sequence[tuple[float, Choice]]) -> list[Choice]:
    """Those as fast as the fastest, within what two measurements of one network differ by."""
    fastest = min(cost for cost, _ in kept)
    return [each for cost, each in kept if cost <= _AS_FAST * fastest]


def _loss(original: Choice, choice: Choice) -> float | None:
    """What is lost: of a share 0 to 1; of an error its growth, as a share of it. Below 0 where it got better."""
    if original.value is None or choice.value is None or choice.better == -math.inf:
        return None
    return lost(original.metric, original.value, choice.value) if choice.metric == original.metric else None


def lost(metric: str, before: float, after: float) -> float:
    """Of a share, the difference; of an error, its growth as a share of it. Below 0 where it got better."""
    return (after - before) / (abs(before) or 1.0) if goal_of(metric) == "min" else before - after


def lost_in_words(metric: str, loss: float) -> str:
    """1 point; 2.5 % of mae."""
    amount = f"{100 * loss:.3g}"
    return f"{amount} % of {metric}" if goal_of(metric) == "min" else f"{amount} point{'' if amount == '1' else 's'}"


def own_figure(version: VersionRecord) -> tuple[str, float | None]:
    """That by which exports are judged (core.export.comparing.figure), of the run's evaluation: name and value."""
    known = figures(version)
    for metric, name in _JUDGED_BY.items():
        if metric in known:
            return name, known[metric]
    return "", None


def change(original: Choice, choice: Choice) -> tuple[float, float, float] | None:
    """How the share of right answers changed, and that within which it lies in 95 % of cases; None where not known.

    An export of the original answered the same examples, so the interval is that of Agresti and Min (2005) for pairs:
    half an example is added to each of the four cells. Of exports of a smaller version the pairs are not known: their
    interval is that of Agresti and Caffo (2000) for two samples, which is too wide rather than too narrow.
    """
    found = choice.against if choice.version else choice.measured
    if choice.version and found is None:
        return _unpaired(original, choice)
    if found is None or found.gained is None or found.lost is None or not found.examples:
        return None
    total, moved = found.examples + 2, found.gained + found.lost + 1
    middle = (found.gained - found.lost) / total
    half = NormalDist().inv_cdf(0.975) * math.sqrt(max(0.0, moved / total - middle**2) / total)
    return (found.gained - found.lost) / found.examples, middle - half, middle + half


def _unpaired(original: Choice, choice: Choice) -> tuple[float, float, float] | None:
    """Of two shares, a success and a failure added to each."""
    if choice.interval is None or original.interval is None or choice.metric != original.metric:
        return None
    pairs = [(each.value or 0.0, each.examples) for each in (original, choice)]
    before, after = ((share * of + 1) / (of + 2) for share, of in pairs)
    spread = sum(share * (1 - share) / (of + 2) for share, (_, of) in zip((before, after), pairs, strict=True))
    half = NormalDist().inv_cdf(0.975) * math.sqrt(spread)
    return pairs[1][0] - pairs[0][0], after - before - half, after - before + half


def proposal(found: Sequence[Choice], within: float) -> list[str]:
    """Sentences: the smallest and the fastest that loses at most so much, and how sure that is.

    Where networks were pruned, also the smallest once zipped, as a download is.
    """
    original = found[0]
    if not found[1:]:
        return []
    if original.value is None:
        return ["Which is best cannot be told: no export was asked about the test set."]
    bound = lost_in_words(original.metric, within)
    timed = _kept(found, within, "latency")
    is_alone = bool(timed) and len(_as_fast(timed)) == 1
    fast = "the fastest" if is_alone else "among the fastest, and the smallest of these,"
    words: dict[By, str] = {"size": "the smallest", "latency": fast}
    if any(each.is_sparse for each in found):
        words["zipped"] = "the smallest once zipped"
    named: dict[str, tuple[Choice, list[str]]] = {}
    for by, word in words.items():
        if (best := best_within(found, within, by)) is not None:
            named.setdefault(best.name, (best, []))[1].append(word)
    if not named:
        nothing = "None of these" if any(each.version for each in found) else "No export"
        return [f"{nothing} stays within {bound} of the original."]
    told = [
        f"{each.title} is {' and '.join(best)} within {bound}. {_told(original, each, within)}"
        for each, best in named.values()
    ]
    if len(found) > _MANY:
        told.append(f"The best of {len(found) - 1} by the same test examples looks a little better than it is.")
    return told


def _told(original: Choice, choice: Choice, within: float) -> str:
    text = f"{choice.size:,} bytes"
    if choice.is_sparse:
        text += f", {choice.zipped:,} zipped"
    if choice.latency is not None:
        text += f"; {choice.latency:.2g} ms for an example"
    values = [quantity(each.value or 0.0, 4) for each in (choice, original)]
    text += f"; {choice.metric} {values[0]}, of the original {values[1]}"
    if found := change(original, choice):
        moved, low, high = (f"{100 * each:+.2f}" for each in found)
        text += f" ({moved} points, in 95 % of cases {low} to {high})"
        if found[1] < -within:
            text += f"; {choice.examples:,} test examples are too few to be sure of it"
    return f"{text}."
