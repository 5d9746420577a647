"""Is the first row of a table names, or data? Told by the names and by what stands below each."""

import re
from collections.abc import Sequence
from itertools import pairwise

Rows = Sequence[Sequence[str]]

# Names that columns go by; data seldom hold them.
_KNOWN = re.compile(
    r"(target|label|class|y|x\d*|id|index|name|date|datum|time|timestamp|year|month|day|age|sex|gender|price|value|count|"
    r"type|kind|category|country|city|state|title|text|outcome|result|score|rating|weight|height|length|width|size)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+(]?[$€£¥₹]?\s?[-+]?(\d[\d.,' \u00a0\u202f]*|\.\d+)([eE][-+]?\d+)?\s?[%€$£)]?$")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?$|\d{1,2}:\d{2}(:\d{2})?$")
_GAPS = {"", "?", "-", "--", ".", "na", "n/a", "nan", "null", "none", "nil", "#n/a"}
_MOSTLY = 0.9
DOUBT = "Is it a row?"
_SURE = 2.0  # the vote of a name that columns go by, or of a word over numbers or dates


def is_number(text: str) -> bool:
    return bool(_NUMBER.match(text.strip()))


def has_header(rows: Rows, target: str = "") -> tuple[bool, str]:
    """Whether the first row is one of names, and why, as a sentence."""
    first = [cell.strip() for cell in rows[0]]
    if target and target in first:
        return True, f"The first row holds the names: the target {target} is one of them."
    if re.fullmatch(r"column \d+", target):
        return False, "The file has no row of names: the target is called by its number."
    if len(rows) == 1:
        names = not any(is_number(cell) for cell in first)
        return names, "There is one row only."
    if _counts_up(first, rows[1:]) or _counts_all(first, rows[1:]):
        return True, "The first row holds the names: its numbers count the columns."
    if _years(first, rows[1:]):
        return True, "The first row holds the names: a word, and years over numbers that are none."
    votes = [_vote(first[place], [row[place].strip() for row in rows[1:] if len(row) > place]) for place in
             range(len(first))]  # fmt: skip
    score = sum(votes)
    words = not any(map(is_number, first))
    if words and score >= 0 and max(votes) < _SURE:
        return True, (
            f"The first row is taken for names: nothing speaks against it, and little for it. {DOUBT} Then say so "
            "(header: no)."
        )
    if score == 0:
        names = sum(map(is_number, first)) < max(1, len(first) / 2)
        return names, (
            "The first row is taken for names: nothing speaks against it."
            if names
            else "The first row is taken for data: it holds numbers, as the others do."
        )
    if score > 0:
        return True, "The first row holds the names: it differs from what stands below."
    return False, "The file has no row of names: the first row is like the others."


def _vote(name: str, below: Sequence[str]) -> float:
    """How much a column's first cell looks like its name, and not like its values: above or below 0."""
    values = [value for value in below if value.lower() not in _GAPS]
    if not values:
        return 0.0
    if name.lower() in _GAPS:
        return -1.0 if name else 0.0
    for kind in (is_number, lambda text: bool(_DATE.match(text))):
        if sum(map(kind, values)) >= _MOSTLY * len(values):
            return -1.0 if kind(name) else 2.0
    if name in values:
        return -2.0
    if is_number(name):
        return -0.25
    if _KNOWN.match(name):
        return 2.0
    repeated = len(set(values)) <= len(values) / 2
    return 0.5 if repeated and len(values) >= 4 else 0.0


def _counts_all(first: Sequence[str], below: Rows) -> bool:
    """`0,1,2,3`, as pandas names columns without names: over rows that do not count their columns too."""
    counted = [[str(at + start) for at in range(len(first))] for start in (0, 1)]
    if len(first) < 3 or list(first) not in counted:
        return False
    steps = {_steps([cell.strip() for cell in row]) for row in below}
    return (1,) * (len(first) - 1) not in steps and len(below) > 1


def _steps(row: Sequence[str]) -> tuple[int, ...]:
    if not all(re.fullmatch(r"-?\d+", cell) for cell in row):
        return ()
    return tuple(int(after) - int(before) for before, after in pairwise(row))


def _years(first: Sequence[str], below: Rows) -> bool:
    """`country,1990,2000,2010`: a word unlike those below, then years that rise, over numbers that are no years."""
    name, *years = first
    if len(years) < 2 or is_number(name) or not all(re.fullmatch(r"(1[89]|2[01])\d\d", year) for year in years):
        return False
    if any(int(after) <= int(before) for before, after in pairwise(years)):
        return False
    rows = [[cell.strip() for cell in row] for row in below if len(row) == len(first)]
    cells = [cell for row in rows for cell in row[1:] if cell.lower() not in _GAPS]
    words = {row[0] for row in rows}
    others = sum(not re.fullmatch(r"(1[89]|2[01])\d\d", cell) for cell in cells)
    return bool(cells) and name not in words and not any(map(is_number, words)) and others > len(cells) / 2


def _counts_up(first: Sequence[str], below: Rows) -> bool:
    """`0,1,2,3,target` or `country,1990,1991,1992`: whole numbers that count the columns, over other values."""
    numbers = [cell for cell in first if is_number(cell)]
    if len(numbers) < 2 or not all(re.fullmatch(r"\d{1,4}", number) for number in numbers):
        return False
    counted = [int(number) for number in numbers]
    if {after - before for before, after in pairwise(counted)} != {1}:
        return False
    places = [place for place, cell in enumerate(first) if is_number(cell)]
    words = [place for place in range(len(first)) if place not in places]
    if any(first[place] in {row[place].strip() for row in below if len(row) > place} for place in words):
        return False
    if any(_KNOWN.match(first[place]) for place in words):
        return True
    decimals = any(
        not re.fullmatch(r"-?\d*", row[place].strip()) for row in below for place in places if len(row) > place
    )
    return len(numbers) >= 3 and ((counted[0] in (0, 1) and decimals) or (1800 <= counted[0] <= 2200 and bool(words)))
