"""The only caches of the pages. Everything the pages show comes from core through here or straight from core."""

import pandas as pd
import streamlit as st

from core import comparison, runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data.base import DataInfo
from core.data.library import known
from core.evaluation import holdout as examples
from core.evaluation import report_files, slices
from core.evaluation.report import Report
from core.runs import highlights
from core.runs.records import RunRecord
from core.system import devices, disk, doctor
from core.verdicts import Verdict, judged
from core.verdicts.champion import against_champion
from core.verdicts.repeats import Kind
from core.verdicts.sentences import beside_champion as told_beside
from core.verdicts.several import Several, several
from pages.shared.format import literal

ALL_POINTS = 10**9  # of a curve, however long: for what must not be computed from a thinned one


@st.cache_resource
def workspace() -> Workspace:
    """The open workspace, one per server process. Raises StoreError."""
    return Workspace.open(Settings())


def context() -> Context:
    """What every use case takes; made here alone. Who looks at a page acts as the server's user. Raises StoreError."""
    return Context.of_shell(workspace())


@st.cache_data(ttl=5, max_entries=1, show_spinner=False)
def newest_results() -> list[RunRecord]:
    """Runs at rest, the one that ended last first."""
    return highlights.newest_results(context())


@st.cache_data(ttl=5, max_entries=1, show_spinner=False)
def best_runs() -> list[highlights.Best]:
    """The best run of each experiment."""
    return highlights.best_runs(context())


@st.cache_data(ttl=1, max_entries=1, show_spinner=False)
def cpu() -> devices.Cpu:
    """This host's CPU and main memory; measuring takes a tenth of a second, which all readers share."""
    return devices.cpu()


Version = tuple[tuple[str, int, int, int], ...]  # changes whenever a run has recorded something new


@st.cache_data(max_entries=100, show_spinner=False)
def run_curves(
    run_id: int, metrics: tuple[str, ...], axis: comparison.Axis, smoothing: float, version: Version
) -> pd.DataFrame:
    """The curves of one run to draw; kept until `version` changes, so that a refresh reads only what is new."""
    record = runs.get_many(context(), [run_id])
    points = ALL_POINTS if smoothing else comparison.MAX_POINTS
    return comparison.curve_frame(record, runs.histories(context(), [run_id], metrics, points), axis, smoothing)


@st.cache_data(max_entries=8, show_spinner=False)
def group_curves(
    groups: tuple[tuple[int, tuple[int, ...]], ...],
    metrics: tuple[str, ...],
    axis: comparison.Axis,
    smoothing: float,
    keys: tuple[str, ...],
    how: comparison.How,
    versions: tuple[tuple[int, Version], ...],
) -> pd.DataFrame:
    """Centre and band of groups of runs, given as the group's number and its runs; by params, or by whole configs."""
    run_ids = [run_id for _, members in groups for run_id in members]
    histories = runs.histories(context(), run_ids, metrics, ALL_POINTS)
    records, params = runs.get_many(context(), run_ids), runs.params(context(), run_ids)
    found = comparison.param_groups(records, params, keys) if keys else comparison.seed_groups(records, params)
    return comparison.group_frame(found, histories, axis, smoothing, how)


@st.cache_data(ttl=30, max_entries=1, show_spinner="Checking the installation")
def health_checks() -> list[doctor.Check]:
    """What `doctor` finds; reads the whole database."""
    return doctor.diagnose(workspace().settings, workspace())


@st.cache_data(ttl=60, max_entries=1, show_spinner="Measuring the disk")
def disk_use() -> disk.Disk:
    """Disk use by experiment; looks at every file of every run."""
    return disk.measure(context())


@st.cache_data(ttl=20, max_entries=1, show_spinner=False)
def known_datasets() -> list[known.Known]:
    """Every data set of this host; looks at the files of those that can be downloaded."""
    return known.known(workspace().settings)


@st.cache_data(ttl=60, max_entries=50, show_spinner=False)
def holdout_example(run_id: int, info: DataInfo, seed: int) -> examples.HoldoutExample | None:
    """An example of the run's test set; reads the files of its evaluation."""
    return examples.holdout_example(workspace().settings, run_id, info, seed)


@st.cache_data(max_entries=16, show_spinner=False)
def verdict_of(
    groups: tuple[tuple[int, tuple[int, ...]], ...],
    metric: str,
    versions: tuple[tuple[int, Version], ...],
    kind: Kind = "best",
) -> Verdict | None:
    """Over groups of runs, given as the group's number and its runs; kept until `versions` change."""
    run_ids = [run_id for _, members in groups for run_id in members]
    params, settings = runs.params(context(), run_ids), workspace().settings
    found = comparison.seed_groups(runs.get_many(context(), run_ids), params)
    summaries = runs.summaries(context(), run_ids)

    def given(run_id: int) -> pd.DataFrame:
        return _predictions(run_id, report_files.stamp(settings, run_id))

    return judged(found, params, summaries, metric, given, kind)


@st.cache_data(max_entries=16, show_spinner=False)
def beside_champion(
    champion: int,
    groups: tuple[tuple[int, tuple[int, ...]], ...],
    metric: str,
    versions: tuple[tuple[int, Version], ...],
    kind: Kind,
    *,
    is_picked: bool,
) -> dict[int, str]:
    """How groups of runs stand to one of them, in a few words by the group's number; kept as `verdict_of`."""
    run_ids = [run_id for _, members in groups for run_id in members]
    params, settings = runs.params(context(), run_ids), workspace().settings
    found = comparison.seed_groups(runs.get_many(context(), run_ids), params)
    summaries = runs.summaries(context(), run_ids, [metric])
    best = next((group for group in found if group.id == champion), None)
    if best is None:
        return {}
    others = [group for group in found if group is not best]

    def given(run_id: int) -> pd.DataFrame:
        return _predictions(run_id, report_files.stamp(settings, run_id))

    against = against_champion(best, others, params, summaries, metric, given, kind, is_picked=is_picked)
    return {champion: "champion"} | {key: told_beside(each, metric) for key, each in against.items()}


@st.cache_data(max_entries=16, show_spinner=False)
def several_of(
    members: tuple[tuple[int, ...], ...],
    metric: str,
    versions: tuple[tuple[int, Version], ...],
    over_data: bool,
    kind: Kind = "best",
) -> Several | None:
    """Over sides, given as their runs; kept until `versions` change."""
    run_ids = [run_id for each in members for run_id in each]
    params, settings = runs.params(context(), run_ids), workspace().settings
    records = {run.id: run for run in runs.get_many(context(), run_ids)}
    known = [tuple(records[run_id] for run_id in each if run_id in records) for each in members]
    sides = [comparison.Group(min(run.id for run in each), "", each) for each in known if each]
    summaries = runs.summaries(context(), run_ids, [metric])

    def given(run_id: int) -> pd.DataFrame:
        return _predictions(run_id, report_files.stamp(settings, run_id))

    return several(sides, params, summaries, metric, given, kind=kind, over_data=over_data)


Stamp = tuple[int, int]  # of an evaluation's file: changes when the run is evaluated anew


@st.cache_data(max_entries=8, show_spinner=False)
def evaluation_report(run_id: int, stamp: Stamp) -> Report:
    """Raises NotFoundError, EvaluationError."""
    return report_files.read_report(workspace().settings, run_id)


@st.cache_data(max_entries=10, show_spinner=False)
def _predictions(run_id: int, stamp: Stamp) -> pd.DataFrame:
    return report_files.read_predictions(workspace().settings, run_id)


@st.cache_data(max_entries=8, show_spinner=False)
def worst_groups(run_id: int, stamp: Stamp, names: tuple[str, ...]) -> slices.Slices | None:
    """None where there is none, or where the predictions cannot be read, which `predictions` tells."""
    try:
        return slices.slices(_predictions(run_id, stamp), names)
    except (NotFoundError, report_files.EvaluationError):
        return None


def kept_predictions(run_id: int, stamp: Stamp) -> pd.DataFrame | None:
    """The run's predictions for the test set; None where there are none, or none that can be read."""
    try:
        return _predictions(run_id, stamp)
    except (NotFoundError, report_files.EvaluationError):
        return None


def predictions(run_id: int, stamp: Stamp) -> pd.DataFrame | None:
    """The run's predictions for the test set; None, and the reason on the page, when they cannot be read."""
    try:
        return _predictions(run_id, stamp)
    except (NotFoundError, report_files.EvaluationError) as error:
        st.warning(literal(str(error)))
        return None
