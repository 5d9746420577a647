"""How served versions do: requests, errors, latencies, and what people said of their answers."""

import time
from collections import Counter
from dataclasses import dataclass, field

import db.serving
from core.common.context import Context
from core.serving.anytime import Judged, alone, interval, paired
from core.serving.feedback import CHALLENGER, MAIN, SHADOW, predictions, shadow_of
from core.serving.served import listing
from core.serving.traffic import ANSWERS, LATENCY, percentile
from db.serving_records import RequestRecord

_NEWEST = 500  # questions whose answers are laid beside each other


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


@dataclass(frozen=True)
class Agreement:
    """How many of the newest kept answers of the main version a challenger in the shadow answered alike."""

    alike: int
    answers: int
    low: float  # 95 % interval of the share that is alike
    high: float


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
        )
        for (version, role), (latencies, answers) in sorted(
            found.items(), key=lambda each: (each[0][1] != "main", each[0])
        )
    ]


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


def compared(context: Context, model_id: int, main: int, challenger: int) -> Split | None:
    """Two versions by what is kept of their feedback; None as long as there is none of both.

    The interval holds at whatever time one looks (core.serving.anytime). What was said while they had other roles, or
    one of them was not there, does not count; of a challenger in the shadow only what was asked of both, where it was
    said what is right.

    Args:
        main: id of the version that answers now; `challenger` of the one that is tried.
    """
    role = SHADOW if _is_in_shadow(context, model_id) else CHALLENGER
    with context.workspace.read() as session:
        firsts = [db.serving.first_kept(session, model_id, *each) for each in ((main, MAIN), (challenger, role))]
        judged = [each for each in db.serving.judged(session, model_id) if is_right(each) is not None]
    mains = [each for each in judged if (each.version_id, each.role) == (main, MAIN)]
    tried = {each.id: each for each in judged if (each.version_id, each.role) == (challenger, role)}
    if role == SHADOW:
        both = [(each, tried[its]) for each in mains if (its := shadow_of(each.id)) in tried]
        return _of_pairs([(bool(is_right(one)), bool(is_right(other))) for one, other in both])
    since = max(each or 0.0 for each in firsts)
    of_main, heard = ([bool(is_right(e)) for e in found if e.at >= since] for found in (mains, tried.values()))
    if not of_main or not heard:
        return None
    first, other = Judged(sum(of_main), len(of_main)), Judged(sum(heard), len(heard))
    return Split(first.share, other.share, other.share - first.share, *interval(first, other))


def _is_in_shadow(context: Context, model_id: int) -> bool:
    """Whether the challenger is asked without being heard, as the model is served now."""
    found = [each.options for each in listing(context) if each.model_id == model_id]
    return any(each.get("mode") == SHADOW for each in found)


def _of_pairs(pairs: list[tuple[bool, bool]]) -> Split | None:
    """Whether the main version and the challenger were right, of the same questions."""
    if not pairs:
        return None
    gained, lost = pairs.count((False, True)), pairs.count((True, False))
    low, high = paired(gained, lost, len(pairs))
    right, difference = sum(pair[0] for pair in pairs) / len(pairs), (gained - lost) / len(pairs)
    return Split(right, right + difference, difference, low, high)


def agreement(context: Context, model_id: int, main: int, challenger: int) -> Agreement | None:
    """Needs nobody's feedback; of answers that name a class or labels. None before there are any, and in another mode.

    Args:
        main: id of the version that answers now; `challenger` of the one in the shadow.
    """
    if not _is_in_shadow(context, model_id):
        return None
    with context.workspace.read() as session:
        tried = db.serving.newest_answers(session, model_id, challenger, SHADOW, _NEWEST)
        heard = db.serving.newest_answers(session, model_id, main, MAIN, 2 * _NEWEST) if tried else {}
    alike = answers = 0
    for number, text in heard.items():
        one, other = (predictions(each) for each in (text, tried.get(shadow_of(number), "")))
        if one and other and len(one) == len(other):
            answers += len(one)
            alike += sum(first == second for first, second in zip(one, other, strict=True))
    return Agreement(alike, answers, *alone(Judged(alike, answers))) if answers else None
