"""Values as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.format import ago, duration, literal, number, roughly, run_numbers, size


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3599.9, "1 h"),
        (7500, "2 h 5 min"),
        (90_000, "1 d 1 h"),
        (math.nan, "–"),
    ],
)
def test_durations_have_two_units_at_most(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (33, "35 s"), (58, "1 min"), (5400, "2 h"), (1e6, "12 d")])
def test_estimates_are_coarse(seconds: float, text: str) -> None:
    assert roughly(seconds) == text


def test_what_just_happened_is_not_counted_in_seconds() -> None:
    assert ago(100.0, 101.0) == "just now"
    assert ago(100.0, 221.0) == "2 min ago"
    assert ago(None, 221.0) == "–"


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1_029_700, "0.98 MiB"), (1.5e11, "140 GiB"), (None, "–")],
)
def test_sizes_are_powers_of_1024(amount: float | None, text: str) -> None:
    assert size(amount) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.123456, "0.1235"),
        (-12.3456, "-12.35"),
        (1234.5, "1,234"),
        (1e-7, "1.000e-07"),
        (math.nan, "NaN"),
        (-math.inf, "-∞"),
        (None, "–"),
    ],
)
def test_metrics_have_four_digits(value: float | None, text: str) -> None:
    assert number(value) == text


@given(st.text())
def test_no_mark_of_somebodys_text_is_left_to_markdown(text: str) -> None:
    shown = literal(text)
    assert "\n" not in shown
    bare = shown.replace("\\\\", "").replace("\u2060", "")
    for mark in "*_[]<>:$`~#|":
        assert bare.count(mark) == bare.count(f"\\{mark}")


def test_long_text_is_cut_before_it_is_escaped() -> None:
    assert literal("*" * 100, 5) == "\\*\\*\\*\\*…"


@pytest.mark.parametrize("text", ["http://x.y", "HTTPS://x.y", "www.x.y", "ada@x.y", "a -> b"])
def test_what_streamlit_would_make_a_link_or_a_sign_is_broken_up(text: str) -> None:
    shown = literal(text)
    assert "\u2060" in shown
    assert shown.replace("\u2060", "").replace("\\", "") == text


def test_numbers_of_runs_are_told_from_first_to_last_where_none_lacks() -> None:
    assert [run_numbers(each) for each in ([7], [4, 9], [48, 46, 47], [1, 2, 4])] == [
        "#7", "#4 and #9", "#46 to #48", "#1, #2 and #4",
    ]  # fmt: skip
    assert run_numbers([*range(1, 20, 2)], most=3) == "#1, #3, #5 and 7 more"
