"""What a file holds, shown before it is added, and what can be chosen of it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.charts import profiles as charts
from core.data.library import ImagesPreview
from pages.frontend.chart import chart
from pages.parts.datasets.aim_form import draw_aim, draw_labels, draw_told
from pages.shared.format import literal, plural


def draw_images(preview: ImagesPreview, key: str) -> bool:
    """Asks of a table of labels what is predicted; whether that can be learned."""
    if preview.labels_file:
        with st.container(horizontal=True):
            st.selectbox(
                "Column predicted",
                list(preview.columns),
                index=preview.columns.index(preview.label),
                key=f"datasets_label_{key}",
                width=260,
                persist_state="session",
                help=f"Of {literal(preview.labels_file)}, which names the pictures.",
            )
            draw_aim(key)
            if preview.task == "multilabel":
                others = [each for each in preview.columns if each != preview.label]
                draw_labels(key, others, others if preview.label in preview.class_counts else ())
        draw_told(preview)
    sizes = ", ".join(f"{size} ({count:,})" for size, count in preview.sizes[:5])
    st.caption(literal(f"Sizes, width first: {sizes}{' …' if len(preview.sizes) > 5 else ''}."))
    if preview.broken:
        files = ", ".join(preview.broken[:5])
        st.warning(
            literal(f"{plural(len(preview.broken), 'file')} cannot be read as a picture: {files}."),
            icon=":material/broken_image:",
        )
    draw_notes(preview.notes)
    several = preview.task == "multilabel"
    draw_counts(preview.class_counts, preview.test_images, "picture", preview.validation_images, several)
    return not preview.problem


def draw_notes(notes: Sequence[str]) -> None:
    if notes:
        lines = "\n".join(f"- {literal(note)}" for note in notes)
        st.info(lines if len(notes) > 1 else literal(notes[0]), icon=":material/info:")


def draw_counts(counts: Mapping[str, int], test: int, noun: str, validation: int, several: bool = False) -> None:
    if not counts:
        return
    total = sum(counts.values())
    own = [f"{count:,} in a {part} part" for part, count in (("validation", validation), ("test", test)) if count]
    of_them = f", {' and '.join(own)} of their own" if own else ""
    held = f"{plural(total, 'label')}, {len(counts):,} different ones"
    st.caption(f"{held if several else f'{plural(total, noun)} in {len(counts):,} classes'}{of_them}.")
    figure = charts.class_balance(list(counts), {f"{noun}s": list(counts.values())})
    chart(figure, key="datasets_preview_classes", alt=f"{noun.capitalize()}s of each {'label' if several else 'class'}")
