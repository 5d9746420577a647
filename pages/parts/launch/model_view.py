"""What the config builds, as the standby answered: the network, its layers, and examples in the data."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.charts.layout import blank
from core.charts.text import plain
from core.data.base import Array
from core.diagram import diagram, shape_text
from core.inspection import Example, Inspection, LayerRow
from pages.shared.format import literal

TALLEST = 430  # pixels of the drawing before it scrolls
_THUMBNAIL = 56  # pixels on a side
_CAPTION = 9  # characters below a thumbnail
_ROWS_AS_TABLE = 12
_BAR_CLASSES = 40  # more classes get no names beside their bars
_INK_ON_LIGHT, _INK_ON_DARK = "#1b2528", "#e4eaec"  # the themes' text colours, which drawings do not take by themselves
_PLAIN_CHART = {"displayModeBar": False}


def network(layers: Sequence[LayerRow]) -> None:
    ink = _INK_ON_DARK if st.context.theme.type == "dark" else _INK_ON_LIGHT
    figure = diagram(layers, ink)
    tall = figure.layout.height > TALLEST
    with st.container(height=TALLEST if tall else "content", border=False):
        st.plotly_chart(figure, key="launch_diagram", config=_PLAIN_CHART, alt=_in_words(layers))


def _in_words(layers: Sequence[LayerRow]) -> str:
    kinds = ", ".join(f"{layer.kind} {shape_text(layer.output_shape)}" for layer in layers[:12])
    return f"Network of {len(layers)} layers: {kinds}"


def layer_table(layers: Sequence[LayerRow]) -> None:
    rows = [
        (layer.name, f"{layer.kind} {layer.detail}".strip(), shape_text(layer.output_shape), layer.params)
        for layer in layers
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=["name", "layer", "output", "params"]),
        hide_index=True,
        height="content" if len(rows) <= _ROWS_AS_TABLE else TALLEST,
        key="launch_layers",
        column_config={
            "name": "Name",
            "layer": "Layer",
            "output": "Output shape",
            "params": st.column_config.NumberColumn("Parameters", format="localized"),
        },
        alt="Layers with output shapes and parameter counts",
    )


def data_view(inspection: Inspection) -> None:
    """Examples with their labels, and how many examples each class has."""
    pictures = [example for example in inspection.examples if example.pixels is not None]
    rows = [example for example in inspection.examples if example.values is not None]
    if pictures:
        with st.grid(6, min_column_width=_THUMBNAIL, gap="xsmall"):
            for example in pictures:
                label = literal(example.label, _CAPTION)
                st.image(_picture(example), f":small[{label}]", width="stretch", alt=f"Example of {example.label}")
    if rows:
        _example_table(rows)
    if inspection.class_counts:
        st.caption("Training examples by class")
        st.plotly_chart(
            _balance(inspection.class_counts),
            key="launch_balance",
            config=_PLAIN_CHART,
            alt="Bar chart of training examples by class",
        )


def _picture(example: Example) -> Array:
    """[side, side, channels] bytes: each pixel a block, since browsers would blur small pictures."""
    pixels = np.clip(np.asarray(example.pixels), 0, 255).astype(np.uint8)
    if pixels.ndim == 2:
        pixels = pixels[..., np.newaxis]
    if pixels.shape[-1] == 2:  # no picture format has two channels
        pixels = pixels[..., :1]
    factor = max(1, 2 * _THUMBNAIL // max(pixels.shape[:2]))  # twice as fine, for dense screens
    blocks: Array = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    return blocks[..., 0] if blocks.shape[-1] == 1 else blocks[..., :3]


def _example_table(examples: Sequence[Example]) -> None:
    width = max(len(example.values or []) for example in examples)
    frame = pd.DataFrame([example.values for example in examples], columns=[str(n) for n in range(1, width + 1)])
    frame.insert(0, "class", [example.label for example in examples])
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= _ROWS_AS_TABLE else TALLEST,
        key="launch_examples",
        column_config={
            "class": st.column_config.TextColumn("Class", pinned=True),
            **{name: st.column_config.NumberColumn(format="%.4g") for name in frame.columns[1:]},
        },
        alt="Examples in the data with their classes",
    )


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
            marker={"color": "#0f9d94"},
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
