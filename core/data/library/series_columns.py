"""The columns of a table as those of series: time, target, what tells series apart, features."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.base import Array, Feature
from core.data.library.gathered import Gathered
from core.data.library.series_moments import finer, moments_of, says_part
from core.data.library.series_options import SeriesOptions
from core.data.library.tables.decide import Decision, decide_column, guess_target
from core.data.library.tables.values import as_numbers, as_texts
from core.data.series_grid import Rows

_TIMES = re.compile(r"^(date|time|timestamp|datetime|day|datum|year|month|period|week|ds|t|jahr|fecha|index)$", re.I)
_MOST_WORDS = 12  # of a column that becomes a feature for each
_MOST_SERIES = 10_000
_JOIN = " · "  # between the values of several columns that tell series apart


@dataclass(frozen=True)
class Chosen:
    time: str
    target: str
    id: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Found:
    rows: Rows
    ids: tuple[str, ...]
    dated: bool
    features: tuple[Feature, ...]
    past: int  # of the features, the first; those after them are known ahead
    notes: tuple[str, ...]


def choose(table: Gathered, decisions: Mapping[str, Decision], options: SeriesOptions) -> Chosen:
    """What was said, or the likeliest; "" for what no column can be."""
    time = options.time or _guessed_time(decisions)
    left = {name: each for name, each in decisions.items() if name not in (time, *options.id) and not says_part(name)}
    able = tuple(each.guess for each in left.values() if each.kind == "number" or each.guess.nearly or _counts(each))
    target = options.target or guess_target(tuple(replace(each, task="regression") for each in able))
    return Chosen(time, target, options.id or _guessed_id(table, decisions, options, time, target))


def _counts(decision: Decision) -> bool:
    """Whether it seems to number the rows: of no use to learn from, but what is to be forecast may grow so."""
    return decision.kind == "ignore" and decision.guess.task == "regression"


def _guessed_time(decisions: Mapping[str, Decision]) -> str:
    dated = [name for name, each in decisions.items() if each.layout is not None and each.layout.order != "time"]
    named = [name for name, each in decisions.items() if _TIMES.match(name) and each.kind in ("number", "ignore")]
    return next(iter([*dated, *sorted(named, key=says_part)]), "")


def _guessed_id(
    table: Gathered, decisions: Mapping[str, Decision], options: SeriesOptions, time: str, target: str
) -> tuple[str, ...]:
    """A column in each of whose values every time is there once, where times are there several times."""
    if not time:
        return ()
    times = table.cells.column(time).codes
    if len(np.unique(times)) > 0.9 * len(times):
        return ()
    for wanted in ("category", "number"):
        for name, each in decisions.items():
            few = 1 < each.guess.distinct <= len(times) / 4
            if each.kind == wanted and few and not says_part(name) and name not in (time, target, *options.known):
                both = np.column_stack([times, table.cells.column(name).codes])
                if len(np.unique(both, axis=0)) >= 0.98 * len(times):
                    return (name,)
    return ()


def rows_of(
    table: Gathered,
    decisions: Mapping[str, Decision],
    options: SeriesOptions,
    chosen: Chosen,
    wanted: Sequence[Feature] | None = None,
) -> Found:
    """The rows as numbers.

    Args:
        wanted: the features of a data set that the rows are to be like; None takes what the table has.

    Raises:
        DataError: what is no time, no number, or no series.
    """
    times, gone, dated, notes = moments_of(table.cells.column(chosen.time), decisions[chosen.time], options)
    ids, numbers, without = _series(table, options, chosen.id, len(times))
    parts: tuple[str, ...] = ()
    if dated:
        times, parts = finer(table, decisions, options, times, numbers)
        notes += [f"The time is {' and '.join([chosen.time, *parts])}."] if parts else []
    if options.id != chosen.id:
        notes.append(f"Series are told apart by {', '.join(chosen.id)}: each has every time once.")
    if lost := int((gone | without).sum()):
        what = chosen.time if not without.any() else f"{chosen.time} or {', '.join(chosen.id)}"
        notes.append(f"Left out: {plural(lost, 'row')} without {what}.")
    target = _numbers(table, chosen.target, decisions, options)
    features, past, columns, told = _features(
        table, decisions, options, (chosen.time, chosen.target, *chosen.id, *parts), wanted
    )
    kept = np.flatnonzero(~(gone | without))
    stacked = np.column_stack(columns) if columns else np.empty((len(times), 0))
    rows = Rows(times, numbers, target, stacked).at(kept)
    return Found(rows, ids, dated, tuple(features), past, (*notes, *told))


def _series(
    table: Gathered, options: SeriesOptions, columns: Sequence[str], rows: int
) -> tuple[tuple[str, ...], Array, Array]:
    """Names of the series, the number of each row's, and which rows have none."""
    if not columns:
        return ("",), np.zeros(rows, np.int32), np.zeros(rows, bool)
    texts = [as_texts(table.cells.column(name), options) for name in columns]
    without = np.any([each == "" for each in texts], axis=0)
    joined = texts[0] if len(texts) == 1 else np.array([_JOIN.join(each) for each in zip(*texts, strict=True)], object)
    names, numbers = np.unique(np.where(without, "", joined).astype(str), return_inverse=True)
    used = np.unique(numbers[~without])
    if len(used) > _MOST_SERIES:
        raise DataError(f"{', '.join(columns)} tells {len(used):,} series apart; accepted are {_MOST_SERIES:,}. Take "
                        "another column, or fewer series.")  # fmt: skip
    return (
        tuple(names[used].tolist()),
        np.searchsorted(used, np.where(without, used[0], numbers)).astype(np.int32),
        without,
    )


def _numbers(table: Gathered, name: str, decisions: Mapping[str, Decision], options: SeriesOptions) -> Array:
    decision, column = decisions[name], table.cells.column(name)
    if decision.kind != "number":
        decision = decide_column(column, replace(options, columns={**options.columns, name: "number"}))
    return as_numbers(column, decision, options)[0]


def _features(
    table: Gathered,
    decisions: Mapping[str, Decision],
    options: SeriesOptions,
    taken: Sequence[str],
    wanted: Sequence[Feature] | None,
) -> tuple[list[Feature], int, list[Array], list[str]]:
    """Features, how many of them are of the past, their values, and notes."""
    if wanted is not None:
        return list(wanted), 0, [_like(table, feature.name, decisions, options) for feature in wanted], []
    notes: list[str] = []
    found: dict[bool, list[tuple[str, Array]]] = {False: [], True: []}
    for name, decision in decisions.items():
        if name in taken:
            continue
        is_known = name in options.known
        if decision.kind == "number":
            found[is_known].append((name, as_numbers(table.cells.column(name), decision, options)[0]))
        elif decision.kind == "category" and decision.guess.distinct <= _MOST_WORDS:
            texts = as_texts(table.cells.column(name), options)
            words = sorted(set(texts.tolist()) - {""})
            found[is_known] += [(f"{name}={word}", (texts == word).astype(np.float64)) for word in words]
        elif decision.kind == "part":
            notes.append(f"Left out: {name}. It names parts; a run cuts a series into parts by time.")
        else:
            reason = decision.guess.reason or f"A series learns from numbers, and from up to {_MOST_WORDS} words."
            notes.append(f"Left out: {name}. {reason}")
    both = [*found[False], *found[True]]
    if found[False]:
        names = ", ".join(name for name, _ in found[False][:5])
        notes.append(f"Known up to the present only: {names}{', …' if len(found[False]) > 5 else ''}.")
    return [Feature(name, "number") for name, _ in both], len(found[False]), [values for _, values in both], notes


def _like(table: Gathered, name: str, decisions: Mapping[str, Decision], options: SeriesOptions) -> Array:
    """A feature of a data set, in other rows. Raises DataError: it is not there."""
    if name in decisions:
        return _numbers(table, name, decisions, options)
    column, _, word = name.rpartition("=")
    if column not in decisions:
        raise DataError(f"The rows have no column {quoted(column or name)}; the network was trained with it.")
    found: Array = (as_texts(table.cells.column(column), options) == word).astype(np.float64)
    return found
