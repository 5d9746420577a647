"""What waits for a disk, and for how long."""

import errno
import os
from pathlib import Path

import pytest

from core.common.errors import StoreError, StoreFullError, TraindeckError
from core.common.whole_files import append_whole, write_whole
from core.tracking import full_disk, trouble
from core.tracking.full_disk import is_full, problem_of, wait_out
from core.tracking.trouble import Trouble

FULL = Path("/dev/full")


class StopError(Exception):
    pass


class Failing:
    """Fails so many times with this error, then gives 7."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.left = error, times

    def __call__(self) -> int:
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return 7


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(full_disk, "LONGEST_PAUSE", 0.001)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "no space"), OSError(errno.EDQUOT, "quota"), StoreFullError("full"), StoreError("?")],
)
def test_a_full_disk_and_a_store_out_of_reach_are_waited_out(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wait_out(Failing(error, 3), file_seconds=0.0) == 7
    told = capsys.readouterr().out.splitlines()
    assert told == [f"Could not be stored, trying again: {error}", "Stored."]


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "gone"), PermissionError(errno.EACCES, "no")])
def test_a_file_that_cannot_be_written_for_another_reason_is_given_up_in_the_end(error: Exception) -> None:
    assert wait_out(Failing(error, 3)) == 7
    failing = Failing(error, 3)
    with pytest.raises(type(error)):
        wait_out(failing, file_seconds=0.0)
    assert failing.left == 2, "it was tried again, though nobody wanted to wait"


def test_who_waits_still_hears_a_request_to_stop() -> None:
    def stop() -> None:
        raise StopError

    with pytest.raises(StopError):
        wait_out(Failing(OSError(errno.ENOSPC, "no space"), 10**9), stop)


def test_what_is_no_trouble_of_a_disk_is_raised_at_once() -> None:
    failing = Failing(ValueError("a mistake"), 1)
    with pytest.raises(ValueError, match="a mistake"):
        wait_out(failing)
    assert failing.left == 0


def test_hdf5_tells_of_a_full_disk_in_its_text_only() -> None:
    assert is_full(OSError("Unable to write (errno = 28, error message = 'No space left on device')"))
    assert not is_full(OSError("Unable to open"))


def test_a_full_disk_is_told_as_one_whatever_a_library_took_it_for() -> None:
    def blamed(cause: Exception) -> Exception:
        try:
            try:
                raise cause
            except Exception as error:
                raise TraindeckError("This network cannot be exported. Export it as Keras.") from error
        except TraindeckError as error:
            return error

    for cause in (OSError(errno.ENOSPC, "No space left on device"), RuntimeError("x.cc: No space left on device")):
        told = problem_of(blamed(cause))
        assert told.startswith("The disk is full")
        assert "Free some space, and ask again; nothing recorded was lost." in told
    assert (
        problem_of(blamed(StoreFullError("It cannot grow: the disk is full."))) == "It cannot grow: the disk is full."
    )
    assert problem_of(blamed(ValueError("odd"))).startswith("This network cannot be exported")
    assert problem_of(KeyError("x"), "It failed.") == "It failed."


def test_trouble_is_told_once_for_each_message_and_pauses_grow(capsys: pytest.CaptureFixture[str]) -> None:
    troubles = Trouble("It failed", 0.004)
    pauses = [troubles.tell(OSError(text)) for text in ("a", "b", "a", "a")]
    assert pauses == [0.001, 0.002, 0.004, 0.004]
    troubles.over("It works again.")
    troubles.over("It works again.")
    assert troubles.tell(OSError("a")) == 0.001
    assert capsys.readouterr().out.splitlines() == ["It failed: a", "It failed: b", "It works again.", "It failed: a"]


def test_a_mistake_of_ours_is_told_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise KeyError("x")
    except KeyError as error:
        Trouble("It failed", 1.0).tell(error)
    assert "Traceback" in capsys.readouterr().out


def test_a_file_is_written_whole_or_the_one_before_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, lambda temporary: temporary.write_text("one"))

    def fail(temporary: Path) -> None:
        temporary.write_text("tw")
        raise OSError(errno.ENOSPC, "no space")

    with pytest.raises(OSError, match="no space"):
        write_whole(path, fail)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.json", "one")]


def test_lines_are_appended_whole_or_not_at_all(tmp_path: Path) -> None:
    """A file may grow to 10,000 bytes here, as on a disk with so much room."""
    path = tmp_path / "samples.jsonl"
    append_whole(path, b"one\n")
    pid = os.fork()
    if not pid:
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            append_whole(path, b"x" * 20_000)
        except OSError:
            os._exit(3)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
    assert path.read_bytes() == b"one\n"
