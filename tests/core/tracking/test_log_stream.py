"""Whatever becomes of the output, telling something never raises, and what was lost is told."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.common.settings import PROJECT_ROOT
from core.tracking.log_size import HEAD_BYTES, MOST_BYTES, keep_small
from core.tracking.log_stream import LogStream

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")

TALKER = """if True:
    import logging, sys, traceback, warnings
    from core.tracking.log_stream import guard_output
    from core.tracking.run_log import log_error, log_line
    guard_output()
    log_line("a line")
    log_error(ValueError("an error"))
    print("a library's", flush=True)
    print("a library's error", file=sys.stderr, flush=True)
    warnings.warn("a warning")
    logging.warning("a logged line")
    sys.exit(7)
"""


@pytest.fixture
def descriptor() -> Iterator[int]:
    """One that leads to a disk that is full, until it is led elsewhere."""
    opened = os.open(FULL, os.O_WRONLY)
    yield opened
    os.close(opened)


def _lead(descriptor: int, path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, descriptor)
    os.close(file)


@needs_full
def test_lines_that_a_full_disk_refused_are_counted_and_told_by_the_next(descriptor: int, tmp_path: Path) -> None:
    stream = LogStream(descriptor)
    stream.write(b"one\n")
    stream.write(b"two\nthree\n")
    _lead(descriptor, tmp_path / "log")
    stream.write(b"four\n")
    stream.write(b"five\n")
    assert (tmp_path / "log").read_text() == "3 lines were lost while the disk was full.\nfour\nfive\n"


@needs_full
def test_half_a_line_that_a_full_disk_took_does_not_run_into_the_next(descriptor: int, tmp_path: Path) -> None:
    stream = LogStream(descriptor)
    log = tmp_path / "log"
    _lead(descriptor, log)
    stream.write(b"half a l")
    full = os.open(FULL, os.O_WRONLY)
    os.dup2(full, descriptor)
    os.close(full)
    stream.write(b"ine\n")
    _lead(descriptor, log)
    stream.write(b"whole\n")
    assert log.read_text() == "half a l\n1 line was lost while the disk was full.\nwhole\n"


@needs_full
def test_no_line_of_ours_or_of_a_library_ends_a_process_whose_disk_is_full() -> None:
    with FULL.open("wb") as full:
        talked = subprocess.run([sys.executable, "-c", TALKER], cwd=PROJECT_ROOT, stdout=full, stderr=full, timeout=600)
    assert talked.returncode == 7


def test_no_line_ends_a_process_whose_reader_is_gone() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        talked = subprocess.run(
            [sys.executable, "-c", TALKER], cwd=PROJECT_ROOT, stdout=writer, stderr=writer, timeout=600
        )
    finally:
        os.close(writer)
    assert talked.returncode == 7


def test_no_line_ends_a_process_without_output() -> None:
    shell = [
        "sh",
        "-c",
        'exec "$0" -c "$1" >&- 2>&-',
        sys.executable,
        TALKER,
    ]
    assert subprocess.run(shell, cwd=PROJECT_ROOT, timeout=600).returncode == 7


def test_a_log_keeps_its_beginning_and_its_end_and_says_what_is_left_out(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(f"line {number:06}\n" for number in range(10_000)))  # 12 bytes each
    keep_small(log, most=24_000, head=600)
    lines = log.read_text().splitlines()
    assert log.stat().st_size <= 24_000
    assert lines[:50] == [f"line {number:06}" for number in range(50)]
    left = lines[51:]
    assert left[-1] == "line 009999"
    assert left == [f"line {10_000 - len(left) + n:06}" for n in range(len(left))]
    assert lines[50] == (
        f"[{10_000 - 50 - len(left):,} lines were left out here. A log keeps its beginning and its end.]"
    )

    with log.open("a") as file:
        file.writelines(f"line {number:06}\n" for number in range(10_000, 20_000))
    keep_small(log, most=24_000, head=600)
    lines = log.read_text().splitlines()
    assert lines[49] == "line 000049"
    assert lines[-1] == "line 019999"
    assert lines[50].startswith(f"[{20_000 - 50 - len(lines[51:]):,} lines were left out here.")


def test_a_small_log_is_left_alone_and_one_that_is_not_there_is_none(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("a\n" * 100)
    keep_small(log)
    assert log.read_text() == "a\n" * 100
    keep_small(tmp_path / "none")


def test_a_process_that_prints_a_line_a_step_does_not_fill_the_disk(tmp_path: Path) -> None:
    code = f"""if True:
        from pathlib import Path
        from core.tracking.log_stream import guard_output, log_to
        guard_output()
        log_to(Path({str(tmp_path / "log")!r}))
        for step in range(600_000):
            print(f"step {{step}}: the loss is 0.123456789 and the accuracy is 0.987654321")
    """
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, check=True, timeout=600)
    text = (tmp_path / "log").read_text()
    assert MOST_BYTES // 4 < len(text) < MOST_BYTES + 2**20
    assert text.startswith("step 0:")
    assert "step 599999:" in text[-100:]
    assert "lines were left out here" in text[: HEAD_BYTES + 100]
