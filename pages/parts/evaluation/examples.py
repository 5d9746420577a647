"""Test examples with what was predicted for them: as pictures, as texts or as rows, whatever the data are."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.common.text import grouping, percentage, significant
from core.evaluation.example_table import class_told, example_table, example_told, told_apart
from core.evaluation.kept_texts import TEXT, UNSEEN
from core.evaluation.report_files import EvaluationError, read_pictures
from core.evaluation.samples import load_samples, picture
from pages.shared.data import workspace
from pages.shared.format import literal, plural

_PICTURES, _ROWS = 24, 200
_SIDE = 84  # pixels of a picture
_TALLEST = 460
_TEXT_ROW = 66  # pixels: three lines


def examples(
    of: int | Path, frame: pd.DataFrame, names: Sequence[str], *, key: str, alt: str, truth: bool = True
) -> None:
    """Draw examples, rows of a network's predictions, in their order.

    Args:
        of: number of the run, of whose test set they are; or the file with pictures of others.
        names: of the classes; none for regression.
        truth: whether to write the classes with each example, too, or only the confidence.
    """
    pictures = _pictures(of, frame)
    if pictures:
        rows = frame[frame["index"].isin(list(pictures))]
        with st.container(horizontal=True, gap="small", key=f"{key}_pictures"):
            for row in rows.to_dict("records"):
                image = picture(pictures[row["index"]], _SIDE)
                st.image(image, _caption(row, names, truth), width=_SIDE, alt=example_told(row, names))
        if len(frame) > len(rows):
            st.caption(f"{len(rows)} of {plural(len(frame), 'example')}; pictures of some are kept.")
        return
    table = example_table(frame.head(_ROWS), names)
    if not truth:
        table = table.drop(columns=["True", "Predicted"])
    long = "Text" in table
    height: Any = "content" if len(table) <= (5 if long else 12) else _TALLEST
    chosen: Any = st.dataframe(
        table, hide_index=True, key=key, alt=alt, height=height, column_config=_columns(table, 520 if truth else 280),
        row_height=_TEXT_ROW if long else None, placeholder="", on_select="rerun" if long else "ignore",
        selection_mode="single-row",
    )  # fmt: skip
    if long:
        places = [place for place in chosen.selection.rows if place < len(table)]
        if places:
            _whole(frame.iloc[places[0]].to_dict(), key)
        elif UNSEEN in frame and frame[UNSEEN].any():
            st.caption("Choose a row to read the whole text; of long ones the network saw the end.")
    if len(frame) > _ROWS:
        where = "; predictions.parquet, under Files, has all" if isinstance(of, int) else ""
        st.caption(f"{_ROWS} of {plural(len(frame), 'example')}{where}.")


def _pictures(of: int | Path, frame: pd.DataFrame) -> dict[int, Any]:
    """Pictures of the first of these examples of which there are any."""
    positions = frame["index"].head(_ROWS).tolist()
    try:
        if isinstance(of, int):
            found = read_pictures(workspace().settings, of, positions)
        else:
            found = load_samples(of, positions) if of.is_file() else {}
    except (EvaluationError, OSError, ValueError) as error:
        st.error(literal(str(error)))
        return {}
    return dict(list(found.items())[:_PICTURES])


def _caption(row: dict[Any, Any], names: Sequence[str], truth: bool) -> str:
    if "confidence" not in row:
        return literal(told_apart(row["label"], row["predicted"]), 60)
    share = percentage(row["confidence"])
    if not truth:
        return literal(share)
    predicted = literal(class_told(names, row["predicted"]), 18)
    return f"{literal(names[row['label']], 18)} → {predicted} {literal(share)}"


def _whole(row: dict[Any, Any], key: str) -> None:
    """One text, line by line; what the network did not see is grey."""
    text, at = str(row[TEXT]), int(row.get(UNSEEN, 0))
    with st.container(border=True, key=f"{key}_whole"):
        st.caption(f"Test example {row['index']:,}." + (" Grey was cut off before the network saw it." if at else ""))
        grey = [f":gray[{literal(line)}]" if line.strip() else "" for line in text[:at].splitlines()]
        seen = [literal(line) for line in text[at:].splitlines()]
        joint = [" ".join(filter(None, (*grey[-1:], *seen[:1])))]
        st.markdown("  \n".join([*grey[:-1], *joint, *seen[1:]]))


def _columns(table: pd.DataFrame, text_width: int) -> dict[str, Any]:
    config: dict[str, Any] = {
        str(name): st.column_config.NumberColumn(format=f"%.{significant(table[name])}g")
        for name in table.columns
        if pd.api.types.is_float_dtype(table[name])
    }
    if "Residual" in table:  # true minus predicted is to be the residual that stands beside them
        digits, sign = _decimals(table), grouping(*table.get("True", ()), *table.get("Predicted", ()))
        for name in ("True", "Predicted", "Residual"):
            if name in table:
                config[name] = st.column_config.NumberColumn(format=f"%{sign}.{digits}f")
    config["Text"] = st.column_config.TextColumn(width=text_width)
    config["Example"] = st.column_config.NumberColumn(width="small", help="Position in the test set")
    return config


def _decimals(table: pd.DataFrame) -> int:
    """Of true, predicted and residual, so that the smallest of the residuals has four digits; at most 12."""
    sizes = table["Residual"].abs()
    least = sizes[(sizes > 0) & (sizes < math.inf)].min()
    return 4 if math.isnan(least) else min(12, max(0, 3 - math.floor(math.log10(least))))
