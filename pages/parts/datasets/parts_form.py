"""How a data set that is added is cut into parts: as its author did, by chance, by groups or by time."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.data.library import DatasetKind
from core.data.library.read_options import ImagesPreview, TablePreview, TextPreview
from pages.shared.format import plural

TEST_SHARE = "datasets_test_share"
_HOW = {"random": "By chance", "group": "Whole groups", "time": "By time"}
_HELP = (
    "By chance is right where examples are independent. Where several come from one person, place or series, keep such "
    "groups whole; where the future is to be predicted, hold back the last. Validation of runs follows it."
)


def draw_parts(kind: DatasetKind, found: object, key: str) -> dict[str, Any]:
    """Asks for it, beside what the file brings; returns options."""
    validation, test = _own_parts(found)
    chosen: dict[str, Any] = {}
    if validation:
        st.caption(f"The file has a validation part of {plural(validation, 'example')}, on which runs validate.")
    if test:
        rest = "" if validation else " What runs validate on is cut from the training part."
        st.caption(f"The file has a test part of {plural(test, 'example')}, which is kept.{rest}")
    elif validation:
        chosen["val_as_test"] = st.checkbox(
            "Take the validation part as the test",
            key=f"datasets_val_as_test_{key}",
            persist_state="session",
            help="The file has no test part. Runs then hold back a part of the training examples for validation.",
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not test and not chosen.get("val_as_test"):
            chosen["test_share"] = st.slider(
                "Held back for the test",
                0.0,
                0.5,
                0.2,
                0.05,
                format="percent",
                key=TEST_SHARE,
                persist_state="session",
                width=280,
                help="Never trained on, the same for every run. A test part that the file brings is kept as it is.",
            )
        if not (test and validation):  # otherwise nothing is cut
            chosen |= _how(kind, found, key)
    return chosen


def _own_parts(found: object) -> tuple[int, int]:
    """Examples of a validation and of a test part that the file brings."""
    match found:
        case TablePreview():
            return getattr(found, "validation_rows", 0), found.test_rows
        case TextPreview():
            return found.validation_texts, found.test_texts
        case ImagesPreview():
            return found.validation_images, found.test_images
    return 0, 0


def _how(kind: DatasetKind, found: object, key: str) -> dict[str, str]:
    columns, dates = _columns(found), dates_of(found)
    if columns is None and isinstance(found, TextPreview) and found.layout == "files":
        return {}  # lines have no names
    how = st.selectbox(
        "Parts are cut",
        list(_HOW),
        format_func=_HOW.__getitem__,
        key=f"datasets_cut_{key}",
        width=180,
        help=_HELP,
        persist_state="session",
    )
    if how == "random":
        return {}
    what = "groups" if how == "group" else "times"
    if columns:
        column = st.selectbox(
            f"Column of {what}",
            columns,
            index=columns.index(dates[0]) if dates and how == "time" else None,
            placeholder="Choose one",
            key=f"datasets_cut_{how}_{key}",
            width=220,
            persist_state="session",
        )
        if not column:
            st.caption(f"Choose the column of {what}, or parts are cut by chance.")
        return {how: column or ""}
    if kind == "arrays":
        label, example = f"Array of {what}", "patient" if how == "group" else "year"
        note = "Name of an array in the file with one value for each example."
    else:
        label, example = f"Pattern of {what} in file names", "_" if how == "group" else r"(\d{4}-\d\d-\d\d)"
        note = (
            "A regular expression; its first group is the name of the group, or the time. A sign alone, such as _, "
            "means what stands before the first one. With a slash it is looked for in the whole path."
        )
    said = st.text_input(
        label, key=f"datasets_cut_{how}_{key}", placeholder=example, help=note, width=260, persist_state="session"
    )
    if not said:
        st.caption(f"Say the {label[0].lower()}{label[1:]}, or parts are cut by chance.")
    return {how: said.strip()}


def dates_of(found: object) -> list[str]:
    """The columns of a table that hold dates."""
    return [each.name for each in found.columns if each.kind == "date"] if isinstance(found, TablePreview) else []


def _columns(found: object) -> Sequence[str] | None:
    """Of a table; None for files."""
    match found:
        case TablePreview():
            return [column.name for column in found.columns]
        case TextPreview() if found.layout == "table":
            return list(found.columns)
    return None
