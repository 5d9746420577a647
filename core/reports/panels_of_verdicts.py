"""Panels that say which config is better, and what each param did."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core import charts
from core.common.context import Context
from core.common.digits import aligned
from core.common.errors import DataError
from core.common.text import plural, quoted
from core.comparison import Group, metric_names, ranked_together, told_apart
from core.comparison.champions import Champion, ahead_told, champion_of, judged_of, judged_told, listed, standing_in
from core.comparison.ranking import AGAINST, SPREAD, STANDS_ON, effects_frame, leaderboard_frame, searched_told
from core.comparison.whole_experiment import Ranked, WholeExperiment, ranked, varied
from core.evaluation import report_files
from core.reports.blocks import Block, Chart, Table, Words
from core.reports.panel_specs import Effects, Leaderboard, OfConfigs, OfRuns, Ranks, VerdictPanel
from core.reports.panels_of_runs import Found, found, judging, value_or_none
from core.runs.experiment_board import BoardRecord, board
from core.runs.search_names import short_name
from core.sweeps.sweep_goals import TOLD, kind_by_goals, newest_goal
from core.verdicts import Verdict, heading, judged, told
from core.verdicts.champion import against_champion
from core.verdicts.repeats import Kind
from core.verdicts.sentences import beside_champion, chosen_of, chosen_told, grounds, short_names
from core.verdicts.settling import settling
from core.verdicts.several import several
from core.verdicts.several_told import pairs_told, ranks_told
from core.verdicts.standing_told import judged_told as aside_told

_MOST_LINES = 8  # sentences about one of the others each


def verdict(context: Context, panel: VerdictPanel) -> list[Block]:
    of = found(context, panel)
    groups = of.groups
    if len(groups) < 2:
        raise DataError("A verdict needs two configs; all of its runs have the same one, seeds aside.")
    by = _metric(context, of, panel.metric)
    kind = _kind(context, of, by)
    made = judged(groups, of.params, of.summaries, by, _predictions(context), kind)
    if made is None:
        return [*of.notes, Words(f"No verdict: fewer than two have a value of {by}.")]
    searched = _searched_told(context, of, by)
    return [
        *of.notes,
        *_which_told(kind),
        *_blocks(made, told_apart(groups, of.params), in_full=True, searched=searched),
    ]


def _searched_told(context: Context, of: Found, metric: str) -> str:
    return searched_told(metric, newest_goal(context, of.ids))


def _blocks(
    made: Verdict, names: Mapping[int, str], *, in_full: bool, searched: str, among: int = 0, judged_told: str = ""
) -> list[Block]:
    """The sentence, the leads, what each of them says, the grounds; `among` as of `grounds`."""
    short = short_names(names)
    blocks: list[Block] = [Words(heading(made, short), "heading")]
    lines = told(made, short)
    if len(made.against) > 1:
        if any(each.estimate for each in made.against):
            blocks.append(Chart(charts.leads(made, names), f"How far the best leads in {made.metric}, with intervals"))
        lines = lines if in_full and len(lines) <= _MOST_LINES else []
    settled_by = settling(made, short)
    of = judged_told or aside_told(made, short)
    parts = [f"Judged by {made.metric}.", of, settled_by, *lines, searched, grounds(made, among)]
    return [*blocks, Words(" ".join(filter(None, parts)), "small")]


def _predictions(context: Context) -> Callable[[int], Any]:
    settings = context.workspace.settings
    return lambda run_id: report_files.read_predictions(settings, run_id)


def leaderboard(context: Context, panel: Leaderboard) -> list[Block]:
    of, best = _ranked(context, found(context, panel), panel)
    blocks = [*of.notes, *_which_told(best.kind)]
    sides, told = judged_of(best), judged_told(best, best.names)
    made = judged(sides, of.params, of.summaries, best.metric, _predictions(context), best.kind)
    if made is not None:
        blocks += _blocks(made, best.names, in_full=False, searched=_searched_told(context, of, best.metric),
                          among=len(best.groups), judged_told=told)  # fmt: skip
    elif told:
        blocks += [Words(told, "heading"), Words(_chosen_told(best, sides), "small")]
    chosen = board(context, panel.experiment) if panel.experiment else BoardRecord()
    champion = champion_of(best, chosen, made.best if made else None)
    frame = leaderboard_frame(best, listed(best, champion, panel.most), _beside(context, of, best, sides, champion))
    texts = {str(name): list(map(str, values)) for name, values in frame.items()}
    texts[best.metric] = aligned([value_or_none(each) for each in frame[best.metric]])
    texts[SPREAD] = ["" if math.isnan(each) else f"{each:.2g}" for each in frame[SPREAD]]
    if not frame["Failed"].any():
        del texts["Failed"]
    rows = tuple(zip(*texts.values(), strict=True))
    right = tuple(place for place, name in enumerate(texts) if name not in ("Config", STANDS_ON, AGAINST))
    blocks.append(Table(tuple(texts), rows, f"The best configs by {best.metric}", right))
    blocks.append(Words(_champion_told(best, champion, len(frame)), "small"))
    return [*blocks, *_experiment_told(panel)]


def _experiment_told(panel: OfRuns) -> list[Block]:
    return [Words(f"Of the experiment {panel.experiment}.", "small")] if panel.experiment else []


def _beside(context: Context, of: Found, best: Ranked, judged: Sequence[Group], champion: Champion) -> dict[int, str]:
    others = [group for group in judged if group is not champion.group]
    found = against_champion(
        champion.group,
        others,
        of.params,
        of.summaries,
        best.metric,
        _predictions(context),
        best.kind,
        is_picked=champion.chosen is None,
    )
    return {champion.group.id: "champion"} | {key: beside_champion(each, best.metric) for key, each in found.items()}


def _champion_told(best: Ranked, champion: Champion, rows: int) -> str:
    why = standing_in(best, champion) if champion.chosen is None else "chosen by somebody"
    if champion.is_lost:
        why += ", as the one that was chosen has no value or is gone"
    told = f"Champion: {best.names[champion.group.id]}, {why}. Verdicts are corrected for how many they are (Holm)."
    told = _with(ahead_told(best), told)
    return f"{told} {rows} of {len(best.groups):,} configs are listed." if len(best.groups) > rows else told


def what_params_did(context: Context, panel: Effects) -> list[Block]:
    of, best = _ranked(context, found(context, panel), panel)
    made = best.effects
    if not made:
        raise DataError("No two of its configs differ in one param alone.")
    frame = effects_frame(best, panel.most)
    leaves = {param: short_name(param) for param in frame["Param"]}
    if len(set(leaves.values())) == len(leaves):
        frame["Param"] = frame["Param"].map(leaves)
    rows = tuple(tuple(map(str, row)) for row in frame.itertuples(index=False))
    more = f" The first {len(frame)} of {len(made):,} are shown." if len(made) > len(frame) else ""
    return [
        *of.notes,
        *_which_told(best.kind),
        Table(tuple(map(str, frame.columns)), rows, "Effects of params, from pairs that differ in one", (3, 4, 5)),
        Words(
            "From pairs of configs that differ in this param alone, seeds aside; corrected for all that is listed "
            + _with(f"(Holm).{more}", _chosen_told(best, best.groups)),
            "small",
        ),
        *_experiment_told(panel),
    ]


def ranks(context: Context, panel: Ranks) -> list[Block]:
    """How configs that a verdict is of rank over the seeds, folds, data sets or test examples that all went through."""
    of = found(context, panel)
    by = _metric(context, of, panel.metric)
    kind, groups = _kind(context, of, by), of.groups
    decided = judged(groups, of.params, of.summaries, by, _predictions(context), kind)
    aside = aside_told(decided, short_names(told_apart(groups, of.params))) if decided else ""
    sides, names, over_data = ranked_together(decided.judges(groups) if decided else groups, of.params)
    least = 2 if over_data else 3
    if len(sides) < least:
        raise DataError(_with(f"Ranks need {least} configs; its runs have {len(sides)}, seeds aside.", aside))
    made = several(sides, of.params, of.summaries, by, _predictions(context), kind=kind, over_data=over_data)
    if made is None:
        raise DataError(f"Fewer than two of its configs have a value of {by}.")
    blocks: list[Block] = [*of.notes, *_which_told(kind), Words(" ".join(ranks_told(made, names)), "heading")]
    if made.ranking is not None:
        blocks.append(Chart(charts.rank_chart(made, names), f"Mean ranks by {by}, the best first"))
        blocks.append(Words("Lines are Nemenyi's critical difference wide.", "small"))
    if beside := _with(aside, pairs_told(made), chosen_told(made.chosen)):
        blocks.append(Words(beside, "small"))
    return [*blocks, *_experiment_told(panel)]


def _chosen_told(best: Ranked, groups: Sequence[Group]) -> str:
    return chosen_of(best.repeats[group.id] for group in groups)


def _with(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _ranked(context: Context, of: Found, panel: OfConfigs) -> tuple[Found, Ranked]:
    """Of runs on several data sets those on one, and their configs, the best first."""
    names = metric_names(of.summaries, of.ids)
    whole = WholeExperiment("", of.runs, of.params, of.summaries, of.groups, names, varied(of.groups, of.params))
    if panel.data_set or len(whole.data_sets) > 1:
        data = panel.data_set or next(iter(whole.data_sets))
        whole = whole.on(data)
        if not whole.groups:
            raise DataError(f"None of its runs is on a data set {quoted(data)}.")
        told = f"On {data or 'data that are not told'}; {plural(len(whole.elsewhere), 'run')} on other data left out."
        of = replace(of, runs=whole.runs, notes=[*of.notes, Words(told, "small")] if whole.elsewhere else of.notes)
    by = _metric(context, of, panel.metric)
    best = ranked(whole, by, _kind(context, of, by))
    if not best.groups:
        raise DataError(f"No run that has ended has a value of {best.metric}.")
    return of, best


def _kind(context: Context, of: Found, metric: str) -> Kind:
    return kind_by_goals(context, {run.experiment for run in of.runs}, metric)


def _which_told(kind: Kind) -> list[Block]:
    return [Words(TOLD, "small")] if kind == "last" else []


def _metric(context: Context, of: Found, metric: str) -> str:
    if metric:
        return metric
    known = judging(context, of)
    if not known:
        raise DataError("None of its runs has recorded a metric that configs are judged by.")
    return known[0]
