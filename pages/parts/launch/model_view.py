"""What the config builds, as the standby answered: the network and its layers."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.charts.diagram import diagram, shape_text
from core.jobs.inspection import LayerRow
from pages.frontend.chart import chart

TALLEST = 430  # pixels of the drawing before it scrolls
ROWS_AS_TABLE = 12
_INK_ON_LIGHT, _INK_ON_DARK = "#1b2528", "#e4eaec"  # the themes' text colours, which drawings do not take by themselves


def network(layers: Sequence[LayerRow]) -> None:
    ink = _INK_ON_DARK if st.context.theme.type == "dark" else _INK_ON_LIGHT
    figure = diagram(layers, ink)
    tall = figure.layout.height > TALLEST
    with st.container(height=TALLEST if tall else "content", border=False):
        chart(figure, key="launch_diagram", alt=_in_words(layers))


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
        height="content" if len(rows) <= ROWS_AS_TABLE else TALLEST,
        key="launch_layers",
        column_config={
            "name": "Name",
            "layer": "Layer",
            "output": "Output shape",
            "params": st.column_config.NumberColumn("Parameters", format="localized"),
        },
        alt="Layers with output shapes and parameter counts",
    )
