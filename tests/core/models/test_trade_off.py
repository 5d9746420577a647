"""What a version gives up for being small: the front of its exports, and a proposal with how sure it is."""

from dataclasses import replace
from typing import Any

import pytest

from core.charts.export_chart import export_chart
from core.inference.export_formats import COMPACT, FORMATS
from core.models.exports import Measured
from core.models.trade_off import Choice, Flipped, best_within, change, front, lost, proposal


def choice(name: str, size: int, value: float, latency: float = 1.0, metric: str = "accuracy", **more: Any) -> Choice:
    found = Measured(
        examples=1000, of="test", difference=0.1, tolerance=None, latency={"one_batch_1_p50": latency}, **more
    )
    return Choice(name, name, size, metric, value, 1000, found)


ORIGINAL = Choice("", "Original", 1000, "accuracy", 0.9, 1000)
SMALL = choice("small", 100, 0.895, 0.5, gained=2, lost=7, flips=12)
FAST = choice("fast", 300, 0.9, 0.1, gained=0, lost=0, flips=0)
WORSE = choice("worse", 300, 0.8, 0.6, gained=0, lost=100, flips=120)
TINY = choice("tiny", 50, 0.6, 0.4, gained=0, lost=300, flips=300)
ALL = [ORIGINAL, SMALL, FAST, WORSE, TINY]


def test_the_front_holds_what_no_other_beats() -> None:
    assert front(ALL, "size") == {"small", "fast", "tiny"}
    assert front(ALL, "latency") == {"fast"}  # the original was not measured
    errors = [Choice("", "Original", 100, "mae", 5.0, 10), choice("a", 50, 4.9, metric="mae")]
    assert front(errors, "size") == {"a"}
    assert front([choice("a", 5, float("nan"))], "size") == set()


@pytest.mark.parametrize(
    ("within", "by", "name"),
    [(0.01, "size", "small"), (0.0, "size", "fast"), (0.3, "size", "tiny"), (0.01, "latency", "fast")],
)
def test_the_cheapest_that_loses_no_more_is_the_best(within: float, by: Any, name: str) -> None:
    found = best_within(ALL, within, by)
    assert found is not None
    assert found.name == name


def test_of_errors_what_is_lost_is_relative() -> None:
    errors = [Choice("", "Original", 1000, "mae", 100.0, 10), choice("a", 50, 100.9, metric="mae")]
    assert best_within(errors, 0.01, "size") == errors[1]
    assert best_within(errors, 0.005, "size") is None
    worse = [replace(each, metric="test_loss") for each in errors]  # whatever error it is
    assert worse[0].better > worse[1].better
    assert best_within(worse, 0.005, "size") is None
    assert lost("rmse", 2.0, 2.1) == pytest.approx(0.05)
    assert proposal(errors, 0.005) == ["No export stays within 0.5 % of mae of the original."]


def test_what_is_about_as_fast_is_told_as_such_and_the_smallest_taken() -> None:
    pruned = choice("pruned", 100, 0.9, 0.010)
    halved = choice("halved", 50, 0.9, 0.012)
    slower = choice("slower", 20, 0.9, 0.020)
    assert best_within([ORIGINAL, pruned, halved, slower], 0.01, "latency") == halved
    [_, fast] = proposal([ORIGINAL, pruned, halved, slower], 0.01)
    assert fast.startswith("halved is among the fastest, and the smallest of these, within 1 point.")


def test_the_interval_of_a_change_is_that_of_pairs() -> None:
    found = change(ORIGINAL, SMALL)
    assert found is not None
    moved, low, high = found
    assert moved == pytest.approx(-0.005)
    assert (low, high) == pytest.approx((-0.0112, 0.0012), abs=2e-4)  # by hand: -5/1002 and 1.96 * sqrt(10 / 1002^2)
    assert change(ORIGINAL, ORIGINAL) is None


def test_a_proposal_says_how_sure_it_is() -> None:
    smallest, fastest = proposal(ALL, 0.01)
    assert smallest.startswith("small is the smallest within 1 point. 100 bytes; 0.5 ms")
    assert "(-0.50 points, in 95 % of cases -1.12 to +0.12); 1,000 test examples are too few" in smallest
    assert fastest.startswith("fast is the fastest")
    assert "too few" not in fastest
    assert proposal([ORIGINAL, WORSE], 0.01) == ["No export stays within 1 point of the original."]
    assert "cannot be told" in proposal([Choice("", "Original", 9), Choice("onnx", "ONNX", 5)], 0.01)[0]


def test_the_picture_draws_all_that_are_known_and_none_of_one_alone() -> None:
    figure = export_chart(ALL, "size")
    assert figure is not None
    assert list(figure.data[1].x) == pytest.approx([each.size / 1024 for each in ALL])
    assert export_chart([ORIGINAL], "size") is None
    assert export_chart([ORIGINAL, SMALL], "latency") is None


def test_formats_say_what_runs_them_and_how_they_are_smaller() -> None:
    assert {each.engine for each in FORMATS.values()} == {"onnx", "litert", "keras", "saved_model"}
    assert FORMATS["onnx-static-int8"].variant == "static-int8"
    assert [each.name for each in FORMATS.values() if each.variant and each.tolerance is not None] == []
    assert not {"keras", "saved_model"} & {each.name for each in COMPACT}


def test_smaller_versions_stand_beside_it_also_once_zipped() -> None:
    pruned = replace(choice("@2", 1000, 0.9, 0.9, zipped=200), version=2)
    halved = replace(choice("@3", 500, 0.89, 0.05, zipped=450), version=3)
    found = [ORIGINAL, FAST, pruned, halved]
    assert front(found, "zipped") == {"@2"}
    told = proposal(found, 0.01)
    assert told[0].startswith("fast is the smallest within 1 point.")
    assert told[1].startswith("@3 is the fastest within 1 point. 500 bytes;")
    assert told[2].startswith("@2 is the smallest once zipped within 1 point. 1,000 bytes, 200 zipped;")
    moved = change(ORIGINAL, halved)
    assert moved == pytest.approx((-0.01, -0.0370, 0.0171), abs=2e-4)  # by hand: 0.9/0.89 of 1002, 1.96 * 0.0138
    paired = replace(halved, against=Flipped(12, 2, 12, 1000))  # its own network, asked about the same examples
    assert change(ORIGINAL, paired) == pytest.approx((-0.01, -0.0175, -0.0024), abs=3e-4)
