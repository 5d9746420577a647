"""Which columns of a table hold the texts and the labels: as said, or by their names and what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from core.common.errors import DataError
from core.common.text import quoted, suggestion
from core.data.library.delimited import Rows, Survey
from core.data.library.read_options import TextOptions
from core.data.library.tables.author_parts import may_say_parts, parts_said

_LABELS = ("label", "labels", "class", "category", "sentiment", "target", "y", "topic", "polarity", "标签", "类别")
_TEXTS = ("text", "review", "sentence", "message", "comment", "content", "body", "document", "文本", "评论", "内容")
_SAMPLE = 500  # rows by which columns are told apart


@dataclass(frozen=True)
class Columns:
    label: str = ""
    text: str = ""
    joined: tuple[str, ...] = ()  # put behind the text

    @property
    def all(self) -> tuple[str, ...]:
        return self.label, self.text, *self.joined


def has_header(rows: Rows) -> bool:
    """The first row has names that columns of labels or texts go by; or it has in no column what other rows have."""
    first = [cell.strip().lower() for cell in rows[0]]
    if any(cell in (*_LABELS, *_TEXTS) for cell in first):
        return True
    others = [{row[at].strip().lower() for row in rows[1:] if len(row) > at} for at in range(len(first))]
    return len(rows) > 1 and all(
        len(cell) <= 40 and cell not in known for cell, known in zip(first, others, strict=True)
    )


def columns_of(table: Survey, options: TextOptions) -> Columns:
    """As given or guessed. Raises DataError when they cannot be told."""
    if len(table.columns) < 2:
        raise DataError(
            f"{table.name} has one column only, by the delimiter {quoted(table.delimiter)}; accepted are a column of "
            "labels "
            "and one of texts. Say the delimiter, or add labels."
        )
    _check_said(table, options)
    values = _sample(table)
    lengths = {column: sum(map(len, found)) / len(found) for column, found in values.items()}
    distinct = {column: len({value for value in found if value.strip()}) for column, found in values.items()}
    text = options.text or next(
        (column for column in table.columns if column.lower() in _TEXTS and column != options.label),
        max((column for column in table.columns if column != options.label), key=lengths.__getitem__),
    )
    others = [column for column in table.columns if column != text and column not in options.joined] or [text]
    others = [column for column in others if not parts_said(column, _distinct(values[column]))] or others
    label = options.label or next(
        (column for column in others if column.lower() in _LABELS),
        min(others, key=lambda column: (distinct[column] < 2, distinct[column])),
    )
    if label == text or text in options.joined or label in options.joined:
        taken = ", ".join(map(quoted, (text, *options.joined)))
        raise DataError(f"No column is left for the labels, or one is taken twice: texts are {taken}. Choose others.")
    return Columns(label, text, options.joined)


def part_column(table: Survey, taken: Sequence[str]) -> str:
    """The column, besides those that are taken, that may say which part each text is of; "" for none.

    By its first rows: they may all be of one part.
    """
    if not table.header:
        return ""
    values = {column: _distinct(found) for column, found in _sample(table).items() if column not in taken}
    return next((column for column, found in values.items() if may_say_parts(column, found)), "")


def _sample(table: Survey) -> dict[str, list[str]]:
    rows = list(islice(table.read(), _SAMPLE))
    return {column: [row[at] for row in rows] for at, column in enumerate(table.columns)}


def _distinct(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (value.strip() for value in values))))


def _check_said(table: Survey, options: TextOptions) -> None:
    for said in (options.label, options.text, *options.joined):
        if said and said not in table.columns:
            known = ", ".join(table.columns[:20])
            raise DataError(
                f"There is no column {quoted(said)}{suggestion(said, table.columns)}. The columns are {known}."
            )
    if options.label and options.label in (options.text, *options.joined):
        raise DataError(
            f"The column {quoted(options.label)} cannot be both label and text. Choose another for one of them."
        )
