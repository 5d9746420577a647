"""Registering runs, moving aliases, deleting: the registry on a real store and real files."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core import models, runs
from core.common.context import Actor, Context
from core.common.errors import NotFoundError, StateError
from core.models.registered import kept_told
from core.models.scores import beside_baselines, main_score
from core.runs.events import said, told
from db.records import RunState
from tests.conftest import AddRun
from tests.core.models.conftest import Leave


def kept(context: Context, version: models.VersionRecord) -> Path:
    return models.network_file(context.workspace.settings, version).parent


def test_a_run_becomes_the_first_version_with_its_figures_and_where_it_came_from(
    context: Context, leave: Leave
) -> None:
    run = leave(name="wide", experiment="digits")
    version = models.register(context, run, "digits", note="first", description="Reads digits.", aliases=["champion"])

    [model] = models.listing(context)
    assert (model.name, model.description, model.created_by, model.newest) == ("digits", "Reads digits.", "ada", 1)
    assert model.leading == models.find(context, "digits") == models.find(context, "digits@champion") == version
    assert (version.title, version.run_id, version.run_uid, version.run_name) == ("digits@1", run.id, run.uid, "wide")
    assert (version.note, version.stage, version.checkpoint, version.created_by) == ("first", "none", "best", "ada")
    assert (version.config, version.experiment) == (run.config, "digits")
    assert version.facts == {**run.facts, "network_bytes": version.size}  # all of what is no archive of Keras's
    assert (
        version.sha256 == "9d7fbf2fa2e0b5a0e8e0de09bf6ac0b1cbf1dd8e6d3a2a29b02e2fc2ae1e6fcb"
        or len(version.sha256) == 64
    )
    assert version.metrics["test_accuracy"] == pytest.approx(0.9)
    score = main_score(version)
    assert score is not None
    assert score.interval is not None
    assert score.name == "accuracy"
    assert score.interval == pytest.approx((0.8506, 0.9343), abs=1e-4)  # Wilson's, of 180 in 200
    verdict = beside_baselines(version)
    assert verdict is not None
    assert verdict.standing == "above"


def test_what_a_version_keeps_takes_no_room_and_outlives_its_run(context: Context, leave: Leave) -> None:
    run = leave()
    version = models.register(context, run, "digits")
    folder = kept(context, version)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert sorted(files) == ["evaluation.json", "model.keras", "predictions.parquet", "vocabulary.json"]
    source = context.workspace.settings.run_dir(run.id) / "checkpoints" / runs.BEST_CHECKPOINT
    assert source.samefile(folder / "model.keras")

    new = source.with_name("new")
    new.write_bytes(b"of a run that went on")
    new.replace(source)
    runs.trash(context, [run.id])
    whole = runs.folder_bytes(context.workspace.settings.run_dir(run.id))
    shared = sum(len(content) for name, content in files.items() if name != "model.keras")
    assert kept_told(context, [run.id]) == "digits@1 keeps the network and all that it needs."
    own = runs.folder_bytes(context.workspace.settings.run_dir(run.id), unshared=True)
    assert own == whole - shared
    assert runs.empty_trash(context).count == 1
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == files
    assert models.find(context, "digits") == version
    assert models.of_runs(context, [run.id]) == [version]


def test_where_there_are_no_hard_links_the_files_are_copied(
    context: Context, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(18, "another file system")))
    file = models.network_file(context.workspace.settings, models.register(context, leave(), "digits"))
    assert (file.read_bytes(), file.stat().st_nlink) == (b"weights", 1)


def test_the_figures_are_those_of_the_checkpoint_that_was_evaluated(context: Context, leave: Leave) -> None:
    run = leave()
    last = models.register(context, run, "digits", "last")
    assert (last.metrics, main_score(last), beside_baselines(last)) == ({}, None, None)
    assert "not evaluated" in last.card
    assert sorted(file.name for file in kept(context, last).iterdir()) == ["model.keras", "vocabulary.json"]

    lost = leave(state=RunState.LOST)  # it went on after an evaluation
    best = context.workspace.settings.run_dir(lost.id) / "checkpoints" / runs.BEST_CHECKPOINT
    later = best.stat().st_mtime + 60
    os.utime(best, (later, later))
    assert models.register(context, lost, "digits").metrics == {}


@pytest.mark.parametrize(
    ("state", "files", "checkpoint", "message"),
    [
        (RunState.RUNNING, True, "best", "is running; a version is made of a run at rest"),
        (RunState.FINISHED, False, "best", "left no checkpoint to register: .*Relaunch it"),
        (RunState.FINISHED, True, "middle", "has no checkpoint 'middle'; it has best and last"),
    ],
)
def test_a_run_that_cannot_be_registered_is_refused_and_nothing_is_left(
    context: Context,
    add_run: AddRun,
    leave: Leave,
    state: RunState,
    files: bool,
    checkpoint: str,
    message: str,
) -> None:
    run = leave(state=state) if files else runs.get(context, add_run(state=state))
    with pytest.raises(StateError, match=message):
        models.register(context, run, "digits", checkpoint)
    assert models.listing(context) == []
    assert not context.workspace.settings.models_dir.exists()


@pytest.mark.parametrize("name", ["", "Digits", "a b", "../up", "-a", "a" * 65, "a/b", "digits@3", "ä"])
def test_names_that_could_not_stand_in_an_address_are_refused_with_one_that_can(
    context: Context, leave: Leave, name: str
) -> None:
    with pytest.raises(models.ModelError, match=r"cannot be the name of a model; accepted are .* such as [a-z0-9]"):
        models.register(context, leave(), name)
    assert models.listing(context) == []


def test_the_same_network_is_not_registered_twice_in_one_model(context: Context, leave: Leave) -> None:
    run = leave()
    models.register(context, run, "digits")
    with pytest.raises(models.ModelError, match="is digits@1 already"):
        models.register(context, run, "digits")
    models.register(context, run, "others")
    assert [len(each.versions) for each in models.listing(context)] == [1, 1]
    left = [path.name for path in context.workspace.settings.models_dir.iterdir()]
    assert sorted(left) == sorted(str(each.id) for each in models.listing(context))


def test_versions_are_numbered_on_and_a_number_is_never_given_again(context: Context, leave: Leave) -> None:
    first, second = (models.register(context, leave(content=content), "digits") for content in (b"1", b"2"))
    assert (first.number, second.number) == (1, 2)
    models.delete_version(context, "digits", 2)
    third = models.register(context, leave(content=b"3"), "digits")
    assert [each.number for each in models.get(context, "digits").versions] == [3, 1]
    with pytest.raises(NotFoundError, match=r"has no version '2'. It has the versions 1, 3 and no alias yet"):
        models.find(context, "digits@2")
    assert models.find(context, "digits").number == third.number  # without a champion, the newest


def test_several_at_once_get_a_number_each(context: Context, leave: Leave) -> None:
    ready = [leave(content=str(number).encode()) for number in range(6)]
    errors: list[BaseException] = []

    def one(place: int) -> None:
        try:
            models.register(context, ready[place], "digits")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    versions = models.get(context, "digits").versions
    assert [each.number for each in versions] == [6, 5, 4, 3, 2, 1]
    assert {kept(context, each).name for each in versions} == {"1", "2", "3", "4", "5", "6"}


def test_an_alias_points_at_one_version_and_the_history_says_who_moved_it(context: Context, leave: Leave) -> None:
    first, second = (models.register(context, leave(content=content), "digits") for content in (b"1", b"2"))
    assert models.point(context, first, "champion") is None
    grace = Context(context.workspace, Actor("grace"))
    assert models.point(grace, second, "champion") == replace(first, aliases=("champion",))
    models.point(context, second, "canary")
    assert models.find(context, "digits@champion").number == 2
    assert models.find(context, "digits@2").aliases == ("champion", "canary")
    models.drop_alias(context, "digits", "canary")

    lines = [(event.actor.name, said(event), told(event)) for event in models.history(context, "digits")]
    assert lines[2:] == [
        ("ada", "moved an alias", "champion: 1"),
        ("grace", "moved an alias", "champion: 1 → 2"),
        ("ada", "moved an alias", "canary: 2"),
        ("ada", "moved an alias", "canary: 2 → nothing"),
    ]


def test_an_alias_that_is_moved_while_registering_says_where_it_pointed(context: Context, leave: Leave) -> None:
    models.register(context, leave(content=b"1"), "digits", aliases=["champion"])
    models.register(context, leave(content=b"2"), "digits", aliases=["champion"])
    assert told(models.history(context, "digits")[-1]) == "champion: 1 → 2"


@pytest.mark.parametrize(("alias", "message"), [("3", "read as a version's number"), ("The Best", "name of an alias")])
def test_aliases_that_would_be_mistaken_are_refused(context: Context, leave: Leave, alias: str, message: str) -> None:
    version = models.register(context, leave(), "digits")
    with pytest.raises(models.ModelError, match=message):
        models.point(context, version, alias)
    with pytest.raises(NotFoundError, match=r"no alias 'champoin' \(did you mean champion\?\)|It has none"):
        models.drop_alias(context, "digits", "champoin")


def test_stage_note_and_description_are_changed_and_noted(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits")
    models.set_stage(context, version, "production")
    models.annotate(context, version, "calm\nlight")
    models.describe(context, "digits", "Reads digits.")
    found = models.find(context, "digits")
    assert (found.stage, found.note) == (models.Stage.PRODUCTION, "calm\nlight")
    assert models.get(context, "digits").description == "Reads digits."
    assert [told(event) for event in models.history(context, "digits")][1:] == [
        "stage: none → production",
        "note: nothing → calm light",
        "description: nothing → Reads digits.",
    ]
    with pytest.raises(models.ModelError, match=r"'productoin' is no stage \(did you mean production\?\); accepted"):
        models.set_stage(context, version, "productoin")
    with pytest.raises(models.ModelError, match="The note must have no control characters"):
        models.annotate(context, version, "\0")


def test_a_folder_that_the_store_does_not_know_is_set_aside_and_kept(context: Context, leave: Leave) -> None:
    first = models.register(context, leave(content=b"1"), "digits")
    foreign = kept(context, first).with_name("2")  # of a later state of the store, which a copy took the place of
    foreign.mkdir()
    (foreign / "model.keras").write_bytes(b"foreign")
    second = models.register(context, leave(content=b"2"), "digits")
    assert models.network_file(context.workspace.settings, second).read_bytes() == b"2"
    [aside] = foreign.parent.glob(".2-*")
    assert (aside / "model.keras").read_bytes() == b"foreign"


def test_a_failure_removes_no_folder_that_is_not_the_version_s(
    context: Context, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = models.register(context, leave(content=b"1"), "digits")
    foreign = kept(context, first).with_name("2")
    foreign.mkdir()
    (foreign / "model.keras").write_bytes(b"foreign")
    run = leave(content=b"2")
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with pytest.raises(models.ModelError, match="Input/output error"):
        models.register(context, run, "digits")
    monkeypatch.setattr(Path, "rename", rename)
    assert (foreign / "model.keras").read_bytes() == b"foreign"
    assert models.get(context, "digits").newest == 1


def test_a_run_that_was_resumed_or_deleted_while_it_is_registered_is_refused(context: Context, leave: Leave) -> None:
    run = leave()
    changed = rf"Run {run.id} was resumed, or its files were deleted, while it was registered"
    with pytest.raises(StateError, match=changed):
        models.register(context, replace(run, finished_at=1.0), "digits")
    with pytest.raises(StateError, match=changed):
        models.register(context, replace(run, uid="another"), "digits")
    assert models.listing(context) == []


def test_a_model_knows_the_version_that_it_was_fine_tuned_from(context: Context, leave: Leave) -> None:
    parent = leave()
    begun = {"run": parent.id, "uid": parent.uid, "layers": 3, "taken": 2, "frozen": 0, "new": []}
    first = models.register(context, parent, "digits")
    child = models.register(context, leave(content=b"tuned", facts={"fine_tuned_from": begun}), "letters")
    assert models.parents(context, child) == [first]
    assert models.parents(context, first) == []
    assert f"Began from the weights of run {parent.id}" in child.card


def test_files_of_another_host_are_told_to_be_there(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits")
    away = replace(version, host="faraway")
    with pytest.raises(models.ModelError, match="are on host faraway"):
        models.network_file(context.workspace.settings, away)
    kept(context, version).joinpath("model.keras").unlink()
    with pytest.raises(models.ModelError, match="The network of digits@1 is gone"):
        models.network_file(context.workspace.settings, version)
