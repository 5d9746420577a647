"""The controls of the comparison; their values stand in the address, so that it restores this very view."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.comparison import AXES, BANDS, Axis, Centre, How, Kind
from core.tracking.goals import is_result
from pages.shared import address

METRICS, AXIS, SMOOTH, LOG, GROUP, BAND = "metrics", "x", "smooth", "log", "group", "band"
FOLDS = "folds"
KEYS, CENTRE = "groups", "centre"
PARALLEL = "axes"  # of the parallel coordinates
_FIRST_CHOICE = ("val_loss", "val_accuracy"), ("loss", "accuracy")
_CENTRES: tuple[Centre, ...] = ("mean", "median", "IQM")
_MOST_SMOOTHING = 0.99


@dataclass(frozen=True)
class Controls:
    """How the curves are drawn."""

    metrics: tuple[str, ...]
    axis: Axis
    smoothing: float
    log: bool
    grouped: bool
    keys: tuple[str, ...]  # params that the groups are by; none for whole configs, seeds aside
    how: How  # what stands for a group


def controls(
    metrics: Sequence[str], params: Sequence[str], *, has_groups: bool, folds: bool, has_epochs: bool
) -> Controls:
    """Draw the controls for runs with these metrics and read them.

    Args:
        params: that some of several runs share and others do not.
        has_groups: whether some of the runs differ in nothing but seed or fold.
        folds: whether some of them are folds of one cross-validation, which is one thing until it is taken apart.
    """
    _begin_with(METRICS, _to_begin_with(metrics))
    _begin_with(AXIS, "epoch" if has_epochs else "step")
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_controls"):
        chosen: list[str] = []
        if metrics:  # else there is nothing to choose, and its label would be as pale as the widget
            chosen = st.multiselect(
                "Metrics", metrics, key=METRICS, bind=address.among(METRICS, metrics), width=400, select_all=False
            )
        # Options are written as the address has them: there Streamlit puts what stands on screen.
        axis = st.segmented_control("Horizontal axis", AXES, required=True, key=AXIS, bind=address.among(AXIS, AXES))
        smoothing = st.slider(
            "Smoothing", 0.0, _MOST_SMOOTHING, 0.0, 0.01, key=SMOOTH,
            bind=address.within(SMOOTH, 0.0, _MOST_SMOOTHING), width=200,
            help="Weight of what came before in the moving average. The recorded values stay visible, faintly.",
        )  # fmt: skip
        group = address.switch(GROUP)  # said also where no seeds can be grouped
        log = st.toggle("Log scale", key=LOG, bind=address.switch(LOG))
        grouped = has_groups and (_folds_together() if folds else st.toggle(
            "Group seeds", key=GROUP, bind=group,
            help="Runs that differ only in their seed become one line: the mean over seeds, with the spread around it.",
        ))  # fmt: skip
        keys = _keys(params)
        grouped = bool(grouped or keys)
        band, centre = BANDS[0], _CENTRES[0]
        if grouped:
            centre = st.segmented_control(
                "Line", _CENTRES, default=centre, required=True, key=CENTRE, bind=address.among(CENTRE, _CENTRES),
                help="IQM: the interquartile mean, of the values between the quartiles, which outliers do not move.",
            )  # fmt: skip
            band = st.segmented_control(
                "Band", BANDS, default=band, required=True, key=BAND, bind=address.among(BAND, BANDS),
                help="From the lowest run to the highest; the standard deviation; Student's interval of the mean; or "
                "that of the line, over runs drawn with replacement (too narrow for fewer than five).",
            )  # fmt: skip
    known = tuple(name for name in chosen if name in metrics)
    return Controls(
        known, axis or "step", min(max(smoothing, 0.0), _MOST_SMOOTHING), log, grouped, keys, How(centre, band)
    )


def _folds_together() -> bool:
    apart = st.toggle(
        "Folds apart", key=FOLDS, bind=address.switch(FOLDS),
        help="A cross-validation is one line: the mean of its folds, with the spread around it; so are seeds of one "
        "config. Apart, each run is by itself.",
    )  # fmt: skip
    return not apart


def take_apart() -> None:
    """In a callback: each run by itself from now on."""
    st.session_state[GROUP], st.session_state[FOLDS], st.session_state[KEYS] = False, True, []


def _keys(params: Sequence[str]) -> tuple[str, ...]:
    if not params:
        return ()
    if any(name not in params for name in st.session_state.get(KEYS, [])):  # of other runs
        st.session_state[KEYS] = [name for name in st.session_state[KEYS] if name in params]
    chosen = st.multiselect(
        "Group by", params, key=KEYS,
        bind=address.among(KEYS, params), select_all=False, width=260, placeholder="Params",
        help="Runs with the same values of these become one line, whatever else differs.",
    )  # fmt: skip
    return tuple(name for name in chosen if name in params)


def begin_anew() -> None:
    """Forget what nobody chose, so that it fits other runs, as it would for whoever opens the address elsewhere."""
    for key in (METRICS, AXIS, PARALLEL, KEYS):
        if key not in st.query_params:
            st.session_state.pop(key, None)


def _begin_with(key: str, value: object) -> None:
    if key not in st.session_state and key not in st.query_params:
        st.session_state[key] = value


def _to_begin_with(metrics: Sequence[str]) -> list[str]:
    """What runs are judged by: validation where there is any, otherwise training, otherwise the first result."""
    for names in _FIRST_CHOICE:
        found = [name for name in names if name in metrics]
        if found:
            return found
    return [*filter(is_result, metrics), *metrics][:1]


def choice(label: str, options: Sequence[str], key: str, preferred: Sequence[str] = ()) -> str:
    """One of the options, the first preferred one to begin with."""
    first = next((name for name in preferred if name in options), options[0])
    place = list(options).index(first)
    return st.selectbox(label, options, index=place, key=key, bind=address.among(key, options), width=280)


def several(label: str, options: Sequence[str], key: str, first: int, most: int) -> list[str]:
    """Some of the options, in the order in which they were taken; the first few to begin with."""
    _begin_with(key, list(options[:first]))
    if any(name not in options for name in st.session_state.get(key, [])):  # of other runs
        st.session_state[key] = [name for name in st.session_state[key] if name in options]
    bind = address.among(key, options)
    return st.multiselect(label, options, key=key, bind=bind, max_selections=most, select_all=False, width=640)


def value_kind(key: str) -> Kind:
    """Whether the best or the last value counts."""
    kinds: tuple[Kind, ...] = ("best", "last")
    return st.segmented_control("Value", kinds, default="best", required=True, key=key, bind=address.among(key, kinds))
