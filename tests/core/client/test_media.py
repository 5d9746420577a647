"""Media and files of scripts, against a server that is away, killed or refuses; and what people log that is neither."""

import hashlib
import json
import signal
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from core import runs
from core.client.media_objects import Audio, Figure, Histogram, Image, Table, Text
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, StateError, TooLargeError
from core.jobs.new_version import Uploaded, placed
from core.models import making, registering
from core.models.naming import ModelError
from core.runs import logged, media, reported_files, reported_lines
from core.runs.logged import Logged
from db.media import MediaRecord, MediaSeries
from db.records import RunState
from tests.core.client.conftest import Script, ServerHere, sync
from tests.host import wait_until
from tests.server import Server

WHOLE = """
import sys, numpy as np, traindeck
large = np.random.default_rng(0).integers(0, 256, (400, 400, 3)).astype("uint8")
with traindeck.start("mine") as run:
    for step in range(6):
        two = 2 * [traindeck.Image(large[:5])]
        run.log({"loss": 1.0, "deep": {"picture": traindeck.Image(large + step)}, "two": two}, step)
        run.log_histogram("weights", np.arange(10) + step)
        if step == 3:
            print(step, flush=True)
            sys.stdin.readline()
    run.log_text("../odd name", "Grüße")
    run.log_table("table", {"a": [1, 2], "b": ["x", None]}, step=9)
    run.log_audio("sound", np.sin(np.arange(800) / 9), step=9, sample_rate=8000)
    run.log_image("bad", np.zeros((2, 2)), step=9)
    run.log_image("bad", np.zeros((3, 3, 3, 3)))
    run.log_artifact("folder")
    run.log_artifact("folder/deep/large.bin", "renamed.bin")
    run.log_artifact("nothing.bin")
"""


def _path(context: Context, kind: str, name: str, step: int) -> list[Path]:
    return [media.media_file(context, item) for item in media.media_at(context, 1, kind, name, step)]


def test_media_and_files_outlive_a_server_that_is_away_and_killed_and_come_once(
    context: Context, server: Server, script: Script, tmp_path: Path
) -> None:
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "small.txt").write_text("small")
    large = np.random.default_rng(1).bytes(2_500_000)
    (tmp_path / "folder" / "deep" / "large.bin").write_bytes(large)
    running = script(WHOLE)
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stdout.readline() == "3\n"  # before there is a server
    server.start(until_healthy=False)
    wait_until(lambda: runs.get_many(context, [1]) and media.media_steps(context, [1]) == [0, 1, 2, 3], "it is sent")
    server.end(signal.SIGKILL)
    running.stdin.write("\n")
    running.stdin.flush()
    server.start(until_healthy=False)
    _, told = running.communicate(timeout=300)
    assert told.count("traindeck:") == 2
    assert "the image 'bad' is not logged: the shape (3, 3, 3, 3) is no picture; accepted are arrays HxW" in told
    assert "there is no file and no folder 'nothing.bin'" in told

    assert media.media_series(context, [1]) == [
        MediaSeries(1, "audio", "sound", 1, 9, 9),
        MediaSeries(1, "histogram", "weights", 6, 0, 5),
        MediaSeries(1, "image", "bad", 1, 9, 9),
        MediaSeries(1, "image", "deep/picture", 6, 0, 5),
        MediaSeries(1, "image", "two", 12, 0, 5),
        MediaSeries(1, "table", "table", 1, 9, 9),
        MediaSeries(1, "text", "../odd name", 1, 5, 5),
    ]
    made = np.random.default_rng(0).integers(0, 256, (400, 400, 3)).astype("uint8")
    for step in range(6):
        (path,) = _path(context, "image", "deep/picture", step)
        np.testing.assert_array_equal(np.asarray(Pillow.open(path)), made + np.uint8(step))
    assert [len(_path(context, "image", "two", step)) for step in (-1, 0, 3, 99)] == [0, 2, 2, 2]
    assert _path(context, "text", "../odd name", 99)[0].read_text() == "Grüße"
    folder = context.workspace.settings.run_dir(1)
    assert _path(context, "text", "../odd name", 99)[0].is_relative_to(folder / "media" / "text")
    assert json.loads(_path(context, "table", "table", 9)[0].read_text())["data"] == [[1, "x"], [2, None]]
    names = {"folder/deep/large.bin": large, "folder/small.txt": b"small", "renamed.bin": large}
    assert {each.name for each in runs.artifacts(context, 1)} == set(names)
    assert all(runs.artifact_file(context, 1, name).read_bytes() == data for name, data in names.items())
    assert list((folder / "incoming").iterdir()) == []
    assert list((tmp_path / "spool").iterdir()) == []

    runs.trash(context, [1])
    runs.empty_trash(context)
    assert (media.media_series(context, [1]), folder.exists()) == ([], False)


def test_a_killed_script_has_its_last_media_stored(context: Context, server_here: ServerHere, script: Script) -> None:
    source = """
import os, numpy, traindeck
traindeck.start().log_image("x", numpy.zeros((300, 300)), 7)
os.kill(os.getpid(), 9)
"""
    script(source, TRAINDECK_MODE="offline").communicate(timeout=300)
    server_here.start()
    wait_until(lambda: sync(script)[0] == 0, "what was left is sent")
    assert media.media_steps(context, [1]) == [7]
    assert runs.get(context, 1).state is RunState.RUNNING


HABITS = """
import numpy as np, pandas as pd, traindeck
run = traindeck.init(project="theirs", config={"lr": 0.1, "model": {"units": 8}}, name="x" * 300, tags=["quick"])
traindeck.config.update({"late": np.int64(3)})
traindeck.config.batch = 32
traindeck.config["lr"] = 0.2
traindeck.log({"loss": np.float32(0.5), "deep": {"one": np.array([2.0]), "yes": True}, "none": None, "word": "a"})
traindeck.log({"x" * 300: 1.0, "\\ud800": 2.0, "": 3.0, "huge": 10**400, "array": np.zeros(3)})
traindeck.log({"frame": pd.DataFrame({"a": [1]})}, commit=False)
traindeck.log({"loss": 0.25})
traindeck.log({"loss": 1.0}, step=2**70)
for value in (1, 2):
    traindeck.log_metric("counted", value)
traindeck.log_metrics({"acc": 0.5}, step=7)
traindeck.log_param("depth", 2)
traindeck.set_tag("stage", "test")
traindeck.summary["best"] = 7
traindeck.summary.word = "final"
traindeck.watch(None)
traindeck.define_metric("epoch")
traindeck.define_metric("val/*", step_metric="epoch", summary="min")
traindeck.log({"epoch": 40, "val/loss": 0.5, "batch": 1.0}, step=9)
traindeck.log({"val/loss": 0.25}, step=10)
traindeck.add_tags(["slow"])
traindeck.alert("Title", "text", level="WARN")
traindeck.save("kept/*.txt", base_path="kept")
print(run.name == 200 * "x", run.id == run.uid, run.url)
traindeck.end_run("FAILED")
"""


def test_habits_of_other_clients_work_and_what_is_no_number_is_told(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    server_here.start()
    (tmp_path / "kept" / "deep.txt").mkdir(parents=True)
    (tmp_path / "kept" / "a.txt").write_text("a")
    out, told = script(HABITS).communicate(timeout=300)
    assert out in (f"True True {server_here.url}/run?id=1\n", "True True \n"), told
    run = runs.get(context, 1)
    assert (run.name, run.experiment, run.state, run.tags) == (200 * "x", "theirs", RunState.FAILED, ("quick", "slow"))
    assert [each.name for each in runs.artifacts(context, 1)] == ["a.txt"]
    params = {"lr": "0.1", "model.units": "8", "late": "3", "batch": "32", "depth": "2"}
    assert runs.params(context, [1])[1] == params
    assert logged.keyed_tags(context, 1) == {"stage": "test", "word": "final"}
    last = {name: (each.last, each.last_step) for name, each in runs.summaries(context, [1])[1].items()}
    assert last == {
        **{"loss": (0.25, 2), "deep/one": (2.0, 0), "deep/yes": (1.0, 0), "?": (2.0, 1), "counted": (2.0, 1)},
        **{"acc": (0.5, 7), "best": (7.0, 7), "epoch": (40.0, 9), "batch": (1.0, 9), "val/loss": (0.25, 40)},
    }
    assert [(each.kind, each.name, each.first_step) for each in media.media_series(context, [1])] == [
        ("table", "frame", 2),
        ("text", "alerts", 10),
    ]
    for sentence in (
        "the param 'lr' is 0.1 and stays so; received 0.2",
        "'word' is no number: received the text 'a'; traindeck.Text of it is shown",
        "'none' is no number: received NoneType",
        "'array' is no number: received ndarray of shape (3,), float64; traindeck.Image, Histogram",
        "has a name that is blank or longer than 250 characters",
        "has more than 64 bits, and nothing of it is logged",
        "watch() follows no gradients here",
    ):
        assert sentence in told, told


@pytest.mark.parametrize(
    ("array", "pixels", "caption"),
    [
        (np.array([[0.0, 1.0], [0.5, np.nan]]), [[0, 255], [128, 0]], "1 values that are no finite"),
        (np.array([[0, 300]]), [[0, 255]], "0…300 is shown as 0…255"),
        (np.array([[-1.0, 1.0]]), [[0, 255]], "-1…1 is shown as 0…255"),
        (np.array([[0.0, 200.4]]), [[0, 200]], ""),
        (np.array([[True], [False]]), [[255], [0]], ""),
        (np.zeros((1, 2, 3, 1), np.uint8), [[0, 0, 0], [0, 0, 0]], ""),
    ],
)
def test_arrays_of_any_range_become_pictures(array: "np.ndarray", pixels: list[list[int]], caption: str) -> None:
    found = Image(array)
    with Pillow.open(BytesIO(found.data)) as picture:
        assert np.asarray(picture).tolist() == pixels
    assert found.caption[: len(caption) or None] == caption


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (4, 5, 4), (3, 4, 5)])
def test_channels_come_last_or_first(shape: tuple[int, ...]) -> None:
    with Pillow.open(BytesIO(Image(np.zeros(shape, np.uint8)).data)) as picture:
        assert picture.size == (5, 4)
        assert len(picture.getbands()) == {2: 1}.get(len(shape), shape[0] if shape[0] == 3 else shape[-1])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Image(np.zeros(5)), r"the shape \(5,\) is no picture; accepted are arrays HxW"),
        (lambda: Image("no.png"), "there is no file 'no.png'"),
        (lambda: Image(b"<svg>"), "is no picture"),
        (lambda: Image(object()), "received object"),
        (lambda: Figure(3), "it is no figure: received int; accepted are matplotlib's and Plotly's"),
        (lambda: Histogram([]), "there is no finite number in it"),
        (lambda: Histogram([1], num_bins=0), "num_bins is 1 to 512; received 0"),
        (lambda: Histogram(np_histogram=([1, 2], [0, 1])), "2 counts need one edge more; received 2 edges"),
        (lambda: Audio(np.zeros(5)), "needs its sample_rate in Hz"),
        (lambda: Audio(np.zeros((5, 5, 5)), 8000), "is no sound"),
        (lambda: Table("text"), "it is no table: received str 'text'"),
        (lambda: Table([[1, 2]], columns=["a"]), "1 columns; received a row of 2 values"),
    ],
)
def test_what_cannot_be_shown_says_what_was_received_and_what_is_accepted(make: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()  # type: ignore[operator]


def test_long_texts_and_tables_are_cut_and_say_so() -> None:
    assert Text("x" * 1_000_001).caption == "the first 1,000,000 of 1,000,001 characters"
    assert Table([[1]] * 10_001).caption == "the first 10,000 of 10,001 rows"


def test_pieces_of_files_are_kept_once_and_lines_put_them_in_place(context: Context) -> None:
    run = logged.begin(context, Logged("mine"))
    key = 32 * "a"
    for position, piece, known in ((0, b"abc", 3), (0, b"abc", 3), (1, b"bcde", 5), (0, b"", 5)):
        assert reported_files.receive_piece(context, run, key, position, piece) == known
    with pytest.raises(StateError, match="it came damaged"):
        reported_files.receive_piece(context, run, key, 5, b"f", 64 * "0")
    sha256 = hashlib.sha256(b"").hexdigest()
    assert reported_files.receive_piece(context, run, key, 5, b"", sha256) == 5, "nothing was kept of it"
    with pytest.raises(StateError, match="begins at byte 9; 5 bytes are here"):
        reported_files.receive_piece(context, run, key, 9, b"")
    with pytest.raises(TooLargeError, match="at most"):
        reported_files.receive_piece(context, run, key, 2**40, b"x")
    file = {"file": key, "size": 5}
    line = json.dumps(["artifact", "../a/./b\\c.txt", file]).encode() + b"\n"
    other = json.dumps(["media", 1, 5.0, "image", "x", 0, ".png", "", {"file": 32 * "b", "size": 3}]).encode() + b"\n"
    taken = reported_lines.take(context, run.uid, "a1", 0, line + other)
    assert taken.problems == ("The file of 'x' at step 1 was not received.",)
    assert [(each.path, each.size) for each in runs.artifacts(context, run.id)] == [("artifacts/a/b/c.txt", 5)]
    reported_files.receive_piece(context, run, key, 0, b"abcde")  # its client did not hear that it was stored
    assert reported_lines.take(context, run.uid, "a1", 0, line + other).position == taken.position
    assert list((context.workspace.settings.run_dir(run.id) / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    "item",
    [
        ["media", 1, 5.0, "video", "x", 0, ".mp4", "", {"data": ""}],
        ["media", 1, 5.0, "image", "x", 0, ".svg", "", {"data": ""}],
        ["media", 1, 5.0, "image", "", 0, ".png", "", {"data": ""}],
        ["media", 2**70, 5.0, "image", "x", 0, ".png", "", {"data": ""}],
        ["media", 1, 5.0, "image", "x", 0, ".png", "", {"data": "?"}],
        ["media", 1, 5.0, "image", "\ud800", 0, ".png", "", {"data": ""}],
        ["artifact", "x", {"file": "../x", "size": 1}],
        ["artifact", "..", {"file": 32 * "a", "size": 1}],
    ],
)
def test_lines_of_media_that_cannot_be_read_are_refused(context: Context, item: list[object]) -> None:
    run = logged.begin(context, Logged("mine"))
    with pytest.raises(DataError, match="Line 1 of the piece cannot be read"):
        reported_lines.take(context, run.uid, "a1", 0, json.dumps(item).encode() + b"\n")


def test_a_file_that_is_gone_is_told(context: Context) -> None:
    run = logged.begin(context, Logged("mine"))
    with pytest.raises(NotFoundError, match="The file of the image 'x' of step 3 was removed from the workspace"):
        media.media_file(context, MediaRecord(run.id, "image", "x", 3, 0, "media/image/x/3-0.png", 1, 5.0))


BEST = """
import os, traindeck
run = traindeck.start("mine")
for epoch in range(4):
    run.keep_checkpoint(lambda path: path.write_text(f"network {epoch}"), {"epoch": epoch, "data": "digits"})
run.keep_checkpoint(lambda path: 1 / 0, {})
print(len(os.listdir(os.path.join(os.environ["TRAINDECK_SPOOL"], run.uid, "files"))))
"""


def test_of_the_best_networks_the_last_is_kept_and_says_what_it_is_for(
    context: Context, server_here: ServerHere, script: Script
) -> None:
    kept, told = script(BEST, TRAINDECK_MODE="offline").communicate(timeout=300)
    assert (kept, "the best network cannot be kept: division by zero" in told) == ("1\n", True)
    server_here.start()
    wait_until(lambda: sync(script)[0] == 0, "what was left is sent")
    run = runs.get(context, 1)
    assert runs.artifact_file(context, 1, "best.keras").read_text() == "network 3"
    assert run.facts["checkpoint"] == {"epoch": 3, "data": "digits"}
    unlike = making.reported_request(context, run, "new").made_of
    assert isinstance(unlike, Uploaded)
    assert unlike.like == "data:digits"
    request = making.reported_request(context, run, "new", like=str(run.id))
    assert isinstance(request.made_of, Uploaded)
    assert placed(context.workspace.settings, request.made_of.folder).read_text() == "network 3"
    with pytest.raises(StateError, match="models register 1 MODEL --like RUN"):
        registering.register(context, run, "new")
    other = logged.begin(context, Logged("without"))
    with pytest.raises(ModelError, match=r"has no best network .* traindeck\.KerasCallback"):
        making.reported_request(context, other, "new")
