"""Processes are told apart by pid and start time, and their ends are put into words."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.system.process import ProcessId, boot_id, describe_exit

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_this_process_is_alive() -> None:
    assert ProcessId.own().is_alive()


def test_a_pid_that_was_given_to_another_process_is_not_the_one_that_is_meant() -> None:
    assert not replace(ProcessId.own(), started=ProcessId.own().started - 100).is_alive()


def test_a_process_that_was_killed_but_not_yet_waited_for_is_dead() -> None:
    process = subprocess.Popen(SLEEPER, start_new_session=True)
    identity = ProcessId.of(process.pid)
    assert identity.is_alive()
    identity.signal_group(signal.SIGKILL)
    while process.returncode is None and identity.is_alive():
        pass
    assert not identity.is_alive()
    assert process.wait() == -signal.SIGKILL


def test_the_wrong_process_is_never_signalled() -> None:
    process = subprocess.Popen(SLEEPER, start_new_session=True)
    try:
        replace(ProcessId.of(process.pid), started=0.0).signal_group(signal.SIGKILL)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


linux = pytest.mark.skipif(not boot_id(), reason="this system has no id of its boots")


@contextmanager
def clock_set(monkeypatch: pytest.MonkeyPatch, folder: Path, seconds: int) -> Iterator[None]:
    """/proc as psutil reads it once the clock was set: of all files in it, the time of the boot alone is another."""
    folder.mkdir()
    for entry in Path("/proc").iterdir():
        (folder / entry.name).symlink_to(entry)
    told = Path("/proc/stat").read_text()
    (folder / "stat").unlink()
    (folder / "stat").write_text(re.sub(r"btime (\d+)", lambda found: f"btime {int(found[1]) + seconds}", told))
    with monkeypatch.context() as patch:
        patch.setattr(psutil, "PROCFS_PATH", str(folder))
        yield


@linux
@pytest.mark.parametrize("seconds", [1, -1, 5 * 3600, -3 * 86400])
def test_a_clock_that_is_set_makes_no_process_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: int
) -> None:
    before = psutil.Process().create_time()
    own = ProcessId.own()
    with clock_set(monkeypatch, tmp_path / "proc", seconds):
        assert abs(psutil.Process().create_time() - before - seconds) < 0.5, "or this test shows nothing"
        assert own.is_alive()
        assert ProcessId.own() == own


@linux
def test_a_process_that_an_earlier_version_named_is_known_until_it_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    process = subprocess.Popen(SLEEPER)
    try:
        old = ProcessId(process.pid, psutil.Process(process.pid).create_time())
        assert old.is_alive()
        with clock_set(monkeypatch, tmp_path / "proc", 3600):
            assert old.is_alive(), "once it was seen, the clock has no part in it"
            assert not replace(old, started=old.started - 2).is_alive()
    finally:
        process.kill()
        process.wait()
    assert not old.is_alive()


def test_a_process_of_an_earlier_boot_is_gone() -> None:
    assert not replace(ProcessId.own(), boot="00000000-0000-0000-0000-000000000000").is_alive()


def test_an_end_by_signal_names_it_and_says_what_it_usually_means() -> None:
    assert "signal 9 (SIGKILL)" in describe_exit(-9)
    assert "memory ran out" in describe_exit(-9)
    assert "exit code 3" in describe_exit(3)
    assert "nobody saw" in describe_exit(None)
