"""What docs/search.md shows is read, and what it lists is all there is."""

import re

import pytest

from core.common.settings import PROJECT_ROOT
from core.runs.search import parse_search
from core.runs.search_fields import FIELDS, field_named

TEXT = (PROJECT_ROOT / "docs" / "search.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("| `") and not line.startswith("| `=")]
SHOWN = [
    code for row in ROWS for code in re.findall(r"`([^`]+)`", row) if not re.fullmatch(r"[<>=~!:≤≥]+|.*…\).*", code)
]


@pytest.mark.parametrize("search", SHOWN)
def test_what_is_shown_can_be_read(search: str) -> None:
    if search not in ("is missing", "is not missing"):
        assert parse_search(search) is not None


def test_every_field_is_listed_and_what_is_listed_is_a_field() -> None:
    listed = TEXT.split("### Fields of a run")[1].split("### ")[0]
    names = [name for row in re.findall(r"^\| (`[^|]+) \|([^|]*)", listed, re.MULTILINE) for name in row]
    told = {code for cell in names for code in re.findall(r"`([^`]+)`", cell)}
    assert {field.name for field in FIELDS} <= told
    assert [name for name in told if field_named(name) is None] == []
