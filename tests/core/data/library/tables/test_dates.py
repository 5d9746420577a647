"""Dates and times as people write them, and what they give."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.common.errors import DataError
from core.data.library.tables import dates
from core.data.library.tables.date_parts import with_dates
from tests.core.data.library.tables.conftest import Add, Look, column, values

DAYS = np.arange(np.datetime64("2021-01-01"), np.datetime64("2021-05-01"))
SERIES = "date,load\n" + "".join(f"{day},{20 + at * 1.5}\n" for at, day in enumerate(DAYS))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["2021-01-05", "2021-1-6"], ["2021-01-05", "2021-01-06"]),
        (["2021/01/05"], ["2021-01-05"]),
        (["05.01.2021", "31.12.20"], ["2021-01-05", "2020-12-31"]),
        (["1/31/2021", "2/5/2021"], ["2021-01-31", "2021-02-05"]),
        (["31/1/2021", "5/2/2021"], ["2021-01-31", "2021-02-05"]),
        (["5 Jan 2021", "06-Feb-21", "7. März 2021"], ["2021-01-05", "2021-02-06", "2021-03-07"]),
        (["Jan 5, 2021", "March 12, 2020"], ["2021-01-05", "2020-03-12"]),
        (["2021-01-05T10:30:00Z", "2021-01-05 11:00"], ["2021-01-05T10:30", "2021-01-05T11:00"]),
        (["1/31/2021 9:05 PM", "1/31/2021 12:00 AM"], ["2021-01-31T21:05", "2021-01-31T00:00"]),
        (["2021-03", "2021-12"], ["2021-03-01", "2021-12-01"]),
        (["2021Q1", "2021-Q4"], ["2021-01-01", "2021-10-01"]),
        (["Jan 2021", "Dezember 2020"], ["2021-01-01", "2020-12-01"]),
    ],
)
def test_each_way_of_writing_is_understood(written: list[str], meant: list[str]) -> None:
    found = dates.read(pa.array(written))

    assert found.fits.all()
    assert found.seconds.tolist() == np.array(meant, "datetime64[s]").tolist()


@pytest.mark.parametrize("written", ["31.02.2021", "2021-13-01", "32/1/2021", "25 Foo 2021", "hello", "12"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert not dates.read(pa.array([written])).fits.any()


def test_day_and_month_that_could_be_either_are_in_the_more_regular_order_and_asked_about(look: Look) -> None:
    content = "when,y\n" + "".join(f"{day}/3/2021,{day % 2}\n" for day in range(1, 12))

    assert column(look(content), "when").how == "dates: day, month, year"
    assert "--date-order" in column(look(content), "when").question
    assert column(look(content, date_order="mdy"), "when").how == "dates: month, day, year"


def test_a_date_gives_features_and_never_a_category_for_each_day(look: Look, add: Add) -> None:
    preview = look(SERIES)
    assert column(preview, "date").features == ("date month", "date weekday", "date days since 2021-01-01")
    assert values(preview, "date weekday")[:2] == ["Friday", "Saturday"]

    added = add(SERIES, target="load", date_parts=("days", "weekday"))

    assert [(each.name, each.kind) for each in added.info.features] == [
        ("date weekday", "category") if name == "weekday" else ("date days since 2021-01-01", "number")
        for name in ("days", "weekday")
    ]
    assert added.info.task == "regression"


def test_a_date_that_is_asked_about_gives_what_it_gave_when_the_table_was_added(look: Look, add: Add) -> None:
    preview = look(SERIES)
    features = add(SERIES, target="load").info.features

    asked = with_dates(features, {"date": "2021-01-02"})

    assert asked == {name: preview.read_rows[1][preview.read_names.index(name)] for name in asked}
    assert len(asked) == 3
    assert with_dates(features, {"date": None, "x": 1.0}) == {"x": 1.0}
    with pytest.raises(DataError, match="date must be a date, such as 2021-03-31"):
        with_dates(features, {"date": "soon"})


def test_times_of_day_are_hours(look: Look) -> None:
    preview = look("at,y\n" + "".join(f"{hour}:30,{hour % 2}\n" for hour in range(24)))

    assert values(preview, "at hour")[:2] == [0.5, 1.5]


def test_dates_can_be_categories_and_no_target(look: Look, add: Add) -> None:
    assert column(look(SERIES, columns={"date": "category"}), "date").kind == "category"
    with pytest.raises(DataError, match="holds dates, which cannot be predicted"):
        add(SERIES, target="date")


@given(st.lists(st.dates(), min_size=1, max_size=20), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y"]))
def test_what_is_written_is_read_as_it_was(meant: list[object], layout: str) -> None:
    meant = [day for day in meant if 1000 <= day.year < 3000]  # type: ignore[attr-defined]
    written = [day.strftime(layout) for day in meant]  # type: ignore[attr-defined]
    if written:
        found = dates.read(pa.array(written), "mdy" if layout.startswith("%m") else "dmy")
        assert found.seconds.astype("datetime64[D]").tolist() == meant
