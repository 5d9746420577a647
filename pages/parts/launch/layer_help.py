"""Which layers a layer list may name, and with which arguments, beside the field where they are written."""

import pandas as pd
import streamlit as st

from core.architectures.catalogue import ARGUMENTS
from core.architectures.layers import Layers
from pages.parts.launch import draft


def draw_layer_help() -> None:
    """Nothing for other architectures."""
    name = draft.raw().get("architecture", {}).get("name")
    if name != Layers.model_fields["name"].default:
        return
    with st.expander("Layers and their arguments", icon=":material/menu_book:", key="launch_catalogue"):
        st.dataframe(
            pd.DataFrame([(layer, ", ".join(names)) for layer, names in ARGUMENTS.items()], columns=["layer", "takes"]),
            hide_index=True,
            height=300,
            key="launch_catalogue_table",
            column_config={"layer": "Layer", "takes": st.column_config.TextColumn("Arguments", width="large")},
            alt="Layers that may be named, with the arguments that each takes",
        )
