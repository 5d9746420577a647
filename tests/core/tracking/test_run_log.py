"""Lines of a log begin with their time, which their reader sees by a clock of their own."""

import re
from zoneinfo import ZoneInfo

import pytest

from core.tracking import run_log

BERLIN = ZoneInfo("Europe/Berlin")  # two hours ahead of UTC in summer


def test_a_line_has_its_time_once_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_log, "_stamping", False)
    run_log.log_line("of a server")
    run_log.stamp_lines()
    run_log.log_line("of a run")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "of a server"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ of a run", second)
    assert re.fullmatch(r"\d\d:\d\d:\d\d  of a run", run_log.with_local_times(second, BERLIN))


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        (["2026-07-01T10:00:00Z a", "2026-07-01T10:00:01Z b"], ["12:00:00  a", "12:00:01  b"]),
        (  # one day in UTC, two for the reader
            ["2026-07-01T10:00:00Z a", "2026-07-01T23:00:00Z b"],
            ["2026-07-01 12:00:00  a", "2026-07-02 01:00:00  b"],
        ),
        (["of a library", "2026-07-01T10:00:00Z b", "  within it"], ["of a library", "12:00:00  b", "  within it"]),
        (["2026-99-01T10:00:00Z a"], ["2026-99-01T10:00:00Z  a"]),
        (["loss 1 at 2026-07-01T10:00:00Z b"], ["loss 1 at 2026-07-01T10:00:00Z b"]),
        ([], []),
    ],
)
def test_times_are_those_of_the_readers_clock(log: list[str], shown: list[str]) -> None:
    assert run_log.with_local_times("\n".join(log), BERLIN).splitlines() == shown
