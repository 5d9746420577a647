"""What each column is: numbers, dates, categories, or of no use. Decided over all files together, and said why."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.data.base import Array, Task
from core.data.library.read_options import ColumnGuess, ColumnKind, TableOptions
from core.data.library.several_labels import several
from core.data.library.tables import ambiguous, author_parts, missing, numbers
from core.data.library.tables.cells import Cells, Column
from core.data.library.tables.column_facts import Facts, facts_of
from core.data.library.tables.date_layouts import Layout
from core.data.library.tables.explain import how, nearly_numbers, question, question_nearly
from core.data.library.tables.numbers import PLAIN, Reading, Style

if TYPE_CHECKING:
    import pyarrow as pa

_ID = re.compile(r"(^|[_\W])(id|index|no|nr|key|uuid)$|^column 1$|[a-z]I[dD]$", re.IGNORECASE)
_TARGETS = (
    "target",
    "label",
    "class",
    "y",
    "outcome",
    "survived",
    "species",
    "diagnosis",
    "response",
    "price",
    "rating",
    "quality",
)
FEW = 20  # distinct whole numbers, at most, that are taken for classes
_EXAMPLES = 5
_LOOKED_AT = 20_000  # values
_LONG = 100  # characters of a value on average, of which labels have less
_NESTED = "It holds lists, objects or bytes; what is to be learned from them is to be a field of its own."


@dataclass(frozen=True, eq=False)
class Decision:
    """How one column is read."""

    guess: ColumnGuess
    style: Style = PLAIN
    layout: Layout | None = None
    nearly: bool = False  # whether its words would be numbers or dates, but for some
    separated: bool = False  # whether its numbers have decimals or signs between thousands

    @property
    def kind(self) -> ColumnKind:
        return self.guess.kind


def decide(cells: Cells, options: TableOptions, fallback: str = numbers.POINT) -> dict[str, Decision]:
    """Every column's decision. The decimal sign of columns that leave it open is that of the others.

    Args:
        fallback: the decimal sign where no column tells it.
    """
    decided = {name: decide_column(cells.column(name), options, fallback=fallback) for name in cells.columns}
    sure = {each.style.decimal for each in decided.values() if each.separated and not each.style.open}
    commas = [each for each in decided.values() if each.separated and each.style.decimal == numbers.COMMA]
    hint = numbers.COMMA if commas and not _points(decided) else next(iter(sure)) if len(sure) == 1 else ""
    for name, decision in decided.items():
        open_to_it = decision.style.open or (hint == numbers.COMMA and decision.style.decimal != hint)
        if hint and open_to_it and decision.separated:
            decided[name] = decide_column(cells.column(name), options, hint, fallback)
    return decided


def _points(decided: Mapping[str, Decision]) -> bool:
    """Whether numbers of some column can only have a decimal point: not three digits behind each point."""
    return any(
        each.separated and each.style.decimal == numbers.POINT and not each.style.open and not each.style.group
        and any(re.search(r"\.(\d{1,2}|\d{4,})$", example) for example in each.guess.examples)
        for each in decided.values()
    )  # fmt: skip


def decide_column(column: Column, options: TableOptions, hint: str = "", fallback: str = numbers.POINT) -> Decision:
    facts = facts_of(column, options, hint, fallback)
    kind = options.columns.get(column.name) or _kind(facts)
    if kind == "ignore" and options.columns.get(column.name) is None:
        return _described(facts, "category", options, column)
    return _described(facts, kind, options, column, asked=column.name in options.columns)


def _kind(facts: Facts) -> ColumnKind:
    if not len(facts.column.values):
        return "ignore"
    if author_parts.parts_said(facts.column.name, facts.column.texts(author_parts.FEW + 1)):
        return "part"
    if facts.moments is not None and facts.moments.fits.all():
        return "date"
    if facts.reading is not None and facts.reading.all_fit and not facts.code:
        return "number"
    return "category"


def _described(facts: Facts, kind: ColumnKind, options: TableOptions, whole: Column, asked: bool = False) -> Decision:
    plain = kind in ("number", "date")
    column = facts.rest if plain else facts.column
    distinct = len(column.values)
    gone = missing.counted(facts.column, facts.words) if plain else ()
    reading = facts.reading
    numeric = reading is not None and reading.all_fit and not facts.code and kind != "date"
    numeric = numeric and not (asked and kind == "category")
    nested = column.declared == "nested" and not asked
    task = None if nested else _task(facts.rest if numeric else facts.column, reading if numeric else None, kind)
    classes = whole.name == options.target and kind == "number" and _of_classes(task, options)
    reason = "" if asked else _useless(column, distinct, kind, reading if kind == "number" else None)
    reason = _NESTED if nested else reason
    empty = int((column.codes < 0).sum())
    guess = ColumnGuess(
        whole.name,
        "ignore" if reason else kind,
        reason,
        empty,
        distinct,
        task,
        tuple(value.as_py() for value in column.values[:_EXAMPLES]),
        f"{distinct} classes, as written" if classes else how(facts, kind, asked),
        " ".join(ambiguous.far_off(facts)) if classes else question(facts, kind, options),
        missing_words=(*facts.said, *gone),
        nearly=kind == "category" and not asked and nearly_numbers(facts),
    )
    layout = facts.moments.layout if kind == "date" and facts.moments is not None else None
    style = reading.style if reading is not None else PLAIN
    nearly = kind == "category" and not asked and bool(question_nearly(facts))
    return Decision(guess, style, layout, nearly, numeric and _separated(facts.rest.values))


def guess_target(columns: tuple[ColumnGuess, ...]) -> str:
    """The column whose name says so, else the last that can be one; "" for none.

    One of numbers but for a few cells counts: it is refused with what to mend when it is added, where another one
    in its place would be learned without a word.
    """
    able = [column for column in columns if column.task or column.nearly]
    named = [column for column in able if column.name.lower() in _TARGETS]
    useful = [column for column in able if column.kind != "ignore" or column.nearly] or able
    return named[0].name if named else useful[-1].name if useful else ""


def _useless(column: Column, distinct: int, kind: ColumnKind, reading: Reading | None) -> str:
    """Why nothing can be learned from a column, "" where it can."""
    if kind in ("ignore", "part"):
        return ""
    if cut := author_parts.useless_parts(column.name, column.texts(author_parts.FEW + 1)):
        return cut
    if not distinct:
        return "It is empty."
    present = int((column.codes >= 0).sum())
    if distinct == 1 and present == column.rows:
        return "It has one value only."
    if kind == "category":
        return "Most of its values occur only once." if distinct > present / 2 and distinct > FEW else ""
    if reading is None or not (distinct == column.rows > FEW):
        return ""
    found = reading.numbers[column.codes]
    whole = _whole(found)
    counts = found[0] in (0, 1) and (np.diff(found) == 1).all()
    return "It numbers the rows." if whole and (_ID.search(column.name) or counts) else ""


def _of_classes(task: Task | None, options: TableOptions) -> bool:
    return options.task == "classification" or (options.task == "auto" and task in ("binary", "multiclass"))


def _task(column: Column, reading: Reading | None, kind: ColumnKind) -> Task | None:
    """As a target."""
    distinct = len(column.values)
    if distinct < 2 or kind in ("date", "part"):
        return None
    if reading is not None:
        unique = np.unique(reading.numbers)
        each_its_own = len(unique) > 2 and distinct * 2 >= (column.codes >= 0).sum()
        if len(unique) > FEW or not _whole(unique) or each_its_own:
            return "regression"
    elif has_several(column):
        return "multilabel"
    elif distinct > (column.codes >= 0).sum() / 2:
        return None
    return "binary" if distinct == 2 else "multiclass"


def has_several(column: Column) -> bool:
    """Whether cells seem to hold several labels; of very many different ones some are looked at."""
    texts, counts = column.values[:_LOOKED_AT].to_pylist(), column.counts()[:_LOOKED_AT].tolist()
    sizes = sum(map(len, texts)) / max(1, len(texts))
    return sizes < _LONG and several(Counter(dict(zip(texts, counts, strict=True)))) is not None


def _whole(found: Array) -> bool:
    return bool(np.isfinite(found).all()) and bool((found % 1 == 0).all())


def _separated(values: "pa.Array") -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(values, "[.,]")).as_py())
