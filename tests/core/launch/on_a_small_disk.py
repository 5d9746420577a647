"""Trainings, their supervisor and all else that writes, on a disk that is full for a while. See test_small_disk.py."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

import db.runs
from core import models, runs
from core.common.errors import DataError, StoreError
from core.common.pause_points import VARIABLE
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data import library
from core.data.library.read_options import TableOptions
from core.jobs import importance, job_queue, new_version
from core.jobs.new_version import Made
from core.models import making
from db.records import RunRecord, RunState
from tests.host import ENDLESS, Host, paths_in, trainer, wait_until
from tests.pauses import Pauses
from tests.small_disk import BLOCK, filled

EPOCHS = 400
RECORDED = {"training.record_steps": True}
SECONDS = 180
ROWS = 400_000  # of a table: more than a training gives back when it removes a file that it could not finish


class Disk:
    """What is at work on the disk, and what is looked at from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace.open(Settings(home=folder / "home", user="ada", cpu_slots=3))
        self.pauses = Pauses(folder.parent / "pauses")
        self.pauses.folder.mkdir()
        self.host = Host(self.workspace, {VARIABLE: str(self.pauses.folder)})

    def tell(self) -> None:
        """What the processes said, for whoever looks into a failure."""
        for log in (path for path in sorted(paths_in(self.folder)) if path.suffix == ".log" or path.name == "log.txt"):
            sys.stdout.write(f"--- {log}\n{log.read_text(errors='replace')[-3000:]}\n")
        with self.workspace.read() as session:
            for run in db.runs.in_states(session, list(RunState)):
                sys.stdout.write(f"--- run {run.id}: {run.state}, {run.reason}\n")

    def add_corpus(self) -> None:
        text = self.folder.parent / "corpus.txt"
        text.write_text("the quick brown fox jumps over the lazy dog\n" * 400)
        library.add_corpus(self.workspace.settings, "foxes", text)

    def launch_generator(self) -> int:
        raw = {
            "data": {"source": "corpus", "dataset": "foxes", "tokens": "character", "length": 16},
            "architecture": {"name": "recurrent_generator", "units": [16], "embedding": 8},
            "training": {"epochs": ENDLESS["training.epochs"]},
            "evaluation": {"test": False},
        }
        return runs.create(self.host.context, runs.Draft(raw))[0]

    def cpu_seconds(self, run_id: int) -> float:
        times = psutil.Process(trainer(self.host.run(run_id)).pid).cpu_times()
        return float(times.user + times.system)

    def recorded(self, run_id: int, metric: str = "loss") -> list[int]:
        steps: list[int] = runs.history(self.host.context, run_id, metric).step.tolist()
        return steps

    def works(self, run_id: int, seconds: float = 1.0) -> None:
        """Wait until it has trained for so many seconds of CPU time more."""
        before = self.cpu_seconds(run_id)
        wait_until(lambda: self.cpu_seconds(run_id) > before + seconds, f"run {run_id} trains on", SECONDS)

    def rests(self, run_id: int) -> None:
        """Wait until it does next to nothing: it has trained, and waits for the disk."""

        def idle() -> bool:
            before, began = self.cpu_seconds(run_id), time.monotonic()
            time.sleep(1)
            return self.cpu_seconds(run_id) - before < 0.2 * (time.monotonic() - began)

        wait_until(idle, f"run {run_id} waits", SECONDS)

    def cannot_log(self, run_id: int) -> None:
        log = self.workspace.settings.log_file(run_id)
        wait_until(lambda: log.stat().st_size % BLOCK == 0, f"the log of run {run_id} is full", SECONDS)


def refuses_what_people_add(disk: Disk) -> None:
    table = disk.folder.parent / "table.csv"
    pd.DataFrame({"x": np.random.default_rng(0).normal(size=ROWS), "y": np.arange(ROWS) % 2}).to_csv(table, index=False)
    before = sorted((disk.workspace.settings.datasets_dir / "added").iterdir())
    try:
        library.add_table(disk.workspace.settings, "table", table, TableOptions(target="y"))
    except DataError as error:
        assert "No space left" in str(error), error
    else:
        raise AssertionError("a data set was added to a disk that is full")
    assert sorted((disk.workspace.settings.datasets_dir / "added").iterdir()) == before


def refuses_a_launch(disk: Disk) -> None:
    """Sooner or later: SQLite has some pages in reserve."""

    def refused() -> bool:
        try:
            disk.host.launch(**{"notes": "n" * 20_000})
        except StoreError as error:
            assert "full" in str(error), error
            return True
        return False

    wait_until(refused, "a launch is refused", SECONDS)


def main(folder: Path) -> None:
    disk = Disk(folder)
    try:
        survive(disk, folder)
    except BaseException:
        disk.tell()
        raise


def survive(disk: Disk, folder: Path) -> None:
    host = disk.host
    disk.add_corpus()
    host.start()
    assert host.process is not None
    supervisor = host.process.pid
    endless = host.launch(**ENDLESS, **RECORDED)
    generator = disk.launch_generator()
    for run_id in (endless, generator):
        host.learning(run_id)
    ending = host.launch(**RECORDED, **{"training.epochs": EPOCHS})
    following = host.launch(**{"training.epochs": 1})
    host.learning(ending, 1)
    with filled(folder):
        refuses_what_people_add(disk)
        disk.works(endless)
        disk.works(generator)
        disk.cannot_log(endless)
        disk.rests(ending)
        stored = len(disk.recorded(endless, "step_loss"))
        disk.works(endless)
        assert len(disk.recorded(endless, "step_loss")) == stored, "the disk was not full"
        assert host.process.poll() is None
        for run_id in (endless, generator, ending):
            assert host.run(run_id).state is RunState.RUNNING
    finished = host.ended(ending, SECONDS)
    assert finished.state is RunState.FINISHED, finished.reason
    assert host.ended(following, SECONDS).state is RunState.FINISHED
    wait_until(lambda: len(disk.recorded(endless, "step_loss")) > stored, "what waited in memory is stored")
    runs.stop(disk.host.context, [endless, generator])
    for run_id in (endless, generator):
        stopped = host.ended(run_id, SECONDS)
        assert stopped.state is RunState.STOPPED, stopped.reason
    everything_is_there(disk, [endless, ending], generator)
    assert host.process.poll() is None
    assert host.process.pid == supervisor
    assert "lost while the disk was full" in disk.workspace.settings.log_file(endless).read_text()
    a_version_is_not_made_and_asked_for_again(disk, [finished, host.run(following)])
    what_importance_found_waits(disk, finished)
    host.end()


def a_version_is_not_made_and_asked_for_again(disk: Disk, members: list[RunRecord]) -> None:
    context, pauses = disk.host.context, disk.pauses

    def made(key: str) -> Made:
        found = wait_until(lambda: job_queue.look_if_asked(context, new_version.KIND, key), "it is done", SECONDS)
        assert isinstance(found, Made)
        return found

    for place in ("working", "answered"):
        pauses.ask(place)
    request = making.ensemble_request(context, members, "together")
    key = making.ask(context, request)
    pauses.waits("working")
    with filled(disk.folder):
        pauses.forget("working")
        pauses.waits("answered")
        pauses.forget("answered")
    told = made(key)
    assert (told.passing, "is full" in told.problem, "Free some space" in told.problem) == (True, True, True), told
    assert models.listing(context) == []
    assert made(making.ask(context, request)).reference == "together@1"


def what_importance_found_waits(disk: Disk, run: RunRecord) -> None:
    context, pauses = disk.host.context, disk.pauses
    for place in ("working", "answered"):
        pauses.ask(place)
    importance.ask(context, run)
    pauses.waits("working")
    with filled(disk.folder):
        pauses.forget("working")
        pauses.waits("answered")
        pauses.forget("answered")
    found = wait_until(lambda: importance.found(context, run), "what was found is stored", SECONDS)
    assert found.regions, found


def everything_is_there(disk: Disk, networks: list[int], generator: int) -> None:
    for run_id in networks:
        run = disk.host.run(run_id)
        assert disk.recorded(run_id, "step_loss") == list(range(1, run.step + 1))
    for run_id in (*networks, generator):
        run = disk.host.run(run_id)
        epochs = list(range(run.steps_per_epoch, run.step + 1, run.steps_per_epoch))
        found = disk.recorded(run_id)
        # A run that is stopped between an epoch's last step and its validation records the epoch when it is resumed.
        open_end = found[-1] + run.steps_per_epoch == run.step and run.state is RunState.STOPPED
        assert found == (epochs[:-1] if open_end else epochs), (len(found), len(epochs), sorted({*epochs} - {*found}))
        names = {artifact.name for artifact in runs.artifacts(disk.host.context, run_id)}
        assert {"last.keras", "best.keras"} <= names, names
        folder = disk.workspace.settings.run_dir(run_id)
        assert [str(path) for path in paths_in(folder) if path.name.startswith((".", "tmp"))] == []
    ended = networks[1]
    assert disk.host.run(ended).step == EPOCHS * disk.host.run(ended).steps_per_epoch
    assert json.loads(runs.artifact_file(disk.host.context, ended, "evaluation.json").read_text())["examples"] > 0
    assert len(pd.read_parquet(runs.artifact_file(disk.host.context, ended, "predictions.parquet"))) > 0
    samples = runs.artifact_file(disk.host.context, generator, "samples.jsonl").read_text().splitlines()
    epochs = [json.loads(line)["epoch"] for line in samples]
    assert epochs
    assert epochs == sorted(set(epochs))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
