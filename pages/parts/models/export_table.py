"""One table and one picture of a version's exports, and which of them stays near the original."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.charts.export_chart import export_chart
from core.models.trade_off import By, Choice, Threads, front, proposal
from pages.frontend.chart import chart
from pages.shared.format import literal, number, size

_TIME_HELP = "Median time of a call, on one thread; the original's is that of its Keras or SavedModel export"
_THREADS: dict[Threads, str] = {"one": "", "all": " · all"}
_BY: dict[By, str] = {"size": "Size", "zipped": "Zipped", "latency": "Latency"}
WITHIN = "models_export_within"


def export_table(found: Sequence[Choice]) -> None:
    """The first is the original."""
    _proposed(found)
    _picture(found)
    sparse = any(each.is_sparse for each in found)
    best = front(found, "size") | front(found, "latency") | (front(found, "zipped") if sparse else set())
    shown = _shown(found, best)
    _table(shown, best, sparse=sparse)
    _times(shown)


def _shown(found: Sequence[Choice], best: set[str]) -> list[Choice]:
    """All, or of many exports of smaller versions those that no other beats."""
    few = [each for each in found if not each.version or each.name in best or each.measured is None]
    if len(few) == len(found) or not st.toggle(
        f"Only the best of smaller versions, not all {len(found)}", True, key="models_export_few"
    ):
        return list(found)
    return few


def _table(found: Sequence[Choice], best: set[str], *, sparse: bool) -> None:
    metric = found[0].metric or "figure"
    some = [each.measured for each in found]
    beside = [None if each.version else each.measured for each in found]  # what was compared with the original itself
    told = any(each is not None and each.millijoules is not None for each in some)
    frame = pd.DataFrame(
        {
            "Format": [each.title for each in found],
            "Best": ["✓" if each.name in best else None for each in found],
            metric[:1].upper() + metric[1:]: [_figure(each) for each in found],
            "Flips": [_flips(each) for each in found],
            "Largest difference": [f"{each.difference:.2g}" if each else None for each in beside],
            "Size": [size(each.size) for each in found],
            **({"Zipped": [None if each.zipped is None else size(each.zipped) for each in found]} if sparse else {}),
            "1 example": [_time(each, 1) for each in found],
            "32 examples": [_time(each, 32) for each in found],
            "Memory": [f"{each.memory_mb:.0f} MiB" if each else None for each in some],
            **({"Energy": [_energy(each.millijoules) if each else None for each in some]} if told else {}),
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        placeholder="",
        key="models_exports",
        alt="The original and its exports",
        column_config={
            "Format": st.column_config.TextColumn(width=250 if any(each.version for each in found) else None),
            "Flips": st.column_config.NumberColumn(
                help="Test examples whose class, or any label, is another than the original's", width=70
            ),
            "Largest difference": st.column_config.TextColumn(
                help="Of an output to the original's, over 1,000 examples", width=130
            ),
            "Size": st.column_config.TextColumn(help="Of the network, without the state of its optimizer", width=90),
            "Zipped": st.column_config.TextColumn(
                help="The same file as a zip has it; weights that are zero take hardly any room there", width=90
            ),
            "1 example": st.column_config.TextColumn(help=_TIME_HELP, width=110),
            "32 examples": st.column_config.TextColumn(help=_TIME_HELP, width=110),
            "Memory": st.column_config.TextColumn(help="At most, of a process with nothing but its runtime", width=90),
            "Energy": st.column_config.TextColumn(
                help="An example of a batch of 32, on one thread: all that this host's processors used meanwhile",
                width=80,
            ),
            "Best": st.column_config.TextColumn(
                help="No other is at once as good and as small, or as good and as fast", width=60
            ),
        },
    )
    if any(known and known.is_disturbed for known in [*some, found[0].same]):
        st.caption("~ was measured while other work kept this host busy. Export it again to have it timed alone.")
    if found[0].latency is None:
        st.caption(
            "How fast the original is was not measured: export it as Keras to see how much faster the others are."
        )


def _flips(choice: Choice) -> int | None:
    """Against the original, where that is known."""
    found = choice.against if choice.version else choice.measured
    return found.flips if found else None


def _figure(choice: Choice) -> str | None:
    """ "0.925 (0.892 to 0.948)"."""
    if choice.value is None:
        return None
    span = choice.interval
    return number(choice.value) + (f" ({span[0]:.3f} to {span[1]:.3f})" if span else "")


def _time(choice: Choice, examples: int) -> str | None:
    found = choice.time(examples)
    if found is None:
        return "not measured" if choice.measured is None else None
    known = choice.measured or choice.same
    return f"{'~ ' if known and known.is_disturbed else ''}{found:.3g} ms"


def _energy(millijoules: float | None) -> str | None:
    return None if millijoules is None else f"{millijoules:.3g} mJ"


def _times(found: Sequence[Choice]) -> None:
    """All that was measured; the table above has the medians on one thread."""
    columns = {
        f"{examples} · {of}{title}": [each.time(examples, of, threads) for each in found]
        for threads, title in _THREADS.items()
        for examples in (1, 32)
        for of in ("p50", "p95")
    }
    with st.expander("All times, in milliseconds: of 1 and 32 examples, p50 and p95, on one thread and on all"):
        number_format = {name: st.column_config.NumberColumn(format="%.3g") for name in columns}
        st.dataframe(
            pd.DataFrame({"Format": [each.title for each in found], **columns}),
            hide_index=True, height="content", placeholder="", key="models_export_times",
            alt="Times of the original and its exports", column_config=number_format,
        )  # fmt: skip


def _proposed(found: Sequence[Choice]) -> None:
    relative = found[0].metric == "mae"
    st.session_state.setdefault(WITHIN, 1.0)
    within = st.number_input(within_label(relative=relative), 0.0, 100.0, step=0.5, key=WITHIN, width=260)
    for each in proposal(found, within / 100):
        st.markdown(literal(each))


def within_label(*, relative: bool) -> str:
    return "May lose at most, in % of the error" if relative else "May lose at most, in points"


def _picture(found: Sequence[Choice]) -> None:
    sparse = any(each.is_sparse for each in found)
    if export_chart(found, "size") is None:
        return
    by: By = st.segmented_control(
        "Against", [by for by in _BY if sparse or by != "zipped"], format_func=lambda each: _BY[each], default="size",
        required=True, key="models_export_by", label_visibility="collapsed",
    ) or "size"  # fmt: skip
    figure = export_chart(found, by)
    if figure is None:
        st.caption("Too few exports have a latency yet.")
        return
    chart(figure, key="models_export_chart", alt=f"Exports by {_BY[by].lower()}")
    told = "Lines up and down are 95 % intervals; the" if found[0].interval else "The"
    st.caption(f"{told} dotted line joins those that no other beats.")
