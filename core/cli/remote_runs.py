"""Runs of a server somewhere else, by its /api/v1, as the records that commands print."""

import math
import tempfile
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.cli.http_client import Client, in_path
from core.common.text import first_line
from core.evaluation.report_files import PREDICTIONS, EvaluationError
from core.runs.asked_runs import AskedRuns
from core.runs.records import EventRecord, RunPage, RunRecord, RunState, Series, Summary
from core.sweeps.sweep_goals import kind_of
from core.sweeps.trial_names import of_sweep
from core.verdicts.repeats import Kind
from db.records import Actor, Stretch

if TYPE_CHECKING:
    import pandas as pd

_PAGE = 500  # runs that are asked for at once
_OF_RECORDS = {each.name for each in fields(RunRecord)} - {"resources", "unstarted", "pid", "pid_started", "pid_boot"}
_FIELDS = ",".join([*sorted(_OF_RECORDS), "summary"])


class RunsThere:
    """A KnownRuns of a server."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._told: dict[int, dict[str, Summary]] = {}  # summaries that came with runs

    @property
    def none_told(self) -> str:
        return f"None at {self.client.server}."

    def listing(self, states: Sequence[RunState], limit: int, search: str) -> RunPage:
        query: dict[str, Any] = {"search": search, "state": [state.value for state in states], "fields": _FIELDS}
        found: list[RunRecord] = []
        while True:
            page = self.client.get("/runs", {**query, "limit": max(1, min(_PAGE, limit - len(found)))})
            found += map(self._record, page["runs"])
            if page["next"] is None or len(found) >= limit:
                return RunPage(tuple(found[: max(0, limit)]), page["total"])
            query["cursor"] = page["next"]

    def matching_ids(self, search: str) -> list[int]:
        query: dict[str, Any] = {"search": search, "fields": "id", "limit": 1000}
        found: list[int] = []
        while True:
            page = self.client.get("/runs", query)
            found += [int(each["id"]) for each in page["runs"]]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    def find(self, reference: str) -> RunRecord:
        number = self.client.get("/find-run", {"reference": reference})["id"]
        return self._record(self.client.get(f"/runs/{number}"))

    def get_many(self, run_ids: Sequence[int]) -> list[RunRecord]:
        return [self._record(self.client.get(f"/runs/{run_id}")) for run_id in run_ids]

    def summaries(
        self, run_ids: Sequence[int], metrics: Sequence[str] | None = None
    ) -> Mapping[int, dict[str, Summary]]:
        """As of when the runs were read."""
        for run_id in run_ids:
            if run_id not in self._told:
                self.get_many([run_id])
        return {
            run_id: {name: each for name, each in self._told[run_id].items() if metrics is None or name in metrics}
            for run_id in run_ids
        }

    def params(self, run_ids: Sequence[int]) -> dict[int, dict[str, str]]:
        return {run_id: self.client.get(f"/runs/{run_id}/params")["params"] for run_id in run_ids}

    def newest_goal(self, records: Sequence[RunRecord]) -> str:
        tags = {tag for run in records for tag in run.tags}
        theirs = (each for each in self.client.get("/sweeps")["sweeps"] if of_sweep(each["id"]) in tags)
        return next((each["goals"][0] for each in theirs if each["goals"]), "")

    def value_kind(self, experiments: Collection[str], metric: str) -> Kind:
        """Best values of a server that does not say yet which count."""
        told = self.client.get("/sweeps")["sweeps"]
        newest = [(each.get("experiment", ""), dict(zip(each["goals"], each["kinds"], strict=True)))
                  for each in told if "kinds" in each]  # fmt: skip
        return kind_of(newest, experiments, metric)

    def predictions(self, run_id: int) -> "pd.DataFrame":
        """Raises NotFoundError where the run has none, EvaluationError where they cannot be read."""
        import pandas as pd

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / PREDICTIONS
            self.client.save(f"/api/v1/runs/{run_id}/artifacts/{PREDICTIONS}", {}, file)
            try:
                return pd.read_parquet(file)
            except (OSError, ValueError) as error:
                raise EvaluationError(
                    f"The predictions of run {run_id} cannot be read: {first_line(error)}."
                ) from error

    def history(self, run_id: int, metric: str) -> Series:
        """All points, as CSV, since an answer in JSON has a bound."""
        text = self.client.text(f"/runs/{run_id}/metrics/{in_path(metric)}", {"format": "csv"})
        rows = [line.split(",") for line in text.splitlines()[1:]]
        steps = np.array([int(row[0]) for row in rows], np.int64)
        values = np.array([float(row[1]) for row in rows], np.float64)
        return Series(steps, values, np.array([float(row[2]) for row in rows], np.float64))

    def events(self, run_id: int) -> list[EventRecord]:
        found = self.client.get(f"/runs/{run_id}/history")["events"]
        return [EventRecord(**{**each, "actor": Actor(**each["actor"])}) for each in found]

    def log_tail(self, run_id: int, lines: int) -> str:
        return self.client.text(f"/runs/{run_id}/log", {"tail": lines})

    def artifact_names(self, run_id: int) -> list[str]:
        return [each["name"] for each in self.client.get(f"/runs/{run_id}/artifacts")["artifacts"]]

    def launch(self, asked: AskedRuns) -> list[int]:
        """Once, though the answer may be lost and the same asked again by what is between here and there."""
        given = {name: getattr(asked, name) for name in ("preset", "dataset", "config", "script")}
        body = {name: value for name, value in given.items() if value is not None}
        body |= {"set": dict(asked.changes), "name": asked.name, "experiment": asked.experiment, "notes": asked.notes}
        body |= {"seeds": asked.seeds, "all_folds": asked.all_folds}
        if asked.tags is not None:
            body["tags"] = list(asked.tags)
        answer = self.client.send("POST", "/runs", body, {"Idempotency-Key": uuid.uuid4().hex})
        return [int(each["id"]) for each in answer["runs"]]

    def stop(self, run_id: int, *, now: bool) -> bool:
        before = self.get_many([run_id])[0]
        self.client.send("POST", f"/runs/{run_id}/stop", {"now": now})
        return not before.state.is_finished

    def resume(self, run_id: int) -> None:
        self.client.send("POST", f"/runs/{run_id}/resume")

    def trash(self, run_id: int) -> tuple[bool, str]:
        answer = self.client.send("POST", "/runs/act", {"action": "trash", "runs": [run_id]})
        return bool(answer["runs"]), str(answer["told"])

    def restore(self, run_id: int) -> bool:
        return bool(self._act("restore", [run_id]))

    def move(self, run_ids: Sequence[int], experiment: str) -> None:
        self._act("move", run_ids, experiment=experiment)

    def add_tags(self, run_ids: Sequence[int], tags: Iterable[str]) -> None:
        self._act("tag", run_ids, tags=list(tags))

    def is_supervised(self) -> bool:
        return any(host["is_alive"] for host in self.client.get("/hosts")["hosts"])

    def _act(self, action: str, run_ids: Sequence[int], **more: Any) -> list[int]:
        answer = self.client.send("POST", "/runs/act", {"action": action, "runs": list(run_ids), **more})
        return [int(each) for each in answer["runs"]]

    def _record(self, told: Mapping[str, Any]) -> RunRecord:
        summary = told.get("summary") or {}
        self._told[told["id"]] = {name: _summary(told["id"], name, each) for name, each in summary.items()}
        known = {name: value for name, value in told.items() if name in _OF_RECORDS}
        known |= {"state": RunState(told["state"]), "tags": tuple(told["tags"]), "slots": tuple(told["slots"])}
        return RunRecord(**{**known, "resumed": tuple(Stretch(**each) for each in told["resumed"])})


def _summary(run_id: int, name: str, told: Mapping[str, Any]) -> Summary:
    last, best, low, high = (_number(told[kind]) for kind in ("last", "best", "min", "max"))
    return Summary(run_id, name, last, best, low, high, told["best_step"] or 0, told["last_step"], told["count"])


def _number(told: float | str | None) -> float:
    return math.nan if told is None else float(told)
