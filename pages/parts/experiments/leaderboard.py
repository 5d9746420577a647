"""The best configs of an experiment, and whether the first of them is known to be the best."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core import charts
from core.common.text import plural
from core.comparison import Group, Summaries
from core.comparison.champions import Champion, champion_of
from core.comparison.ranking import LEFT_OUT, leaderboard_frame, repeats_title
from core.comparison.whole_experiment import Ranked
from core.reports.panel_specs import Leaderboard
from core.runs import experiment_board
from core.verdicts import heading
from core.verdicts.sentences import grounds
from core.verdicts.settling import settling
from pages.frontend.chart import chart
from pages.parts.experiments.champion import choose_champion
from pages.parts.experiments.tried import tell_queued
from pages.shared.add_to_report import add_to_report
from pages.shared.data import beside_champion, context, verdict_of
from pages.shared.format import literal
from pages.shared.further_seeds import offer
from pages.shared.nav import COMPARE
from pages.shared.run_table import number_column
from pages.shared.versions import group_versions

_FIRST = 8  # configs that are compared, as many as fit on a chart
_LISTED = 20
_HELP = {
    False: "The same configs with further seeds, in this experiment.",
    True: "The same configs; each further seed cuts the examples anew, in the same way for both.",
}  # by whether they are folds


def draw_leaderboard(found: Ranked, summaries: Summaries, experiment: str, data: str) -> bool:
    """Whether any config has a value. `data`: which data set they are on, where the experiment has several."""
    by, ranked = found.metric, found.groups
    if not ranked:
        st.info(f"No run that has ended has a value of {literal(by)}.", icon=":material/hourglass_empty:")
        return False
    st.subheader("Leaderboard", anchor=False)
    first = ranked[:_FIRST]
    if len(first) > 1:
        _verdict(first, len(ranked), found.names, summaries, by)
    board = experiment_board.board(context(), experiment)
    _table(found, summaries, champion_of(found, board))
    choose_champion(found, experiment, board, found.groups[:_LISTED])
    with st.container(horizontal=True, vertical_alignment="center"):
        run_ids = [run.id for group in first for run in group.runs]
        st.page_link(
            COMPARE.path, label=f"Compare the first {len(first)} in full" if len(first) > 1 else "See its curves",
            icon=COMPARE.icon, query_params={"runs": ",".join(map(str, run_ids[:50]))},
        )  # fmt: skip
        add_to_report(Leaderboard(experiment=experiment, metric=by, data_set=data), "leaderboard")
        if told := _told(found):
            st.caption(told)
    return True


def _told(found: Ranked) -> str:
    """Which configs are not listed, and why."""
    listed, others = len(found.groups), len(found.others)
    parts = [f"The first {_LISTED} of {listed:,} configs."] if listed > _LISTED else []
    if others:
        told = (
            f"{plural(others, 'config')} without a value of {literal(found.metric)}: pruned, failed or not at its end."
        )
        parts.append(told)
    return " ".join(parts)


def _verdict(first: Sequence[Group], ranked: int, names: Mapping[int, str], summaries: Summaries, by: str) -> None:
    verdict = verdict_of(
        tuple((group.id, tuple(run.id for run in group.runs)) for group in first), by, group_versions(first, summaries)
    )
    if verdict is None:
        return
    icon = ":material/trophy:" if verdict.is_sure else ":material/balance:"
    bold = {key: f"**{literal(name, 80)}**" for key, name in names.items()}
    st.markdown(f"{icon} {heading(verdict, bold)}")
    if any(each.estimate for each in verdict.against):
        chart(charts.leads(verdict, names), key="experiment_leads", alt=f"How far the best leads in {by}")
    st.caption(" ".join(part for part in (settling(verdict, bold), grounds(verdict, ranked)) if part))
    offer(verdict, first, names, "leaderboard", _HELP, tell_queued)


def _table(found: Ranked, summaries: Summaries, champion: Champion) -> None:
    by, listed = found.metric, list(found.groups[:_LISTED])
    if champion.group not in listed:
        listed.append(champion.group)
    beside = beside_champion(
        champion.group.id, tuple((group.id, tuple(run.id for run in group.runs)) for group in listed), by,
        group_versions(listed, summaries), is_picked=champion.chosen is None,
    )  # fmt: skip
    frame = leaderboard_frame(found, listed, beside)
    title = repeats_title(found, listed)
    columns = {
        "Config": st.column_config.TextColumn(width=230),
        by: number_column(by, frame[by].tolist()),
        "±": st.column_config.NumberColumn(format="%.2g", help=f"Standard deviation over {title.lower()}"),
        title: st.column_config.NumberColumn(help=f"{title} that have a value", width="small"),
        LEFT_OUT: st.column_config.TextColumn(
            help="Runs by which a search chose the config: too good for its mean, which is of fresh seeds",
            width="small",
        ),
        "Failed": st.column_config.NumberColumn(help="Runs without a value: failed, lost or pruned", width="small"),
        "Against the champion": st.column_config.TextColumn(
            width=280, help=f"Whether {title.lower()} tell the two apart, corrected for all that are listed (Holm)"
        ),
    }
    st.dataframe(
        frame, hide_index=True, key="experiment_leaderboard", column_config=columns, height="content",
        placeholder="", alt=f"The best configs by {by}",
    )  # fmt: skip
