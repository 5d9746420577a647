"""What goes wrong with one thing does not stop the others, and is tried again ever later."""

import sqlite3
import time

import pytest

from core.common.errors import StoreError
from core.launch.guard import Guard


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_what_fails_is_left_alone_for_a_while_and_the_others_go_on(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[float] = []

    def fail() -> None:
        tried.append(clock[0])
        raise sqlite3.OperationalError("no such table: runs")

    guarded = Guard()
    for _ in range(100):
        guarded.attempt("Run 1", fail)
        assert guarded.attempt("Run 2", lambda: None)
        clock[0] += 1.0
    assert tried == [100.0, 101.0, 103.0, 107.0, 115.0, 131.0, 161.0, 191.0]
    assert "Run 1: failed, trying again in 1 s. Traceback" in capsys.readouterr().out


def test_what_succeeds_again_is_tried_at_once_the_next_time(clock: list[float]) -> None:
    guarded = Guard()
    assert not guarded.attempt("Run 1", lambda: 1 / 0)
    assert not guarded.attempt("Run 1", lambda: None)
    clock[0] += 1.0
    assert guarded.attempt("Run 1", lambda: None)
    assert guarded.attempt("Run 1", lambda: None)


def test_a_store_out_of_reach_concerns_everything() -> None:
    def fail() -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        Guard().attempt("Run 1", fail)
