"""Which columns of a table hold the texts and the labels: as said, or by their names and what is in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from core.common.errors import DataError
from core.common.text import quoted, suggestion
from core.data.library.label_columns import label_columns
from core.data.library.read_options import Progress, TextOptions, silent
from core.data.library.table_files.table_file import TableFile
from core.data.library.tables.author_parts import may_say_parts, parts_said
from core.data.library.text_guess import guess_label, guess_texts, is_label, told

_SAMPLE = 500  # rows by which columns are told apart
_SEVERAL = 3  # columns of 0 and 1, which are labels rather than one other column of few values


@dataclass(frozen=True)
class Columns:
    label: str = ""
    text: str = ""
    joined: tuple[str, ...] = ()  # put behind the text
    ones: tuple[str, ...] = ()  # where the label is one of several columns of 0 and 1: all of them
    part: str = ""  # what may say which part each text is of
    told: str = ""  # which columns are read as what, in sentences

    @property
    def all(self) -> tuple[str, ...]:
        return self.label, *self.texts

    @property
    def texts(self) -> tuple[str, ...]:
        """What each text is joined of; none where no table holds them."""
        return (self.text, *self.joined) if self.text else ()


def joined_text(cells: Sequence[str]) -> str:
    """The cells of one row, each on a line of its own, without those that are empty."""
    return "\n".join(filter(None, (cell.strip() for cell in cells)))


def rows_of(table: TableFile, columns: Sequence[str], progress: Progress = silent) -> Iterator[tuple[str, ...]]:
    """The cells of these columns, empty where one is missing. Raises DataError."""
    places = [table.columns.index(column) for column in columns]
    for arrays in table.batches(progress):
        for row in zip(*(arrays[place].to_pylist() for place in places), strict=True):
            yield tuple(cell or "" for cell in row)


def columns_of(table: TableFile, options: TextOptions) -> Columns:
    """As given or guessed. Raises DataError when they cannot be told."""
    if len(table.columns) < 2:
        how = f", by the delimiter {quoted(table.delimiter)}" if table.delimiter else ""
        raise DataError(
            f"{table.name} has one column only{how}; accepted are a column of labels and one of texts. "
            f"{'Say the delimiter, or add' if how else 'Add'} labels."
        )
    _check_said(table, options)
    rows = list(islice(rows_of(table, table.columns), _SAMPLE))
    values = {column: [row[at] for row in rows] for at, column in enumerate(table.columns)}
    parting = {column for column, found in values.items() if parts_said(column, _distinct(found))}
    several = [column for column in _of_ones(values) if column not in parting]
    plain = [column for column in table.columns if table.declared.get(column) != "nested"] or table.columns
    text, *joined = _texts({column: values[column] for column in plain}, options) or table.columns[:1]
    _check_text(table, (text, *joined))
    others = [each for each in values if each not in (text, *joined, options.group, options.time)]
    others = [column for column in others if column not in parting] or others or list(values)
    free = [column for column in several if column in others]
    likely = free if len(free) >= _SEVERAL and not any(map(is_label, others)) else others
    label = options.label or guess_label({column: values[column] for column in likely})
    if label == text or text in joined or label in joined:
        texts = ", ".join(map(quoted, (text, *joined)))
        raise DataError(f"No column is left for the labels, or one is taken twice: texts are {texts}. Choose others.")
    ones = tuple(column for column in several if column not in (text, *joined))
    ones = ones if label in ones and len(ones) > 1 else ()
    labels = label_columns(options, ones) or (label,)
    taken = (*labels, text, *joined, options.group, options.time)
    part = part_column(values, taken) if table.header else ""
    unread = {column: found for column, found in values.items() if column not in (*taken, part)}
    told_as = told((text, *joined), labels, unread, (bool(options.text), bool(options.label)))
    return Columns(label, text, tuple(joined), ones, part, told_as)


def _texts(values: Mapping[str, Sequence[str]], options: TextOptions) -> tuple[str, ...]:
    """Those that hold the texts, in the order in which they are read; none where no column is left."""
    if options.text:
        return (options.text, *options.joined)
    taken = (options.label, *options.more_targets, options.group, options.time, *options.joined)
    free = {column: cells for column, cells in values.items() if column not in taken}
    found = guess_texts(free, joining=not options.joined and len(free) > (1 if options.label else 2))
    return (*found, *options.joined)


def part_column(values: Mapping[str, Sequence[str]], taken: Sequence[str]) -> str:
    """The column, besides those that are taken, that may say which part each text is of; "" for none.

    Args:
        values: of each column, in the first rows: they may all be of one part.
    """
    free = {column: _distinct(found) for column, found in values.items() if column not in taken}
    return next((column for column, found in free.items() if may_say_parts(column, found)), "")


def _distinct(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (value.strip() for value in values))))


def _of_ones(values: Mapping[str, Sequence[str]]) -> list[str]:
    """Columns of 0 and 1, as labels are written of which a text may have several."""
    return [column for column, found in values.items() if {each.strip() for each in found} == {"0", "1"}]


def ones_told(columns: Columns, labels: tuple[str, ...]) -> str:
    """A sentence for columns that look like a label each, "" for others; `labels` are those that are taken so."""
    if not columns.ones or set(columns.ones) == set(labels):
        return ""
    shown = ", ".join(columns.ones[:5]) + (", …" if len(columns.ones) > 5 else "")
    return (
        f"{len(columns.ones)} columns hold 0 and 1 only: {shown}. They look like one label each, of which a text may "
        "have several; name each of them (--label) to have all learned."
    )


def _check_text(table: TableFile, columns: Sequence[str]) -> None:
    nested = [column for column in columns if table.declared.get(column) == "nested"]
    if nested:
        raise DataError(
            f"{table.name}: the column {quoted(nested[0])} holds lists or objects; accepted are texts. Write each text "
            "as a field of its own."
        )


def _check_said(table: TableFile, options: TextOptions) -> None:
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
