"""Tables: CSV and TSV files, with a target, numbers and categories."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted, suggestion
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Feature, Raw, Task
from core.data.examples import take
from core.data.library.columns import as_numbers, as_text, guess, guess_target, is_number
from core.data.library.content import Content
from core.data.library.delimited import Rows, Survey, survey
from core.data.library.read_options import ColumnGuess, ColumnKind, Progress, TableOptions, TablePreview, within
from core.data.library.splitting import check_classes, class_names, held_back, numbered, rare
from core.data.library.trees import is_tree, opened

if TYPE_CHECKING:
    import pandas as pd

_MISSING = ["?"]  # besides those that pandas knows: empty, NA, NaN, null, None, …


def peek(settings: Settings, path: Path, encoding: str, delimiter: str, progress: Progress) -> TablePreview:
    with _surveys(settings, path, path.name, encoding, delimiter, within(progress, 0, 0.7)) as (train, test):
        progress(0.7, f"reading {train.rows:,} rows")
        frame = _frame(train)
        progress(0.9, "looking at the columns")
        columns = tuple(guess(frame[name]) for name in frame)
        rows = tuple(tuple(row) for row, _ in zip(train.read(), range(20), strict=False))
        test_rows = test.rows if test else 0
        return TablePreview(
            train.encoding, train.delimiter, train.rows + test_rows, test_rows, columns, rows, guess_target(columns)
        )


def read(settings: Settings, path: Path, options: TableOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    checking = within(progress, 0, 0.3)
    with _surveys(settings, path, name, options.encoding, options.delimiter, checking) as (train, test):
        progress(0.3, f"reading {train.rows:,} rows")
        frame, is_test = _joined(train, test)
    progress(0.5, "looking at the columns")
    target = _known(options.target, frame, "the target")
    frame, is_test, warnings = _with_target(frame, is_test, target)
    guesses = {str(column): guess(frame[column]) for column in frame}
    y, task, classes = _target(frame[target], guesses[target], options, settings)
    kinds = _kinds(options, guesses, target)
    if test is None:
        train_rows, test_rows = held_back(y, options.test_share)
    else:
        train_rows, test_rows = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    progress(0.7, "taking the columns")
    features, x, found = _features(frame, kinds, train_rows, options.max_categories)
    left_out = [f"{each.name}. {each.reason}" for each in guesses.values() if kinds.get(each.name) == "ignore"]
    warnings += [f"Left out: {told}" for told in left_out] + found
    warnings += rare(y[train_rows], classes) if classes else []
    raw = Raw(take(x, train_rows), y[train_rows], take(x, test_rows), y[test_rows])
    info = DataInfo(
        (len(features),), classes, len(train_rows), len(test_rows), task, "table", features=features, target=target
    )
    return Content(raw, info, tuple(warnings))


@contextmanager
def _surveys(
    settings: Settings, path: Path, name: str, encoding: str, delimiter: str, progress: Progress
) -> Iterator[tuple[Survey, Survey | None]]:
    """Of the table, and of the one to test on where there is one of its own."""
    with parts(settings, path, name) as files:
        found = [survey(settings, file, told, encoding, delimiter, _has_header, progress) for file, told in files]
        if len(found) == 2 and set(found[0].columns) != set(found[1].columns):
            missing = sorted(set(found[0].columns) ^ set(found[1].columns))
            raise DataError(
                f"{found[0].name} and {found[1].name} do not have the same columns: {', '.join(missing[:5])} only in "
                "one. Both need all, the target too; without a test file, a part is held back."
            )
        yield found[0], found[1] if len(found) == 2 else None


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


def _has_header(rows: Rows) -> bool:
    """Most fields of a first row of data would be numbers; those of a header are names."""
    return sum(map(_is_number, rows[0])) < max(1, len(rows[0]) / 2)


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _frame(survey: Survey) -> "pd.DataFrame":
    import pandas as pd

    try:
        return pd.read_csv(
            survey.path,
            sep=survey.delimiter,
            encoding=survey.encoding,
            quoting=survey.quoting,
            header=0 if survey.header else None,
            names=list(survey.columns),
            index_col=False,
            na_values=_MISSING,
            skipinitialspace=True,
            low_memory=False,
        )
    except (ValueError, OSError) as error:  # pandas's parser errors are ValueErrors
        raise DataError(f"{survey.name} cannot be read: {error}. Correct it.") from error


def _joined(train: Survey, test: Survey | None) -> "tuple[pd.DataFrame, Array]":
    import pandas as pd

    frame = _frame(train)
    if test is None:
        return frame, np.zeros(len(frame), bool)
    both = pd.concat([frame, _frame(test)[list(frame)]], ignore_index=True)
    return both, np.arange(len(both)) >= len(frame)


def _known(column: str, frame: "pd.DataFrame", what: str) -> str:
    names = [str(name) for name in frame]
    if column not in names:
        shown = f"{', '.join(names[:20])}{', …' if len(names) > 20 else ''}"
        raise DataError(
            f"There is no column {quoted(column)} for {what}{suggestion(column, names)}. The columns are {shown}."
        )
    return column


def _with_target(frame: "pd.DataFrame", is_test: Array, target: str) -> "tuple[pd.DataFrame, Array, list[str]]":
    known = frame[target].notna().to_numpy()
    if not known.any():
        raise DataError(f"The target {quoted(target)} is missing in every row. Choose another column.")
    missing = int((~known).sum())
    if not missing:
        return frame, is_test, []
    told = f"Left out: {plural(missing, 'row')} in which the target {target} is missing."
    return frame[known].reset_index(drop=True), is_test[known], [told]


def _target(
    column: "pd.Series[Any]", guessed: ColumnGuess, options: TableOptions, settings: Settings
) -> tuple[Array, Task, tuple[str, ...]]:
    """The targets; class numbers and names, or numbers."""
    what = f"The target {quoted(options.target)}"
    regression = guessed.task == "regression" if options.task == "auto" else options.task == "regression"
    if regression:
        y, infinite = as_numbers(column)
        if infinite:
            raise DataError(f"{what} has {infinite:,} values that are infinite or too large for float32. Correct them.")
        if len(np.unique(y)) < 2:
            raise DataError(f"{what} has one value only, {y[0]:g}; there is nothing to learn. Choose another column.")
        return y, "regression", ()
    labels = as_text(column)
    names = class_names(labels)
    if len(names) > settings.max_classes and is_number(column):
        raise DataError(f"{what} has {len(names):,} distinct numbers. Take regression, or another column.")
    return numbered(labels, names), check_classes(names, what, settings), names


def _kinds(options: TableOptions, guesses: Mapping[str, ColumnGuess], target: str) -> dict[str, ColumnKind]:
    for name in options.columns:
        if name not in guesses:
            raise DataError(f"There is no column {quoted(name)}{suggestion(name, guesses)}.")
    kinds = {name: options.columns.get(name, column.kind) for name, column in guesses.items() if name != target}
    if all(kind == "ignore" for kind in kinds.values()):
        raise DataError(
            f"No column is left to learn {quoted(target)} from. Take at least one as a number or a category; received "
            f"{len(kinds)} to be left out."
        )
    return kinds


def _features(
    frame: "pd.DataFrame", kinds: Mapping[str, ColumnKind], train: Array, most: int
) -> tuple[tuple[Feature, ...], dict[str, Array], list[str]]:
    """Features, the arrays of their kinds, and what there is to tell."""
    features: list[Feature] = []
    numbers: list[Array] = []
    categories: list[Array] = []
    warnings: list[str] = []
    for name, kind in kinds.items():
        if kind == "number":
            values, infinite = as_numbers(frame[name])
            numbers.append(values)
            features.append(Feature(name, "number"))
            if infinite:
                warnings.append(f"{name}: {infinite:,} values that are infinite or too large count as missing.")
        elif kind == "category":
            texts = as_text(frame[name])
            categories.append(np.array(texts, object))
            known, others = _categories([texts[row] for row in train.tolist()], most)
            features.append(Feature(name, "category", known))
            if others:
                warnings.append(f"{name}: {others:,} rarer values count as unknown, the {most} most frequent are told.")
    x: dict[str, Array] = {}
    if numbers:
        x[NUMBERS] = np.stack(numbers, axis=1)
    if categories:
        x[CATEGORIES] = np.stack(categories, axis=1)
    return tuple(features), x, warnings


def _categories(texts: Sequence[str], most: int) -> tuple[tuple[str, ...], int]:
    """The most frequent values, and how many more there are."""
    counts = Counter(text for text in texts if text)
    ranked = sorted(counts, key=lambda text: (-counts[text], text))
    return tuple(ranked[:most]), max(0, len(ranked) - most)
