"""What versions are asked, added up to windows of so many examples; each that is full is compared with the profile."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import db.serving_windows
from core.common.context import Context
from core.common.errors import TraindeckError
from core.serving.chosen_export import folder_there
from core.serving.options import Options
from core.serving.served import Served
from core.serving.shift import alarms, shift
from core.serving.training_profile import Counts, Profile, read
from db.registry_records import VersionRecord
from db.serving_records import WindowRecord

_Key = tuple[int, int]  # ids of the model and of the version


class Windows:
    """Of all models that one server serves: collected in memory, and stored with the traffic."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._new: dict[_Key, WindowRecord] = {}
        self._changing = threading.Lock()
        self._storing = threading.Lock()
        self._profiles: dict[str, Profile] = {}  # by id

    def note(self, model_id: int, version_id: int, told: Mapping[str, Any]) -> None:
        """What a process has counted: the profile's id, examples, and counts."""
        examples, counts = int(told["examples"]), told["counts"]
        new = WindowRecord(model_id, version_id, self._now(), examples, str(told["profile"]), counts)
        with self._changing:
            self._new[model_id, version_id] = _added(self._new.get((model_id, version_id)), new)

    def store(self, context: Context, served: Iterable[Served]) -> None:
        """Write down what was counted, and compare what is full. Raises StoreError; nothing is lost by that."""
        models = {each.record.model_id: each for each in served}
        with self._storing:
            with self._changing:
                new, self._new = self._new, {}
            for key in list(new):
                try:
                    self._store(context, models.get(key[0]), new[key])
                    new.pop(key)
                except BaseException:
                    with self._changing:
                        for old, each in new.items():
                            later = self._new.get(old)
                            self._new[old] = each if later is None else _added(each, later)
                    raise

    def _store(self, context: Context, served: Served | None, new: WindowRecord) -> None:
        options = served.options if served else Options()
        version = next((each for each in served.model.versions if each.id == new.version_id), None) if served else None
        profile = self._profile(context, version, new.profile) if version else None
        with contextlib.suppress(LookupError), context.workspace.write() as session:
            window = _added(db.serving_windows.being_filled(session, new.model_id, new.version_id), new)
            if profile is not None and self._is_full(window, options):
                shifts = tested(profile, window.counts, options.false_alarms)
                window = replace(window, ended_at=self._now(), shifts=shifts)
            db.serving_windows.put(session, window)

    def _is_full(self, window: WindowRecord, options: Options) -> bool:
        is_long = self._now() - window.started_at >= 60 * options.drift_minutes
        return is_long and window.examples >= options.drift_examples

    def _profile(self, context: Context, version: VersionRecord, number: str) -> Profile | None:
        if number not in self._profiles:
            with contextlib.suppress(TraindeckError):
                if found := profile_of(context, version):
                    self._profiles[found.id] = found
        return self._profiles.get(number)


def profile_of(context: Context, version: VersionRecord) -> Profile | None:
    """Of the export that answers; None where there is none on this host, or it was made without one."""
    folder = folder_there(context, version)
    return read(folder) if folder else None


def tested(profile: Profile, counts: Counts, rate: float) -> dict[str, list[float]]:
    """By column: p, the share that has moved, and 1 where that is an alarm."""
    found = [shift(column.counts, now) for column, now in zip(profile.columns, counts, strict=True)]
    alarmed = alarms([each.p for each in found], rate)
    told = zip(profile.columns, found, alarmed, strict=True)
    return {column.title: [each.p, each.moved, float(alarm)] for column, each, alarm in told}


def _added(old: WindowRecord | None, new: WindowRecord) -> WindowRecord:
    """Of another profile it begins anew, in the place of what cannot be compared any more."""
    if old is None:
        return new
    if old.profile != new.profile:
        return replace(new, id=old.id)
    pairs = zip(old.counts, new.counts, strict=True)
    counts = [[one + other for one, other in zip(*pair, strict=True)] for pair in pairs]
    return replace(old, examples=old.examples + new.examples, counts=counts)
