import uuid

import pytest
import sqlalchemy as sa

import db.batches
import db.params
import db.runs
import db.tags
from core.common.workspace import Workspace
from db.records import ACTIVE_STATES, SUPERVISOR, ArtifactRecord, RunState
from tests.conftest import AddRun

AWKWARD = ['O\'Brien "quoted"', "🚀 café", "<script>alert(1)</script>", "100 % _ \\ sure", "训练", "x" * 10_000]


def test_a_run_comes_back_as_it_was_stored(workspace: Workspace, add_run: AddRun) -> None:
    run_id = add_run(name="wide", experiment="mnist", tags=["b", "a"], slots=["gpu:1"], facts={"seed": 3}, step=2**40)

    with workspace.read() as session:
        run = db.runs.get(session, run_id)

    assert run is not None
    assert (run.name, run.experiment, run.tags, run.slots) == ("wide", "mnist", ("a", "b"), ("gpu:1",))
    assert (run.state, run.facts, run.step, run.config["training"]) == (
        RunState.FINISHED, {"seed": 3}, 2**40, {"epochs": 2},
    )  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_text_is_kept_to_the_letter(workspace: Workspace, add_run: AddRun, text: str) -> None:
    run_id = add_run(name=text, notes=text, tags=[text], experiment=text)

    with workspace.read() as session:
        run = db.runs.get(session, run_id)
        assert run is not None
        assert (run.name, run.notes, run.tags, run.experiment) == (text, text, (text,), text)
        assert db.runs.find_ids(session, text) == [run_id]


def test_runs_come_in_the_order_asked_for_without_those_that_do_not_exist(
    workspace: Workspace, add_run: AddRun
) -> None:
    first, second = add_run(), add_run()

    with workspace.read() as session:
        found = db.runs.get_many(session, [second, 999, -1, 0, 2**70, first, second])
        assert db.runs.existing(session, [second, 999, 2**70, first]) == [second, first]

    assert [run.id for run in found] == [second, first]


def test_more_runs_can_be_asked_for_than_a_statement_takes(
    workspace: Workspace, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a piece's statements take its numbers and little else; that pieces are small enough, one of them shows."""
    run_id = add_run(tags=["t"])
    taken: list[int] = []

    with workspace.write() as session:
        assert len(db.runs.get_many(session, range(run_id, run_id + 70_000))) == 1
        monkeypatch.setattr(db.batches, "_SIZE", 100)
        sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *told: taken.append(len(told[3])))
        many = range(run_id, run_id + 1000)
        assert len(db.runs.get_many(session, many)) == 1
        assert len(db.params.of_runs(session, many)) == 1
        db.runs.update_many(session, many, trashed_at=1.0)
        db.runs.delete(session, many)
        assert db.runs.get(session, run_id) is None
    assert 100 <= max(taken) < 110


def test_a_state_changes_only_from_where_it_is_expected_to_be(workspace: Workspace, add_run: AddRun) -> None:
    run_id = add_run(state=RunState.QUEUED)

    with workspace.write() as session:
        assert db.runs.transition(session, run_id, [RunState.QUEUED], RunState.STARTING, actor=SUPERVISOR, pid=7)
        assert not db.runs.transition(session, run_id, [RunState.QUEUED], RunState.STARTING, actor=SUPERVISOR, pid=8)
        assert not db.runs.transition(session, 999, [RunState.QUEUED], RunState.STARTING, actor=SUPERVISOR)
        run = db.runs.get(session, run_id)

    assert run is not None
    assert (run.state, run.pid) == (RunState.STARTING, 7)


def test_names_notes_experiment_and_trash_are_all_that_is_changed_without_a_lease(
    workspace: Workspace, add_run: AddRun
) -> None:
    run_id = add_run()

    with workspace.write() as session:
        with pytest.raises(ValueError, match=r"Cannot change step of a run here\. Accepted are name, notes"):
            db.runs.annotate(session, run_id, name="x", step="7")
        with pytest.raises(ValueError, match=r"Cannot change state of a run here\. Accepted are experiment_id"):
            db.runs.update_many(session, [run_id], state="finished")


def test_active_runs_are_those_not_at_rest_first_queued_first(workspace: Workspace, add_run: AddRun) -> None:
    ids = {state: add_run(state=state, queued_at=100.0 - number) for number, state in enumerate(RunState)}
    add_run(state=RunState.QUEUED, trashed_at=1.0)

    with workspace.read() as session:
        found = [run.id for run in db.runs.in_states(session)]

    assert found == [ids[state] for state in reversed(ACTIVE_STATES)]


def test_a_run_is_found_by_number_uid_or_name(workspace: Workspace, add_run: AddRun) -> None:
    uid = uuid.uuid4().hex
    first, second = add_run(name="twin", uid=uid), add_run(name="twin")
    trashed = add_run(name="twin", trashed_at=1.0)

    with workspace.read() as session:
        assert db.runs.find_ids(session, str(first)) == [first]
        assert db.runs.find_ids(session, uid) == [first]
        assert db.runs.find_ids(session, uid[:6].upper()) == [first]
        assert db.runs.find_ids(session, "twin") == [second, first]
        assert db.runs.find_ids(session, str(trashed)) == [trashed]
        for nothing in (uid[:5], "", "9" * 30, "no such", "%", "twin%"):
            assert db.runs.find_ids(session, nothing) == []


def test_a_number_goes_before_a_name_that_looks_like_one(workspace: Workspace, add_run: AddRun) -> None:
    first = add_run(name="plain")
    named = add_run(name=str(first))

    with workspace.read() as session:
        assert db.runs.find_ids(session, str(first)) == [first]
        assert db.runs.find_ids(session, str(named)) == [named]


def test_the_number_of_a_deleted_run_is_never_given_again(workspace: Workspace, add_run: AddRun) -> None:
    last = [add_run() for _ in range(3)][-1]
    with workspace.write() as session:
        db.runs.delete(session, [last])

    assert add_run() == last + 1


def test_deleting_removes_everything_of_a_run_and_experiments_left_empty(workspace: Workspace, add_run: AddRun) -> None:
    parent = add_run(experiment="gone", tags=["t"], metrics={"loss": [1.0] * 1000})
    child = add_run(experiment="kept", parent_id=parent)
    with workspace.write() as session:
        db.runs.put_artifact(session, ArtifactRecord(parent, "model", "model", "model.keras", 1, 0.0))

        db.runs.delete(session, [parent])

        left = {
            table: session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in (
                "metric_points",
                "summaries",
                "curves",
                "run_params",
                "run_texts",
                "run_tags",
                "artifacts",
                "runs",
            )
        }
        run = db.runs.get(session, child)
        assert db.runs.experiments(session) == {"kept": 1}
    assert run is not None
    assert run.parent_id is None
    params = left.pop("run_params")
    assert params == 3  # data.source, architecture.name, training.epochs of the other run
    assert left == {
        "metric_points": 0,
        "summaries": 0,
        "curves": 0,
        "run_texts": 1,
        "run_tags": 0,
        "artifacts": 0,
        "runs": 1,
    }


def test_experiments_are_counted_without_the_trash_the_one_used_last_first(
    workspace: Workspace, add_run: AddRun
) -> None:
    add_run(experiment="old", created_at=1.0)
    add_run(experiment="new", created_at=2.0)
    add_run(experiment="new", created_at=3.0)
    add_run(experiment="trashed", trashed_at=1.0)

    with workspace.read() as session:
        found = db.runs.experiments(session)

    assert list(found.items()) == [("new", 2), ("old", 1)]


def test_an_artifact_at_the_same_path_replaces_the_one_before(workspace: Workspace, add_run: AddRun) -> None:
    run_id = add_run()
    first = ArtifactRecord(run_id, "best", "checkpoint", "checkpoints/best.keras", 2**40, 1.0)
    second = ArtifactRecord(run_id, "best", "checkpoint", "checkpoints/best.keras", 5, 2.0)

    with workspace.write() as session:
        db.runs.put_artifact(session, first)
        assert db.runs.artifacts_of(session, run_id) == [first]
        db.runs.put_artifact(session, second)
        assert db.runs.artifacts_of(session, run_id) == [second]


def test_tags_are_kept_once_and_can_be_replaced(workspace: Workspace, add_run: AddRun) -> None:
    first, second = add_run(tags=["a"]), add_run()

    with workspace.write() as session:
        db.tags.add(session, [first, second, first], ["a", "b", "b"])
        assert db.tags.of_runs(session, [first, second]) == {first: ["a", "b"], second: ["a", "b"]}
        db.tags.replace(session, first, ["c"])
        assert db.tags.of_runs(session, [first]) == {first: ["c"]}
        assert db.tags.every(session) == ["a", "b", "c"]


def test_params_are_kept_as_a_person_would_type_them(workspace: Workspace, add_run: AddRun) -> None:
    values = {"a": True, "b": None, "c": 0.001, "d": [64, 64], "e": 10**400, "f": "é"}
    run_id = add_run(config=values)

    with workspace.read() as session:
        assert db.params.of_runs(session, [run_id]) == {
            run_id: {"a": "true", "b": "", "c": "0.001", "d": "[64, 64]", "e": str(10**400), "f": "é"}
        }
        assert db.params.of_runs(session, [run_id], ["a", "x"]) == {run_id: {"a": "true"}}
        assert db.params.keys(session) == list("abcdef")


def test_params_can_be_named_by_the_end_of_their_path(workspace: Workspace, add_run: AddRun) -> None:
    add_run(config={"training": {"optimizer": {"learning_rate": 1}, "rate": 2}})

    with workspace.read() as session:
        assert db.params.keys_ending(session, "Learning_Rate") == ["training.optimizer.learning_rate"]
        assert db.params.keys_ending(session, "optimizer.learning_rate") == ["training.optimizer.learning_rate"]
        assert db.params.keys_ending(session, "rate") == ["training.rate"]
        assert db.params.keys_ending(session, "%") == []
