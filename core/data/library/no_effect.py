"""What was said of a table and changes nothing: refused where it can only be a mistake, told otherwise."""

from collections.abc import Iterator, Mapping, Sequence

from core.common.errors import DataError
from core.common.text import quoted, suggestion
from core.data.library.part_tables import PartTable
from core.data.library.read_options import DATE_PARTS, TableOptions
from core.data.library.table_files.formats import format_of
from core.data.library.tables import missing
from core.data.library.tables.cells import Cells
from core.data.library.tables.decide import Decision

_LOOKED_AT = 1000  # values of a column that may be meant by a word


def of_files(files: Sequence[PartTable], options: TableOptions) -> list[str]:
    """Raises DataError: what no file of these formats has."""
    formats = {format_of(file.path, file.ending).title for file in files}
    shown = f"{files[0].name} is read as {', '.join(sorted(formats))}"
    refused = (
        ("--sheet", bool(options.sheet), "sheets", {"Excel"}),
        ("--skip", options.skip > 0, "lines before its table", {"delimited", "Excel"}),
        ("--header", options.header == "no", "first row that may be data", {"delimited", "Excel"}),
    )
    for option, said, what, having in refused:
        if said and not formats & having:
            raise DataError(f"{shown}, which has no {what}: {option} has no effect. Leave it out.")
    told = (
        ("--header", options.header == "yes", {"delimited", "Excel"}),
        ("--delimiter", options.delimiter, {"delimited"}),
        ("--encoding", options.encoding, {"delimited", "JSON", "JSON Lines"}),
    )
    return [f"{shown}: {option} has no effect." for option, said, having in told if said and not formats & having]


def of_columns(cells: Cells, decisions: Mapping[str, Decision], options: TableOptions) -> list[str]:
    """Raises DataError: the target is to be left out, or to say which rows belong together."""
    if options.target and options.columns.get(options.target) == "ignore":
        raise DataError(f"The target {quoted(options.target)} cannot be left out: --column {options.target}=ignore.")
    if options.target and options.group == options.target:
        raise DataError(
            f"The target {quoted(options.target)} cannot say which rows belong together: the test would hold classes "
            "that no training row has. Take another column for --group."
        )
    return [*_missing(cells, options), *_decimals(decisions, options), *_dates(decisions, options)]


def _missing(cells: Cells, options: TableOptions) -> Iterator[str]:
    for name, words in options.missing_in.items():
        column = cells.column(name)
        for word in words:
            if not missing.said(column, TableOptions(missing=(word,))).any():
                near = suggestion(word, column.texts()[:_LOOKED_AT])
                yield f"{name}: no cell is {quoted(word)}{near}; --missing {quoted(f'{name}={word}')} has no effect."
    for word in options.missing:
        alone = TableOptions(missing=(word,))
        if not any(missing.said(cells.column(name), alone).any() for name in cells.columns):
            yield f"No cell is {quoted(word)}: --missing {quoted(word)} has no effect."


def _decimals(decisions: Mapping[str, Decision], options: TableOptions) -> Iterator[str]:
    for name, sign in options.decimal_in.items():
        if sign != "auto" and not (decisions[name].kind == "number" and decisions[name].separated):
            yield f"{name}: it holds no numbers with such a sign; --decimal {quoted(f'{name}={sign}')} has no effect."
    read = {each.style.decimal for each in decisions.values() if each.separated}
    if options.decimal not in ("auto", *read):
        yield f"No column has numbers with this sign before their decimals: --decimal {options.decimal} has no effect."


def _dates(decisions: Mapping[str, Decision], options: TableOptions) -> Iterator[str]:
    orders = {each.layout.order for each in decisions.values() if each.layout is not None}
    if options.date_order != "auto" and options.date_order not in orders:
        yield f"No column has dates in this order: --date-order {options.date_order} has no effect."
    if options.date_parts != DATE_PARTS and not orders:
        yield f"No column holds dates: --date-parts {','.join(options.date_parts)} has no effect."
