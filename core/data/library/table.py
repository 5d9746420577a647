"""Tables: files of rows with a target, numbers, categories and dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted, suggestion
from core.data.base import Array, DataInfo, Raw, Task
from core.data.library.content import Content
from core.data.library.gathered import Gathered, gathered
from core.data.library.near import near_pairs
from core.data.library.no_effect import of_columns
from core.data.library.read_options import Progress, TableOptions, within
from core.data.library.row_parts import cut_rows, dated, parts_of_rows, without_group
from core.data.library.splitting import rare
from core.data.library.tables import numbers
from core.data.library.tables.decide import Decision, decide, decide_column
from core.data.library.tables.features import table_of
from core.data.library.tables.label_targets import labels_wanted, with_columns
from core.data.library.tables.target import is_regression, known_rows, read_target
from core.data.library.tables.unseen import unseen


def read(settings: Settings, path: Path, options: TableOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    if not options.target:
        raise DataError("A table needs a target: the column that is to be predicted.")
    with gathered(settings, path, name, options, within(progress, 0, 0.5)) as table:
        options = with_columns(options, table.cells.columns)
        check_names(options, table)
        progress(0.5, "looking at the columns")
        decisions = decide(table.cells, options, fallback_decimal(table))
        table = replace(table, notes=(*table.notes, *of_columns(table.cells, decisions, options)))
        return _content(settings, table, decisions, options, within(progress, 0.6, 1))


def _content(
    settings: Settings, table: Gathered, decisions: dict[str, Decision], options: TableOptions, progress: Progress
) -> Content:
    mine = (options.target, *options.more_targets)
    others = {name: each for name, each in decisions.items() if name not in mine}
    given, others, other_parts = parts_of_rows(table, others, options)
    target = target_of(settings, table, decisions, options, given >= 0)
    y, classes, used = target.y, target.classes, target.used
    decisions, told = without_group(others, options)
    _check_left(decisions, options.target)
    parts = cut_rows(table, options, used, y, classes, given)
    found = table_of(table.cells, decisions, options, used, list(parts.rows.values()), progress)
    x = dict(zip(parts.rows, found.x, strict=True))
    warnings = [*table.notes, *target.told, *said(*decisions.values())]
    warnings += [
        *told,
        *other_parts,
        *_left_out(decisions),
        *found.warnings,
        *unseen(found.features, x, by_author=bool((given > 0).any())),
        *parts.warnings,
        *dated(given, decisions, options),
    ]
    if classes:
        warnings += [
            f"Two classes are nearly the same: {quoted(one)} and {quoted(two)} differ {by}."
            for one, two, by in near_pairs(classes)[:3]
        ]
        warnings += rare(y[parts.train], classes)
    info = DataInfo(
        (len(found.features),),
        classes,
        len(parts.train),
        len(parts.rows["test"]),
        target.task,
        "table",
        features=found.features,
        target="" if options.more_targets else options.target,
        **parts.facts,
    )
    y_val = y[parts.rows["validation"]] if "validation" in parts.rows else None
    test = x["test"], y[parts.rows["test"]]
    raw = Raw(x["train"], y[parts.train], *test, x.get("validation"), y_val, parts.groups)
    return Content(raw, info, tuple(warnings))


@dataclass(frozen=True)
class Target:
    y: Array  # of the used rows
    task: Task
    classes: tuple[str, ...]
    used: Array  # bool [rows]
    told: tuple[str, ...]


def target_of(
    settings: Settings, table: Gathered, decisions: Mapping[str, Decision], options: TableOptions, inside: Array
) -> Target:
    """What is to be learned, of those of the rows that are `inside`, which are of a part. Raises DataError: nothing."""
    target, decision = table.cells.column(options.target), decisions[options.target]
    if labels := labels_wanted(table.cells, decision.kind, options, settings):
        return Target(labels.y[inside], "multilabel", labels.names, inside, labels.told)
    if is_regression(decision, options) and decision.kind != "number":
        as_number = replace(options, columns={**options.columns, options.target: "number"})
        decision = decide_column(target, as_number, fallback=fallback_decimal(table))
    known = known_rows(target, decision, options)
    used = known & inside
    if not used.any():
        raise DataError(f"The target {quoted(options.target)} is missing in every row. Choose another column.")
    y, task, classes, joined = read_target(target.at(used), decision, options, settings)
    told = (*_missing_target(known, decision, options.target), *said(decision), *joined)
    return Target(y, task, classes, used, told)


def _left_out(decisions: Mapping[str, Decision]) -> list[str]:
    ignored = [each.guess for each in decisions.values() if each.kind == "ignore"]
    return [f"Left out: {guess.name}. {guess.reason or 'As you say.'}" for guess in ignored]


def fallback_decimal(table: Gathered) -> str:
    """Where semicolons part the columns, numbers are likely to have a decimal comma."""
    return numbers.COMMA if table.first.delimiter == ";" else numbers.POINT


def said(*decisions: Decision) -> list[str]:
    """What was understood of columns that are not plain, and what may be meant otherwise."""
    told = []
    for each in decisions:
        guess = each.guess
        plain = guess.how in ("numbers", "") or "as written" in guess.how[-11:]
        if guess.kind != "ignore" and (not plain or guess.how.startswith("Codes")):
            told.append(f"{guess.name}: {guess.how.rstrip('.')}.")
        if guess.question:
            told.append(f"{guess.name}: {guess.question}")
        if guess.missing_words and guess.kind != "ignore":
            words = ", ".join(f"{word} ({count:,})" for word, count in guess.missing_words[:3])
            told.append(f"{guess.name}: counted as missing: {words}.")
    return told


def check_names(options: TableOptions, table: Gathered) -> None:
    """Raises DataError for columns that are not there."""
    columns = table.cells.columns
    if options.target and options.target not in columns:
        shown = f"{', '.join(columns[:20])}{', …' if len(columns) > 20 else ''}"
        raise DataError(
            f"There is no column {quoted(options.target)} for the target{suggestion(options.target, columns)}. The "
            f"columns are {shown}."
        )
    for name in filter(None, (*options.columns, *options.missing_in, *options.decimal_in, options.group, options.time)):
        if name not in columns:
            raise DataError(f"There is no column {quoted(name)}{suggestion(name, columns)}.")


def _check_left(decisions: Mapping[str, Decision], target: str) -> None:
    if all(decision.kind in ("ignore", "part") for decision in decisions.values()):
        guesses = [decision.guess for decision in list(decisions.values())[:3]]
        reasons = " ".join(f"{guess.name}: {guess.question or guess.reason}" for guess in guesses).rstrip(". ")
        raise DataError(
            f"No column is left to learn {quoted(target)} from. Take at least one as a number or a category; received "
            f"{len(decisions)} to be left out{f': {reasons}' if reasons else ''}."
        )


def _missing_target(used: Array, decision: Decision, target: str) -> list[str]:
    missing = int((~used).sum())
    if not missing:
        return []
    words = ", ".join(f"{word} ({count:,})" for word, count in decision.guess.missing_words[:3])
    told = f": it is empty, or {words}" if words else ""
    return [f"Left out: {plural(missing, 'row')} in which the target {target} is missing{told}."]
