"""What can be said of data on the command line, for `datasets add` and `datasets look`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, get_args

import typer

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.library import Options, SeriesOptions, TableOptions, TablePreview, peek_series, peek_table
from core.data.library.read_options import (
    MISSING_AMONG_NUMBERS,
    ColumnKind,
    DateOrder,
    DatePart,
    Decimal,
    Header,
    TargetTask,
)
from core.data.series_times import NAMED

_MOST = 12  # columns that are named

Target = Annotated[
    list[str] | None,
    typer.Option(
        help="Of a table: the column that is predicted; several, or a pattern such as tag_*, are a label each."
    ),
]
Task = Annotated[
    TargetTask, typer.Option(help="What is predicted: a class, several labels or a number; found out when not said.")
]
LabelsBy = Annotated[
    str,
    typer.Option(
        metavar="SIGN", help="What parts several labels in a cell: comma, semicolon, bar, blank, list, a sign."
    ),
]
Column = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=KIND", help="Of a table: number, category, date, ignore; part says train or test."),
]
HeaderOption = Annotated[Header, typer.Option(help="Of a table: whether its first row holds the names of the columns.")]
Names = Annotated[str, typer.Option(metavar="A,B,…", help="Of a table: what its columns are called, in order.")]
Skip = Annotated[int, typer.Option(min=0, help="Of a table: lines before it.")]
Sheet = Annotated[str, typer.Option(help="Of a workbook: the sheet that holds the table.")]
Missing = Annotated[
    list[str] | None,
    typer.Option(metavar="[NAME=]WORD", help="Of a table: what stands for missing, everywhere or in a column."),
]
AmongNumbers = Annotated[
    str | None,
    typer.Option(
        "--missing-among-numbers",
        metavar="A,B,…",
        help="Of a table: what stands for missing among numbers and dates; NA, ?, - and their like if not said.",
    ),
]
DecimalOption = Annotated[
    list[str] | None,
    typer.Option(metavar="[NAME=]SIGN", help="Of a table: the decimal sign, everywhere or in a column: , or ."),
]
DateOrderOption = Annotated[DateOrder, typer.Option(help="Of a table: ymd, dmy or mdy.")]
DateParts = Annotated[
    str,
    typer.Option(metavar="A,B,…", help="Of a table: what dates give: year, month, day, weekday, hour, days (elapsed)."),
]
Id = Annotated[list[str] | None, typer.Option(metavar="COLUMN", help="Of series: tells them apart.")]
Known = Annotated[
    list[str] | None, typer.Option(metavar="COLUMN", help="Of series: known ahead, as holidays are; once for each.")
]
FrequencyOption = Annotated[str, typer.Option(help=f"Of series: {', '.join(NAMED)}; found out when not said.")]
White = Annotated[
    int, typer.Option(min=0, max=65_535, help="Of greys of 16 bits: the number that is white; found out if 0.")
]
Group = Annotated[
    str,
    typer.Option(
        metavar="COLUMN|PATTERN",
        help="Keep together what has one value: a column; of files a regular expression on their names, or a sign such "
        "as _ for what stands before the first one.",
    ),
]
Time = Annotated[
    str, typer.Option(metavar="COLUMN|PATTERN", help="Hold back the last share by time; said as for --group.")
]
Delimiter = Annotated[str, typer.Option(help="Of a table; a sign, or tab, or blank; found out when not said.")]
Encoding = Annotated[str, typer.Option(help="Of text files; found out when not said.")]


def which_target(settings: Settings, path: Path, options: TableOptions) -> str:
    """What to say where no target was: the columns that can be it. Raises DataError: what no table can be made of."""
    if isinstance(options, SeriesOptions):
        seen = peek_series(settings, path, options)
        likeliest, others = seen.target, [each for each in seen.table.columns if each.name not in (seen.time, *seen.id)]
        able = [each.name for each in others if each.kind == "number" or each.task == "regression" or each.nearly]
    else:
        table = peek_table(settings, path, options)
        likeliest, able = table.target, [each.name for each in table.columns if each.task or each.nearly]
    said = "Rows need --target COLUMN: the column that is to be predicted."
    if not able:
        return f"{said} No column of {path.name} can be it."
    more = f" and {len(able) - _MOST:,} more" if len(able) > _MOST else ""
    return f"{said} It can be {', '.join(able[:_MOST])}{more}; the likeliest is {likeliest or able[-1]}."


def table_options(
    common: Options,
    *,
    target: list[str] | None,
    column: list[str] | None,
    delimiter: str,
    header: Header,
    names: str,
    skip: int,
    sheet: str,
    missing: list[str] | None,
    missing_among_numbers: str | None,
    decimal: list[str] | None,
    date_order: DateOrder,
    date_parts: str,
) -> TableOptions:
    """Raises DataError: what was said cannot be understood."""
    first, *more = target or [""]
    common = replace(common, more_targets=tuple(more))
    everywhere, in_column = _missing(missing or [])
    sign, signs = _decimal(decimal or [])
    return TableOptions(
        **vars(common),
        target=first,
        columns=_columns(column or []),
        delimiter=delimiter,
        header=header,
        names=_listed(names),
        skip=skip,
        sheet=sheet,
        missing=everywhere,
        missing_in=in_column,
        missing_among_numbers=MISSING_AMONG_NUMBERS
        if missing_among_numbers is None
        else _listed(missing_among_numbers),
        decimal=sign,
        decimal_in=signs,
        date_order=date_order,
        date_parts=_parts(date_parts) if date_parts else TableOptions.date_parts,
    )


def shown(preview: TablePreview) -> list[list[object]]:
    """A row a column: what it was taken for, and why."""
    return [
        [
            each.name,
            each.kind,
            each.reason or each.how,
            f"{each.missing:,}",
            f"{each.distinct:,}",
            ", ".join(each.examples[:3]),
        ]
        for each in preview.columns
    ]


def _columns(assignments: list[str]) -> dict[str, ColumnKind]:
    kinds: dict[str, ColumnKind] = {kind: kind for kind in get_args(ColumnKind)}
    columns = {}
    for assignment in assignments:
        name, _, kind = assignment.rpartition("=")
        if not name or kind not in kinds:
            raise DataError(f"--column takes NAME={', NAME='.join(kinds)}; received {quoted(assignment)}.")
        columns[name] = kinds[kind]
    return columns


def _missing(words: list[str]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    everywhere: list[str] = []
    in_column: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, equals, rest = word.rpartition("=")
        if equals and name:
            in_column[name] = (*in_column.get(name, ()), rest)
        else:
            everywhere.append(rest if equals else word)
    return tuple(everywhere), in_column


def _decimal(signs: list[str]) -> tuple[Decimal, dict[str, Decimal]]:
    known: dict[str, Decimal] = {"auto": "auto", ".": ".", ",": ",", "point": ".", "comma": ","}
    everywhere: Decimal = "auto"
    in_column: dict[str, Decimal] = {}
    for said in signs:
        name, equals, sign = said.rpartition("=")
        if sign not in known:
            raise DataError(f"--decimal takes SIGN or NAME=SIGN, a sign being , or . ; received {quoted(said)}.")
        if equals and name:
            in_column[name] = known[sign]
        else:
            everywhere = known[sign]
    return everywhere, in_column


def _parts(text: str) -> tuple[DatePart, ...]:
    known: dict[str, DatePart] = {part: part for part in get_args(DatePart)}
    wrong = [part for part in _listed(text) if part not in known]
    if wrong:
        raise DataError(f"--date-parts takes {', '.join(known)}; received {quoted(wrong[0])}.")
    return tuple(known[part] for part in _listed(text))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
