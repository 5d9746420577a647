"""The table of all data sets; a click on a name opens the data set, one beside it the Launch form with it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.data.library.known import Known
from pages.parts.datasets import words
from pages.shared.format import size
from pages.shared.nav import LAUNCH
from pages.shared.widgets import reader_zone

_TITLE = "Data set"
_TRAIN = "Train on it"
_OPEN, _LAUNCH = "datasets_open", "datasets_train"
_WORD_JOINER = "\u2060"  # takes no room; breaks what would be read as an icon's name
_PLACES = {
    "added": "added",
    "bundled": "built in",
    "local": "on this host",
    "missing": "to be downloaded",
}


def table(found: Sequence[Known]) -> None:
    frame = pd.DataFrame(
        {
            _TITLE: [_label(each.title) for each in found],
            _TRAIN: [f"{LAUNCH.icon} {_TRAIN}"] * len(found),
            "Kind": [words.kind(each.info) for each in found],
            "Training": [words.training_examples(each.info) for each in found],
            "Validation": [each.info.validation_examples or None for each in found],
            "Test": [each.info.test_examples or None for each in found],
            "Predicts": [words.predicted(each.info) for each in found],
            "Size": [size(each.bytes) for each in found],
            "Where": [_PLACES[each.place] for each in found],
            "Added": [_moment(each) for each in found],
            "By": [each.manifest.added_by if each.manifest else None for each in found],
            "Fingerprint": [each.fingerprint[:8] or None for each in found],
        }
    )
    if not any(each.info.validation_examples for each in found):
        frame = frame.drop(columns="Validation")
    if not any(each.manifest for each in found):
        frame = frame.drop(columns=["Added", "By"])
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height="content",
        placeholder="",
        key="datasets_table",
        alt="All data sets",
        column_config={
            _TITLE: st.column_config.ButtonColumn(
                _TITLE,
                type="tertiary",
                alignment="left",
                width="medium",
                key=_OPEN,
                on_click=_open,
                args=([each.name for each in found],),
            ),
            _TRAIN: st.column_config.ButtonColumn(
                "Launch",
                type="tertiary",
                width=120,
                key=_LAUNCH,
                on_click=_launch,
                args=([each.name for each in found],),
            ),
            "Training": st.column_config.NumberColumn(help="Examples to train on", format="localized", width=90),
            "Validation": st.column_config.NumberColumn(
                help="Examples that their author set apart for validation", format="localized", width=90
            ),
            "Test": st.column_config.NumberColumn(help="Examples for the final test", format="localized", width=80),
            "Size": st.column_config.TextColumn(help="On this host's disk", width=90),
            "Where": st.column_config.TextColumn(
                help="Built-in sets are part of the program, or downloaded when they are first used", width=130
            ),
            "Added": st.column_config.DatetimeColumn(format="distance", width=110),
            "By": st.column_config.TextColumn(width=80),
            "Fingerprint": st.column_config.TextColumn(
                help="The beginning of the hash over the content; of a built-in set known once it was profiled",
                width=100,
            ),
        },
    )


def _label(title: str) -> str:
    line = " ".join(title.split())
    return f":{_WORD_JOINER}{line[1:]}" if line.startswith(":") else line


def _moment(each: Known) -> pd.Timestamp | None:
    if each.manifest is None:
        return None
    return pd.Timestamp(each.manifest.added_at, unit="s", tz="UTC").tz_convert(reader_zone())


def _open(names: Sequence[str]) -> None:
    if name := _clicked(_OPEN, names):
        st.query_params.from_dict({"dataset": name})


def _launch(names: Sequence[str]) -> None:
    if name := _clicked(_LAUNCH, names):
        st.switch_page(LAUNCH.path, query_params={"dataset": name})


def _clicked(key: str, names: Sequence[str]) -> str:
    click = st.session_state[key]
    return names[click["row"]] if click is not None and 0 <= click["row"] < len(names) else ""
