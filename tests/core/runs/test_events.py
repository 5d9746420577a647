"""Every change leaves a row in the history."""

from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import db.events
from core import runs
from core.common.context import Actor, Context
from core.common.errors import ConfigError, DataError
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.data import library
from core.runs import data_sets
from core.runs.events import told
from db.records import EventRecord, RunState
from tests.conftest import AddRun

LABELS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["wide", "deep", " wide "]),
        "notes": st.sampled_from(["", "a\nb", "c"]),
        "tags": st.lists(st.sampled_from(["fast", "slow", "best"]), max_size=3),
    },
)


def changes(context: Context, run_id: int) -> list[tuple[str, str, str, str]]:
    """Who did what, and what it changed."""
    found = runs.events(context, run_id)
    return [(event.actor.name, event.actor.kind, str(event.verb), told(event)) for event in found]


def of_data_set(workspace: Workspace, name: str) -> list[EventRecord]:
    with workspace.read() as session:
        return db.events.of(session, "data set", name, limit=10)


def test_what_people_do_with_a_run_is_told_from_its_launch_to_its_end(
    workspace: Workspace, context: Context, raw_config: Raw
) -> None:
    grace = Context(workspace, Actor("grace", "login"))
    (run_id,) = runs.create(context, runs.Draft(raw_config, name="first", created_by="alan"))
    runs.annotate(grace, run_id, name="second", notes="see\nthis", tags=["b", "a"])
    runs.add_tags(context, [run_id], ["c", "a"])
    runs.move(context, [run_id], "paper")
    runs.stop(grace, [run_id])
    runs.trash(context, [run_id])
    runs.restore(context, [run_id])
    runs.trash(context, [run_id])
    runs.empty_trash(grace)

    trashed = "trashed: false → true"
    purged = "name: second → nothing; experiment: paper → nothing; state: stopped → nothing"
    assert changes(context, run_id) == [
        ("ada", "shell", "launch", "name: first; experiment: default; launched by: alan"),
        ("grace", "login", "edit", "name: first → second; notes: nothing → see this; tags: nothing → a, b"),
        ("ada", "shell", "edit", "tags: a, b → a, b, c"),
        ("ada", "shell", "move", "experiment: default → paper"),
        ("grace", "login", "stop", "queued → stopped; reason: Taken off the queue by grace."),
        ("ada", "shell", "delete", trashed),
        ("ada", "shell", "restore", "trashed: true → false"),
        ("ada", "shell", "delete", trashed),
        ("grace", "login", "purge", f"{purged.replace('state: ', '')}; created by: alan → nothing"),
    ]


def test_a_request_to_stop_and_a_resumption_are_told(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    running, lost = add_run(state=RunState.RUNNING), add_run(state=RunState.LOST)
    checkpoint = workspace.settings.run_dir(lost) / "checkpoints" / runs.LAST_CHECKPOINT
    checkpoint.parent.mkdir(parents=True)
    checkpoint.touch()
    runs.stop(context, [running], now=True)
    runs.resume(context, lost)

    assert changes(context, running) == [("ada", "shell", "stop", "stop requested: now")]
    assert changes(context, lost) == [("ada", "shell", "resume", "lost → queued")]


def test_a_change_that_is_refused_or_changes_nothing_leaves_no_row(context: Context, add_run: AddRun) -> None:
    run_id = add_run(name="same", tags=["a"])
    with pytest.raises(ConfigError):
        runs.annotate(context, run_id, name="new", notes="a\0b")
    runs.annotate(context, run_id, name="same", tags=["a"])
    runs.add_tags(context, [run_id], ["a"])
    runs.move(context, [run_id], "default")
    runs.restore(context, [run_id])
    runs.stop(context, [run_id])

    assert runs.events(context, run_id) == []


@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], max_examples=20)
@given(edits=st.lists(LABELS, max_size=6))
def test_a_history_leads_to_what_the_run_is_called_now(
    context: Context, add_run: AddRun, edits: list[dict[str, object]]
) -> None:
    run_id = add_run(name="first", tags=["slow"])
    for edit in edits:
        runs.annotate(context, run_id, **edit)  # type: ignore[arg-type]

    labels: dict[str, object] = {"name": "first", "notes": "", "tags": ["slow"]}
    for event in runs.events(context, run_id):
        assert event.before == {name: labels[name] for name in event.after}
        labels |= event.after
    run = runs.get(context, run_id)
    assert labels == {"name": run.name, "notes": run.notes, "tags": sorted(run.tags)}


def test_many_runs_of_a_launch_have_an_event_each_and_a_long_history_shows_its_end(
    context: Context, raw_config: Raw
) -> None:
    created = runs.create(context, runs.Draft(raw_config, name="s"), seeds=3)
    assert [len(runs.events(context, run_id)) for run_id in created] == [1, 1, 1]
    for number in range(5):
        runs.annotate(context, created[0], notes=f"note {number} {'x' * 50_000}")
    newest = runs.events(context, created[0], limit=2)
    assert [event.after["notes"][:6] for event in newest] == ["note 3", "note 4"]
    assert len(newest[0].after["notes"]) == db.events.MAX_TEXT


def test_data_sets_that_come_and_go_leave_a_row_each_with_who_it_was(workspace: Workspace, tmp_path: Path) -> None:
    grace = Context(workspace, Actor("grace", "token"))
    x = np.arange(40.0).reshape(20, 2)
    np.savez(tmp_path / "rows.npz", x_train=x, y_train=np.arange(20) % 2, x_test=x, y_test=np.arange(20) % 2)
    added = data_sets.add(grace, "arrays", "rows", tmp_path / "rows.npz", library.ArrayOptions(title="My rows"))
    with pytest.raises(DataError, match="rows"):
        data_sets.add(grace, "arrays", "rows", tmp_path / "rows.npz")
    data_sets.remove(grace, "rows")
    with pytest.raises(DataError, match="no added data set"):
        data_sets.remove(grace, "rows")

    first, second = of_data_set(workspace, "rows")
    assert added.added_by == "grace"
    assert (first.actor, str(first.verb), first.before) == (Actor("grace", "token"), "add", {})
    assert (first.after["title"], first.after["fingerprint"]) == ("My rows", added.fingerprint)
    assert (str(second.verb), second.before, second.after) == ("remove", first.after, {})


def test_a_damaged_data_set_can_be_removed_and_that_is_told(
    workspace: Workspace, context: Context, tmp_path: Path
) -> None:
    folder = workspace.settings.datasets_dir / "added" / "broken"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text("{")
    data_sets.remove(context, "broken")

    assert not folder.exists()
    assert [event.before for event in of_data_set(workspace, "broken")] == [{"title": "broken"}]


def test_of_long_lists_what_differs_is_told() -> None:
    rules = [f"rule {place} of a gate, with some words" for place in range(4)]
    event = EventRecord(0.0, Actor("ada"), "describe", "model", "digits", {"gate": [*rules, "at most 40,000 bytes"]},
                        {"gate": [*rules, "at most 200,000 bytes"]})  # fmt: skip
    assert told(event) == "gate: at most 40,000 bytes → at most 200,000 bytes"
