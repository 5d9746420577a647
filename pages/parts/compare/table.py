"""The comparison as a table, and as files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core import runs as use_cases
from core.charts import colours_apart
from core.common.digits import decimals, with_places
from core.comparison import (
    DATA_SET,
    Group,
    How,
    Params,
    Spread,
    Summaries,
    column,
    curves_csv,
    differing,
    group_table,
    has_folds,
    table,
    winners,
)
from core.comparison.spread import N_TOLD
from core.reports.panel_specs import MOST_METRICS, RunTable
from core.runs.data_names import is_repeat
from core.runs.records import RunRecord
from pages.parts.compare.curves import compared
from pages.parts.runs.table import swatch
from pages.shared.add_to_report import add_to_report
from pages.shared.data import ALL_POINTS, context
from pages.shared.format import literal
from pages.shared.run_table import number_column, opens_rows, text_column

ALL = "all"
_KEY = "compare_table"
_WINNER = "font-weight: 700; background-color: rgba(44, 154, 103, 0.22)"
_ROW, _HEADER = 35, 38  # pixels
_ROWS_MOST = 20  # in view
_NAME = 420  # pixels


def draw_table(
    runs: Sequence[RunRecord],
    groups: Sequence[Group] | None,
    params: Params,
    summaries: Summaries,
    metrics: Sequence[str],
    how: How,
    keys: tuple[str, ...],
) -> None:
    """A row a run, or a row a group (by `keys`, or whole configs); params that differ, last and best of each metric.

    Args:
        metrics: that by which the verdict is first, so that a report gets it with the table, too.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="compare_table_head"):
        st.subheader("Params and results", anchor=False, width="stretch")
        everything = st.toggle(
            "All params", key=ALL, bind="query-params", help="Also those that are the same in all runs"
        )
        place = st.container(horizontal=True, width="content")
    run_ids = [run.id for run in runs]
    every = list(dict.fromkeys(key for run_id in run_ids for key in params.get(run_id, {})))
    shown = every if everything else differing(run_ids, params)
    columns = {key: column(run_ids, params, key) for key in shown}
    if groups is None:
        frame = table(runs, columns, summaries, metrics)
        _show(_texts(frame, shown), shown, winners(frame, metrics))
    else:
        frame = group_table(groups, columns, summaries, metrics, how)
        shown = [key for key in shown if not is_repeat(key)]
        _show(_with_spread(frame, shown, metrics, how), shown, {}, {group.id: compared(group.runs) for group in groups})
        st.caption(
            f"In brackets: {how.band} around the {how.centre}. Behind it n, how many seeds or folds have a value of "
            "the metric, and why others have none."
        )
    sets = [name for name in dict.fromkeys(frame[DATA_SET]) if name]
    if len(sets) > 1:
        told = literal(", ".join(sets), 200)
        st.caption(
            f"These runs learned from {len(sets)} data sets ({told}), whose metrics cannot be ranked together: "
            "the best is marked among the runs of each."
        )
    if not shown:
        aside = ", seed and fold aside" if has_folds(groups or [], params) else ", seed aside"
        st.caption(f"The params of these runs do not differ{aside if groups else ''}.")
    with place:
        _downloads(runs, frame, metrics)
        few, grouped = tuple(metrics[:MOST_METRICS]), groups is not None and not keys
        add_to_report(RunTable(runs=tuple(run_ids), metrics=few, grouped=grouped, by=keys), "table")


def _texts(frame: pd.DataFrame, shown: Sequence[str]) -> pd.DataFrame:
    """Params as people typed them: a table would round 0.00001 to 0."""
    return frame.assign(**{key: frame[key].map(_text) for key in shown})


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _with_spread(frame: pd.DataFrame, shown: Sequence[str], metrics: Sequence[str], how: How) -> pd.DataFrame:
    made = frame[["group", DATA_SET, "n"]].copy()
    for name in (f"{metric} {kind}" for metric in metrics for kind in ("last", "best")):
        columns = [frame[f"{name} {part}"] for part in (how.centre, "low", "high", "n", "missing")]
        places = decimals(value for column in columns[:3] for value in column)
        made[name] = [_told(Spread(*row), places) for row in zip(*columns, strict=True)]
    return _texts(made.join(frame[list(shown)]), shown)


def _told(found: Spread, places: int | None) -> str:
    """With the decimals of its column."""
    if not found.n:
        return f"({found.missing})"
    value, low, high = (with_places(each, places) for each in (found.value, found.low, found.high))
    return f"{value}{f' ({low} to {high})' if found.n > 1 else ''} {found.told}"


def _show(
    frame: pd.DataFrame, shown: Sequence[str], best: Mapping[str, list[int]], leads_to: Mapping[int, str] | None = None
) -> None:
    """`leads_to`: the address of a group's runs, by its number."""
    drawn = frame.copy()
    colours = colours_apart(map(int, frame.index))
    drawn.insert(0, "colour", [swatch(colours[int(run_id)]) for run_id in frame.index])
    if "run" in frame:
        drawn.insert(1, "id", [f"run?id={run_id}" for run_id in frame.index])
    if leads_to:
        drawn.insert(2, "runs", [leads_to[int(group_id)] for group_id in frame.index])
    styled = drawn.style.apply(lambda column: _marks(column, best), axis=0)
    st.dataframe(
        styled,
        key=_KEY,
        hide_index=True,
        column_config=_config(drawn, shown),
        height="content" if len(frame) <= _ROWS_MOST else _HEADER + _ROW * _ROWS_MOST,
        placeholder="",
        alt="Params and metrics of the compared runs",
        on_select=opens_rows([] if "group" in frame else [int(run_id) for run_id in frame.index], _KEY),
        selection_mode="single-cell",
    )


def _marks(column: pd.Series, best: Mapping[str, list[int]]) -> list[str]:
    top = best.get(str(column.name), [])
    return [_WINNER if run_id in top else "" for run_id in column.index]


def _config(frame: pd.DataFrame, shown: Sequence[str]) -> dict[str, Any]:
    config: dict[str, Any] = {
        "colour": st.column_config.ImageColumn("", width=28, pinned=True),
        "id": st.column_config.LinkColumn("Run", display_text=r"id=(\d+)", width=60, pinned=True),
        "runs": st.column_config.LinkColumn("Runs", display_text="compare", width=80, help="Its runs, each by itself"),
        "run": text_column("Name", frame.get("run", ()), most=_NAME, pinned=True),
        DATA_SET: st.column_config.TextColumn("Data set"),
        "n": st.column_config.NumberColumn(help=N_TOLD, width="small"),
        "group": text_column("Group", frame.get("group", ()), most=_NAME, pinned=True),
    }
    for key in shown:
        leaf = key.rpartition(".")[2]
        title = ".".join(key.split(".")[-2:]) if leaf in ("name", "source") else leaf
        config[key] = st.column_config.TextColumn(title, help=key, alignment="right")
    for name in map(str, frame.columns):
        if name.endswith((" last", " best")):
            is_text = "group" in frame  # a mean and its spread
            values = frame[name].tolist()
            config[name] = text_column(name, values) if is_text else number_column(name, values)
        elif name.endswith(" best step"):
            config[name] = st.column_config.NumberColumn(format="%d")
    return config


def _downloads(runs: Sequence[RunRecord], frame: pd.DataFrame, metrics: Sequence[str]) -> None:
    acting, run_ids, names = context(), [run.id for run in runs], list(metrics)

    def curves() -> str:
        return curves_csv(runs, use_cases.histories(acting, run_ids, names, max_points=ALL_POINTS))

    st.download_button(
        "Table", lambda: frame.to_csv(index_label="run_id"), "comparison.csv", "text/csv", on_click="ignore",
        icon=":material/download:", key="compare_table_csv", help="The table as CSV",
    )  # fmt: skip
    st.download_button(
        "Curves", curves, "curves.csv", "text/csv", on_click="ignore", icon=":material/download:",
        key="compare_curves_csv", disabled=not names, help="Every recorded point of the chosen metrics as CSV",
    )  # fmt: skip
