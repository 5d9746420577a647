"""How served versions do: requests, errors, latencies, and what people said of their answers."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import db.serving
from core.common.context import Context
from core.serving.anytime import Judged, interval, paired
from core.serving.feedback import SHADOW, shadow_of
from core.serving.traffic import ANSWERS, LATENCY, percentile
from db.serving_records import RequestRecord


@dataclass(frozen=True)
class Usage:
    """Of one version in one role, over the time that was asked for."""

    version_id: int
    role: str
    requests: int
    errors: int
    p50: float | None  # milliseconds, at most a quarter too high
    p95: float | None
    answers: dict[str, int] = field(default_factory=dict)  # how often each class was the answer
    right: int = 0  # of the answers that somebody judged, since anything of them is kept
    judged: int = 0
    gained: int = (
        0  # of questions to the main version that were asked in the shadow, too: those only this one got right
    )
    lost: int = 0  # those that only the main version got right
    pairs: int = 0  # all of which it is known of both


@dataclass(frozen=True)
class Split:
    """What feedback says of two versions: shares of right answers, and the challenger's less the main one's."""

    main: float
    challenger: float
    difference: float
    low: float  # 95 % interval of the difference, at whatever time one looks
    high: float

    @property
    def is_decided(self) -> bool:
        return self.low > 0 or self.high < 0


def usage(context: Context, model_id: int, minutes: int) -> list[Usage]:
    """Of the last minutes, the main version first."""
    since = int(time.time() // 60) - minutes
    with context.workspace.read() as session:
        rows = db.serving.minutes(session, model_id, since)
        judged = db.serving.judged(session, model_id)
    found: dict[tuple[int, str], list[Counter[str]]] = {}
    totals: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        key = (row.version_id, row.role)
        counts = found.setdefault(key, [Counter(), Counter()])
        for counter, name in zip(counts, (LATENCY, ANSWERS), strict=True):
            counter.update(row.counts.get(name) or {})
        total = totals.setdefault(key, [0, 0])
        total[0] += row.requests
        total[1] += row.errors
    told: Counter[tuple[int, str]] = Counter()
    right: Counter[tuple[int, str]] = Counter()
    for each in judged:
        said = is_right(each)
        told[each.version_id, each.role] += said is not None
        right[each.version_id, each.role] += bool(said)
    pairs = _pairs(judged)
    return [
        Usage(
            version_id=version,
            role=role,
            requests=totals[version, role][0],
            errors=totals[version, role][1],
            p50=percentile(latencies, 0.5),
            p95=percentile(latencies, 0.95),
            answers=dict(answers),
            right=right[version, role],
            judged=told[version, role],
            **(pairs.get(version, {}) if role == SHADOW else {}),
        )
        for (version, role), (latencies, answers) in sorted(
            found.items(), key=lambda each: (each[0][1] != "main", each[0])
        )
    ]


def _pairs(judged: Sequence[RequestRecord]) -> dict[int, dict[str, int]]:
    """By the version in the shadow."""
    shadows = {each.id: each for each in judged if each.role == SHADOW}
    found: dict[int, dict[str, int]] = {}
    for each in judged:
        shadow = shadows.get(shadow_of(each.id))
        if shadow is None or (main := is_right(each)) is None:
            continue
        counted = found.setdefault(shadow.version_id, {"gained": 0, "lost": 0, "pairs": 0})
        its = bool(is_right(shadow))
        counted["gained"] += its and not main
        counted["lost"] += main and not its
        counted["pairs"] += 1
    return found


def by_minute(context: Context, model_id: int, minutes: int) -> dict[int, list[tuple[int, int]]]:
    """(minute since 1970, requests) by version id, of the last minutes, in all of its roles."""
    since = int(time.time() // 60) - minutes
    with context.workspace.read() as session:
        rows = db.serving.minutes(session, model_id, since)
    found: dict[int, Counter[int]] = {}
    for row in rows:
        found.setdefault(row.version_id, Counter())[row.minute] += row.requests
    return {version: sorted(counted.items()) for version, counted in found.items()}


def is_right(request: RequestRecord) -> bool | None:
    """What was said of an answer; None where only a note was left."""
    correct = request.feedback.get("correct")
    return correct if isinstance(correct, bool) else None


def compared(found: list[Usage]) -> Split | None:
    """None as long as there is no feedback of both the main version and the challenger.

    Of a challenger in the shadow only what was asked of both counts, where it was said what is right.
    The interval holds at whatever time one looks (core.serving.anytime), over all feedback that is kept of the two.
    """
    by_role = {each.role: each for each in found if each.judged}
    if (shadow := by_role.get(SHADOW)) is not None and shadow.pairs:
        low, high = paired(shadow.gained, shadow.lost, shadow.pairs)
        share = shadow.right / shadow.judged
        difference = (shadow.gained - shadow.lost) / shadow.pairs
        return Split(share - difference, share, difference, low, high)
    if "main" not in by_role or "challenger" not in by_role:
        return None
    main, other = (Judged(by_role[role].right, by_role[role].judged) for role in ("main", "challenger"))
    return Split(main.share, other.share, other.share - main.share, *interval(main, other))
