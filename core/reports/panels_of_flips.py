"""Panels of what single examples and single folds say: where two networks differ, and a cross-validation."""

import io
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.common.context import Context
from core.common.digits import aligned
from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import percentage, plural, quantity, shortened
from core.data.base import Array
from core.evaluation import flips, report_files
from core.evaluation.example_table import class_told, example_table, example_told, told_apart
from core.evaluation.samples import picture
from core.evaluation.slices import class_names
from core.reports.blocks import Block, Picture, Table, Words
from core.reports.panel_specs import FlipsPanel, FoldsPanel
from core.reports.panels_of_runs import value_or_none
from core.runs.data_names import without_repeat
from core.runs.folds import siblings
from core.runs.reading import get
from core.runs.results import params as params_of
from core.runs.results import summaries as summaries_of
from core.verdicts.cross_validation import cross_validation, metrics_of
from core.verdicts.folds_told import apart, folds_told

_SIDE = 128  # pixels of a picture
_LOOKED_AT = 200  # examples for which pictures are looked up
_MOST_COLUMNS = 8
_MOST_TEXT = 400  # characters of an example
_DIGITS = 4


def flips_of(context: Context, panel: FlipsPanel) -> list[Block]:
    """What only one of two runs gets right, example by example, and where they confuse other classes.

    Raises:
        NotFoundError, EvaluationError: a run or its predictions are not there, or cannot be read.
        DataError: they were not judged on the same examples, or by what is neither right nor wrong.
    """
    settings = context.workspace.settings
    one, other = (get(context, number) for number in (panel.run, panel.other))
    named = [f"#{run.id} {run.name}" for run in (one, other)]
    first, second = (report_files.read_predictions(settings, run.id) for run in (one, other))
    if not flips.is_same_test(first, second):
        raise DataError(
            f"{named[0]} and {named[1]} did not answer the same test examples with classes or labels, so that none "
            "can be compared one by one. Take two classifiers with one test set."
        )
    names = class_names(report_files.read_report(settings, one.id))
    found = flips.flips(first, second)
    frame, is_other, words = flips.part(found, panel.examples, *named)
    blocks: list[Block] = [Words(f"Where {named[0]} and {named[1]} differ", "heading"), _shares(found, named)]
    blocks.append(Words(f"{plural(len(frame), 'example')}. {words}"))
    if len(frame):
        blocks += _examples(settings, (other if is_other else one).id, frame, names, panel.most)
    return [*blocks, *_cells(first, second, names, named), *_groups(first, second, names, named[0])]


def _shares(found: flips.Flips, named: Sequence[str]) -> Table:
    told = {
        "Same answer": percentage(found.agree, 1),
        f"Only {named[0]} right": f"{len(found.only_one):,}",
        f"Only {named[1]} right": f"{len(found.only_other):,}",
        "Neither right": f"{len(found.neither):,}",
    }
    gain = flips.gain(found)
    if found.together is not None and gain is not None:
        told["Mean of both right"] = f"{percentage(found.together, 1)} ({100 * gain:+.1f} points)"
    alt = f"How {named[0]} and {named[1]} answer {found.examples:,} test examples"
    return Table(tuple(told), (tuple(told.values()),), alt, tuple(range(len(told))))


def _examples(settings: Settings, run: int, frame: pd.DataFrame, names: Sequence[str], most: int) -> list[Block]:
    """As pictures where there are any, otherwise as rows."""
    positions = frame["index"].head(_LOOKED_AT).tolist()
    if pictures := report_files.read_pictures(settings, run, positions):
        rows = frame[frame["index"].isin(list(pictures))].head(most).to_dict("records")
        made: list[Block] = [
            Picture(_png(pictures[row["index"]]), "image/png", example_told(row, names), _caption(row, names), True)
            for row in rows
        ]
    else:
        table = example_table(frame.head(most), names).drop(columns=["Example"]).iloc[:, :_MOST_COLUMNS]
        right = tuple(place for place, (_, values) in enumerate(table.items()) if pd.api.types.is_numeric_dtype(values))
        texts = [_column(table[name]) for name in table]
        made = [Table(tuple(map(str, table)), tuple(zip(*texts, strict=True)), "Test examples", right)]
    shown = min(most, len(frame)) if not pictures else len(made)
    more = f"The first {shown} of {len(frame):,}, the surest mistakes first." if len(frame) > shown else ""
    return [*made, Words(more, "small")] if more else made


def _column(values: pd.Series) -> list[str]:
    if values.name == "Text":
        return [shortened(" ".join(str(each).split()), _MOST_TEXT) for each in values]
    if pd.api.types.is_float_dtype(values):
        return [quantity(each, _DIGITS) if math.isfinite(each) else "" for each in values]
    return ["" if each is None else str(each) for each in values]


def _png(pixels: Array) -> bytes:
    made = io.BytesIO()
    picture(pixels, _SIDE).save(made, "PNG")
    return made.getvalue()


def _caption(row: dict[Any, Any], names: Sequence[str]) -> str:
    if "confidence" not in row:
        return told_apart(row["label"], row["predicted"])
    return f"{names[row['label']]} → {class_told(names, row['predicted'])} {percentage(row['confidence'])}"


def _cells(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], named: Sequence[str]) -> list[Block]:
    cells = flips.differing_cells(one, other, names) if names else pd.DataFrame()
    if cells.empty:
        return []
    rows = tuple(tuple(map(str, row)) for row in cells.itertuples(index=False))
    told = "Classes taken for others, more often by one"
    return [Words(told, "heading"), Table(("True", "Predicted", *named), rows, told, (2, 3))]


def _groups(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], name: str) -> list[Block]:
    found = flips.worse_groups(one, other, names)
    if found is None or not found.rows:
        return []
    rows = tuple(
        (each.what, f"{each.examples:,}", percentage(each.share, 1), percentage(each.elsewhere, 1))
        for each in found.rows
    )
    told = f"Where {name} alone is right"
    return [
        Words(told, "heading"),
        Table(("Group", "Examples", "Share", "Elsewhere"), rows, told, (1, 2, 3)),
        Words(f"{found.looked:,} groups were looked at; listed is what chance does not explain (Holm).", "small"),
    ]


def folds(context: Context, panel: FoldsPanel) -> list[Block]:
    """The cross-validation that a run is a fold of: its mean and deviation, and each fold. Raises NotFoundError,
    DataError: the run is of none.
    """
    run = get(context, panel.run)
    members = siblings(context, run)
    run_ids = [each.id for each in members]
    params, summaries = params_of(context, run_ids), summaries_of(context, run_ids)
    metric = panel.metric or next(iter(metrics_of(summaries)), "val_loss")
    found = cross_validation(members, params, summaries, metric)
    if found is None:
        raise DataError(f"#{run.id} {run.name} is no fold of a cross-validation. Name a run whose config has folds.")
    first, *rest = folds_told(found)
    columns = {
        "Fold": [f"{each.fold + 1} of {found.count}" for each in found.folds],
        "Seed": [each.seed for each in found.folds],
        "Run": [f"#{each.run.id}" if each.run else "" for each in found.folds],
        metric: aligned([value_or_none(each.value) for each in found.folds]),
        "From the mean": [apart(each, found) for each in found.folds],
    }
    if len(set(columns["Seed"])) < 2:
        del columns["Seed"]
    right = (len(columns) - 2, len(columns) - 1)
    blocks: list[Block] = [
        Words(f"Cross-validation of {without_repeat(run.name)}", "heading"),
        Words(first),
        Table(tuple(columns), tuple(zip(*columns.values(), strict=True)), f"Each fold's {metric}", right),
    ]
    return [*blocks, Words(" ".join(rest), "small")] if rest else blocks
