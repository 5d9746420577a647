"""Runs as commands know them: those of this host's workspace, or of a server somewhere else."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from core import runs
from core.cli.shell import none_told
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.evaluation.report_files import read_predictions
from core.models import kept_told
from core.runs.asked_runs import AskedRuns, launch
from core.runs.records import EventRecord, RunPage, RunQuery, RunRecord, RunState, Series, Summary
from core.sweeps.sweep_goals import kind_by_goals, newest_goal
from core.system.hosts import hosts
from core.verdicts.repeats import Kind

if TYPE_CHECKING:
    import pandas as pd

Summaries = Mapping[int, dict[str, Summary]]


class KnownRuns(Protocol):
    """What a command may ask and do. Raises NotFoundError, ConfigError, StateError, … wherever the runs are."""

    @property
    def none_told(self) -> str: ...  # what stands below a list without entries
    def listing(self, states: Sequence[RunState], limit: int, search: str) -> RunPage: ...
    def matching_ids(self, search: str) -> list[int]: ...
    def find(self, reference: str) -> RunRecord: ...
    def get_many(self, run_ids: Sequence[int]) -> list[RunRecord]: ...
    def summaries(self, run_ids: Sequence[int], metrics: Sequence[str] | None = None) -> Summaries: ...
    def params(self, run_ids: Sequence[int]) -> dict[int, dict[str, str]]: ...
    def newest_goal(self, records: Sequence[RunRecord]) -> str: ...
    def history(self, run_id: int, metric: str) -> Series: ...
    def predictions(self, run_id: int) -> "pd.DataFrame": ...
    def value_kind(self, experiments: Collection[str], metric: str) -> Kind: ...
    def events(self, run_id: int) -> list[EventRecord]: ...
    def log_tail(self, run_id: int, lines: int) -> str: ...
    def artifact_names(self, run_id: int) -> list[str]: ...
    def launch(self, asked: AskedRuns) -> list[int]: ...
    def stop(self, run_id: int, *, now: bool) -> bool: ...
    def resume(self, run_id: int) -> None: ...
    def trash(self, run_id: int) -> tuple[bool, str]: ...
    def restore(self, run_id: int) -> bool: ...
    def move(self, run_ids: Sequence[int], experiment: str) -> None: ...
    def add_tags(self, run_ids: Sequence[int], tags: Iterable[str]) -> None: ...
    def is_supervised(self) -> bool: ...


def find_run(known: KnownRuns, reference: str) -> RunRecord:
    """Of those that are compared. Raises NotFoundError, with what to do where a version is meant."""
    try:
        return known.find(reference)
    except NotFoundError as error:
        if "@" not in reference:
            raise
        told = f"{quoted(reference)} is no run. Versions of models are compared on a data set: add --on DATASET."
        raise NotFoundError(told) from error


class RunsHere:
    """Of the workspace of this shell's settings."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @property
    def none_told(self) -> str:
        return none_told(self.context.workspace.settings)

    def listing(self, states: Sequence[RunState], limit: int, search: str) -> RunPage:
        return runs.listing(self.context, RunQuery(states=tuple(states), limit=limit), search)

    def matching_ids(self, search: str) -> list[int]:
        return runs.matching_ids(self.context, RunQuery(), search)

    def find(self, reference: str) -> RunRecord:
        return runs.find(self.context, reference)

    def get_many(self, run_ids: Sequence[int]) -> list[RunRecord]:
        return runs.get_many(self.context, run_ids)

    def summaries(self, run_ids: Sequence[int], metrics: Sequence[str] | None = None) -> Summaries:
        return runs.summaries(self.context, run_ids, metrics)

    def params(self, run_ids: Sequence[int]) -> dict[int, dict[str, str]]:
        return runs.params(self.context, run_ids)

    def value_kind(self, experiments: Collection[str], metric: str) -> Kind:
        return kind_by_goals(self.context, experiments, metric)

    def predictions(self, run_id: int) -> "pd.DataFrame":
        """Raises NotFoundError, EvaluationError."""
        return read_predictions(self.context.workspace.settings, run_id)

    def newest_goal(self, records: Sequence[RunRecord]) -> str:
        """The metric that the newest sweep is for of which these are trials; "" where there is none."""
        return newest_goal(self.context, [run.id for run in records])

    def history(self, run_id: int, metric: str) -> Series:
        return runs.history(self.context, run_id, metric)

    def events(self, run_id: int) -> list[EventRecord]:
        return runs.events(self.context, run_id)

    def log_tail(self, run_id: int, lines: int) -> str:
        return runs.log_tail(self.context, run_id, lines)

    def artifact_names(self, run_id: int) -> list[str]:
        return [artifact.name for artifact in runs.artifacts(self.context, run_id)]

    def launch(self, asked: AskedRuns) -> list[int]:
        return launch(self.context, asked)

    def stop(self, run_id: int, *, now: bool) -> bool:
        return bool(runs.stop(self.context, [run_id], now=now))

    def resume(self, run_id: int) -> None:
        runs.resume(self.context, run_id)

    def trash(self, run_id: int) -> tuple[bool, str]:
        """Whether it went there, and which versions of models keep what they need of it, in a sentence."""
        gone, _ = runs.trash(self.context, [run_id])
        return bool(gone), kept_told(self.context, gone)

    def restore(self, run_id: int) -> bool:
        return bool(runs.restore(self.context, [run_id]))

    def move(self, run_ids: Sequence[int], experiment: str) -> None:
        runs.move(self.context, run_ids, experiment)

    def add_tags(self, run_ids: Sequence[int], tags: Iterable[str]) -> None:
        runs.add_tags(self.context, run_ids, tags)

    def is_supervised(self) -> bool:
        return any(host.is_here and host.is_alive for host in hosts(self.context.workspace))
