"""A stored row that is asked about again gives the stored numbers and categories."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.base import CATEGORIES, NUMBERS, DataInfo, Feature
from core.data.library.tables import numbers as written
from core.data.prepare import load
from core.data.row_input import as_typed, asked_fields, number_of, outside, row_input
from core.jobs.prediction import Row
from tests.core.data.library.test_adding import source_of

TABLE = """code,size,town,weight,y
a,1.5,Ulm,0.1,no
b,,Köln,1e-7,yes
,3,"Sankt, Ort",16777217,no
a,-2.25,,123456.789,yes
"""


def _asked(values: dict[str, Any]) -> dict[str, float | str | None]:
    """As it comes to the worker, through JSON."""
    return Row.model_validate(json.loads(Row(values=values).model_dump_json())).values


def test_each_row_of_a_table_asked_again_gives_the_stored_row(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    header, *rows = TABLE.splitlines(keepends=True)
    path.write_text(header + "".join(rows * 5))
    options = library.TableOptions(target="y", test_share=0, columns={"code": "category", "town": "category"})
    source = source_of(library.add_table(settings, "table", path, options), validation_split=0.0)
    data = load(source, settings, 0)
    assert isinstance(data.x_train, dict)
    for at in range(len(data.y_train)):
        numbers, categories = data.x_train[NUMBERS][at], data.x_train[CATEGORIES][at]
        values = {
            feature.name: None if np.isnan(value) else float(value)
            for feature, value in zip(data.info.numbers, numbers, strict=True)
        } | {feature.name: text for feature, text in zip(data.info.categories, categories, strict=True)}
        x, notes = row_input(data.info, _asked(values))
        assert isinstance(x, dict)
        assert notes == ()
        assert np.array_equal(x[NUMBERS].astype(numbers.dtype), numbers[np.newaxis], equal_nan=True)
        assert x[CATEGORIES].tolist() == [categories.tolist()]


def test_each_row_of_numbers_asked_again_gives_the_stored_row(settings: Settings) -> None:
    data = load(source_of_bundled("iris"), settings, 0)
    assert isinstance(data.x_train, np.ndarray)
    names = [feature.name for feature in data.info.features]
    for row in data.x_train[:20]:
        x, _ = row_input(data.info, _asked(dict(zip(names, map(float, row), strict=True))))
        assert isinstance(x, np.ndarray)
        assert np.array_equal(x, row[np.newaxis])


def source_of_bundled(name: str) -> Any:
    from pydantic import TypeAdapter

    from core.config.run import AnySource

    return TypeAdapter(AnySource).validate_python({"source": name})


def test_a_feature_that_is_none_is_refused_with_those_that_are(settings: Settings) -> None:
    info = source_of_bundled("iris").info(settings)
    with pytest.raises(DataError, match=r"There is no feature 'colour'. The features are sepal length"):
        row_input(info, {"colour": "red"})


@pytest.mark.parametrize(
    ("decimal", "text", "number"),
    [
        (",", "56,9", 56.9),
        (",", "1.234,5 €", 1234.5),
        (",", "1,234", 1.234),
        (",", "56.9", 56.9),
        ("", "56,9", 56.9),
        ("", "0,1234", 0.1234),
        (".", "1,234", 1234.0),
        (".", "$1,234.50", 1234.5),
        ("", "12 %", 12.0),
        ("", "1e-7", 1e-7),
        ("", "n/a", None),
        ("", " ", None),
    ],
)
def test_a_number_is_read_as_its_column_is_written(decimal: str, text: str, number: float | None) -> None:
    read = number_of(Feature("size", "number", decimal=decimal), text)
    assert np.isnan(read) if number is None else read == number


@pytest.mark.parametrize("text", ["1,234", "many", "5,6,9", "1e999"])
def test_what_is_no_number_or_two_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(DataError, match=f"size must be a number, such as 1,234.5 or 1234.5, .* received '{text}'"):
        number_of(Feature("size", "number"), text)


@pytest.mark.parametrize("number", [10**400, -(10**400), 1e151, float("inf"), -np.float64("inf")])
def test_a_number_that_is_too_large_is_refused(number: float) -> None:
    with pytest.raises(DataError, match=r"size must be a number from -1e\+150 to 1e\+150"):
        number_of(Feature("size", "number"), number)


@pytest.mark.parametrize("decimal", ["", ".", ","])
@pytest.mark.parametrize("number", [0.0, -180.7, 1.234, 123456.789, 1e-7, 1e22, 0.1 + 0.2])
def test_a_number_that_is_filled_in_is_read_as_itself(decimal: str, number: float) -> None:
    field = Feature("size", "number", decimal=decimal)
    assert number_of(field, as_typed(field, number)) == number


def test_the_decimal_comma_of_a_column_is_kept_with_the_data_set(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("size;y\n" + "30,5;a\n180,7;b\n" * 10)
    info = source_of(library.add_table(settings, "table", path, library.TableOptions(target="y"))).info(settings)
    assert [feature.decimal for feature in info.features] == [","]
    x, _ = row_input(info, {"size": "56,9"})
    assert isinstance(x, dict)
    assert x[NUMBERS].tolist() == [[56.9]]


def test_a_number_beyond_those_that_were_learned_from_is_told(settings: Settings) -> None:
    info = source_of_bundled("iris").info(settings)
    name = info.features[0].name
    x, _ = row_input(info, {feature.name: "5,5" for feature in info.features})
    assert outside(info, x, {name: (4.0, 5.5)}) == ()
    assert outside(info, x, {name: (30.0, 180.7)}) == (f"{name}: 5.5 is outside what was learned: 30 to 180.7.",)


def test_a_number_may_have_the_unit_of_its_column_and_no_other() -> None:
    field = Feature("way", "number", unit="parsecs")

    assert [number_of(field, text) for text in ("12.5", "12.5 parsecs", "1 parsec")] == [12.5, 12.5, 1.0]
    with pytest.raises(DataError, match=r"way is in parsecs; received '5 km'\."):
        number_of(field, "5 km")


def _of_visits(settings: Settings, tmp_path: Path, days: str) -> DataInfo:
    """A table with dates, truth values, and words for missing that its user named."""
    rows = [f"{day},{at % 2 == 0},{('Ulm', 'Bonn', 'unklar')[at % 3]},{(1.5, -999)[at % 2]},{at}.5" for at, day in
            enumerate(days.split())]  # fmt: skip
    (tmp_path / "visits.csv").write_text("day,open,town,size,load\n" + "\n".join(rows * 3) + "\n")
    options = library.TableOptions(
        target="load", columns={"size": "number"}, missing_in={"town": ("unklar",), "size": ("-999",)}
    )
    return library.add_table(settings, "visits", tmp_path / "visits.csv", options).info


DAYS = "3.5.2021 4.5.2021 28.6.2021 1.7.2022 2.8.2022 31.12.2022"


def test_words_that_the_user_counts_as_missing_are_missing_when_asked(settings: Settings, tmp_path: Path) -> None:
    info = _of_visits(settings, tmp_path, DAYS)
    words = _asked({"day": "n/a", "town": " unklar", "size": "-999.0"})
    assert repr(row_input(info, words)) == repr(row_input(info, {}))


@pytest.mark.parametrize(("given", "read"), [("TRUE", "True"), ("true", "True"), ("1", "True"), ("no", "False")])
def test_truth_values_may_be_written_in_any_way(settings: Settings, tmp_path: Path, given: str, read: str) -> None:
    x, notes = row_input(_of_visits(settings, tmp_path, DAYS), _asked({"open": given}))
    assert isinstance(x, dict)
    assert read in x[CATEGORIES][0].tolist()
    assert notes == (f"open: {given!r} is read as {read!r}.",)


@pytest.mark.parametrize("days", [DAYS, "2021-05-03T07:30 2021-05-04T08:10:05 2022-01-01T00:00 2022-01-02T12:00"])
def test_a_date_is_one_field_that_gives_back_what_it_was(settings: Settings, tmp_path: Path, days: str) -> None:
    info = _of_visits(settings, tmp_path, days)
    fields, nothing = asked_fields(info, {})
    assert ([field.name for field in fields], nothing) == (["day", "open", "town", "size"], {"day": None})
    for day in days.split():
        x, _ = row_input(info, _asked({"day": day}))
        assert isinstance(x, dict)
        numbers, categories = iter(x[NUMBERS][0].tolist()), iter(x[CATEGORIES][0].tolist())
        known = {each.name: next(numbers if each.kind == "number" else categories) for each in info.features}
        _, given = asked_fields(info, {name: None if value in ("",) else value for name, value in known.items()})
        again, _ = row_input(info, {"day": given["day"]})
        assert given["day"]
        assert repr(again) == repr(x)


def test_parts_that_do_not_tell_the_date_are_fields_of_their_own(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("day,y\n" + "".join(f"2021-0{at % 9 + 1}-11,{at}.5\n" for at in range(30)))
    options = library.TableOptions(target="y", date_parts=("month", "weekday"))
    info = library.add_table(settings, "d", tmp_path / "d.csv", options).info
    assert [field.name for field in asked_fields(info, {})[0]] == ["day month", "day weekday"]


@pytest.mark.parametrize(("decimal", "unit"), [(",", ""), (",", "€"), (".", ""), (".", "$"), (".", "kg")])
def test_a_number_in_the_usual_form_is_what_reading_a_column_of_it_gives(decimal: str, unit: str) -> None:
    field = Feature("price", "number", decimal=decimal, unit=unit)
    other = {",": ".", ".": ","}[decimal]
    plain = ("0", "7", "-12", "+3", f"0{decimal}5", f"12{decimal}25", f"1{other}234", f"1{other}234{decimal}5",
             f"-12{other}345{other}678{decimal}25", f"1234{decimal}5", "007", f"1{decimal}234")  # fmt: skip
    texts = [shape.format(each) for each in plain for shape in ("{}", "{} %", f"{{}} {unit}", f"{{}}{unit}")]
    texts += [f"{unit}{each}" for each in plain if unit != "kg"]
    for text in texts:
        reading = written.read(pa.array([text.strip()]), decimal, unit=unit)
        assert reading.all_fit, text
        assert number_of(field, text) == reading.numbers[0], text
