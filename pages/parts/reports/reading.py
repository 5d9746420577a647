"""A report as it is read: a narrow column of prose, with the panels between."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

import streamlit as st

from core.reports.authoring import VersionRecord
from core.reports.blocks import Block, Chart
from core.reports.drawn_panels import Drawn
from core.reports.report_html import Part, block_html, drawn_parts, frozen_told, style
from pages.frontend.chart import chart
from pages.shared.data import context
from pages.shared.format import minute
from pages.shared.widgets import reader_zone

MEASURE = 680  # pixels


def read(shown: VersionRecord) -> None:
    column("report", drawn_parts(context(), shown.source))


def column(key: str, parts: Iterable[Part]) -> None:
    """All of a report, below each other."""
    styles()
    with (
        st.container(horizontal_alignment="center", key=key),
        st.container(width=MEASURE, gap="medium", key=f"{key}_column"),
    ):
        for place, part in enumerate(parts):
            if part.panel is None:
                _html(part.html)
            else:
                with st.container(gap="small", key=f"{key}_panel_{place}"):
                    panel(part.panel, f"{key}_chart_{place}")


def styles() -> None:
    st.html(f"<style>{style()}</style>")


def panel(found: Drawn, key: str) -> None:
    if found.title:
        _html(f'<p class="title">{escape(found.title)}</p>')
    for place, (is_chart, blocks) in enumerate(groupby(found.blocks, lambda block: isinstance(block, Chart))):
        _blocks(list(blocks), f"{key}_{place}", is_chart=is_chart)
    if found.frozen_at is not None:
        _html(frozen_told(found, minute(found.frozen_at, reader_zone())))


def _blocks(blocks: list[Block], key: str, *, is_chart: bool) -> None:
    if not is_chart:
        _html("".join(block_html(block) for block in blocks))
        return
    for place, block in enumerate(blocks):
        assert isinstance(block, Chart)
        chart(block.figure, key=f"{key}_{place}", alt=block.told)


def _html(text: str) -> None:
    st.html(f'<div class="report">{text}</div>')
