"""What users give is read in a process of its own, whose end, however it comes, harms nothing."""

import os
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.library import adding
from tests.core.data.library.conftest import Packed

Left = Callable[[], list[str]]
CSV = "a,b,y\n" + "\n".join(f"{n},{n % 7},{('no', 'yes')[n % 2]}" for n in range(200))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(CSV)
    return path


def readers() -> list[psutil.Process]:
    """Processes of this one that read a file now; it has others, such as a database's server."""
    return [child for child in psutil.Process().children() if _reads(child)]


def _reads(process: psutil.Process) -> bool:
    try:
        command = process.cmdline()  # a server that forks readers has the module's name within an argument
        is_reader = "core.data.library.reader" in command or ": reader" in " ".join(command)
        return is_reader and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_is_read_is_what_would_be_read_here(settings: Settings, table: Path, packed: Packed) -> None:
    told: list[float] = []
    assert library.peek_table(settings, table, progress=lambda share, _: told.append(share)) == adding.peek_table(
        settings, table
    )
    assert told == sorted(told)
    assert told
    texts = packed({"good.txt": "fine\nwell\n" * 20, "bad.txt": "poor\nsad\n" * 20})
    assert library.peek_text(settings, texts) == adding.peek_text(settings, texts)
    added = library.add(settings, "table", "mine", table, library.TableOptions(target="y"))
    assert added == library.get(settings, "mine")
    assert added.info.train_examples + added.info.test_examples == 200


def test_an_error_for_people_comes_back_as_it_is(settings: Settings, table: Path, left: Left) -> None:
    with pytest.raises(DataError, match="'nothing'"):
        library.add(settings, "table", "mine", table, library.TableOptions(target="nothing"))
    assert left() == []


def test_too_little_memory_is_said_with_the_limit(settings: Settings, tmp_path: Path, left: Left) -> None:
    path = tmp_path / "zeros.npz"
    with zipfile.ZipFile(path, "w") as archive, archive.open("x.npy", "w") as entry:
        header = {"descr": "<f8", "fortran_order": False, "shape": (50_000_000, 8)}  # 3.2 GB, as the file says
        np.lib.format.write_array_header_1_0(entry, header)
    limited = settings.model_copy(update={"max_reading_mb": 512, "max_ratio": 10_000})
    with pytest.raises(DataError, match=r"more than 512 MB of memory.*TRAINDECK_MAX_READING_MB"):
        library.add(limited, "arrays", "zeros", path)
    assert (left(), readers()) == ([], [])


def test_too_little_time_is_said_with_the_limit(settings: Settings, table: Path, left: Left) -> None:
    def stop(_share: float, _what: str) -> None:
        for reader in readers():
            reader.suspend()  # it will never be done

    limited = settings.model_copy(update={"max_reading_seconds": 3})
    with pytest.raises(DataError, match="TRAINDECK_MAX_READING_SECONDS"):
        library.add(limited, "table", "mine", table, library.TableOptions(target="y"), stop)
    assert (left(), readers()) == ([], [])


def test_a_reader_that_is_killed_leaves_nothing(settings: Settings, table: Path, left: Left) -> None:
    def kill(_share: float, _what: str) -> None:
        for reader in readers():
            os.kill(reader.pid, signal.SIGSTOP)
            os.kill(reader.pid, signal.SIGKILL)

    with pytest.raises(DataError, match="nothing was kept"):
        library.add(settings, "table", "mine", table, library.TableOptions(target="y"), kill)
    assert left() == []


def test_nobody_reads_on_for_somebody_who_left(settings: Settings, table: Path, left: Left) -> None:
    def leave(_share: float, _what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(settings, "table", "mine", table, library.TableOptions(target="y"), leave)
    assert (left(), readers()) == ([], [])


@pytest.mark.parametrize("kind", ["images", "text", "corpus"])
def test_a_zip_that_grows_too_much_is_refused(settings: Settings, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a/1.txt", "w") as entry:
        for _ in range(100):
            entry.write(bytes(1024**2))
    with pytest.raises(DataError, match=r"to 100 MB when it is unpacked.*TRAINDECK_MAX_RATIO"):
        adding.add(settings, kind, "bomb", path)


def test_pages_take_files_from_allowed_folders_only(settings: Settings, tmp_path: Path) -> None:
    inbox = settings.inbox_dir
    inbox.mkdir(parents=True)
    (inbox / "mine.csv").write_text(CSV)
    outside = tmp_path / "secret.csv"
    outside.write_text(CSV)
    (inbox / "link.csv").symlink_to(outside)
    assert library.on_host(settings, str(inbox / "mine.csv")) == inbox / "mine.csv"
    assert library.on_host(settings, "mine.csv") == inbox / "mine.csv"
    for named in (str(outside), "/etc/passwd", "../secret.csv", f"{inbox}/../../secret.csv", "link.csv", "/nowhere"):
        with pytest.raises(DataError, match=r"Only what lies in .*inbox can be taken"):
            library.on_host(settings, named)
    with pytest.raises(DataError, match="No such file"):
        library.on_host(settings, "other.csv")
    wider = settings.model_copy(update={"data_roots": (tmp_path,)})
    assert library.on_host(wider, str(outside)) == outside


def test_folders_are_named_as_a_path_variable_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRAINDECK_DATA_ROOTS", f"{tmp_path}/a:{tmp_path}/b c")
    found = Settings()
    assert found.allowed_roots == (tmp_path / "a", tmp_path / "b c")
    assert found.environment()["TRAINDECK_DATA_ROOTS"] == f"{tmp_path}/a:{tmp_path}/b c"
