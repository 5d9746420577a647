"""All of the compared at once: how they rank over what all of them went through, and which pairs are told apart."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core import charts
from core.comparison import Group, Params, Summaries, ranked_together
from core.reports.panel_specs import Ranks
from core.verdicts.figures import in_unit
from core.verdicts.repeats import Kind
from core.verdicts.several import Pair, Several
from core.verdicts.several_told import pairs_told, ranks_told
from pages.frontend.chart import chart
from pages.shared.add_to_report import add_to_report
from pages.shared.data import several_of
from pages.shared.format import literal
from pages.shared.versions import group_versions


def draw_together(groups: Sequence[Group], params: Params, summaries: Summaries, by: str, kind: Kind) -> None:
    """Nothing of two configs on one data set: the verdict says all of these."""
    sides, names, over_data = ranked_together(groups, params)
    if len(sides) < (2 if over_data else 3):
        return
    members = tuple(tuple(run.id for run in side.runs) for side in sides)
    found = several_of(members, by, group_versions(groups, summaries), over_data, kind)
    if found is None:
        return
    runs = tuple(run_id for each in members for run_id in each)
    bold = {key: f"**{literal(name, 80)}**" for key, name in names.items()}
    st.markdown(f":material/leaderboard: {' '.join(ranks_told(found, bold))}")
    if found.ranking is not None:
        chart(charts.rank_chart(found, names), key="compare_ranks", alt=f"Mean ranks by {by}, the best first")
        st.caption(
            "Lines are Nemenyi's critical difference wide: of two that do not overlap the ranks differ by more than "
            "chance at 95 %."
        )
    if found.pairs:
        with st.expander(f"Every two of them ({len(found.pairs)})"):
            _pairs(found, names)
        add_to_report(Ranks(runs=runs, metric=by), "ranks")


def _pairs(found: Several, names: Mapping[int, str]) -> None:
    share = found.over == "data sets"
    frame = pd.DataFrame(
        {
            "One": [names[pair.one] for pair in found.pairs],
            "Other": [names[pair.other] for pair in found.pairs],
            "One better on" if share else f"{found.metric}, one less other": [
                _lead(each, found.metric) for each in found.pairs
            ],
            "p (Holm)": ["" if pair.chance is None else f"{pair.chance:.3g}" for pair in found.pairs],
            "Verdict": [_verdict(pair) for pair in found.pairs],
        }
    )
    st.dataframe(frame, hide_index=True, key="compare_pairs", height="content", alt="Every two of the compared")
    if told := pairs_told(found):
        st.caption(told)


def _lead(pair: Pair, metric: str) -> str:
    """Over data sets the share in which the first is better."""
    if pair.chance is None:
        return ""
    return in_unit(pair.lead, pair.against, metric) if pair.against else f"{100 * pair.lead:.0f} %"


def _verdict(pair: Pair) -> str:
    if pair.chance is None:
        return f"not compared: {pair.reason}"
    return "told apart" if pair.is_sure else "not decided"
