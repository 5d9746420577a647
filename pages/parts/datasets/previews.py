"""What a file holds, shown before it is added, and what can be chosen of it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.charts import profiles as charts
from core.data.library import ImagesPreview, TextPreview
from pages.frontend.chart import chart
from pages.shared.format import literal, plural


def draw_text(preview: TextPreview, key: str) -> tuple[str, str]:
    """Asks for the columns of a table of texts; returns those of the text and of the label, "" where there are none."""
    text, label = preview.text, preview.label
    if preview.layout == "table":
        options = list(preview.columns)
        with st.container(horizontal=True):
            label = _column("Column of labels", options, label, f"datasets_label_{key}")
            text = _column("Column of texts", options, text, f"datasets_text_{key}")
        frame = pd.DataFrame(preview.first_rows, columns=["Label", "Text"])
        st.dataframe(frame, hide_index=True, height=210, key="datasets_first_texts", alt="The first texts of the file")
    _notes(preview.notes)
    _counts(preview.class_counts, preview.test_texts, "text", preview.validation_texts)
    return text, label


def _column(label: str, options: Sequence[str], guess: str, key: str) -> str:
    index = options.index(guess) if guess in options else 0
    names = {each: f"column {int(each) + 1}" if each.isdecimal() else each for each in options}
    return st.selectbox(
        label,
        options,
        index=index,
        key=key,
        width=260,
        format_func=lambda each: names[each],
        persist_state="session",
    )


def draw_images(preview: ImagesPreview) -> None:
    sizes = ", ".join(f"{size} ({count:,})" for size, count in preview.sizes[:5])
    st.caption(literal(f"Sizes, width first: {sizes}{' …' if len(preview.sizes) > 5 else ''}."))
    if preview.broken:
        files = ", ".join(preview.broken[:5])
        st.warning(
            literal(f"{plural(len(preview.broken), 'file')} cannot be read as a picture: {files}."),
            icon=":material/broken_image:",
        )
    _notes(preview.notes)
    _counts(preview.class_counts, preview.test_images, "picture", preview.validation_images)


def _notes(notes: Sequence[str]) -> None:
    if notes:
        lines = "\n".join(f"- {literal(note)}" for note in notes)
        st.info(lines if len(notes) > 1 else literal(notes[0]), icon=":material/info:")


def _counts(counts: Mapping[str, int], test: int, noun: str, validation: int) -> None:
    if not counts:
        return
    total = sum(counts.values())
    own = [f"{count:,} in a {part} part" for part, count in (("validation", validation), ("test", test)) if count]
    of_them = f", {' and '.join(own)} of their own" if own else ""
    st.caption(f"{plural(total, noun)} in {len(counts):,} classes{of_them}.")
    figure = charts.class_balance(list(counts), {f"{noun}s": list(counts.values())})
    chart(figure, key="datasets_preview_classes", alt=f"{noun.capitalize()}s of each class")
