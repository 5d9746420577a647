"""TensorBoard's event files: every encoding, files that are cut off, damaged or written twice."""

import json
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.tracking.event_files import (
    EventFile,
    EventFolder,
    FoundEvents,
    event_folders,
    metric_name,
    run_folder,
    without_overlaps,
)
from core.tracking.event_files.checksums import masked
from core.tracking.event_files.event_messages import Event, HParams
from core.tracking.event_files.writing import framed, write_event_file
from db.records import Series
from tests.event_writer import simple, tensor

FILE = "events.out.tfevents.1.host"


def read(path: Path) -> FoundEvents:
    found, file = FoundEvents(), EventFile(path)
    while more := file.read_on():
        found.add(more)
    return found


def points(found: FoundEvents, tag: str) -> list[tuple[int, float, float]]:
    columns = found.scalars[tag]
    series = columns.copied(len(columns))
    return list(zip(series.step.tolist(), series.value.tolist(), series.wall_time.tolist(), strict=True))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"dtype": 1, "float_val": [0.1]}, float(np.float32(0.1))),
        ({"dtype": 1, "tensor_content": struct.pack("<f", 0.1)}, float(np.float32(0.1))),
        ({"dtype": 1, "float_val": [0.1], "shape": (1,)}, float(np.float32(0.1))),
        ({"dtype": 2, "double_val": [0.1]}, 0.1),
        ({"dtype": 2, "tensor_content": struct.pack("<d", -math.inf)}, -math.inf),
        ({"dtype": 19, "half_val": [int(np.float16(1.37).view(np.uint16))]}, float(np.float16(1.37))),
        ({"dtype": 14, "half_val": [0x3FB0]}, 1.375),
        ({"dtype": 14, "tensor_content": b"\xb0\x3f"}, 1.375),
        ({"dtype": 3, "int_val": [-7]}, -7.0),
        ({"dtype": 9, "int64_val": [2**40]}, float(2**40)),
        ({"dtype": 4, "int_val": [255]}, 255.0),
        ({"dtype": 23, "uint64_val": [2**63]}, float(2**63)),
        ({"dtype": 10, "bool_val": [True]}, 1.0),
        ({"dtype": 1}, 0.0),  # a zero may be left out
    ],
)
def test_scalars_in_all_encodings_of_tensors(tmp_path: Path, values: dict[str, Any], expected: float) -> None:
    shape = values.pop("shape", ())
    # Only the first occurrence of a tag has the plugin's name.
    write_event_file(tmp_path / FILE, [tensor("a", 1, "scalars", shape, **values), tensor("a", 2, "", shape, **values)])

    assert points(read(tmp_path / FILE), "a") == [(1, expected, 1e9 + 1), (2, expected, 1e9 + 2)]


def test_simple_values_keep_nan_infinity_and_the_float32_that_was_written(tmp_path: Path) -> None:
    write_event_file(
        tmp_path / FILE, [simple("a", step, value) for step, value in enumerate([0.1, math.nan, math.inf])]
    )

    (_, first, _), (_, second, _), (_, third, _) = points(read(tmp_path / FILE), "a")

    assert (first, third) == (float(np.float32(0.1)), math.inf)
    assert math.isnan(second)


def test_a_file_is_followed_past_a_record_that_was_cut_off(tmp_path: Path) -> None:
    whole = [framed([simple("a", step, step).SerializeToString()]) for step in range(3)]
    path = tmp_path / FILE
    path.write_bytes(whole[0] + whole[1][:-5])
    file = EventFile(path)

    assert points(file.read_on(), "a") == [(0, 0.0, 1e9)]
    assert not file.read_on()
    path.write_bytes(b"".join(whole))
    assert [point[0] for point in points(file.read_on(), "a")] == [1, 2]
    assert not file.read_on()
    assert file.offset == path.stat().st_size


def test_what_was_damaged_is_told_and_does_no_harm(tmp_path: Path) -> None:
    whole = [framed([simple("a", step, step).SerializeToString()]) for step in range(4)]
    for place in range(len(whole[1])):  # each byte of the second record once
        broken = bytearray(whole[1])
        broken[place] ^= 0x41
        (tmp_path / FILE).write_bytes(whole[0] + bytes(broken) + whole[2] + whole[3])

        found = read(tmp_path / FILE)

        is_length = place < 12
        assert [point[0] for point in points(found, "a")] == ([0] if is_length else [0, 2, 3])
        assert len(found.problems) == 1
    (tmp_path / FILE).write_bytes(framed([b"\xff\xff\xff"]) + bytes(1000))
    assert len(read(tmp_path / FILE).problems) == 2


def test_checksums_are_those_of_the_standard() -> None:
    # RFC 3720, appendix B.4: 32 bytes of zeros, of ones, rising; and a record that is computed in blocks.
    crc = {bytes(32): 0x8A9136AA, b"\xff" * 32: 0x62A8AB43, bytes(range(32)): 0x46DD794E}
    for data, expected in crc.items():
        value = masked(np.frombuffer(data, np.uint8), np.zeros(1, np.int64), np.array([32]))[0]
        assert int(value) == ((expected >> 15 | expected << 17) + 0xA282EAD8) & 0xFFFFFFFF
    long = np.random.default_rng(0).integers(0, 256, 5001, np.uint8)
    broken = long.copy()
    broken[4000] ^= 1
    sums = [masked(each, np.zeros(1, np.int64), np.array([len(each)]))[0] for each in (long, broken, long)]
    assert sums[0] == sums[2] != sums[1]


def test_a_restart_forgets_later_steps_as_tensorboard_does(tmp_path: Path) -> None:
    start = Event(step=6)
    start.session_log.status = 1
    before = [simple("a", step, step) for step in range(10)]
    write_event_file(tmp_path / FILE, [*before, start, *(simple("a", step, 100 + step) for step in (6, 7))])

    assert [value for _, value, _ in points(read(tmp_path / FILE), "a")] == [0, 1, 2, 3, 4, 5, 106, 107]


def test_of_overlapping_steps_the_later_ones_win_and_repeats_without_a_fall_stay() -> None:
    series = Series(np.array([0, 1, 1, 2, 3, 1, 2]), np.arange(7.0), np.array([1.0, 2, 2, 3, 4, 5, 6]))

    assert without_overlaps(series).value.tolist() == [0.0, 5.0, 6.0, 4.0]
    begun = Series(series.step[:5], series.value[:5], series.wall_time[:5])
    assert without_overlaps(begun).value.tolist() == [0, 1, 2, 3, 4]
    # Another file came first.
    swapped = Series(np.roll(series.step, 2), np.roll(series.value, 2), np.roll(series.wall_time, 2))
    assert without_overlaps(swapped, by_time=True).value.tolist() == [0.0, 5.0, 6.0, 4.0]


def test_hparams_become_params_and_a_state(tmp_path: Path) -> None:
    start, end = HParams(), HParams()
    for key, given in {"lr": ("number_value", 0.5), "n": ("number_value", 32.0), "o": ("string_value", "adam")}.items():
        param = start.session_start_info.hparams.add(key=key)
        setattr(param.value, *given)
    start.session_start_info.start_time_secs = 5.0
    end.session_end_info.status, end.session_end_info.end_time_secs = 2, 9.0
    events = []
    for tag, said in (("_hparams_/session_start_info", start), ("_hparams_/session_end_info", end)):
        event = tensor(tag, 0, "hparams")
        event.summary.value[0].metadata.plugin_data.content = said.SerializeToString()
        events.append(event)
    write_event_file(tmp_path / FILE, events)

    found = read(tmp_path / FILE)

    assert found.params == {"lr": 0.5, "n": 32, "o": "adam"}
    assert isinstance(found.params["n"], int)
    assert (found.state, found.began_at, found.ended_at) == ("failed", 5.0, 9.0)


def test_pictures_sounds_texts_and_histograms_are_kept(tmp_path: Path) -> None:
    png = b"\x89PNG rest"
    table = np.array([[0.0, 1.0, 5.0], [1.0, 2.0, 3.0]])
    events = [
        tensor("image", 1, "images", (4,), dtype=7, string_val=[b"8", b"6", png, png]),
        tensor("sound", 1, "audio", (1, 2), dtype=7, string_val=[b"RIFF", b"label"]),
        tensor("note", 2, "text", (1,), dtype=7, string_val=["größer".encode()]),
        tensor("w", 3, "histograms", (2, 3), dtype=2, tensor_content=table.tobytes()),
        tensor("graph", 3, "graphs", (), dtype=7, string_val=[b"?"]),
    ]
    write_event_file(tmp_path / FILE, events)

    found = read(tmp_path / FILE)

    assert [(each.kind, each.tag, each.step, each.number, each.suffix) for each in found.media] == [
        ("image", "image", 1, 0, ".png"),
        ("image", "image", 1, 1, ".png"),
        ("audio", "sound", 1, 0, ".wav"),
        ("text", "note", 2, 0, ".md"),
        ("histogram", "w", 3, 0, ".json"),
    ]
    assert json.loads(found.media[-1].data) == {"left": [0, 1], "right": [1, 2], "count": [5, 3]}
    assert found.left_out == {"of plugin graphs": 1}


def test_folders_of_keras_are_one_run(tmp_path: Path) -> None:
    for part, tag in (
        ("train", "epoch_loss"),
        ("validation", "epoch_loss"),
        ("validation", "evaluation_loss_vs_iterations"),
    ):
        write_event_file(tmp_path / "first" / part / FILE, [simple(tag, 0, 1.0)])
    write_event_file(tmp_path / "other" / FILE, [simple("Loss/train", 0, 1.0)])
    (tmp_path / "loop").symlink_to(tmp_path)

    named = set()
    for folder in event_folders(tmp_path):
        run = run_folder(folder, tmp_path)
        for found in EventFolder(folder).read_on():
            named |= {(run.name, metric_name(folder, run, tag)) for tag in found.scalars}

    assert named == {
        ("first", "loss"),
        ("first", "val_loss"),
        ("first", "val_loss_vs_iterations"),
        ("other", "Loss/train"),
    }
