"""Where added data sets are kept: names, removal, and what a killed process leaves."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import PROJECT_ROOT, Settings
from core.data import library
from core.data.library import Manifest, known
from core.data.library.folders import private_folder, sweep

Add = Callable[[str], Manifest]
Left = Callable[[], list[str]]


@pytest.fixture
def add(settings: Settings, tmp_path: Path) -> Add:
    path = tmp_path / "rows.npz"
    np.savez(path, x=np.arange(40.0).reshape(20, 2), y=np.arange(20) % 2)
    return lambda name: library.add_arrays(settings, name, path)


def test_names(settings: Settings, add: Add) -> None:
    add("rows")
    add("rows-2")

    assert library.slug("My Data (2024).csv") == "my-data-2024"
    assert library.slug("评论") == "data"
    assert library.free_name(settings, "Rows.npz") == "rows-3"
    assert [manifest.name for manifest in library.listing(settings)] == ["rows-2", "rows"]
    with pytest.raises(DataError, match=r"a data set 'rows' already. Take another name, such as rows-3"):
        add("rows")
    for name in ("", "Rows", "../rows", ".rows", "a/b", "x" * 65):
        with pytest.raises(DataError, match="cannot be the name of a data set; accepted are"):
            add(name)
        with pytest.raises(DataError, match=r"There is no added data set .* Known are rows, rows-2"):
            library.get(settings, name)


def test_a_built_in_set_keeps_its_name(settings: Settings, add: Add, left: Left) -> None:
    for name in known.BUILT_IN:
        with pytest.raises(
            DataError,
            match=f"'{name}' is the name of a built-in data set.*such as {library.free_name(settings, name)}",
        ):
            add(name)
    assert left() == []
    assert known.find(settings, "iris").place == "bundled"
    assert library.free_name(settings, "Iris.csv") == "iris-2"


def test_removal(settings: Settings, add: Add, left: Left) -> None:
    add("rows")
    assert library.profile(settings, "rows").splits[0].examples == 16

    library.remove(settings, "rows")

    assert left() == []
    assert library.listing(settings) == []
    with pytest.raises(DataError, match="None has been added"):
        library.remove(settings, "rows")
    add("rows")  # the name is free


def test_a_damaged_one_is_told_and_not_listed(settings: Settings, add: Add) -> None:
    add("rows")
    folder = settings.datasets_dir / "added" / "rows"
    (folder / "dataset.json").write_text("{")

    assert library.listing(settings) == []
    with pytest.raises(DataError, match=r"dataset.json cannot be read; it is damaged. Remove the data set"):
        library.get(settings, "rows")
    library.remove(settings, "rows")


def test_what_a_killed_process_left_is_swept_and_what_is_in_use_is_not(
    settings: Settings, environment: dict[str, str], add: Add, left: Left
) -> None:
    code = """if True:
        import sys, time
        from core.data.library.folders import private_folder
        from core.common.settings import Settings
        with private_folder(Settings(), "adding") as folder:
            (folder / "half").write_text("half")
            print("ready", flush=True)
            time.sleep(600)
    """
    process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    with private_folder(settings, "inbox"):
        sweep(settings)
        assert len(left()) == 2
        process.kill()
        process.communicate()

        add("rows")

        assert left()[-1] == "rows"
        assert len(left()) == 2
    assert left() == ["rows"]
    assert [manifest.name for manifest in library.listing(settings)] == ["rows"]


def test_of_two_that_add_one_name_at_once_one_is_refused(settings: Settings, add: Add, left: Left) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        try:
            outcomes.append(add("rows").name)
        except DataError:
            outcomes.append("refused")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "rows"]
    assert left() == ["rows"]


def test_an_interrupted_one_leaves_nothing(settings: Settings, tmp_path: Path, left: Left) -> None:
    np.savez(tmp_path / "rows.npz", x=np.arange(40.0).reshape(20, 2), y=np.arange(20) % 2)

    def interrupt(share: float, _what: str) -> None:
        if share >= 0.7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add_arrays(settings, "rows", tmp_path / "rows.npz", progress=interrupt)

    assert left() == []
