"""A stored row that is asked about again gives the stored numbers and categories."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.base import CATEGORIES, NUMBERS
from core.data.prepare import load
from core.data.row_input import row_input
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
