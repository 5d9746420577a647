"""What tests of every layer share: a store of their own, runs to put into it, fresh interpreters, the real data."""

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from xdist.scheduler import LoadFileScheduling

import db.runs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.config.edit import Raw, flatten
from core.runs.data_names import folds_key
from core.tracking.recorder import Recorder
from db.records import RunState
from tests import leftovers
from tests.postgres import postgres as postgres

# Some hundred interpreters are started by tests, half a second of each of which goes into compiling our modules where
# nobody may keep what came of it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

BROWSER = "tests/browser/"
# Whose tests start browsers, hosts and trainings: they come first, so that two workers end at about the same time.
SLOW = (
    BROWSER,
    *(f"tests/core/{room}/" for room in ("cli", "export", "launch", "training", "workers")),
    "tests/test_s",
)
DATA = Path(os.environ.get("TRAINDECK_DATA_DIR") or PROJECT_ROOT.parent / "shared" / "data")

# How long an example takes says more about the machine than about the code. The tests try the same examples each time,
# so that what passes once passes everywhere; `make explore` looks for new ones.
hypothesis.settings.register_profile(
    "traindeck",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    max_examples=50,
)
hypothesis.settings.register_profile(
    "explore", hypothesis.settings.get_profile("traindeck"), derandomize=False, max_examples=2000, print_blob=True
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "traindeck"))

AddRun = Callable[..., int]
Python = Callable[..., subprocess.CompletedProcess[str]]


def pytest_configure() -> None:
    """Tests that are told to end, as by a time limit, end what they started, as with Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What the shell sets for Traindeck is for no test; `DATA` has read what is for all.

    TensorFlow is imported in children (`tests.core.warm`) only: here, each of some two thousand runs of pages would
    clear Keras's session, which is 0.3 s of collecting garbage.
    """
    for name in [name for name in os.environ if name.startswith("TRAINDECK_")]:
        del os.environ[name]
    os.environ["TRAINDECK_SPARE"] = "false"  # a second of a core a run: tests of spares have some, see tests.calm
    importers = sorted(name for name in ("keras", "tensorflow") if name in sys.modules)
    if importers:
        raise pytest.UsageError(f"A test's module imports {' and '.join(importers)}; have its functions do so.")
    gc.collect()
    gc.freeze()  # all of this stays, and to look for cycles among it takes a third of a second each time


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """To each worker a file's tests, but all that need the browser to the same one: they share its server."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the files with most tests first, which are the quick ones
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = lambda nodeid: BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]
    return scheduler


@pytest.fixture
def database_url() -> str | None:
    """None for SQLite in the workspace; some folders say otherwise, see tests.postgres."""
    return None


@pytest.fixture
def settings(tmp_path: Path, database_url: str | None) -> Iterator[Settings]:
    """Settings of a workspace of the test's own.

    Processes that are at work on it end with the test, also when it fails.
    """
    own = Settings(home=tmp_path / "workspace", user="ada", db_url=database_url)
    yield own
    leftovers.end(own.home)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with nothing in it: to copy it takes less time than to make the tables anew."""
    own = Settings(home=tmp_path_factory.mktemp("empty") / "workspace", db_url=None)
    Workspace.open(own).close()
    assert own.database_file is not None
    return own.database_file


@pytest.fixture
def workspace(settings: Settings, empty_store: Path) -> Iterator[Workspace]:
    """An open, empty store."""
    if settings.database_file is not None and not settings.database_file.exists():
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(empty_store, settings.database_file)
    opened = Workspace.open(settings)
    yield opened
    opened.close()


@pytest.fixture
def context(workspace: Workspace) -> Context:
    """Ada, by her shell, on the test's workspace."""
    return Context.of_shell(workspace)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The environment of a child process that is to use the test's workspace."""
    return {**os.environ, **settings.environment(), "PYTHONPATH": str(PROJECT_ROOT)}


@pytest.fixture
def python(environment: dict[str, str]) -> Python:
    """Run code in a fresh interpreter on the test's workspace: `python("print(1)", "argument").stdout`."""

    def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.run(command, env=environment, cwd=PROJECT_ROOT, text=True, capture_output=True, timeout=600)

    return run


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder with the real data sets."""
    if not DATA.is_dir():
        pytest.skip(f"needs the real data sets, in TRAINDECK_DATA_DIR or {DATA}")
    return DATA


@pytest.fixture
def raw_config() -> Raw:
    """A small config without a problem, to change at will."""
    return small_config()


def small_config() -> Raw:
    """For who makes a store for many tests."""
    return {"data": {"source": "digits"}, "architecture": {"name": "mlp"}, "training": {"epochs": 2}}


@pytest.fixture
def add_run(workspace: Workspace, raw_config: Raw) -> AddRun:
    """See `adding_to`."""
    return adding_to(workspace, raw_config)


def adding_to(workspace: Workspace, raw_config: Raw) -> AddRun:
    """Store a run as a trainer would leave it, finished unless said otherwise; returns its number.

    `add_run(name="wide", experiment="mnist", tags=["best"], metrics={"val_accuracy": [0.1, 0.9]}, notes="…")`: any
    column of `runs` can be given; `metrics` holds one value per epoch, at steps 10, 20, ….
    """

    def add(
        *,
        experiment: str = "default",
        state: RunState = RunState.FINISHED,
        config: Raw | None = None,
        tags: Sequence[str] = (),
        metrics: Mapping[str, Sequence[float]] | None = None,
        **columns: Any,
    ) -> int:
        now = time.time()
        config = config or raw_config
        values = {
            "uid": uuid.uuid4().hex,
            "name": "run",
            "state": state.value,
            "config": config,
            "created_by": workspace.settings.user,
            "created_at": now,
            "queued_at": now,
            "starting_at": now + 1,
            "training_at": now + 2,
            "finished_at": now + 12 if state.is_finished else None,
            "trained_seconds": 10.0 if state.is_finished else 0.0,
            "steps_per_epoch": 10,
            **columns,
        }
        with workspace.write() as session:
            values["experiment_id"] = db.runs.experiment_id(session, experiment)
            folds = folds_key(str(values.get("kind", "network")), flatten(config))
            run_id = db.runs.insert(session, values, flatten(config), tags, folds)
        recorder = Recorder(workspace, run_id)
        for name, series in (metrics or {}).items():
            steps = np.arange(10, 10 * len(series) + 1, 10)
            recorder.log_series(name, steps, series, now + 2 + steps / 10)
        recorder.flush()
        return run_id

    return add
