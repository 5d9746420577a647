"""A workspace that an earlier version left, with runs in every state, opened by this one: nothing is lost."""

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from db.listing import RunQuery
from db.records import RunRecord, RunState

# Two runs that were really trained, then one left in each state. Made by that version and SQLite's `.dump`.
DUMP = Path(__file__).parent / "workspace_0002.sql"


@pytest.fixture
def database_url() -> None:
    """It was SQLite's."""


@pytest.fixture
def old(settings: Settings) -> Iterator[Context]:
    settings.home.mkdir(parents=True)
    connection = sqlite3.connect(settings.home / "traindeck.db")
    connection.executescript(DUMP.read_text())
    connection.close()
    opened = Workspace.open(settings)
    yield Context.of_shell(opened)
    opened.close()


def _all(context: Context) -> dict[str, RunRecord]:
    return {run.name: run for run in runs.listing(context, RunQuery()).runs}


def test_runs_of_every_state_are_there_as_they_were(old: Context) -> None:
    found = _all(old)
    known = set(RunState) - {RunState.PRUNED}  # which came later
    assert {f"was {state.value}": state for state in known} == {
        name: run.state for name, run in found.items() if name.startswith("was ")
    }
    assert len(found) == len(known) + 2
    lost = found["was lost"]
    assert (lost.preset, lost.tags, lost.host, lost.slots, lost.step) == (
        "digits-mlp",
        ("old",),
        "old-host",
        ("cpu:0",),
        30,
    )
    assert lost.reason == "it lost"
    assert lost.created_by == "ada"
    assert lost.facts["data_fingerprint"] == "abc"


def test_curves_summaries_and_artifacts_are_kept(old: Context) -> None:
    trained = runs.get(old, 1)
    assert trained.state is RunState.FINISHED
    assert trained.config["training"]["epochs"] == 3
    assert runs.history(old, 1, "loss").step.tolist() == [36, 72, 108]
    summary = runs.summaries(old, [1], ["test_accuracy"])[1]["test_accuracy"]
    assert math.isclose(summary.last, runs.history(old, 1, "test_accuracy").value[-1])
    assert {artifact.name for artifact in runs.artifacts(old, 1)} >= {"best.keras", "last.keras", "evaluation.json"}


def test_old_runs_can_be_searched(old: Context) -> None:
    found = runs.listing(old, RunQuery(), "training.epochs = 3 test_accuracy > 0.5").runs
    assert [run.id for run in found] == [1]


def test_what_old_runs_waited_for_is_in_a_column_of_its_own(old: Context) -> None:
    for run in _all(old).values():
        assert (run.kind, run.resources) == ("network", run.config.get("resources", {}))
    assert runs.get(old, 1).resources
