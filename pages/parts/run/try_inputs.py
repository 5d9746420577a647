"""Try it: the inputs, one form for each kind of data."""

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.common.errors import DataError
from core.data.base import DataInfo, Feature, Kind
from core.data.category_order import in_order
from core.data.picture_formats import ACCEPTED
from core.data.picture_input import MOST_BYTES
from core.data.row_input import Values, as_typed, asked_fields, number_of
from core.evaluation.holdout import HoldoutExample
from core.jobs.known_data import is_dark_on_light
from core.jobs.prediction import Input, Picture, Prompt, Row, Text
from core.runs.records import RunRecord
from pages.parts.run import try_series
from pages.shared.canvas import canvas
from pages.shared.data import context, holdout_example
from pages.shared.format import literal

DRAW, UPLOAD, TEST = "Draw", "Upload", "From the test set"
_FIELDS = 40  # features with a field each; more are a table to fill in


def form(run: RunRecord, info: DataInfo) -> Input | None:
    """What the reader has put in, None while there is nothing."""
    return _FORMS[info.kind](run, info)


def _picture(run: RunRecord, info: DataInfo) -> Input | None:
    ways = [UPLOAD]
    if info.shape[2] == 1:
        ways.insert(0, DRAW)
    if _example(run, info, 0) is not None:
        ways.append(TEST)
    way = st.segmented_control("Picture", ways, default=ways[0], required=True, key=f"run_try_way_{run.id}")
    if way == DRAW:
        return _drawn(run, info)
    return _uploaded(run, info) if way == UPLOAD else _tested(run, info)


def _drawn(run: RunRecord, info: DataInfo) -> Input | None:
    height, width, _ = info.shape
    drawn = canvas(key=f"run_try_canvas_{run.id}", label="Drawing area", height=height, width=width)
    inverted = _inverted(run, info, DRAW, is_dark_on_light(context(), run))
    if not drawn:
        st.caption("Draw with the mouse, a pen or a finger.")
    return Picture(content=drawn, drawn=True, inverted=inverted) if drawn else None


def _inverted(run: RunRecord, info: DataInfo, way: str, guess: bool) -> bool:
    """Asked of networks for grey pictures."""
    told = {
        DRAW: "Drawings are white on black. Inverted they are dark on light; on at first where the data set is, by the "
        "mean of its pictures",
        UPLOAD: "For dark on light, such as ink on paper, where the data are light on dark",
    }
    key = f"run_try_invert_{way}_{run.id}"
    return info.shape[2] == 1 and st.toggle("Invert", guess, key=key, help=told[way])


def _uploaded(run: RunRecord, info: DataInfo) -> Input | None:
    most = MOST_BYTES // 2**20
    file = st.file_uploader(
        "Picture file",
        key=f"run_try_file_{run.id}",
        help=f"{ACCEPTED}. What is transparent becomes white; of several pictures in a file the first is taken.",
        max_upload_size=most,
    )
    inverted = _inverted(run, info, UPLOAD, guess=False)
    if file is None:
        return None
    try:
        return Picture.of_file(file.getvalue(), file.name, inverted=inverted)
    except DataError as error:
        st.error(literal(str(error)))
        return None


def _tested(run: RunRecord, info: DataInfo) -> Input | None:
    example = _another(run, info)
    return Picture(content=example.png, is_ready=True) if example else None


def _text(run: RunRecord, info: DataInfo) -> Input | None:
    example = _another(run, info, begin=False)
    key = f"run_try_text_{run.id}_{example.position if example else ''}"
    with st.form(f"run_try_text_form_{run.id}", border=False):
        text = st.text_area("Text", example.text if example else "", height=180, key=key)
        if len(info.text_columns) > 1:
            joined = ", a line break, ".join(info.text_columns)
            st.caption(literal(f"Each text that it learned from is joined of columns: {joined}."))
        st.form_submit_button("Predict", type="primary", key=f"run_try_ask_{run.id}")
    return Text(text=text) if text.strip() else None


def _row(run: RunRecord, info: DataInfo) -> Input | None:
    example = _another(run, info, told=False)
    truth = st.empty()
    key = f"run_try_{run.id}_{example.position if example else ''}"
    fields, known = asked_fields(info, example.values if example else {})
    if len(fields) > _FIELDS:
        values = _as_table(fields, known, key)
    else:
        with st.grid(2, min_column_width=150, gap="small"):
            values = {
                field.name: _field(field, known.get(field.name), f"{key}_{place}") for place, field in enumerate(fields)
            }
    if example and values == {field.name: known.get(field.name) for field in fields}:
        with truth:  # of this row only: a changed one has no known answer
            _truth(info, example)
    if any(isinstance(value, float) and math.isinf(value) for value in values.values()):
        return None
    if len(fields) > _FIELDS:
        return Row(values=values)
    empty = all(value is None for value in values.values())
    if info.kind == "rows" and any(value is None for value in values.values()):
        st.caption("Fill in every value: this data set has no missing ones.")
        return None
    if empty:
        st.caption("Fill in what is known; what stays empty counts as missing.")
        return None
    return Row(values=values)


def _field(field: Feature, known: float | str | None, key: str) -> float | str | None:
    """What the reader has put in; infinite where it is no number, which is told here."""
    label = literal(field.name)
    if field.kind == "number":
        with st.container(gap="xxsmall"):  # not a number input: browsers drop the comma of 56,9
            text = as_typed(field, known) if isinstance(known, float) else ""
            return _read(field, st.text_input(label, text, placeholder="missing", key=key))
    if field.kind == "date":
        date = str(known or "")
        return st.text_input(label, date, placeholder="missing", key=key, help="A date, such as 2021-03-31") or None
    options = in_order(field.categories)
    index = options.index(known) if known in options else None
    return st.selectbox(label, options, index=index, placeholder="missing", accept_new_options=True, key=key)


def _read(field: Feature, text: str | None) -> float | None:
    try:
        number = number_of(field, text)
    except DataError as error:
        st.error(literal(str(error)))
        return math.inf
    return None if math.isnan(number) else number


def _as_table(fields: tuple[Feature, ...], known: Values, key: str) -> dict[str, float | str | None]:
    given = [(field, known.get(field.name)) for field in fields]
    texts = [as_typed(field, value) if isinstance(value, float) else value or "" for field, value in given]
    frame = pd.DataFrame({"Feature": [field.name for field in fields], "Value": texts})
    edited = st.data_editor(
        frame, hide_index=True, disabled=["Feature"], height=480, key=f"{key}_table", alt="Values of the features"
    )
    return {
        field.name: _read(field, value) if field.kind == "number" else value or None
        for field, value in zip(fields, edited["Value"], strict=True)
    }


def _prompt(run: RunRecord, info: DataInfo) -> Input | None:
    example = _another(run, info, begin=False)
    key = f"run_try_prompt_{run.id}_{example.position if example else ''}"
    with st.form(f"run_try_prompt_form_{run.id}", border=False):
        text = st.text_area("Prompt", example.text if example else "", height=120, key=key)
        temperature = st.slider(
            "Temperature",
            0.0,
            2.0,
            0.8,
            0.05,
            key=f"run_try_temperature_{run.id}",
            help="0 always takes the most probable token; the higher, the more surprising",
        )
        length = st.slider("Length", 10, 1000, 200, 10, key=f"run_try_length_{run.id}", help="Tokens to generate")
        asked = st.form_submit_button("Generate", type="primary", key=f"run_try_ask_{run.id}")
    seeds = f"run_try_seed_{run.id}"
    if asked:  # the same prompt again is to give another text
        st.session_state[seeds] = st.session_state.get(seeds, 0) + 1
    if seeds not in st.session_state:
        return None
    return Prompt(text=text, temperature=temperature, length=length, seed=st.session_state[seeds])


def _another(run: RunRecord, info: DataInfo, *, begin: bool = True, told: bool = True) -> HoldoutExample | None:
    """A test example and a button for the next one; with `begin` the first one is there without a click.

    Args:
        told: whether to tell its true class or number.
    """
    key = f"run_try_example_{run.id}"
    if _example(run, info, 0) is None:
        return None
    st.button(
        "Another test example" if begin or key in st.session_state else "A test example",
        icon=":material/casino:",
        key=f"{key}_next",
        on_click=_next,
        args=(key,),
    )
    if not begin and key not in st.session_state:
        return None
    example = _example(run, info, st.session_state.get(key, 0))
    if example is not None and told:
        _truth(info, example)
    return example


def _truth(info: DataInfo, example: HoldoutExample) -> None:
    if example.label:
        what = "value" if info.task == "regression" else "label"
        st.caption(f"Test example {example.position:,}; its {what} is **{literal(example.label)}**.")


def _next(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + 1


def _example(run: RunRecord, info: DataInfo, seed: int) -> HoldoutExample | None:
    return holdout_example(run.id, info, seed)


_FORMS: dict[Kind, Callable[[RunRecord, DataInfo], Input | None]] = {
    "image": _picture,
    "rows": _row,
    "table": _row,
    "text": _text,
    "corpus": _prompt,
    "series": try_series.form,
}
