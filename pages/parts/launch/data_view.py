"""What the data hold, as the standby answered: examples of every kind, the balance of classes, what became of texts."""

import base64
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.charts import series_charts
from core.charts.diagram import shape_text
from core.charts.layout import blank
from core.charts.wording import plain
from core.common.text import percentage, quantity, significant
from core.jobs.inspection import Example, Histogram, Inspection, Tokens
from pages.frontend.chart import chart
from pages.parts.launch.model_view import ROWS_AS_TABLE, TALLEST
from pages.shared.format import DASH, literal, plural

_THUMBNAIL = 56  # pixels on a side
_CAPTION = 8  # characters below a thumbnail
_BAR_CLASSES = 40  # more classes get no names beside their bars
_COLOUR = "#0f9d94"


def data_view(inspection: Inspection) -> None:
    """Examples with their labels, and how many examples each class has."""
    examples = inspection.examples
    if inspection.windows:
        _series(inspection)
    elif any(example.picture for example in examples):
        _pictures(inspection)
    elif any(example.values for example in examples):
        _rows(inspection)
    elif inspection.class_counts:
        _texts(examples)
    elif examples:
        _windows(examples, inspection.tokens)
    if inspection.tokens:
        st.caption(_about_tokens(inspection.tokens))
    if inspection.class_counts:
        st.caption("Training examples by class")
        figure = _balance(inspection.class_counts)
        chart(figure, key="launch_balance", alt="Bar chart of training examples by class")
    if inspection.targets:
        st.caption(f"Training examples by {literal(inspection.target or 'target')}")
        chart(_histogram(inspection.targets), key="launch_targets", alt="Histogram of the training targets")


def _series(inspection: Inspection) -> None:
    """Windows of the target: what is seen, and what is to be forecast."""
    steps, width = inspection.shape
    after = len(inspection.windows[0].after)
    st.caption(f"Windows: {plural(steps, 'step')} are seen, the next {after:,} are to be forecast (orange)")
    for place, window in enumerate(inspection.windows):
        st.caption(literal(window.title, 60))
        chart(
            series_charts.window(window.before, window.after),
            key=f"launch_window_{place}",
            alt=f"Window of {window.title}",
        )
    names = ", ".join(inspection.columns[:12])
    st.caption(literal(f"{plural(width, 'value')} a step: {names}{', …' if width > 12 else ''}"))


def _pictures(inspection: Inspection) -> None:
    altered = [example for example in inspection.examples if example.altered]
    if altered:
        st.caption("Originals, and beside each what training may see in its place")
        with st.grid(1 + len(altered[0].altered), min_column_width=_THUMBNAIL, gap="xsmall"):
            for example in altered:
                _picture(example.picture, example.label, f"Original of {example.label}")
                for number, version in enumerate(example.altered, start=1):
                    _picture(version, "", f"Augmented {example.label}, version {number}")
    st.caption(f"Examples, {shape_text(inspection.shape)}" if inspection.shape else "Examples")
    with st.grid(6, min_column_width=_THUMBNAIL, gap="xsmall"):
        for example in inspection.examples:
            _picture(example.picture, example.label, f"Example of {example.label}")


def _picture(png: str, label: str, alt: str) -> None:
    caption = f":small[{literal(label, _CAPTION)}]" if label else None
    st.image(base64.b64decode(png), caption, width="stretch", alt=alt)


def _rows(inspection: Inspection) -> None:
    examples = inspection.examples
    width = max(len(example.values) for example in examples)
    names = [plain(name, 40) for name in inspection.columns] or [str(number) for number in range(1, width + 1)]
    frame = pd.DataFrame([example.values for example in examples], columns=[f"value {n}" for n in range(width)])
    label = plain(inspection.target, 40) or ("Class" if inspection.class_counts else "Target")
    frame.insert(0, "label", [example.label for example in examples])
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= ROWS_AS_TABLE else TALLEST,
        key="launch_examples",
        placeholder=DASH,  # of missing values
        column_config={
            "label": st.column_config.TextColumn(label, pinned=True),
            **{
                column: st.column_config.NumberColumn(name, format=f"%.{significant(frame[column])}g")
                if pd.api.types.is_numeric_dtype(frame[column])
                else st.column_config.TextColumn(name)
                for column, name in zip(frame.columns[1:], names, strict=True)
            },
        },
        alt="Examples in the data with what is to be predicted",
    )


def _texts(examples: Sequence[Example]) -> None:
    """The beginning that the network does not see is grey."""
    for example in examples:
        cut = f":gray[{literal(example.cut)}] " if example.cut else ""
        st.markdown(f":blue-badge[{literal(example.label, 40)}] :small[{cut}{literal(example.text)}]")
    if any(example.cut for example in examples):
        st.caption("Grey is too long for the network, which does not see it.")


def _windows(examples: Sequence[Example], tokens: Tokens | None) -> None:
    unit = tokens.unit if tokens else "token"
    st.caption(f"Windows of the text; at every {unit} the network learns to tell the next one")
    for example in examples:
        st.code(example.text, language=None, wrap_lines=True)
        st.caption(f"goes on with “{literal(example.label) or '↵'}”")


def _about_tokens(tokens: Tokens) -> str:
    """The vocabulary, and what it and the length leave out."""
    known = f"{plural(tokens.vocabulary, 'token')} in the vocabulary, of {tokens.unit}s"
    unknown = f"{100 * tokens.unknown:.2g} % of the training texts' {tokens.unit}s are not among them"
    full = f"{percentage(tokens.full)} of the examples fill all {tokens.length:,} places"
    return f"{known} · {unknown} · {full}"


def _balance(counts: dict[str, int]) -> go.Figure:
    names = [plain(name, 16) for name in counts]
    named = len(names) <= _BAR_CLASSES
    figure = blank("balance", height=(18 * len(names) + 16) if named else 220)
    figure.add_trace(
        go.Bar(
            x=list(counts.values()),
            y=list(range(len(names))),
            customdata=names,
            orientation="h",
            marker={"color": _COLOUR},
            hovertemplate="%{customdata}: %{x:,}<extra></extra>",
        )
    )
    figure.update_layout(bargap=0.3, margin={"l": 0, "r": 8, "t": 0, "b": 16}, dragmode=False)
    figure.update_xaxes(fixedrange=True, showgrid=False, nticks=4, rangemode="tozero")
    figure.update_yaxes(
        fixedrange=True,
        autorange="reversed",
        showticklabels=named,
        tickvals=list(range(len(names))),
        ticktext=names,
        showgrid=False,
    )
    return figure


def _histogram(targets: Histogram) -> go.Figure:
    figure = blank("targets", height=180)
    middles = [(low + high) / 2 for low, high in zip(targets.edges, targets.edges[1:], strict=False)]
    digits = significant(targets.edges)
    edges = [quantity(edge, digits) for edge in targets.edges]
    ranges = [f"{low} to {high}" for low, high in pairwise(edges)]
    figure.add_trace(
        go.Bar(
            x=middles,
            y=list(targets.counts),
            customdata=ranges,
            marker={"color": _COLOUR},
            hovertemplate="%{customdata}: %{y:,}<extra></extra>",
        )
    )
    figure.update_layout(bargap=0.05, margin={"l": 0, "r": 8, "t": 0, "b": 16}, dragmode=False)
    figure.update_xaxes(fixedrange=True, showgrid=False)
    figure.update_yaxes(fixedrange=True, nticks=4, rangemode="tozero")
    return figure
