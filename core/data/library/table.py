"""Tables: files of rows with a target, numbers, categories and dates."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted, suggestion
from core.data.base import Array, DataInfo, Raw
from core.data.library.content import Content
from core.data.library.gathered import Gathered, gathered
from core.data.library.near import near_match, near_pairs
from core.data.library.read_options import Progress, TableOptions, within
from core.data.library.splitting import held_back, rare
from core.data.library.tables import numbers
from core.data.library.tables.decide import Decision, decide, decide_column
from core.data.library.tables.features import table_of
from core.data.library.tables.target import is_regression, known_rows, read_target
from core.data.library.trees import is_tree, opened


def read(settings: Settings, path: Path, options: TableOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    if not options.target:
        raise DataError("A table needs a target: the column that is to be predicted.")
    with gathered(settings, path, name, options, within(progress, 0, 0.5)) as table:
        check_names(options, table)
        progress(0.5, "looking at the columns")
        decisions = decide(table.cells, options, fallback_decimal(table))
        return _content(settings, table, decisions, options, within(progress, 0.6, 1))


def _content(
    settings: Settings, table: Gathered, decisions: dict[str, Decision], options: TableOptions, progress: Progress
) -> Content:
    target = table.cells.column(options.target)
    decision = decisions.pop(options.target)
    if is_regression(decision, options) and decision.kind != "number":
        as_number = replace(options, columns={**options.columns, options.target: "number"})
        decision = decide_column(target, as_number, fallback=fallback_decimal(table))
    used = known_rows(target, decision, options)
    if not used.any():
        raise DataError(f"The target {quoted(options.target)} is missing in every row. Choose another column.")
    y, task, classes = read_target(target.at(used), decision, options, settings)
    _check_left(decisions, options.target)
    parts = _parts(table, used, y, options)
    if classes:
        _check_seen(y, classes, parts, options.target)
    found = table_of(table.cells, decisions, options, used, parts, progress)
    warnings = [*table.notes, *_missing_target(used, decision, options.target), *said(decision, *decisions.values())]
    warnings += [f"Left out: {each.guess.name}. {each.guess.reason or 'As you say.'}" for each in decisions.values()
                 if each.kind == "ignore"]  # fmt: skip
    warnings += found.warnings
    if classes:
        warnings += [f"Two classes are nearly the same: {quoted(one)} and {quoted(two)} differ {by}."
                     for one, two, by in near_pairs(classes)[:3]]  # fmt: skip
        warnings += rare(y[parts[0]], classes)
    train, test = parts
    raw = Raw(found.x[0], y[train], found.x[1], y[test])
    shape = (len(found.features),)
    info = DataInfo(
        shape, classes, len(train), len(test), task, "table", features=found.features, target=options.target
    )
    return Content(raw, info, tuple(warnings))


def fallback_decimal(table: Gathered) -> str:
    """Where semicolons part the columns, numbers are likely to have a decimal comma."""
    return numbers.COMMA if table.first.delimiter == ";" else numbers.POINT


def said(*decisions: Decision) -> list[str]:
    """What was understood of columns that are not plain, and what may be meant otherwise."""
    told = []
    for each in decisions:
        guess = each.guess
        plain = guess.how in ("numbers", "") or (guess.kind == "category" and "as written" in guess.how[-11:])
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
    for name in (*options.columns, *options.missing_in, *options.decimal_in):
        if name not in columns:
            raise DataError(f"There is no column {quoted(name)}{suggestion(name, columns)}.")


def _check_left(decisions: Mapping[str, Decision], target: str) -> None:
    if all(decision.kind == "ignore" for decision in decisions.values()):
        raise DataError(
            f"No column is left to learn {quoted(target)} from. Take at least one as a number or a category; received "
            f"{len(decisions)} to be left out."
        )


def _missing_target(used: Array, decision: Decision, target: str) -> list[str]:
    missing = int((~used).sum())
    if not missing:
        return []
    words = ", ".join(f"{word} ({count:,})" for word, count in decision.guess.missing_words[:3])
    told = f": it is empty, or {words}" if words else ""
    return [f"Left out: {plural(missing, 'row')} in which the target {target} is missing{told}."]


def _parts(table: Gathered, used: Array, y: Array, options: TableOptions) -> list[Array]:
    """Positions among the used rows to train on and to test on."""
    test = table.is_part("test")[used]
    if "test" in table.rows:
        return [np.flatnonzero(~test), np.flatnonzero(test)]
    return list(held_back(y, options.test_share))


def _check_seen(y: Array, classes: tuple[str, ...], parts: list[Array], target: str) -> None:
    """Raises DataError for a class that only the other parts have."""
    known = set(np.unique(y[parts[0]]).tolist())
    for part in parts[1:]:
        unseen = sorted(set(np.unique(y[part]).tolist()) - known)
        if unseen:
            name = classes[unseen[0]]
            near = near_match(name, [classes[number] for number in sorted(known)])
            rows = int((y[part] == unseen[0]).sum())
            raise DataError(
                f"The class {quoted(name)} of the target {quoted(target)} is in {plural(rows, 'row')} to test on, but "
                f"in none to train on{f'; it {near}' if near else ''}. Correct it, or add examples of it to train on."
            )


@contextmanager
def parts(settings: Settings, path: Path, name: str) -> Iterator[list[tuple[Path, str]]]:
    """Files and their names: a table, or those to train and to test on, out of a zip or folder."""
    if not is_tree(path):
        yield [(path, name)]
        return
    from core.data.library.folders import private_folder, writing

    with opened(path, settings, name) as tree:
        tables = {entry.stem.lower(): entry for entry in tree.sizes if entry.suffix.lower() in (".csv", ".tsv", ".txt")}
        entries = [tables[stem] for stem in ("train", "test") if stem in tables] if "train" in tables else []
        entries = entries or (list(tables.values()) if len(tables) == 1 else [])
        if not entries:
            raise DataError(f"{name} holds no table; accepted are one CSV or TSV file, or train.csv and test.csv.")
        with private_folder(settings, "unpacked") as folder:
            files = []
            for entry in entries:
                with writing(name):
                    tree.unpack(entry, folder / entry.name)
                files.append((folder / entry.name, f"{name}, {entry.name}"))
            yield files
