"""Who may do what: every use case that changes something asks first."""

import ast
import asyncio
import copy
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

import db.evaluation_sets
import db.logged_models
import db.registry_exports
import db.serving_windows
from core import models, runs
from core.common.context import Context
from core.common.errors import ForbiddenError
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.config.resources import Resources
from core.data import library
from core.imports import importing
from core.imports.found_run import FoundRun
from core.jobs import evaluation, export
from core.jobs.new_version import Ensemble, Request
from core.mlflow import evaluation_calls, input_calls, logged_model_calls
from core.mlflow.asked import Asked
from core.mlflow.calls import Call
from core.mlflow.logged_metrics import note_measured
from core.mlflow.logging_calls import Measured
from core.models import exports, from_clients, making, registering, version_source
from core.reports import authoring, saved_views
from core.reports.panel_specs import NotePanel
from core.runs import (
    asked_runs,
    data_sets,
    demo,
    experiment_board,
    experiment_changes,
    logged,
    organising,
    permissions,
    reported_files,
    reported_lines,
    sent_files,
)
from core.runs.kinds import LOGGED
from core.runs.permissions import Action
from core.runs.queueing import Copy, queue
from core.serving import drift, served
from core.serving.options import Options
from core.sweeps import managing
from db.evaluation_sets import EvaluationSetRecord, KeptRecord
from db.logged_models import LoggedModelRecord
from db.models import Base
from db.records import RunRecord, RunState
from db.registry_records import ExportRecord
from db.serving_records import WindowRecord
from db.sweep_records import SweepState
from tests.conftest import AddRun, adding_to, small_config
from tests.postgres import BACKENDS, database_of

Change = Callable[[Context, "World"], Any]


def _of_last(context: Context, world: "World") -> version_source.Source:
    run = runs.get(context, world.failed)
    network = world.settings.run_dir(run.id) / "checkpoints" / runs.LAST_CHECKPOINT
    return version_source.of_run(run, "averaged", network, [], None)


def _together(context: Context, world: "World") -> Request:
    return Request(made_of=Ensemble(runs=(world.failed, world.trashed)), model="new", actor=context.actor.name)


class World:
    """A workspace with something for every use case to change; it is made once, and each test has a copy."""

    def __init__(self, context: Context, add_run: AddRun, config: Raw, folder: Path) -> None:
        self.config, self.folder = config, folder
        self.queued = add_run(state=RunState.QUEUED, created_by="grace")
        self.running = add_run(state=RunState.RUNNING, created_by="grace")
        self.failed = add_run(state=RunState.FAILED, created_by="grace")
        self.trashed = add_run(trashed_at=5.0, created_by="grace")
        self.logged = add_run(state=RunState.LOST, created_by="grace", kind=LOGGED.name)
        self.workspace, self.settings = context.workspace, context.workspace.settings
        checkpoint = self.settings.run_dir(self.failed) / "checkpoints" / runs.LAST_CHECKPOINT
        checkpoint.parent.mkdir(parents=True)
        checkpoint.write_bytes(b"weights")
        checkpoint.with_name(runs.BEST_CHECKPOINT).write_bytes(b"weights")
        sent = self.settings.run_dir(self.logged) / sent_files.FOLDER / "old.txt"
        sent.parent.mkdir(parents=True)
        sent.write_bytes(b"old")
        self.inbox = library.Inbox(self.settings)
        self.arrays = folder / "rows.npz"
        x = np.arange(40.0).reshape(20, 2)
        np.savez(self.arrays, x_train=x, y_train=np.arange(20) % 2, x_test=x, y_test=np.arange(20) % 2)
        library.add_arrays(self.settings, "known", self.arrays)
        failed = runs.get(context, self.failed)
        self.free = models.register(context, failed, "free")
        self.used = models.register(context, failed, "used", aliases=["champion"])
        export = ExportRecord(self.free.id, "onnx", "onnx", socket.gethostname(), 1, "", {}, "ada", 1.0)
        with context.workspace.write() as session:
            db.registry_exports.put(session, export)
        exports.place(self.settings, self.free, "onnx").mkdir(parents=True)
        served.serve(context, "used", Options())
        self.logged_uid, self.noted = runs.get(context, self.logged).uid, "m-1"
        with context.workspace.write() as session:
            noted = LoggedModelRecord(self.noted, 1, "net", "LOGGED_MODEL_PENDING", 1.0, 1.0, tags={"old": "1"})
            db.logged_models.add(session, noted)
            db.evaluation_sets.add(session, EvaluationSetRecord("d-1", "questions", "1", 1.0, 1.0, experiments=[1]))
            db.evaluation_sets.put(session, "d-1", {"1": KeptRecord("dr-1", 1.0, 1.0, {"inputs": {}})})
        window = WindowRecord(self.used.model_id, self.used.id, 1.0, 500, "", [[500]], 2.0, {"age": [0.0, 0.5, 1.0]})
        with context.workspace.write() as session:
            db.serving_windows.put(session, window)

        fields = [{"field": "training.batch_size", "range": {"kind": "choices", "values": [8, 16]}}]
        self.definition = {"base": config, "fields": fields, "method": "random"}
        self.sweep, self.paused, self.over = (managing.start(context, self.definition) for _ in range(3))
        managing.add_trial(context, self.sweep, {})
        managing.pause(context, self.paused)
        managing.stop(context, self.over)
        self.report = authoring.create(context, "known", "old")
        self.report = authoring.save(context, self.report.id, "known", "new", 1)
        self.view = saved_views.save(context, "runs", "known", {"search": ["a"]})

    def copied(self, context: Context, folder: Path) -> "World":
        """The same in a copy of the workspace, `context`'s; what it writes beside that goes into `folder`."""
        world = copy.copy(self)
        world.workspace, world.settings, world.folder = context.workspace, context.workspace.settings, folder
        world.inbox = library.Inbox(world.settings)
        return world

    def script(self) -> runs.Draft:
        folder = self.folder / "project"
        folder.mkdir(exist_ok=True)
        (folder / "train.py").write_text("print(1)")
        return runs.Draft({"project": {"folder": str(folder)}, "entry": "train.py"})

    def everything(self) -> tuple[object, ...]:
        """All rows of the store, and all files of the workspace but the store's own."""
        home = self.settings.home
        files = {str(path): path.stat().st_mtime_ns for path in home.rglob("*") if "traindeck.db" not in path.name}
        return self._rows(), files

    def _rows(self) -> dict[str, list[Any]]:
        with self.workspace.database.engine.connect() as connection:
            tables = Base.metadata.tables.items()
            return {name: [tuple(row) for row in connection.execute(sa.select(table))] for name, table in tables}


async def _pieces() -> AsyncIterator[bytes]:
    yield b"x"


async def _send(context: Context, world: "World") -> None:
    await sent_files.receive_file(context, world.logged, "new.txt", sent_files.Part(), _pieces())


def _receive(context: Context, world: World) -> None:
    asyncio.run(data_sets.receive(context, world.inbox.key, "a.csv", 1, _pieces()))


_POINT = ("loss", 1, 0.5, 5.0)


def _call(call: Call, context: Context, world: "World") -> Any:
    """One of MLflow's, with all that any of them asks for."""
    pair = [{"key": "new", "value": "1"}]
    models_ = [{"model_id": world.noted}]
    known = {"run_id": world.logged_uid, "models": models_, "model_id": world.noted, "status": "LOGGED_MODEL_READY"}
    records = {"dataset_id": "d-1", "records": '[{"inputs": {"q": 1}}]', "dataset_record_ids": ["dr-1"]}
    experiments = {"experiment_ids": ["1"]}
    return call(context, Asked({**known, **records, **experiments, "params": pair, "tags": pair, "tag_key": "old"}))


CHANGES: dict[str, tuple[Action, Change]] = {
    "create": (Action.LAUNCH, lambda context, world: runs.create(context, runs.Draft(world.config))),
    "begin": (Action.LAUNCH, lambda context, world: logged.begin(context, logged.Logged("new"))),
    "import_runs": (Action.IMPORT, lambda context, world: importing.import_runs(context, [FoundRun("a", "new")])),
    "add_params": (Action.REPORT, lambda context, world: logged.add_params(context, world.logged, {"new": 1})),
    "put_tags": (Action.EDIT, lambda context, world: logged.put_tags(context, world.failed, {"new": "1"})),
    "take": (
        Action.REPORT,
        lambda context, world: reported_lines.take(context, runs.get(context, world.logged).uid, "a", 0, b""),
    ),
    "receive_piece": (
        Action.REPORT,
        lambda context, world: reported_files.receive_piece(
            context, runs.get(context, world.logged), 32 * "a", 0, b"piece"
        ),
    ),
    "receive_file": (Action.REPORT, lambda context, world: asyncio.run(_send(context, world))),
    "remove_file": (Action.REPORT, lambda context, world: sent_files.remove_file(context, world.logged, "old.txt")),
    "edit": (Action.EDIT, lambda context, world: organising.edit(context, world.failed, notes="new")),
    "edit into an experiment": (
        Action.MOVE,
        lambda context, world: organising.edit(context, world.failed, experiment="elsewhere"),
    ),
    "launch": (
        Action.LAUNCH,
        lambda context, world: asked_runs.launch(context, asked_runs.AskedRuns(config=world.config)),
    ),
    "add_experiments": (
        Action.REPORT,
        lambda context, world: _call(evaluation_calls.add_experiments, context, world),
    ),
    "remove_experiments": (
        Action.REPORT,
        lambda context, world: _call(evaluation_calls.remove_experiments, context, world),
    ),
    "put_records": (Action.REPORT, lambda context, world: _call(evaluation_calls.put_records, context, world)),
    "drop_records": (Action.DELETE, lambda context, world: _call(evaluation_calls.drop_records, context, world)),
    "hear": (Action.REPORT, lambda context, world: logged.hear(context, world.logged)),
    "end": (Action.REPORT, lambda context, world: logged.end(context, world.logged, RunState.FAILED)),
    "queue": (
        Action.LAUNCH,
        lambda context, world: queue(context, runs.Draft({}), "network", Resources(), [Copy("new", world.config)]),
    ),
    "create_script": (Action.LAUNCH, lambda context, world: runs.create_script(context, world.script())),
    "create an experiment": (Action.LAUNCH, lambda context, world: experiment_changes.create(context, "new")),
    "rename": (Action.EDIT, lambda context, world: experiment_changes.rename(context, 1, "new")),
    "put_tags of an experiment": (
        Action.EDIT,
        lambda context, world: experiment_changes.put_tags(context, 1, {"new": "1"}),
    ),
    "write_notes": (
        Action.EDIT,
        lambda context, world: experiment_board.write_notes(context, "default", "new", None),
    ),
    "choose_champion": (
        Action.EDIT,
        lambda context, world: experiment_board.choose_champion(context, "default", world.failed),
    ),
    "record": (Action.REPORT, lambda context, world: logged.record(context, world.logged, [_POINT])),
    "log_inputs": (Action.REPORT, lambda context, world: _call(input_calls.log_inputs, context, world)),
    "log_outputs": (Action.REPORT, lambda context, world: _call(input_calls.log_outputs, context, world)),
    "finalize": (Action.REPORT, lambda context, world: _call(logged_model_calls.finalize, context, world)),
    "log_params": (Action.REPORT, lambda context, world: _call(logged_model_calls.log_params, context, world)),
    "set_tags": (Action.REPORT, lambda context, world: _call(logged_model_calls.set_tags, context, world)),
    "delete_tag": (Action.REPORT, lambda context, world: _call(logged_model_calls.delete_tag, context, world)),
    "note_measured": (
        Action.REPORT,
        lambda context, world: note_measured(context, world.logged_uid, [Measured("a", 1.0, 1, 1, world.noted)]),
    ),
    "relaunch": (Action.LAUNCH, lambda context, world: runs.relaunch(context, world.failed)),
    "launch_demo": (Action.LAUNCH, lambda context, world: demo.launch_demo(context)),
    "stop": (Action.STOP, lambda context, world: runs.stop(context, [world.queued, world.running])),
    "resume": (Action.RESUME, lambda context, world: runs.resume(context, world.failed)),
    "evaluate": (
        Action.EVALUATE,
        lambda context, world: evaluation.ask(context, runs.get(context, world.failed)),
    ),
    "annotate": (Action.EDIT, lambda context, world: runs.annotate(context, world.failed, name="new", tags=["b"])),
    "add_tags": (Action.EDIT, lambda context, world: runs.add_tags(context, [world.failed], ["new"])),
    "move": (Action.MOVE, lambda context, world: runs.move(context, [world.failed], "elsewhere")),
    "trash": (Action.DELETE, lambda context, world: runs.trash(context, [world.failed])),
    "restore": (Action.RESTORE, lambda context, world: runs.restore(context, [world.trashed])),
    "empty_trash": (Action.PURGE, lambda context, world: runs.empty_trash(context)),
    "add": (Action.ADD_DATA, lambda context, world: data_sets.add(context, "arrays", "new", world.arrays)),
    "receive": (Action.ADD_DATA, _receive),
    "rename_classes": (
        Action.EDIT_DATA,
        lambda context, world: data_sets.rename_classes(context, "known", {"0": "zero"}),
    ),
    "remove": (Action.REMOVE_DATA, lambda context, world: data_sets.remove(context, "known")),
    "register": (
        Action.REGISTER,
        lambda context, world: models.register(context, runs.get(context, world.failed), "new"),
    ),
    "keep": (
        Action.REGISTER,
        lambda context, world: registering.keep(context, _of_last(context, world), "new"),
    ),
    "make": (Action.REGISTER, lambda context, world: making.ask(context, _together(context, world))),
    "point": (Action.POINT, lambda context, world: models.point(context, world.free, "champion")),
    "drop_alias": (Action.POINT, lambda context, world: models.drop_alias(context, "used", "champion")),
    "set_stage": (Action.EDIT_MODEL, lambda context, world: models.set_stage(context, world.free, "staging")),
    "annotate a version": (Action.EDIT_MODEL, lambda context, world: models.annotate(context, world.free, "new")),
    "edit_card": (Action.EDIT_MODEL, lambda context, world: models.edit_card(context, world.free, "new")),
    "describe": (Action.EDIT_MODEL, lambda context, world: models.describe(context, "free", "new")),
    "set_gate": (
        Action.EDIT_MODEL,
        lambda context, world: models.set_gate(context, "free", "champion", models.Gate(not_worse=True)),
    ),
    "create a model": (
        Action.REGISTER,
        lambda context, world: from_clients.create(context, "new", "", {}),
    ),
    "keep of a client": (
        Action.REGISTER,
        lambda context, world: from_clients.keep(context, models.get(context, "free"), None, {}, {}),
    ),
    "put_tags of a model": (
        Action.EDIT_MODEL,
        lambda context, world: from_clients.put_tags(context, "free", 1, {"new": "1"}),
    ),
    "export": (Action.EXPORT, lambda context, world: export.ask(context, world.used, "onnx")),
    "delete": (Action.EXPORT, lambda context, world: exports.delete(context, world.free, "onnx")),
    "serve": (Action.SERVE, lambda context, world: served.serve(context, "free", Options(reference="1"))),
    "acknowledge": (Action.SERVE, lambda context, world: drift.acknowledge(context, "used")),
    "stop serving": (Action.SERVE, lambda context, world: served.stop(context, "used")),
    "delete_version": (Action.DELETE_MODEL, lambda context, world: models.delete_version(context, "free", 1)),
    "start": (Action.SWEEP, lambda context, world: managing.start(context, world.definition)),
    "pause": (Action.SWEEP, lambda context, world: managing.pause(context, world.sweep)),
    "go_on": (Action.SWEEP, lambda context, world: managing.go_on(context, world.paused)),
    "extend": (Action.SWEEP, lambda context, world: managing.extend(context, world.sweep, trials=9)),
    "change": (
        Action.SWEEP,
        lambda context, world: managing.change(context, world.sweep, SweepState.PAUSED, trials=9),
    ),
    "add_trial": (Action.SWEEP, lambda context, world: managing.add_trial(context, world.sweep, {})),
    "confirm_more": (Action.SWEEP, lambda context, world: managing.confirm_more(context, world.sweep, {0: 1})),
    "stop a sweep": (Action.SWEEP, lambda context, world: managing.stop(context, world.sweep)),
    "remove a sweep": (Action.SWEEP, lambda context, world: managing.remove(context, world.over)),
    "create a report": (Action.WRITE, lambda context, world: authoring.create(context, "new")),
    "save": (Action.WRITE, lambda context, world: authoring.save(context, world.report.id, "known", "newer", 2)),
    "add_panel": (
        Action.WRITE,
        lambda context, world: authoring.add_panel(context, world.report.id, NotePanel(text="new"), as_it_is=True),
    ),
    "restore a version": (Action.WRITE, lambda context, world: authoring.restore(context, world.report.id, 1)),
    "delete a report": (Action.WRITE, lambda context, world: authoring.delete(context, world.report.id)),
    "save a view": (
        Action.SAVE_VIEW,
        lambda context, world: saved_views.save(context, "runs", "new", {"search": ["b"]}),
    ),
    "update": (
        Action.SAVE_VIEW,
        lambda context, world: saved_views.update(context, world.view.id, {"search": ["b"]}),
    ),
    "rename a view": (Action.SAVE_VIEW, lambda context, world: saved_views.rename(context, world.view.id, "new")),
    "delete a view": (Action.SAVE_VIEW, lambda context, world: saved_views.delete(context, world.view.id)),
    "delete_model": (Action.DELETE_MODEL, lambda context, world: models.delete_model(context, "free")),
}


@pytest.fixture(scope="module", params=BACKENDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("made")
    with database_of(request, request.param) as url:
        workspace = Workspace.open(Settings(home=folder / "workspace", user="ada", db_url=url))
        config = small_config()
        world = World(Context.of_shell(workspace), adding_to(workspace, config), config, folder)
        workspace.close()  # a database that somebody is connected to cannot be copied
        yield world


@pytest.fixture
def database_url(request: pytest.FixtureRequest, made: World) -> Iterator[str | None]:
    """Of a copy of the world's database."""
    url = made.settings.db_url
    with database_of(request, "postgresql" if url else "sqlite", url) as copied:
        yield copied


@pytest.fixture
def settings(settings: Settings, made: World) -> Settings:
    """Of a copy of the world's files."""
    shutil.copytree(made.settings.home, settings.home)
    return settings


@pytest.fixture
def world(made: World, context: Context, tmp_path: Path) -> World:
    return made.copied(context, tmp_path)


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_asks_and_a_denied_one_changes_nothing(
    name: str, context: Context, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    action, change = CHANGES[name]
    asked: list[Action] = []

    def deny(_context: Context, what: Action, _run: RunRecord | None) -> bool:
        asked.append(what)
        return False

    before = world.everything()
    with monkeypatch.context() as patched:
        patched.setattr(permissions, "allows", deny)
        with pytest.raises(ForbiddenError, match=r"^ada may not .* Ask .*whoever looks after "):
            change(context, world)
    assert asked == [action]
    assert world.everything() == before

    change(context, world)  # there was something to change
    assert world.everything() != before


def test_a_policy_is_asked_for_each_run_before_any_is_changed(
    context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = add_run(created_by="ada"), add_run(created_by="grace")
    monkeypatch.setattr(permissions, "allows", lambda who, _what, run: run.created_by == who.actor.name)
    for change in (
        lambda ids: runs.trash(context, ids),
        lambda ids: runs.add_tags(context, ids, ["new"]),
        lambda ids: runs.move(context, ids, "elsewhere"),
    ):
        with pytest.raises(ForbiddenError) as refused:
            change([own, other])
        assert f"run {other}" in str(refused.value)
        assert "Ask grace, who launched it, or" in str(refused.value)
    mine, hers = runs.get_many(context, [own, other])
    for run in (mine, hers):
        assert (run.trashed_at, run.tags, run.experiment) == (None, (), "default")
    assert "elsewhere" not in runs.experiments(context)

    runs.trash(context, [own])
    assert runs.get(context, own).trashed_at is not None


def test_no_use_case_that_writes_is_missing_here_and_no_action_is_never_asked_for() -> None:
    files = [
        file
        for room in ("runs", "sweeps", "imports", "models", "serving", "mlflow", "reports")
        for file in (PROJECT_ROOT / "core" / room).glob("*.py")
    ]
    writing = {name for file in files for name in _writing(ast.parse(file.read_text()))}
    # Not by a person who may or may not: which hosts have files here, what a version takes, a zip that is sent, and
    # what callers of a served model say of its answers.
    by_others = {"register_host", "of_version", "zipped", "give"}
    assert writing - set(CHANGES) - by_others == set()
    assert {action for action, _ in CHANGES.values()} == set(Action)


def _writing(module: ast.Module) -> set[str]:
    """The public functions of a module that open a transaction to write, by themselves or by a private one of it."""
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    private = {name for name, node in functions.items() if name.startswith("_") and _calls(node) & {"write"}}
    return {name for name, node in functions.items() if name[0] != "_" and _calls(node) & {"write", *private}}


def _calls(function: ast.AST) -> set[str]:
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in called}
