"""Time series from tables: rows put in order, told how often they come, and kept for runs to cut into windows."""

from dataclasses import replace
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.base import DataInfo
from core.data.library.content import Content
from core.data.library.gathered import Gathered, gathered
from core.data.library.no_effect import of_columns
from core.data.library.read_options import Progress, within
from core.data.library.series_columns import Chosen, Found, choose, rows_of
from core.data.library.series_options import SeriesOptions, SeriesPreview
from core.data.library.series_profile import lines
from core.data.library.table import check_names, fallback_decimal
from core.data.library.table_preview import preview_of
from core.data.library.tables.decide import Decision, decide
from core.data.series_facts import SeriesFacts
from core.data.series_grid import OBSERVED, TIME, Arranged, Rows, arrange
from core.data.series_times import NAMED

_DAY = 86_400


def read(settings: Settings, path: Path, options: SeriesOptions, progress: Progress) -> Content:
    """Raises DataError: no series can be made of it."""
    with gathered(settings, path, options.origin or path.name, options, within(progress, 0, 0.6)) as table:
        decisions = _decisions(table, options)
        chosen = choose(table, decisions, options)
        found, arranged = _made(table, decisions, options, chosen)
        unused = of_columns(table.cells, decisions, options)
        notes = [*table.notes, *unused, *found.notes, *arranged.notes]
        if len(table.rows) > 1:
            notes.append("All parts are joined in the order of time; a run tests on the last.")
        info = DataInfo(
            (1 + len(found.features),),
            (),
            int(arranged.raw.x_train[OBSERVED].sum()),
            0,
            "forecast",
            "series",
            features=found.features,
            target=chosen.target,
            series=_facts(found, arranged, chosen),
        )
        return Content(arranged.raw, info, tuple(notes))


def peek(settings: Settings, path: Path, options: SeriesOptions, progress: Progress) -> SeriesPreview:
    """What it holds and how it is understood. Raises DataError: what no table can be made of."""
    with gathered(settings, path, options.origin or path.name, options, within(progress, 0, 0.6)) as table:
        decisions = _decisions(table, options)
        chosen = choose(table, decisions, options)
        seen = SeriesPreview(preview_of(table, decisions, options), chosen.time, chosen.target, chosen.id)
        try:
            found, arranged = _made(table, decisions, options, chosen)
        except DataError as error:
            return replace(seen, problem=str(error))
        facts = _facts(found, arranged, chosen)
        return replace(seen, facts=facts, notes=(*found.notes, *arranged.notes), lines=lines(arranged.raw, facts))


def read_like(
    settings: Settings, path: Path, name: str, info: DataInfo
) -> tuple[Rows, tuple[str, ...], tuple[str, ...]]:
    """Rows with the columns of a data set, their series' names, and notes. Raises DataError: some are not there."""
    facts = info.series
    assert facts is not None
    options = SeriesOptions(origin=name, target=info.target, time=facts.time, id=facts.id)
    with gathered(settings, path, name, options, lambda _share, _what: None) as table:
        decisions = _decisions(table, options)
        chosen = Chosen(facts.time, info.target, facts.id)
        found = rows_of(table, decisions, options, chosen, info.features)
    if found.dated != facts.dated:
        raise DataError(f"{quoted(facts.time)} holds {'dates' if found.dated else 'numbers'} here, and the network was "
                        f"trained with {'dates' if facts.dated else 'numbers'}.")  # fmt: skip
    return found.rows, found.ids, found.notes


def _decisions(table: Gathered, options: SeriesOptions) -> dict[str, Decision]:
    check_names(options, table)
    check_names(replace(options, time="", columns=dict.fromkeys((*options.id, *options.known), "number")), table)
    return decide(table.cells, options, fallback_decimal(table))


def _made(
    table: Gathered, decisions: dict[str, Decision], options: SeriesOptions, chosen: Chosen
) -> tuple[Found, Arranged]:
    if not chosen.time:
        raise DataError("No column holds dates or times. Say which one does (time): dates, years or numbers.")
    if not chosen.target or chosen.target == chosen.time:
        raise DataError("No column of numbers is left to forecast. Say which one it is (target).")
    if options.more_targets:
        named = ", ".join(map(quoted, (options.target, *options.more_targets)))
        raise DataError(f"One column is forecast; received {named}. Say one; numbers beside it are learned from, too.")
    if options.task not in ("auto", "regression"):
        raise DataError(f"What is forecast are numbers; received the task {options.task}. Add it as a table for that.")
    if options.frequency != "auto" and options.frequency not in NAMED:
        raise DataError(f"There is no frequency {quoted(options.frequency)}; accepted are auto, {', '.join(NAMED)}.")
    found = rows_of(table, decisions, options, chosen)
    known_ahead = len(found.features) > found.past
    frequency = NAMED.get(options.frequency)
    return found, arrange(found.rows, found.ids, dated=found.dated, ahead=known_ahead, frequency=frequency)


def _facts(found: Found, arranged: Arranged, chosen: Chosen) -> SeriesFacts:
    times = arranged.raw.x_train[TIME]
    clock = bool((times % _DAY != 0).any()) and found.dated
    return SeriesFacts(
        arranged.frequency,
        chosen.time,
        chosen.id,
        found.ids,
        arranged.spans,
        arranged.start,
        found.past,
        found.dated,
        clock,
        int(times.max() - times.min()),
    )
