"""Two trainers, the supervisor and readers on one SQLite file at the same time."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import StoreError
from core.runs.records import RunQuery
from db.records import RunState
from tests.host import ENDLESS, Host, host_of, wait_until

ENOUGH = 3_000  # points of every trainer


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """With room for two runs at a time."""
    with host_of(tmp_path / "workspace", cpu_slots=2) as host:
        host.start()
        yield host


def test_nobody_is_locked_out_and_no_point_is_lost(host: Host) -> None:
    both = [host.launch(**ENDLESS, **{"training.record_steps": True, "seed": seed}) for seed in (1, 2)]
    for run_id in both:
        host.learning(run_id, 1)
    assert {host.run(run_id).slots for run_id in both} == {("cpu:0",), ("cpu:1",)}
    refused: list[StoreError] = []
    done = threading.Event()
    readers = [threading.Thread(target=_look, args=(host.context, both, done, refused)) for _ in range(3)]
    for reader in readers:
        reader.start()

    def recorded() -> bool:
        return all(len(runs.history(host.context, run_id, "step_loss")) >= ENOUGH for run_id in both)

    try:
        wait_until(recorded, "both trainers have recorded enough")
        runs.stop(host.context, both)
        for run_id in both:
            run = host.ended(run_id)
            assert run.state is RunState.STOPPED
            steps = runs.history(host.context, run_id, "step_loss").step
            assert (steps == range(1, run.step + 1)).all()
            assert "locked" not in host.workspace.settings.log_file(run_id).read_text()
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert not refused
    assert "out of reach" not in (host.workspace.settings.home / "supervisor.log").read_text()


def _look(context: Context, run_ids: list[int], done: threading.Event, refused: list[StoreError]) -> None:
    """What open pages do, as often as they can; every now and then somebody writes a note."""
    while not done.is_set():
        try:
            runs.listing(context, RunQuery())
            runs.histories(context, run_ids, ["loss", "step_loss"])
            runs.annotate(context, run_ids[0], notes="watching")
        except StoreError as error:
            refused.append(error)
