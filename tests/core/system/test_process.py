"""Processes are told apart by pid and start time, and their ends are put into words."""

import signal
import subprocess
import sys
from dataclasses import replace

from core.system.process import ProcessId, describe_exit

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


def test_an_end_by_signal_names_it_and_says_what_it_usually_means() -> None:
    assert "signal 9 (SIGKILL)" in describe_exit(-9)
    assert "memory ran out" in describe_exit(-9)
    assert "exit code 3" in describe_exit(3)
    assert "nobody saw" in describe_exit(None)
