"""What was asked of served models, and how it went: counted by the minute, and a share of it kept, for charts and A/B.

Collected in memory and stored every few seconds, so that no caller waits for the store.
"""

import bisect
import json
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.common.workspace import Workspace
from db import serving
from db.serving_records import MinuteRecord, RequestRecord

# Upper ends in ms of the buckets in which latencies are counted, each 1.25 times the one before: a percentile read from
# them is at most a quarter too high.
BUCKETS = tuple(round(0.25 * 1.25**power, 4) for power in range(56))  # up to a minute
LATENCY, ANSWERS = "latency", "answers"
_KEPT_TEXT = 4000  # characters of a question, and of an answer
_MOST_WAITING = 10_000  # questions that wait for a store that is away
_MOST_A_SECOND = 50  # questions that are kept: more would cost whoever asks more than it tells
_MOST_NAMES = 50  # of classes that are counted


@dataclass
class _Minute:
    requests: int = 0
    errors: int = 0
    counts: dict[str, Any] = field(default_factory=lambda: {LATENCY: {}, ANSWERS: {}})


class Traffic:
    """Of all models that one server serves."""

    def __init__(self) -> None:
        self._minutes: dict[tuple[int, int, str, int], _Minute] = {}
        self._requests: list[RequestRecord] = []
        self._second = self._kept = 0
        self._changing = threading.Lock()  # of the two above; short
        self._storing = threading.Lock()  # one at a time, so that whoever stores next finds what came before stored

    def note(
        self, model_id: int, version_id: int, role: str, milliseconds: float, status: int, answers: Iterable[str]
    ) -> None:
        """Count a question. `answers`: what was predicted, of classes and labels."""
        key = (model_id, version_id, role, int(time.time() // 60))
        bucket = str(min(bisect.bisect_left(BUCKETS, milliseconds), len(BUCKETS) - 1))
        with self._changing:
            minute = self._minutes.setdefault(key, _Minute())
            minute.requests += 1
            minute.errors += status >= 400
            if status < 400:  # what is refused takes no time, and says nothing of the network's
                minute.counts[LATENCY][bucket] = minute.counts[LATENCY].get(bucket, 0) + 1
            counted = minute.counts[ANSWERS]
            for name in answers:
                if name in counted or len(counted) < _MOST_NAMES:
                    counted[name] = counted.get(name, 0) + 1

    def keep(
        self,
        model_id: int,
        version_id: int,
        role: str,
        milliseconds: float,
        status: int,
        asked: bytes,
        answered: bytes,
        number: str = "",
    ) -> str:
        """Keep a question with its answer; returns the id by which feedback is given, "" where too many come."""
        second = int(time.time())
        if second != self._second:
            self._second, self._kept = second, 0
        if self._kept >= _MOST_A_SECOND:
            return ""
        self._kept += 1
        number = number or uuid.uuid4().hex
        texts = (_text(asked), _text(answered))
        kept = RequestRecord(number, model_id, version_id, role, time.time(), milliseconds, status, *texts)
        with self._changing:
            self._requests.append(kept)
        return number

    def store(self, workspace: Workspace) -> None:
        """Write down what was collected; what cannot be written is kept for the next time. Raises StoreError."""
        with self._storing:
            with self._changing:
                minutes, self._minutes = self._minutes, {}
                requests, self._requests = self._requests, []
            if not minutes and not requests:
                return
            records = [
                MinuteRecord(*key, requests=each.requests, errors=each.errors, counts=each.counts)
                for key, each in minutes.items()
            ]
            try:
                with workspace.write() as session:
                    serving.add_traffic(session, records, requests)
            except BaseException:
                with self._changing:
                    self._requests = (requests + self._requests)[-_MOST_WAITING:]
                    self._return(minutes)
                raise

    def _return(self, minutes: dict[tuple[int, int, str, int], _Minute]) -> None:
        for key, old in minutes.items():
            new = self._minutes.get(key)
            if new is not None:
                counts = serving.added(old.counts, new.counts)
                old = _Minute(old.requests + new.requests, old.errors + new.errors, counts)
            self._minutes[key] = old


def percentile(latencies: dict[str, int], share: float) -> float | None:
    """In milliseconds, of latencies by bucket: the upper end of the bucket that it lies in."""
    total = sum(latencies.values())
    if not total:
        return None
    seen = 0
    for bucket in range(len(BUCKETS)):
        seen += latencies.get(str(bucket), 0)
        if seen >= share * total:
            return BUCKETS[bucket]
    return BUCKETS[-1]


def predicted(answered: bytes) -> list[str]:
    """The classes or labels in our own answers, for counting."""
    try:
        predictions = [answer.get("prediction") for answer in json.loads(answered)["answers"]]
    except (ValueError, LookupError, AttributeError, TypeError):
        return []
    lists = [each if isinstance(each, list) else [each] for each in predictions]
    return [value for each in lists for value in each if isinstance(value, str)]


def _text(data: bytes) -> str:
    text = data[: _KEPT_TEXT * 4].decode(errors="replace").replace("\0", "�")
    return text if len(text) <= _KEPT_TEXT else text[:_KEPT_TEXT]
