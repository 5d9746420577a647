"""Drift: the stated rate of false alarms, what is found, and how it is told and acknowledged."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.common.context import Context
from core.common.errors import NotFoundError
from core.data.data_info import Array, DataInfo, Feature
from core.data.number_scaling import Numbers
from core.inference.description import Description
from core.serving import drift as drifts
from core.serving import served
from core.serving import training_profile as profile
from core.serving.chosen_export import need_folder
from core.serving.options import Options
from core.serving.shift import alarms, shift, shifts
from core.serving.traffic_windows import Windows
from core.serving.training_profile import Column, Counter
from db.serving_records import WindowRecord
from tests.core.serving.conftest import INFO, AddVersion

TABLE = DataInfo(
    shape=(3,), class_names=("no", "yes"), train_examples=2000, test_examples=500, task="binary", kind="table",
    features=(Feature("age", "number"), Feature("income", "number"), Feature("town", "category", ("A", "B", "C"))),
)  # fmt: skip


def described(info: DataInfo) -> Description:
    return Description("m", 1, info, info.shape, Numbers(), None, (), {}, "onnx", "network.onnx", None)


def made_rows(draw: np.random.Generator, number: int, *, shift: float = 0.0) -> dict[str, Array]:
    numbers = np.column_stack([draw.normal(40, 10, number) + 10 * shift, draw.exponential(1000, number)])
    numbers[draw.random(number) < 0.05, 1] = np.nan
    return {"numbers": numbers, "categories": draw.choice(np.array(["A", "B", ""], object), (number, 1))}


def made_answers(draw: np.random.Generator, number: int) -> Array:
    return draw.random((number, 1)).astype(np.float32)


def test_where_nothing_drifts_alarms_come_at_most_at_the_stated_rate() -> None:
    """7,500 windows of ten columns of all kinds, with profiles and windows of several sizes; the seed is fixed."""
    draw, rate = np.random.default_rng(13), 0.01
    alarmed = total = 0
    for learned, examples in ((150, 300), (1000, 500), (20_000, 500), (2000, 2000), (570, 16_000)):
        for _ in range(15):
            windows = 100
            p = np.array([_p_values(draw, learned, examples, windows, column) for column in range(10)])
            alarmed += sum(any(alarms(each, rate)) for each in p.T)
            total += windows
    assert total == 7500
    assert alarmed <= rate * total + 3 * np.sqrt(rate * total)
    assert alarmed >= 0.2 * rate * total, "the test is far weaker than it says"


def _p_values(draw: np.random.Generator, learned: int, examples: int, windows: int, column: int) -> Array:
    """Of windows from what a profile is from: even columns are numbers, odd ones categories, some of them rare."""
    if column % 2:
        shares = 1 / np.arange(1, 40) ** 1.5
        drawn = np.array([f"{each:02}" for each in range(len(shares))], object)
        values = drawn[draw.choice(len(shares), learned, p=shares / shares.sum())]
        made = profile.column_of("c", values, is_answer=False)
        known = np.isin(drawn, made.names)
        named = [shares[list(drawn).index(each)] for each in made.names]
        true = np.array([*named, shares[~known].sum(), 0.0])
    else:
        made = profile.column_of("n", draw.random(learned), is_answer=False)
        true = np.array([*np.diff([0.0, *made.cuts, 1.0]), 0.0])
    return shifts(np.array(made.counts), draw.multinomial(examples, true / true.sum(), windows))[0]


@pytest.mark.parametrize("learned", [100, 570, 20_000])
@pytest.mark.parametrize("examples", [200, 2000, 17_000, 10**6])
def test_what_is_asked_the_same_over_and_over_is_found(learned: int, examples: int) -> None:
    """As is what comes no more: of a large window, all of it lay in bins that were too rare to be compared."""
    shares = np.array([0.22, 0.2, 0.57, 0.01])
    known = (shares * learned).astype(int).tolist()
    assert shift(known, [0, 0, examples, 0]).p < 1e-9
    gone = shift(known, [examples // 4, 0, examples - examples // 4, 0])
    assert gone.p < 1e-4
    assert gone.moved == pytest.approx(0.21, abs=0.01)


def test_one_column_that_shifts_is_found_and_named() -> None:
    draw = np.random.default_rng(0)
    known = described(TABLE)
    learned = profile.made(known, made_rows(draw, 5000), made_answers(draw, 1000))
    assert [each.title for each in learned.columns] == ["age", "income", "town", "its answer", "its confidence"]

    def moved(shift_by: float) -> set[str]:
        counts = learned.counted(known, made_rows(draw, 500, shift=shift_by), made_answers(draw, 500))
        found = [shift(column.counts, now) for column, now in zip(learned.columns, counts, strict=True)]
        alarmed = alarms([each.p for each in found], 0.001)
        return {column.title for column, alarm in zip(learned.columns, alarmed, strict=True) if alarm}

    assert moved(0.0) == set()
    assert moved(0.5) == {"age"}, "half a standard deviation, in 500 rows"


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ([50.0] * 20 + [1.0] * 480, True),  # past all that was learned from
        ([float("nan")] * 20 + [1.0] * 480, True),  # missing, which nothing was in training
        ([50.0] + [1.0] * 499, False),  # one that the training part happened not to hold
    ],
)
def test_what_is_rare_or_new_is_told_and_a_single_one_is_not(now: list[float], found: bool) -> None:
    learned = profile.column_of("n", np.tile([0.0, 1.0, 1.0, 1.0, 2.0], 1000), is_answer=False)
    mixed = np.array(now)
    mixed[mixed == 1.0] = np.resize([0.0, 1.0, 1.0, 1.0, 2.0], int((mixed == 1.0).sum()))
    assert (shift(learned.counts, learned.bins(mixed)).p < 0.001) is found


def test_numbers_are_binned_as_networks_have_them_and_every_kind_of_data_has_a_profile() -> None:
    values = np.resize(np.array([0.1, 0.2, 0.7], np.float32), 600)
    column = profile.column_of("n", values, is_answer=False)
    assert column.bins(values.astype(np.float64)) == column.bins(np.resize([0.1, 0.2, 0.7], 600)) == [*column.counts]
    assert len(column.labels()) == len(column.counts)
    draw = np.random.default_rng(0)
    kinds = {
        "image": (draw.integers(0, 256, (200, 4, 4, 3), np.uint8), ["brightness", "contrast", "red", "green", "blue"]),
        "text": (draw.integers(0, 9, (200, 6), np.int32), ["length", "share of unknown words"]),
        "rows": (draw.random((200, 2)), ["Value 1", "Value 2"]),
    }
    for kind, (x, names) in kinds.items():
        info = DataInfo(x.shape[1:], ("a", "b", "c"), 1, 1, kind=kind, vocabulary=9)  # type: ignore[arg-type]
        made = profile.made(described(info), x, draw.random((200, 3)))
        assert [each.name for each in made.columns] == [*names, "answer", "confidence"]
    empty = Column("n", counts=(0, 3))
    assert (empty.labels(), empty.bins(np.array([np.nan, 1.0]))) == (["any number", "missing"], [1, 1])


@pytest.fixture
def count(context: Context, add_version: AddVersion) -> Callable[..., None]:
    """`count(500, shift=1.0)`: that many examples were asked about; the clock goes on by ten minutes a window."""
    version = add_version("sides")
    served.serve(context, "sides", Options(reference="1"))
    folder, draw = need_folder(context, version), np.random.default_rng(3)
    known = described(INFO)
    profile.write(folder, profile.made(known, draw.normal(size=(5000, 2)), draw.random((1000, 2))))
    learned = profile.read(folder)
    assert learned is not None
    clock = [time.time()]
    windows = Windows(lambda: clock[0])

    def counted(examples: int, shift: float = 0.0) -> None:
        counter = Counter(known, learned)
        counter.add(draw.normal([shift, 0.0], size=(examples, 2)), draw.random((examples, 2)))
        told = counter.taken()
        assert told is not None
        assert counter.taken() is None
        windows.note(version.model_id, version.id, told)
        windows.store(context, served.everything(context))
        clock[0] += 601.0

    return counted


def test_windows_fill_up_and_an_alarm_goes_on_until_it_is_over(context: Context, count: Callable[..., None]) -> None:
    assert drifts.drift(context, "sides") == []
    count(120)
    (found,) = drifts.drift(context, "sides")
    assert (found.needed, found.windows, found.alarms) == (380, 0, ())
    assert found.awaited(found.began + 61) == "after 380 more examples, in 9 minutes at the earliest"
    full = replace(found, examples=500)
    assert full.awaited(full.began + 599) == "with the first request in 1 minute or later"
    assert full.awaited(full.began + 600) == "with the next request"
    count(380)
    (found,) = drifts.drift(context, "sides")
    assert (found.needed, found.windows, found.alarms) == (500, 1, ())
    assert drifts.drifting(context) == {}

    for _ in range(3):
        count(250, shift=1.0)
        count(250, shift=1.0)
    (found,) = drifts.drift(context, "sides")
    (alarm,) = found.unknown
    assert (alarm.column, alarm.windows, alarm.moved > 0.3) == ("width", 3, True)
    assert drifts.drifting(context) == {"sides": 1}
    assert (found.is_back(alarm), found.window_of(alarm)) == (False, found.newest)
    assert drifts.told(found)["newest"]["columns"]["width"]["p"] < 1e-6
    assert drifts.acknowledge(context, "sides") == 1
    assert drifts.drifting(context) == {}
    count(500, shift=1.0)
    count(500, shift=1.0)
    (found,) = drifts.drift(context, "sides")
    assert ([each.known_by for each in found.alarms], found.unknown) == (["ada"], ()), "it is known as it goes on"
    with pytest.raises(NotFoundError, match="no alarm"):
        drifts.acknowledge(context, "sides")
    last = found.newest
    count(250)
    count(250)
    (found,) = drifts.drift(context, "sides")
    (alarm,) = found.alarms
    assert (found.is_back(alarm), found.window_of(alarm)) == (True, last), "what is shown is of the alarm, not of now"
    assert drifts.told(found)["alarms"][0]["is_back"]


def test_an_alarm_that_was_over_is_told_anew_when_it_comes_back() -> None:
    def window(number: int, alarm: bool, known_by: str = "") -> WindowRecord:
        shifts = {"width": [0.0, 0.4, float(alarm)]}
        return WindowRecord(1, 1, number, 500, "p", [], number + 1.0, shifts, known_by)

    first = [window(0, True, "ada"), window(1, False), window(2, True)]
    (alarm,) = drifts.alarms_of(first)
    assert (alarm.since, alarm.windows, alarm.known_by, alarm.is_over) == (0, 2, "ada", False)
    quiet = [window(number, False) for number in range(3, 8)]
    (alarm,) = drifts.alarms_of([*first, *quiet])
    assert alarm.is_over
    assert (alarm.since, alarm.first) == (0, 1.0), "the window in which it began, as nobody knows when within"
    again, old = drifts.alarms_of([*first, *quiet, window(8, True)])
    assert (again.since, again.known_by, old.is_over) == (8, "", True)
    assert replace(old, is_over=False).last == 3.0


def test_counts_by_another_profile_begin_a_window_anew(context: Context, count: Callable[..., None]) -> None:
    count(120)
    version = served.everything(context)[0].model.versions[0]
    windows = Windows()
    windows.note(version.model_id, version.id, {"profile": "another", "examples": 7, "counts": [[7]]})
    windows.note(version.model_id + 999, version.id, {"profile": "another", "examples": 7, "counts": [[7]]})
    windows.store(context, [])
    (found,) = drifts.drift(context, "sides")
    assert found.examples == 7


def test_a_damaged_profile_is_none(tmp_path: Path) -> None:
    for text in ("", "{}", '{"columns": [{"name": "x"}]}', '{"columns": 3}'):
        (tmp_path / profile.FILE).write_text(text)
        assert profile.read(tmp_path) is None
