"""Try it: why the network answers so, and whether that explanation is to be believed."""

import html

import streamlit as st

from core import charts, runs
from core.charts.contributions import contributions, heat_over, rgb
from core.common.errors import TraindeckError
from core.common.text import percentage, quantity
from core.data.base import DataInfo
from core.data.pictures import shown
from core.jobs.explanation import TITLES, UNSIGNED, Explain, Explanation, Method, methods
from core.jobs.explanation_told import checks, compared, named
from core.jobs.prediction import Input, Prediction
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.run.asking import answered, draw_failure
from pages.parts.run.dependence import draw_dependence
from pages.shared.format import literal
from pages.shared.state import RUN_EXPLAINED

_SIDE = 256  # pixels of a picture
_FEATURES = 20
_MEANINGS: dict[Method, str] = {
    "gradients": "How much each place or token moved the answer on the way from what it is compared with "
    "(Sundararajan et al., 2017).",
    "smooth_gradients": "Where the answer moves most when the picture changes a little, the mean over noisy copies "
    "(Smilkov et al., 2017). Slopes, which add up to nothing, and tell nothing of against.",
    "occlusion": "What the answer loses when a patch is covered (Zeiler and Fergus, 2014).",
    "grad_cam": "Where the last convolution speaks for the class (Selvaraju et al., 2017); coarse in small networks.",
    "grad_cam_plus": "Grad-CAM with each place of a map weighed by itself (Chattopadhay et al., 2018): better where "
    "the cause is small, or there more than once.",
    "left_out": "What the answer loses without each token.",
    "shapley": "What each feature or patch adds, over all orders in which they become known (Štrumbelj and "
    "Kononenko, 2014).",
    "dependence": "What the answer is above or below its mean when only this feature has values of other rows: one at "
    "a time, so what features do together only is not seen (Friedman, 2001).",
    "spans": "What the forecast loses where a span of the window has its channel's mean; the last step is 1 back.",
    "next_tokens": "What the network holds likely to come after the prompt, before temperature.",
}


def explained(run: RunRecord, info: DataInfo, question: Input, answer: Prediction) -> None:
    """A switch, and behind it the explanation of the answer."""
    config = runs.spec(run)
    known = methods(info, config.architecture.name if config is not None else "")
    if not known or not st.toggle(
        "Explain", key=f"run_try_explain_{run.id}", help="Why the network answers so, with checks of whether that holds"
    ):
        return
    asked = _asked(run, known, answer)
    try:
        found = answered(run, question, RUN_EXPLAINED, asked)
    except TraindeckError as error:
        draw_failure(error, RUN_EXPLAINED)
        return
    draw_explanation(run, info, found, "run_explained")


def draw_explanation(run: RunRecord, info: DataInfo, answer: Prediction, key: str) -> None:
    """That of an answer, or why there is none."""
    given = answer.explanation
    if given is None or given.problem:
        st.info(literal(given.problem if given else "The process gave no explanation. Try again."))
        return
    with st.container(border=True, key=f"{key}_{run.id}"):
        _drawn(run, given, answer, f"{key}_chart_{run.id}")
        _told(info, given)


def _asked(run: RunRecord, known: tuple[Method, ...], answer: Prediction) -> Explain:
    method, target = known[0], ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(known) > 1:
            method = st.selectbox(
                "Method", known, format_func=TITLES.__getitem__, key=f"run_try_method_{run.id}", width=210
            )
        if len(answer.classes) > 1:
            names = [share.name for share in answer.classes]
            key = f"run_try_explained_{run.id}_{names[0]}"  # what is predicted is explained, until another is chosen
            target = st.selectbox("Explained class", names, key=key, width=140)
    return Explain(method=method, target=target)


def _picture(given: Explanation, seen: str) -> None:
    picture = heat_over(shown(seen), given.heat, _SIDE)
    st.image(picture, width=_SIDE, alt=f"Where the picture speaks for {given.target}: {_strongest(given)}")
    _legend(given, "a place")


def _strongest(given: Explanation) -> str:
    values = [(value, row, column) for row, line in enumerate(given.heat) for column, value in enumerate(line)]
    _, row, column = max(values)
    return f"most in row {row + 1}, column {column + 1} of {len(given.heat)} x {len(given.heat[0])}"


def _tokens(given: Explanation) -> None:
    peak = max((abs(part.value) for part in given.parts), default=0.0)
    words = [
        f'<span style="background: {rgb(part.value, peak)}; border-radius: 3px; padding: 0 2px" '
        f'title="{html.escape(part.name)}: {quantity(part.value, 2)}">{html.escape(part.name)}</span>'
        for part in given.parts
    ]
    st.html(f'<div style="line-height: 1.8; overflow-wrap: anywhere">{" ".join(words)}</div>')
    _legend(given, "a token")
    most = sorted(given.parts, key=lambda part: -abs(part.value))[:5]
    told = ", ".join(f"{literal(part.name, 24)} {quantity(part.value, 2)}" for part in most)
    st.caption(f"The most: {told}.")


def _features(given: Explanation, key: str) -> None:
    parts = [(f"{part.name} = {part.given or 'missing'}", part.value) for part in given.parts[:_FEATURES]]
    alt = ", ".join(f"{name} {quantity(value, 2)}" for name, value in parts[:3])
    chart(contributions(parts), key=key, alt=f"What each part adds: {alt}")
    if len(given.parts) > _FEATURES:
        what = "spans" if given.method == "spans" else "features"
        st.caption(f"The {_FEATURES} that count most of {len(given.parts)} {what}.")
    _legend(given, "a span" if given.method == "spans" else "a feature")


def _next(run: RunRecord, given: Explanation, key: str) -> None:
    parts = [(named(part.name), part.value) for part in given.parts]
    alt = ", ".join(f"{name} {percentage(value, 1)}" for name, value in parts[:3])
    figure = contributions(parts, charts.run_colour(run.id))
    chart(figure, key=key, alt=f"What may come next: {alt}")


def _drawn(run: RunRecord, given: Explanation, answer: Prediction, key: str) -> None:
    if given.heat:
        _picture(given, answer.seen)
    elif given.method in ("shapley", "dependence", "spans"):
        _features(given, key)
        if given.dependences:
            draw_dependence(run, given.dependences, key, is_share=bool(answer.classes))
    elif given.method == "next_tokens":
        _next(run, given, key)
    else:
        _tokens(given)


def _legend(given: Explanation, what: str) -> None:
    """What the colours mean; some methods know no red and blue."""
    bar = "display: inline-block; width: 72px; height: 0.7em; border-radius: 2px; vertical-align: middle; margin: 0 6px"
    name = html.escape(given.target)
    ends = [rgb(side, 1, 0.85) for side in (-1, 1)]
    low, against = ends[0], f"speaks against {name}"
    if given.method in UNSIGNED:
        low, against = "transparent", "says nothing"
    st.html(
        f'<div style="font-size: 0.85rem">{what.capitalize()} {against}'
        f'<span style="{bar}; background: linear-gradient(90deg, {low}, transparent, {ends[1]})"></span>'
        f"{'moves' if given.method == 'smooth_gradients' else 'speaks for'} {name}</div>"
    )


def _told(info: DataInfo, given: Explanation) -> None:
    st.caption(literal(" ".join(filter(None, (_MEANINGS[given.method], compared(info, given))))))
    found = checks(info, given)
    good = " ".join(literal(each.text) for each in found if each.is_good)
    bad = " ".join(literal(each.text) for each in found if not each.is_good)
    if good:
        st.caption(good)
    if bad:
        st.markdown(f":small[:red[{bad}]]")  # not a caption, which is dimmed
    st.caption(f"Explained in {given.milliseconds:,.0f} ms, checks included.")
