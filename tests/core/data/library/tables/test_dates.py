"""Dates and times as people write them, and what they give."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import adding
from core.data.library.tables import dates
from core.data.library.tables.cells import Column
from core.data.library.tables.column_facts import called_date
from core.data.library.tables.date_parts import with_dates
from core.data.library.tables.maybe_dates import of_digits, of_words
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
        (["Jan 2021", "Dezember 2020", "março 2020"], ["2021-01-01", "2020-12-01", "2020-03-01"]),
        (["Jan-21", "Dec-99"], ["2021-01-01", "1999-12-01"]),
        (["2021-Jan", "2021 Feb"], ["2021-01-01", "2021-02-01"]),
        (["01/2021", "12-2020"], ["2021-01-01", "2020-12-01"]),
        (["Q1 2021", "Q4-2020", "Q3'19"], ["2021-01-01", "2020-10-01", "2019-07-01"]),
        (["1Q2021", "2. Quartal 2021"], ["2021-01-01", "2021-04-01"]),
        (["2021-W05", "2020W53", "2021-W01-3"], ["2021-02-01", "2020-12-28", "2021-01-06"]),
        (["KW 5/2021"], ["2021-02-01"]),
        (["2021年3月5日", "2021年12月31日"], ["2021-03-05", "2021-12-31"]),
        (["２０２１年３月"], ["2021-03-01"]),
        (["2021년 3월 5일"], ["2021-03-05"]),
        (["2010/11", "2011/12", "1999/2000"], ["2010-01-01", "2011-01-01", "1999-01-01"]),
        (["5 de marzo de 2021", "1 de mayo de 2020"], ["2021-03-05", "2020-05-01"]),
        (["Fri Jan 08 10:30:00 +0000 2021"], ["2021-01-08T10:30"]),
        (["20210105T103000Z"], ["2021-01-05T10:30"]),
        (["03/04/65", "31/12/01"], ["1965-04-03", "2001-12-31"]),
        (["05.01.2021, 10:30 Uhr", "06.01.2021 9.05"], ["2021-01-05T10:30", "2021-01-06T09:05"]),
        (["2021-01-05T10", "2021-01-06 9"], ["2021-01-05T10:00", "2021-01-06T09:00"]),
        (["5. 1. 2021", "31. 12. 2020"], ["2021-01-05", "2020-12-31"]),
        (["2021. 01. 05.", "2021. 1. 6."], ["2021-01-05", "2021-01-06"]),
        (["5th of January 2021", "1st of May, 2020"], ["2021-01-05", "2020-05-01"]),
        (["5 января 2021 г."], ["2021-01-05"]),
        (["2021年3月5日 9时30分"], ["2021-03-05T09:30"]),
        (["09-MAR-21 07.25.00 PM"], ["2021-03-09T19:25"]),
        (["2021M03", "2020M12"], ["2021-03-01", "2020-12-01"]),
        (["2021H1", "2020-S2"], ["2021-01-01", "2020-07-01"]),
        (["H1 2021", "H2 20"], ["2021-01-01", "2020-07-01"]),
        (["FY2021", "FY 2020"], ["2021-01-01", "2020-01-01"]),
        (["7 PM", "12 am"], ["1970-01-01T19:00", "1970-01-01T00:00"]),
        (["19:30 Uhr", "7:05 Uhr"], ["1970-01-01T19:30", "1970-01-01T07:05"]),
        (["19h30", "7h05"], ["1970-01-01T19:30", "1970-01-01T07:05"]),
    ],
)
def test_each_way_of_writing_is_understood(written: list[str], meant: list[str]) -> None:
    found = dates.read(pa.array(written))

    assert found.fits.all()
    assert found.seconds.tolist() == np.array(meant, "datetime64[s]").tolist()


@pytest.mark.parametrize(
    "written",
    [
        "31.02.2021",
        "2021-13-01",
        "32/1/2021",
        "25 Foo 2021",
        "hello",
        "12",
        "2021-W54",
        "Q5 2021",
        "2021-001",
        "Model-21",
    ],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert not dates.read(pa.array([written])).fits.any()


def test_day_and_month_that_could_be_either_are_in_the_more_regular_order_and_asked_about(look: Look) -> None:
    content = "when,y\n" + "".join(f"{day}/3/2021,{day % 2}\n" for day in range(1, 12))

    assert column(look(content), "when").how == "dates: day, month, year"
    assert "--date-order" in column(look(content), "when").question
    assert column(look(content, date_order="mdy"), "when").how == "dates: month, day, year"


WEEKS = np.arange(np.datetime64("2019-03-01"), np.datetime64("2021-03-01"), 9)


@pytest.mark.parametrize(
    ("layout", "told"), [("%y-%m-%d", "year, m"), ("%d/%m/%y", "day, m"), ("%m/%d/%y", "month, d")]
)
def test_years_of_two_digits_are_told_from_days(layout: str, told: str) -> None:
    mixed = np.roll(WEEKS, 7)[::-1][np.argsort(np.arange(len(WEEKS)) * 37 % 83)]  # in no order

    found = dates.read(pa.array([day.strftime(layout) for day in mixed.tolist()]))

    assert found.layout.told.startswith(told)
    assert found.seconds.astype("datetime64[D]").tolist() == mixed.tolist()


def test_several_time_zones_are_brought_to_utc_and_told(look: Look, add: Add) -> None:
    rows = "".join(
        f"2021-01-{at:02}T10:00:00{('+01:00', 'Z', '-05:00')[at % 3]},{at * 7 % 5 / 3}\n" for at in range(1, 29)
    )
    content = "at,y\n" + rows

    preview = look(content)

    assert column(preview, "at").how == "dates: year, month, day; several time zones, brought to UTC"
    assert values(preview, "at hour")[:3] == [10.0, 15.0, 9.0]
    asked = with_dates(add(content, target="y").info.features, {"at": "2021-01-01T10:00:00-05:00"})
    assert asked["at hour"] == 15.0


def test_digits_alone_are_dates_where_the_column_is_called_so(look: Look) -> None:
    content = "month,seen_time,code,y\n" + "".join(
        f"{2019 + at // 12}{at % 12 + 1:02},{1609459200 + at * 3600},{2019 + at // 12}{at % 12 + 1:02},{at % 7}\n"
        for at in range(30)
    )

    preview = look(content)

    assert column(preview, "month").how == "dates: months"
    assert column(preview, "month").features == ("month year", "month month", "month days since 2019-01-01")
    assert column(preview, "seen_time").how == "dates: seconds since 1970, UTC"
    assert column(preview, "code").kind == "number"


def test_dates_in_two_ways_are_told(look: Look) -> None:
    content = "day,y\n" + "".join(
        f"{f'2021-01-{at:02}' if at % 3 else f'{at}.1.2021'},{at % 7}\n" for at in range(1, 29)
    )

    assert "All cells are dates, but written in two ways" in column(look(content), "day").question


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


def _column(texts: str, name: str = "a") -> Column:
    cells = texts.split("; ")
    return Column(name, pa.array(cells), np.arange(len(cells)))


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        ("20210105; 20211231; 20200229; 20190401; 20210708", "2021-01-05"),
        ("202101; 202112; 202002; 201904; 202107", "2021-01-01"),
        ("01.2021; 12.2021; 02.2020; 04.2019; 07.2021", "2021-01-01"),
        ("1609839000; 1612345678; 1600000000; 1634567890; 1650000001", "2021-01-05T09:30:00"),
    ],
)
def test_digits_that_may_be_dates_are_asked_about(texts: str, meant: str) -> None:
    first = texts.partition(";")[0]

    assert of_digits(_column(texts)) == f"{first} may be a date, {meant}: --column 'a=date' reads it so."


@pytest.mark.parametrize(
    "texts",
    [
        "1; 2; 3; 4; 5",
        "20210105; 20211231; 20209999; 20190401; 20210708",
        "20210105; 2021",
        "1700000063.579; 1700000035.574; 1700000001.5; 1700000002.5; 1700000009.1",
    ],
)
def test_other_digits_are_not_asked_about(texts: str) -> None:
    assert not of_digits(_column(texts))


@pytest.mark.parametrize(
    ("texts", "name", "told"),
    [
        ("9 March; 10 March; 1 May; 2 May; 3 June", "a", True),
        ("19h 25m; 3h 2m; 0h 59m; 1h 0m; 2h 1m", "a", True),
        ("85:00; 120:05; 90:59; 61:30; 70:00", "a", True),
        (
            "2024-03-09 - 2024-03-15; 2024-03-16 - 2024-03-22; 2024-04-01 -; 2024-05-01 - 2; 2024-06-01 -",
            "a",
            True,
        ),
        ("3/9; 4/17; 12/30; 1/1; 5/25", "date", True),
        ("red; green; blue; black; white", "date", False),
        ("May; March; Mark; June; Bob", "name", False),
        ("May 12; room 3; room 4; hall 1; hall 2", "a", False),
    ],
)
def test_words_that_look_like_dates_are_told(texts: str, name: str, told: bool) -> None:
    assert bool(of_words(_column(texts, name))) == told


def test_dates_that_a_file_with_types_calls_texts_are_read_and_numbers_told(settings: Settings, tmp_path: Path) -> None:
    rows = [{"day": f"2021-0{at % 9 + 1}-1{at % 7}", "size": f"{at % 9}.5", "y": "ab"[at % 2]} for at in range(40)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")

    preview = adding.peek_table(settings, tmp_path / "t.parquet")

    assert column(preview, "day").kind == "date"
    assert column(preview, "size").kind == "category"
    told = "All cells are numbers, but the file says that they are texts: kept as words."
    assert column(preview, "size").question == f"{told} --column 'size=number' reads them."


@pytest.mark.parametrize(
    ("name", "dated"),
    [
        *((name, False) for name in ("runtime_ms", "downtime", "lifetime_km", "sentiment", "candidate", "mandate")),
        *((name, False) for name in ("daily_sales", "Runtime", "update", "metadata", "estimate", "holiday", "format")),
        *(
            (name, True)
            for name in ("date", "Order Date", "created_at", "updatedAt", "orderDate", "startdate", "dates")
        ),
        *(
            (name, True)
            for name in ("Geburtsdatum", "event-time", "DATE2", "time", "timestamp", "日期", "交易时间", "period")
        ),
    ],
)
def test_whole_words_of_a_name_say_that_a_column_holds_dates(name: str, dated: bool) -> None:
    assert called_date(name) == dated


def test_digits_that_are_dates_by_their_name_alone_are_asked_about(look: Look, add: Add) -> None:
    content = "time,runtime_ms,y\n" + "".join(f"2001{at % 12 + 1:02},2001{at % 12 + 1:02},{at}.5\n" for at in range(24))

    preview = look(content, target="y")

    assert (column(preview, "time").kind, column(preview, "runtime_ms").kind) == ("date", "number")
    assert column(preview, "time").question == (
        "200101 is read as 2001-01-01, as the name says; --column 'time=number' reads a number."
    )
    with pytest.raises(DataError, match="--column 'time=number' for numbers, or --column 'time=category' for classes"):
        add(content, target="time")
