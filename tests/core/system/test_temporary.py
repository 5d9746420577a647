"""What a process leaves in the temporary folder goes with it, however it ends."""

import os
import signal
import tempfile
from pathlib import Path

import pytest

from core.system.temporary import sweep_temporary, temporary_folder


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of everybody."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def _leave(name: str) -> Path:
    descriptor, path = tempfile.mkstemp(prefix=name)
    os.close(descriptor)
    return Path(path)


def test_temporary_files_go_with_the_block_and_the_folder_of_before_is_used_again(shared: Path) -> None:
    with temporary_folder():
        inside = _leave("inside")
        assert inside.parent.parent == shared
        assert os.environ["TMPDIR"] == str(inside.parent)
    assert list(shared.iterdir()) == []
    assert _leave("after").parent == shared
    assert os.environ["TMPDIR"] == str(shared)


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_has_is_not(shared: Path) -> None:
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        with temporary_folder():
            _leave("left")
            os.write(writer, b"x")
            signal.pause()
        os._exit(0)
    assert os.read(reader, 1) == b"x"
    sweep_temporary()
    assert [path.name[:4] for path in shared.glob("*/*")] == ["left"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    sweep_temporary()
    assert list(shared.iterdir()) == []
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("name", ["traindeck-demo", ".traindeck-process-", ".traindeck-process-workspace", "other"])
def test_nothing_of_anybody_else_is_swept(name: str, shared: Path) -> None:
    (shared / name).mkdir()
    sweep_temporary()
    assert (shared / name).is_dir()


def test_a_link_with_such_a_name_is_not_followed(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = tmp_path_factory.mktemp("target")
    (target / "precious").touch()
    (shared / ".traindeck-process-abcdefgh").symlink_to(target)
    sweep_temporary()
    assert (target / "precious").exists()


def test_without_room_for_a_folder_the_work_goes_on_without_one(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(shared / "none"))
    with temporary_folder():
        assert tempfile.gettempdir() == str(shared / "none")
