"""Pictures, texts, tables, histograms and sounds of other tools come over, and leave in a bundle."""

import json
from collections import Counter
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import DataError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.imports.bundle_writing import write_bundle
from core.imports.found_run import FoundRun, files_below
from core.imports.from_bundle import read_bundle
from core.imports.from_tensorboard import read_tensorboard
from core.imports.importing import import_runs
from core.imports.mlflow_run import take_artifacts
from core.imports.wandb_media import is_media, media_in
from core.runs import media
from core.runs.media_files import GivenMedia, place
from core.runs.shown_files import FoundMedia, shown_by

PNG = b"\x89PNG\r\n\x1a\n"
TABLE = b'{"columns": ["a"], "data": [[1], [2]]}'


def _all(context: Context, run_id: int) -> list[tuple[str, str, int, int]]:
    return [(each.kind, each.name, each.count, each.last_step) for each in media.media_series(context, [run_id])]


def test_what_keras_drew_comes_over_once(context: Context, keras_logs: Path) -> None:
    first, again = (import_runs(context, read_tensorboard(keras_logs)) for _ in range(2))
    assert (first.runs[0].files > 5, again.runs[0].state) == (True, "unchanged")
    found = _all(context, first.runs[0].run_id)
    assert {kind for kind, _, _, _ in found} == {"histogram", "image"}
    assert {last for kind, _, _, last in found if kind == "histogram"} == {2}
    kind, name, _, last = found[0]
    (item,) = media.media_at(context, first.runs[0].run_id, kind, name, last)
    assert set(json.loads(media.media_file(context, item).read_bytes())) == {"left", "right", "count"}
    assert item.at > 1e9


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    """What MLflow's log_image, log_table, log_text and log_figure write below a run."""
    folder = tmp_path / "store" / "mlruns" / "1" / (32 * "a") / "artifacts"
    (folder / "images").mkdir(parents=True)
    for number in range(2):
        (folder / "images" / f"a#b%step%3%timestamp%170000000000{number}%{number}.png").write_bytes(PNG)
        (folder / "images" / f"a#b%step%3%timestamp%170000000000{number}%{number}%compressed.webp").write_bytes(PNG)
    (folder / "table.json").write_bytes(TABLE)
    (folder / "other.json").write_text("{}")
    (folder / "notes.txt").write_text("hello")
    (folder / "figure.png").write_bytes(PNG)
    (folder / "empty.txt").touch()
    (folder / "requirements.txt").write_text("x")
    return folder


SHOWN = [
    *(
        ("image", "a/b", 2, 3),
        ("image", "figure.png", 1, 0),
        ("table", "table.json", 1, 0),
        ("text", "notes.txt", 1, 0),
    ),
]


def _of_mlflow(artifacts: Path) -> FoundRun:
    found = FoundRun("mlflow a", "theirs", uid=32 * "a")
    take_artifacts(found, "mlflow-artifacts:/1", artifacts.parents[3], "1")
    return found


def test_what_mlflow_logged_is_shown_where_it_lies_and_leaves_in_a_bundle(
    context: Context, artifacts: Path, tmp_path: Path
) -> None:
    report = import_runs(context, [_of_mlflow(artifacts)])
    run_id = report.runs[0].run_id
    assert _all(context, run_id) == SHOWN
    assert [each.state for each in import_runs(context, [_of_mlflow(artifacts)]).runs] == ["unchanged"]
    assert [item.number for item in media.media_at(context, run_id, "image", "a/b", 9)] == [0, 1]

    own = GivenMedia("text", "../odd", 7, 0, 5.0, ".md", b"# Title", "a caption")
    import_runs(context, [FoundRun("mlflow a", "theirs", uid=32 * "a", media=[own])])
    path = write_bundle(context, [run_id], tmp_path / "runs.zip")
    workspace = Workspace.open(Settings(home=tmp_path / "elsewhere"))
    elsewhere = Context(workspace, context.actor)
    there = import_runs(elsewhere, read_bundle(path)).runs[0]
    assert _all(elsewhere, there.run_id) == [*SHOWN[:3], ("text", "../odd", 1, 7), SHOWN[3]]
    (item,) = media.media_at(elsewhere, there.run_id, "text", "../odd", 7)
    assert (media.media_file(elsewhere, item).read_bytes(), item.caption, item.at) == (b"# Title", "a caption", 5.0)
    assert len(runs.artifacts(elsewhere, there.run_id)) == len(runs.artifacts(context, run_id))
    assert import_runs(elsewhere, read_bundle(path)).runs[0].state == "unchanged"
    workspace.close()


@pytest.mark.parametrize("name", ["model.keras", "images/x.svg", "big.json", "a\nb.png", "readme.md"])
def test_other_files_are_only_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"[1]")
    assert shown_by(name, tmp_path / "file") is None
    assert shown_by("nothing.png", tmp_path / "nothing") is None


def test_what_wandb_logged_is_read_by_its_types() -> None:
    image = {"_type": "image-file", "path": "media/images/x_0.png", "caption": "one"}
    several = {"_type": "images/separated", "filenames": ["a.png", "b.svg", "c.png"], "captions": ["first"]}
    table, plot = {"_type": "table-file", "path": "t.table.json"}, {"_type": "plotly-file", "path": "p.plotly.json"}
    assert media_in("x", image, 3, 5.0) == (
        {"media/images/x_0.png": FoundMedia("image", "x", 3, 0, 5.0, "one")},
        [],
    )
    files, _ = media_in("x", several, 3, 5.0)
    assert [(path, each.number, each.caption) for path, each in files.items()] == [
        ("a.png", 0, "first"),
        ("c.png", 2, ""),
    ]
    assert [media_in("x", each, 1, 1.0)[0].popitem()[1].kind for each in (table, plot)] == ["table", "figure"]
    _, (given,) = media_in("x", {"_type": "histogram", "values": [1, 2], "bins": [0, 1, 2]}, 3, 5.0)
    assert isinstance(given.content, bytes)
    assert json.loads(given.content)["count"] == [1.0, 2.0]
    assert media_in("x", {"_type": "video-file", "path": "v.mp4"}, 3, 5.0) == ({}, [])
    with pytest.raises(DataError):
        media_in("x", {"_type": "histogram", "values": [1], "bins": [0]}, 3, 5.0)
    assert not any(map(is_media, (3, {"a": 1}, {"_type": 3})))


def test_a_file_is_placed_once_and_replaced_by_another(tmp_path: Path) -> None:
    one = GivenMedia("text", "a", 1, 0, 5.0, ".txt", b"one")
    assert [place(tmp_path, 1, one)[1] for _ in range(2)] == [True, False]
    record, is_new = place(tmp_path, 1, GivenMedia("text", "a", 1, 0, 5.0, ".txt", b"two"))
    assert (is_new, (tmp_path / record.path).read_bytes()) == (True, b"two")
    assert files_below(tmp_path, "x", "", Counter())[0].path == "media/text/a/1-0.txt"
