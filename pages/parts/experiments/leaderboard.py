"""The best configs of an experiment, and whether the first of them is known to be the best."""

from collections.abc import Sequence

import streamlit as st

from core import charts
from core.common.text import plural
from core.comparison import Group, Summaries
from core.comparison.champions import Champion, ahead_told, champion_of, judged_of, judged_told, listed
from core.comparison.ranking import AGAINST, LEFT_OUT, SPREAD, STANDS_ON, leaderboard_frame, repeats_title
from core.comparison.whole_experiment import Ranked
from core.reports.panel_specs import Leaderboard
from core.runs import experiment_board
from core.verdicts import heading
from core.verdicts.sentences import MOST_OF_NAME, grounds
from core.verdicts.settling import settling
from pages.frontend.chart import chart
from pages.parts.compare.link import of_configs
from pages.parts.experiments.champion import choose_champion
from pages.parts.experiments.tried import tell_queued
from pages.shared.add_to_report import add_to_report
from pages.shared.data import beside_champion, context, verdict_of
from pages.shared.format import literal
from pages.shared.further_seeds import offer
from pages.shared.nav import COMPARE
from pages.shared.run_table import number_column
from pages.shared.versions import group_versions

_FIRST = 8  # configs that the link to Compare is of, where none are judged
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
    judged, best = judged_of(found), None
    if len(judged) > 1:
        best = _verdict(found, judged, summaries)
    elif told := judged_told(found, {key: f"**{literal(name, 80)}**" for key, name in found.names.items()}):
        st.markdown(f":material/balance: {told}")
    board = experiment_board.board(context(), experiment)
    champion = champion_of(found, board, best)
    _table(found, judged, summaries, champion)
    choose_champion(found, experiment, board, champion, found.groups[:_LISTED])
    with st.container(horizontal=True, vertical_alignment="center"):
        first = judged if len(judged) > 1 else ranked[:_FIRST]
        which = f"the {len(first)} judged" if first is judged else f"the first {len(first)}"
        query = of_configs([[run.id for run in group.runs] for group in first], by)
        st.page_link(
            COMPARE.path, label=f"Compare {which} in full" if len(first) > 1 else "See its curves",
            icon=COMPARE.icon, query_params=query,
        )  # fmt: skip
        add_to_report(Leaderboard(experiment=experiment, metric=by, data_set=data), "leaderboard")
        if told := _told(found):
            st.caption(told)
    return True


def _told(found: Ranked) -> str:
    """Which configs are not listed, and why."""
    count, others = len(found.groups), len(found.others)
    parts = [ahead_told(found)]
    if count > _LISTED:
        parts.append(f"Listed: the first {_LISTED} of {count:,} configs, and any that are judged.")
    if others:
        told = (
            f"{plural(others, 'config')} without a value of {literal(found.metric)}: pruned, failed or not at its end."
        )
        parts.append(told)
    return " ".join(filter(None, parts))


def _verdict(found: Ranked, judged: Sequence[Group], summaries: Summaries) -> int | None:
    """Which is best, by its id."""
    by, names = found.metric, found.names
    verdict = verdict_of(
        tuple((group.id, tuple(run.id for run in group.runs)) for group in judged), by,
        group_versions(judged, summaries), found.kind,
    )  # fmt: skip
    if verdict is None:
        return None
    icon = ":material/trophy:" if verdict.is_sure else ":material/balance:"
    bold = {key: f"**{literal(name, MOST_OF_NAME)}**" for key, name in names.items()}
    st.markdown(f"{icon} {heading(verdict, bold)}")
    if any(each.estimate for each in verdict.against):
        chart(charts.leads(verdict, names), key="experiment_leads", alt=f"How far the best leads in {by}")
    parts = judged_told(found, bold), settling(verdict, bold), grounds(verdict, len(found.groups))
    st.caption(" ".join(filter(None, parts)))
    offer(verdict, judged, names, "leaderboard", _HELP, tell_queued)
    return verdict.best


def _table(found: Ranked, judged: Sequence[Group], summaries: Summaries, champion: Champion) -> None:
    by, shown = found.metric, listed(found, champion, _LISTED)
    sides = [*judged, *([] if champion.group in judged else [champion.group])]
    beside = beside_champion(
        champion.group.id, tuple((group.id, tuple(run.id for run in group.runs)) for group in sides), by,
        group_versions(sides, summaries), found.kind, is_picked=champion.chosen is None,
    )  # fmt: skip
    frame = leaderboard_frame(found, shown, beside)
    title = repeats_title(found, shown)
    columns = {
        "Config": st.column_config.TextColumn(width=230),
        by: number_column(by, frame[by].tolist()),
        SPREAD: st.column_config.NumberColumn(format="%.2g", help=f"Over {title.lower()}"),
        title: st.column_config.NumberColumn(help=f"{title} that have a value", width="small"),
        LEFT_OUT: st.column_config.TextColumn(
            help="Runs by which a search chose the config: too good for its mean, which is of fresh seeds",
            width="small",
        ),
        STANDS_ON: st.column_config.TextColumn(
            help="The best of many that a search tried looks better than it is, until fresh seeds confirm it", width=160
        ),
        "Failed": st.column_config.NumberColumn(help="Runs without a value: failed, lost or pruned", width="small"),
        AGAINST: st.column_config.TextColumn(
            width=280, help=f"Whether {title.lower()} tell the two apart, corrected for all that are judged (Holm)"
        ),
    }
    st.dataframe(
        frame, hide_index=True, key="experiment_leaderboard", column_config=columns, height="content",
        placeholder="", alt=f"The best configs by {by}",
    )  # fmt: skip
