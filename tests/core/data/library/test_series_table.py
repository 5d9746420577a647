"""Series from tables as people have them."""

from pathlib import Path

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.library import SeriesOptions
from core.data.library.adding import add_series, peek_series
from core.data.prepare import load
from core.data.series_input import ahead_of
from core.data.series_times import told
from core.data.sources.added import AddedSeries


def _days(count: int, first: str = "2024-01-01") -> list[str]:
    days: list[str] = np.datetime_as_string(np.datetime64(first) + np.arange(count)).tolist()
    return days


def _write(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_column_of_dates_and_one_of_numbers_are_a_series(settings: Settings, tmp_path: Path) -> None:
    path = _write(tmp_path / "load.csv", "date,load", [f"{day},{place % 7}" for place, day in enumerate(_days(60))])
    manifest = add_series(settings, "load", path, SeriesOptions(target="load"))
    facts = manifest.info.series
    assert facts is not None
    assert (facts.time, facts.id, told(facts.frequency), facts.spans) == ("date", (), "daily", ((0, 60),))
    source = AddedSeries(dataset="load")
    info = source.info(settings)
    data = load(source, settings, 0)
    assert data.x_train.shape[1:] == info.shape == (15, 3)  # type: ignore[union-attr]
    assert (len(data.y_train), len(data.y_val), len(data.y_test)) == (*source.sizes(info), info.test_examples)
    assert data.y_train.shape[1] == info.outputs == 5
    assert load(source, settings, 1).fingerprint == data.fingerprint == manifest.fingerprint


def test_several_series_are_told_apart_and_what_is_known_ahead_is_kept(settings: Settings, tmp_path: Path) -> None:
    rows = [
        f"{'.'.join(day.split('-')[::-1])};{shop};{'ja' if place % 3 else 'nein'};{place + size if place < 46 else ''}"
        for shop, size in (("Nord", 1), ("Süd", 100))
        for place, day in enumerate(_days(50))
    ]
    path = _write(tmp_path / "shops.csv", "Tag;Laden;Aktion;Umsatz", rows)
    manifest = add_series(settings, "shops", path, SeriesOptions(target="Umsatz", known=("Aktion",)))
    facts = manifest.info.series
    assert facts is not None
    assert (facts.id, facts.ids, facts.past) == (("Laden",), ("Nord", "Süd"), 0)
    assert [feature.name for feature in manifest.info.features] == ["Aktion=ja", "Aktion=nein"]
    source = AddedSeries(dataset="shops", horizon=3, window=6, calendar=False)
    asked = ahead_of(settings, source, source.info(settings), "Süd", b"", "")
    assert asked.times == ("2024-02-16", "2024-02-17", "2024-02-18")
    assert asked.before[-1] == ("2024-02-15", 145.0)
    assert asked.x[0, -1].tolist() == [145, 0, 1, 0, 1]  # target, known now, known three days later
    newer = _write(
        tmp_path / "newer.csv",
        "Tag;Laden;Aktion;Umsatz",
        [f"{d};Nord;ja;{n}" for n, d in enumerate(_days(9, "2025-01-01"))],
    )
    asked = ahead_of(settings, source, source.info(settings), "Nord", newer.read_bytes(), "newer.csv")
    assert asked.times[0] == "2025-01-10"
    assert any(note.startswith("Aktion=ja, Aktion=nein: not given for 3 steps ahead") for note in asked.notes)


@pytest.mark.parametrize(
    ("header", "row", "frequency", "dated"),
    [
        ("year,count", "{year},{n}", "yearly", True),
        ("month,count", "{month},{n}", "monthly", True),
        ("timestamp,count", "{epoch},{n}", "hourly", True),
        ("t,count", "{n}0,{n}", "numbered, every 10", False),
        ("date,count", "{compact},{n}", "daily", True),
    ],
)
def test_times_may_be_written_in_many_ways(
    settings: Settings, tmp_path: Path, header: str, row: str, frequency: str, dated: bool
) -> None:
    months = np.datetime_as_string(np.datetime64("2020-01") + np.arange(30)).tolist()
    rows = [
        row.format(year=1950 + n, month=months[n], epoch=1_700_006_400 + 3600 * n, compact=20240101 + n, n=n)
        for n in range(30)
    ]
    found = peek_series(settings, _write(tmp_path / "times.csv", header, rows))
    assert found.problem == ""
    assert found.facts is not None
    assert (told(found.facts.frequency), found.facts.dated, found.target) == (frequency, dated, "count")


def test_what_cannot_be_a_series_is_told_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    words = _write(tmp_path / "words.csv", "name,load", [f"n{place},{place}" for place in range(30)])
    assert "No column holds dates or times" in peek_series(settings, words).problem
    twice = _write(tmp_path / "twice.csv", "date,load", [f"{day},{n}" for day in _days(30) for n in (1, 2, 3)])
    assert "which column tells them apart" in peek_series(settings, twice).problem
    two = SeriesOptions(target="load", more_targets=("more",))
    assert "One column is forecast; received 'load', 'more'" in peek_series(settings, twice, two).problem
    classes = SeriesOptions(target="load", task="classification")
    assert "received the task classification" in peek_series(settings, twice, classes).problem
    with pytest.raises(DataError, match="no column 'tme'"):
        add_series(settings, "words", words, SeriesOptions(target="load", time="tme"))
    assert library.listing(settings) == []


def test_a_date_and_an_hour_or_a_year_and_a_quarter_are_one_time(settings: Settings, tmp_path: Path) -> None:
    hours = [f"{day},{hour},{place * 24 + hour}" for place, day in enumerate(_days(4)) for hour in range(24)]
    found = peek_series(settings, _write(tmp_path / "hours.csv", "dteday,hr,cnt", hours))
    assert found.problem == ""
    assert found.facts is not None
    assert (told(found.facts.frequency), found.facts.spans, found.target) == ("hourly", ((0, 96),), "cnt")
    assert "The time is dteday and hr." in found.notes
    quarters = [f"{year}.0,{quarter}.0,{year / quarter:.2f}" for year in range(1990, 2000) for quarter in (1, 2, 3, 4)]
    found = peek_series(settings, _write(tmp_path / "quarters.csv", "year,quarter,gdp", quarters))
    assert found.facts is not None
    assert (told(found.facts.frequency), found.facts.spans) == ("quarterly", ((0, 40),))
    names = ["Jan", "Feb.", "March", "Apr", "Mai", "June", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]
    months = [f"{1990 + at // 12},{names[at % 12]},{at * 7 % 5}.5" for at in range(36)]
    found = peek_series(settings, _write(tmp_path / "months.csv", "Year,Month,sales", months))
    assert found.facts is not None
    assert (told(found.facts.frequency), found.facts.spans, found.id) == ("monthly", ((0, 36),), ())
    named = [f"{year},{quarter},{year / 3:.2f}" for year in range(1990, 2000) for quarter in ("Q1", "Q2", "Q3", "Q4")]
    found = peek_series(settings, _write(tmp_path / "named.csv", "year,quarter,gdp", named))
    assert found.facts is not None
    assert told(found.facts.frequency) == "quarterly"
