"""Which of the compared runs is better: what `compare` says below its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cli.known_runs import KnownRuns
from core.cli.tables import console
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.tracking.goals import is_result
from core.verdicts import Verdict, heading, judged, told
from core.verdicts.sentences import grounds, short_names
from core.verdicts.settling import settling
from core.verdicts.several import Several, several
from core.verdicts.several_told import pairs_told, ranks_told
from core.verdicts.standing import why_not
from core.verdicts.standing_told import judged_told
from db.records import RunRecord, Summary

if TYPE_CHECKING:
    from core.comparison import Group

Summaries = Mapping[int, Mapping[str, Summary]]


@dataclass(frozen=True)
class _Found:
    """`names` and `groups`: the sides; `goal`: what the newest sweep of their runs is for."""

    verdict: Verdict
    names: dict[int, str]
    groups: "Sequence[Group]"
    params: Mapping[int, Mapping[str, str]]
    goal: str


def show(known: KnownRuns, records: Sequence[RunRecord], summaries: Summaries, by: str) -> None:
    found = _verdict(known, records, summaries, by)
    if found is None:
        console.print()
        console.print(f"No verdict: {_why_none(known, records)}.", markup=False, highlight=False)
        return
    from core.comparison.ranking import searched_told  # pandas, without which the command line starts

    verdict, names = found.verdict, short_names(found.names)
    by_last = " (last)" if verdict.kind == "last" else ""
    console.print()
    console.print(f"By {verdict.metric}{by_last}. {heading(verdict, names)}", markup=False, highlight=False)
    of_one_reason = len({each.reason for each in verdict.against}) == 1  # which the heading says, too
    for line in () if of_one_reason and verdict.against[0].reason else told(verdict, names):
        console.print(f"  {line}", markup=False, highlight=False)
    searched = searched_told(verdict.metric, found.goal)
    parts = judged_told(verdict, names), settling(verdict, names), searched, grounds(verdict)
    rest = " ".join(filter(None, parts))
    console.print(rest, style="dim", markup=False, highlight=False)
    _show_together(*_together(known, found.groups, found.params, summaries, verdict))


def _show_together(found: Several | None, names: Mapping[int, str]) -> None:
    if found is None:
        return
    names = short_names(names)
    console.print()
    for line in (*ranks_told(found, names), pairs_told(found)):
        if line:
            console.print(line, markup=False, highlight=False)
    if found.ranking is not None:
        for side, rank in zip(found.sides, found.ranking.ranks, strict=True):
            console.print(f"  {rank:5.2f}  {names[side]}", markup=False, highlight=False)


def _together(
    known: KnownRuns,
    groups: "Sequence[Group]",
    params: Mapping[int, Mapping[str, str]],
    summaries: Summaries,
    verdict: Verdict,
) -> tuple[Several | None, dict[int, str]]:
    from core.comparison import ranked_together  # pandas, without which the command line starts

    sides, names, over_data = ranked_together(verdict.judges(groups), params)
    by, kind = verdict.metric, verdict.kind
    return several(sides, params, summaries, by, known.predictions, kind=kind, over_data=over_data), names


def as_json(known: KnownRuns, records: Sequence[RunRecord], summaries: Summaries, by: str) -> dict[str, Any] | None:
    found = _verdict(known, records, summaries, by)
    if found is None:
        return None
    verdict, names, groups, params = found.verdict, found.names, found.groups, found.params
    together, together_names = _together(known, groups, params, summaries, verdict)
    return {
        "metric": verdict.metric,
        "kind": verdict.kind,
        "best": verdict.best,
        "sure": verdict.is_sure,
        "told": heading(verdict, short_names(names)),
        "sides": [
            {
                "id": key, "name": names[key], "mean": each.mean if each.values else None, "n": len(each.values),
                "deviation": each.deviation if len(each.values) > 1 else None, "missing": each.missing,
                "running": each.running, "left_out": list(each.chosen),
                "not_judged": why_not(each) if key in verdict.aside else None,
            }
            for key, each in (*verdict.repeats.items(), *verdict.aside.items())
        ],
        "against": [
            {
                "id": each.other, "basis": each.basis, "sure": each.is_sure, "reason": each.reason or None,
                "difference": each.estimate.difference if each.estimate else None,
                "interval": list(each.interval) if each.estimate else None,
                "p": each.chance if each.estimate else None, "wanted": each.wanted,
            }
            for each in verdict.against
        ],
        "together": None if together is None else {
            "over": together.over, "blocks": together.ranking.blocks if together.ranking else None,
            "p": together.ranking.chance if together.ranking else None,
            "critical_difference": together.ranking.critical if together.ranking else None,
            "reason": together.reason or None, "told": " ".join(ranks_told(together, short_names(together_names))),
            "ranks": [
                {"id": side, "name": together_names[side], "rank": rank, "best": side in together.best}
                for side, rank in zip(together.sides, together.ranking.ranks if together.ranking else (), strict=False)
            ],
            "pairs": [
                {"one": pair.one, "other": pair.other, "p": pair.chance, "sure": pair.is_sure,
                 "reason": pair.reason or None}
                for pair in together.pairs
            ],
        },
    }  # fmt: skip


def _why_none(known: KnownRuns, records: Sequence[RunRecord]) -> str:
    from core.comparison import seed_groups

    if len(seed_groups(records, known.params([run.id for run in records]))) < 2:
        return "these are runs of one config, which differ by chance alone"
    return "no two of these configs have a value of one metric yet"


def _verdict(known: KnownRuns, records: Sequence[RunRecord], summaries: Summaries, by: str) -> "_Found | None":
    """None of one config, or without a metric that two have."""
    from core.comparison import seed_groups, told_apart  # pandas, without which the command line starts
    from core.comparison.ranking import metrics_to_judge_by

    metrics = {name for values in summaries.values() for name in values}
    if by and by not in metrics:
        accepted = ", ".join(sorted(filter(is_result, metrics))) or "none"
        raise NotFoundError(f"None of these runs has a metric {quoted(by)}. They have {accepted}.")
    params = known.params([run.id for run in records])
    groups = seed_groups(records, params)
    if len(groups) < 2:
        return None
    goal = known.newest_goal(records)
    able = metrics_to_judge_by(groups, summaries, metrics, goal)
    metric = by or next(iter(able), "")
    if not metric:
        return None
    kind = known.value_kind({run.experiment for run in records}, metric)
    verdict = judged(groups, params, summaries, metric, known.predictions, kind)
    return None if verdict is None else _Found(verdict, told_apart(groups, params), groups, params, goal)
