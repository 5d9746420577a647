"""Panels about one thing: a sweep, what a run logged beside its curves, a note."""

import math
import time
from collections.abc import Callable

import pandas as pd

from core.charts import parallel, rung_chart, sweep_charts
from core.charts.media_charts import histogram, own_figure
from core.charts.slot_chart import slots_over_time
from core.common.context import Context
from core.common.digits import decimals, number, with_places
from core.common.errors import DataError
from core.common.text import plural
from core.comparison.media_frames import histogram_of, read_json, table_of
from core.comparison.sweep_frames import (
    confirmed_digits,
    confirmed_frame,
    curse_told,
    curve_frame,
    early_told,
    hand_told,
    line_frame,
    log_fields,
    marked_frame,
    marked_told,
    of_epochs,
    pruned_told,
    rung_frame,
    rungs_told,
    slot_frame,
    trial_frame,
    with_lists,
)
from core.reports.blocks import Block, Chart, Picture, Table, Words
from core.reports.panel_specs import MediaPanel, NotePanel, SweepPanel
from core.runs import media
from core.runs.media import MediaRecord
from core.runs.search_names import short_name
from core.sweeps.confirming import confirmed
from core.sweeps.importance_told import QUESTIONS, counted, told
from core.sweeps.kept_sweep import kept_view
from core.sweeps.spending import pareto_front
from core.sweeps.telling_values import telling_values
from core.sweeps.trial_told import settings_told, value_told
from core.sweeps.trials import SweepView
from core.verdicts.confirmed_told import confirmed_told, grounds_told
from core.verdicts.fresh_seeds import fresh_seeds

_MOST_LINES = 120
_MOST_ROWS = 30
_MOST_TEXT = 5_000  # characters
_LARGEST = 5 * 2**20  # bytes of a picture
_SMALL = 64  # pixels
_PICTURES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".bmp": "image/bmp",
}  # fmt: skip
_MOST_PICTURES = 12


def of_sweep(context: Context, panel: SweepPanel) -> list[Block]:
    """Raises NotFoundError, DataError."""
    found = kept_view(context, panel.sweep)
    frame = trial_frame(found)
    goals = [each.metric for each in found.definition.goals]
    goal = panel.goal or goals[0]
    if goal not in goals:
        raise DataError(f"The sweep has no goal {goal}; it has {', '.join(goals)}.")
    if frame[goal].notna().sum() == 0:
        raise DataError("None of its trials has a result yet.")
    if panel.show in _STORED:
        blocks = _STORED[panel.show](context, found)
    else:
        blocks = _SWEEP[panel.show](found, frame, goal, panel)
    return [*blocks, Words(f"Of the sweep {found.sweep.name}, number {found.sweep.id}.", "small")]


def _rungs(context: Context, found: SweepView) -> list[Block]:
    curves, first = curve_frame(context, found), found.definition.goals[0].metric
    if curves.empty:
        raise DataError(f"No trial has recorded {first} over its epochs.")
    judged = rung_frame(found, curves)
    figure = rung_chart.rungs(curves, judged, first, epochs=of_epochs(found))
    return [
        Chart(figure, f"{first} of each trial, and the rungs"),
        Words(f"{rungs_told(judged)}Rings are where trials were pruned.{early_told(curves)}", "small"),
    ]


def _slots(found: SweepView, _frame: pd.DataFrame, _goal: str, _panel: SweepPanel) -> list[Block]:
    frame = slot_frame(found, time.time())
    if frame.empty:
        raise DataError("None of its runs has begun yet.")
    return [Chart(slots_over_time(frame, found.sweep.created_at), "Slots of the sweep over time")]


def _confirmation(context: Context, found: SweepView) -> list[Block]:
    again, goal = confirmed(found), found.definition.goals[0].metric
    if not again:
        raise DataError("None of its configs was launched again on fresh seeds yet. Do so with Confirm on its page.")
    blocks: list[Block] = []
    first = again[0]
    verdict = fresh_seeds(context, found).verdict
    if told := confirmed_told(found, verdict):
        blocks.append(Words(told, "heading"))
        blocks.append(Words(f"Its config: {settings_told(found, first.trial)}."))
    else:
        blocks.append(Words("No fresh seed has ended yet.", "heading"))
    frame = confirmed_frame(again, goal)
    places = {name: decimals(values) for name, values in confirmed_digits(frame).items()}
    titles = tuple(map(str, frame.columns))
    rows = tuple(
        tuple(
            with_places(float(value), places[name]) if name in places and pd.notna(value) else _cell(value)
            for name, value in zip(titles, row, strict=True)
        )
        for row in frame.itertuples(index=False)
    )
    blocks.append(
        Table(titles, rows, "Confirmed configs", tuple(range(len(titles))), ((0, 2),) if first.mean is not None else ())
    )
    blocks += [Words(text, "small") for text in (grounds_told(verdict), curse_told(again, goal)) if text]
    return blocks


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, str):
        return value
    return number(value) if isinstance(value, float) and value != int(value) else f"{value:g}"


def _best(found: SweepView, frame: pd.DataFrame, _goal: str, _panel: SweepPanel) -> list[Block]:
    first = found.definition.goals[0].metric
    marked = marked_frame(found, frame, first)
    drawn = Chart(sweep_charts.best_so_far(frame, first, marked=marked), f"Best {first} so far, by trial")
    told = (marked_told(marked) + hand_told(frame)).strip()
    return [drawn, Words(told, "small")] if told else [drawn]


def _parallel(found: SweepView, frame: pd.DataFrame, goal: str, _panel: SweepPanel) -> list[Block]:
    lines = line_frame(found, frame, goal, _MOST_LINES)
    figure = parallel(lines, names={int(each): f"trial {each}" for each in lines.index}, logs=log_fields(found))
    return [Chart(figure, "Fields and result of each trial")]


def _fields(found: SweepView, panel: SweepPanel, count: int) -> list[str]:
    known = [varied.field for varied in found.definition.fields]
    if strange := [name for name in panel.fields if name not in known]:
        raise DataError(f"The sweep varies no {', '.join(strange)}; it varies {', '.join(known)}.")
    chosen = [*panel.fields, *(name for name in known if name not in panel.fields)][:count]
    if len(chosen) < count:
        raise DataError(f"Needs {plural(count, 'field')} that are varied; the sweep varies {len(known)}.")
    return chosen


def _slices(found: SweepView, frame: pd.DataFrame, goal: str, panel: SweepPanel) -> list[Block]:
    [field] = _fields(found, panel, 1)
    marked = marked_frame(found, frame, goal)
    told = "The later a trial, the stronger its colour; those that did not train to their end are rings."
    return [
        Chart(sweep_charts.sliced(frame, field, goal, log_fields(found), marked=marked), f"{goal} against {field}"),
        Words(f"{told}{marked_told(marked)}{hand_told(frame)}", "small"),
    ]


def _landscape(found: SweepView, frame: pd.DataFrame, goal: str, panel: SweepPanel) -> list[Block]:
    across, up = _fields(found, panel, 2)
    marked = marked_frame(found, frame, goal)
    figure = sweep_charts.landscape(frame, (across, up), goal, log_fields(found), marked=marked)
    if figure is None:
        raise DataError("A landscape needs three trials.")
    drawn = Chart(figure, f"{goal} over {across} and {up}")
    return [drawn, *([Words(words.strip(), "small")] if (words := pruned_told(found) + hand_told(frame)) else [])]


def _importance(found: SweepView, _frame: pd.DataFrame, _goal: str, _panel: SweepPanel) -> list[Block]:
    known = told(found)
    if known is None:
        raise DataError("Too few of its trials have a result for measures of importance to be told.")
    figure = sweep_charts.field_importance(known.shares, {name: title for name, (title, _) in QUESTIONS.items()})
    questions = " ".join(f"{title}: {question}" for title, question in QUESTIONS.values())
    return [
        Chart(figure, "Importance of the fields"),
        Words(f"{questions} Of {counted(known)}.", "small"),
    ]


def _pareto(found: SweepView, frame: pd.DataFrame, _goal: str, panel: SweepPanel) -> list[Block]:
    goals = [each.metric for each in found.definition.goals]
    if len(goals) < 2:
        raise DataError("The sweep has one goal; a Pareto front needs two.")
    if strange := [name for name in panel.fields if name not in goals]:
        raise DataError(f"The sweep has no goal {', '.join(strange)}; it has {', '.join(goals)}.")
    across, up = [*panel.fields, *(name for name in goals if name not in panel.fields)][:2]
    front = [trial.number for trial in pareto_front(found)]
    if not front:
        raise DataError("No trial was trained to its end with a value of each goal yet.")
    marked = marked_frame(found, frame, across)
    return [
        Chart(sweep_charts.pareto(frame, (across, up), front, marked=marked), f"{across} against {up}"),
        Words(f"{plural(len(front), 'trial')} that no other beats in all goals.{hand_told(frame)}", "small"),
    ]


def _trials(found: SweepView, frame: pd.DataFrame, goal: str, _panel: SweepPanel) -> list[Block]:
    is_min = next(each.is_min for each in found.definition.goals if each.metric == goal)
    telling = telling_values(frame[goal].tolist(), (frame["state"] == "finished").tolist(), is_min=is_min)
    places = decimals(telling)
    some, fields = with_lists(found, frame.sort_values(goal, ascending=is_min, na_position="last").head(_MOST_ROWS))
    rows = tuple(
        (str(row["number"]), str(row["state"]), with_places(row[goal], places) if pd.notna(row[goal]) else "–",
         *("" if pd.isna(row[field]) else value_told(row[field]) for field in fields))
        for _, row in some.iterrows()
    )  # fmt: skip
    titles = ("Trial", "State", goal, *map(short_name, fields))
    blocks: list[Block] = [Table(titles, rows, "Trials, the best first", (0, *range(2, len(titles))))]
    if len(frame) > len(some):
        blocks.append(Words(f"The best {len(some)} of {plural(len(frame), 'trial')}.", "small"))
    return blocks


_STORED: dict[str, Callable[[Context, SweepView], list[Block]]] = {"confirmation": _confirmation, "rungs": _rungs}
_SWEEP: dict[str, Callable[[SweepView, pd.DataFrame, str, SweepPanel], list[Block]]] = {
    "best so far": _best,
    "parallel": _parallel,
    "slices": _slices,
    "landscape": _landscape,
    "importance": _importance,
    "pareto front": _pareto,
    "slots": _slots,
    "trials": _trials,
}


def of_media(context: Context, panel: MediaPanel) -> list[Block]:
    """What a run had under a name by a step. Raises NotFoundError, DataError."""
    step = 2**62 if panel.step is None else panel.step
    items = media.media_at(context, panel.run, panel.media, panel.name, step)
    if not items:
        by = "" if panel.step is None else f" by step {panel.step:,}"
        raise DataError(f"Run {panel.run} has no {panel.media} {panel.name!r}{by}.")
    blocks = [block for item in items[:_MOST_PICTURES] for block in _drawn(context, item)]
    return [*blocks, Words(f"{panel.name} of run {panel.run}, step {items[0].step:,}", "small")]


def _drawn(context: Context, item: MediaRecord) -> list[Block]:
    path = media.media_file(context, item)
    alt = f"The {item.kind} {item.name}, step {item.step:,}"
    if item.kind == "histogram":
        return [Chart(histogram(histogram_of(read_json(path)), item.run_id), alt)]
    if item.kind == "table":
        frame = table_of(read_json(path)).head(_MOST_ROWS)
        rows = tuple(tuple(map(str, row)) for row in frame.itertuples(index=False))
        return [Table(tuple(map(str, frame.columns)), rows, alt)]
    if item.kind == "text":
        with path.open(encoding="utf-8", errors="replace") as file:
            return [Words(file.read(_MOST_TEXT))]
    if path.suffix == ".json":
        return [Chart(own_figure(path.read_bytes(), item.name), alt)]
    if path.suffix not in _PICTURES:
        raise DataError(f"A report cannot show {path.name}; it shows pictures, figures, tables, texts and histograms.")
    if path.stat().st_size > _LARGEST:
        raise DataError(f"{path.name} has more than {_LARGEST // 2**20} MiB, which no report takes in.")
    data = path.read_bytes()
    return [Picture(data, _PICTURES[path.suffix], alt, item.caption, 0 < _width(data) <= _SMALL)]


def _width(data: bytes) -> int:
    """Of a PNG, in pixels; 0 of others."""
    return int.from_bytes(data[16:20], "big") if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24 else 0


def of_note(_context: Context, panel: NotePanel) -> list[Block]:
    return [Words(panel.text)]
