"""Verdicts leave aside what stands on a single run or on a search, as a leaderboard does, and say so."""

from collections.abc import Sequence

import pytest

from core.cli import verdicts_told
from core.cli.known_runs import RunsHere
from core.common.context import Context
from core.comparison.champions import judged_of
from core.comparison.champions import judged_told as leaderboard_told
from core.comparison.whole_experiment import KeptExperiment, ranked
from core.reports.blocks import Words
from core.reports.drawn_panels import drawn
from core.reports.panel_specs import Leaderboard, VerdictPanel
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from core.verdicts import heading
from core.verdicts.settling import lacking, of_whom
from core.verdicts.standing_told import judged_told
from tests.core.sweeps.conftest import Begin, End, begin, end
from tests.core.verdicts.test_judging import APART, CLOSE, Add, add, verdict

__all__ = ["add", "begin", "end"]
_JUDGED = "Judged: the 2 configs with several seeds, of 4."
_NOT_DECIDED = "Not decided: sweep-1 · trial 1 leads sweep-1 · trial 0 "


@pytest.fixture
def confirmed(context: Context, begin: Begin, end: End) -> list[int]:
    """A grid of four configs; the best two were confirmed, whereby both are worse than what the third came to once."""
    sweep = begin(["training.batch_size=8,16,32,64"], method="grid", budget={"trials": 4})
    searched = []
    for value in (0.10, 0.20, 0.30, 0.71):
        Advancing(context).look(sweep)
        searched.append(view(context, sweep).active[0].kept.run_id or 0)
        end(searched[-1], [value])
    fresh = managing.confirm(context, sweep, best=2, seeds=3)
    for run, value in zip(fresh, (0.50, 0.56, 0.52, 0.46, 0.52, 0.48), strict=True):
        end(run, [value])
    return [*searched, *fresh]


def test_what_a_search_found_once_is_not_the_best_beside_what_was_confirmed(
    context: Context, confirmed: list[int]
) -> None:
    found, names = verdict(context, "val_loss")
    assert found is not None
    assert heading(found, names).startswith(_NOT_DECIDED)
    assert ([found.best, *(each.other for each in found.against)], list(found.aside)) == ([2, 1], [3, 4])
    told = judged_told(found, names)
    assert told == f"{_JUDGED} Not judged: sweep-1 · trial 2 and sweep-1 · trial 3 (unconfirmed)."
    order = ranked(KeptExperiment("default").read(context), "val_loss")
    assert [group.id for group in judged_of(order)] == [2, 1]
    assert leaderboard_told(order, order.names) == _JUDGED
    wanted = lacking(found)
    assert wanted is not None
    assert set(wanted.sides) == {1, 2}
    assert of_whom(found, wanted, names).endswith("of sweep-1 · trial 1 and sweep-1 · trial 0 each")


def test_the_command_line_says_the_same(
    context: Context, confirmed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    known = RunsHere(context)
    records, summaries = known.get_many(confirmed), known.summaries(confirmed)
    verdicts_told.show(known, records, summaries, "")
    told = " ".join(capsys.readouterr().out.split())
    assert _NOT_DECIDED in told
    assert _JUDGED in told
    made = verdicts_told.as_json(known, records, summaries, "")
    assert made is not None
    assert [(side["id"], side["not_judged"]) for side in made["sides"]] == [
        (2, None), (1, None), (3, "unconfirmed"), (4, "unconfirmed"),
    ]  # fmt: skip


def test_a_report_has_one_verdict_in_both_of_its_panels(context: Context, confirmed: list[int]) -> None:
    panels = VerdictPanel(runs=tuple(confirmed), metric="val_loss"), Leaderboard(sweep=1, metric="val_loss")
    for panel in panels:
        words = [block.text for block in drawn(context, panel).blocks if isinstance(block, Words)]
        assert any(each.startswith(_NOT_DECIDED) for each in words), panel
        assert _JUDGED in " ".join(words), panel


def _aside(context: Context) -> tuple[Sequence[int], str]:
    found, names = verdict(context)
    assert found is not None
    return list(found.aside), judged_told(found, names)


def test_single_runs_are_left_aside_where_two_have_several_seeds(context: Context, add: Add) -> None:
    for size in (1, 2, 4, 8, 9):
        add(size, (0.99,))
    assert _aside(context) == ([], "")
    add(16, CLOSE)
    assert _aside(context) == ([], "")  # one alone has none to be judged against
    add(64, APART)
    aside, told = _aside(context)
    assert aside == [1, 2, 3, 4, 5]
    assert told.startswith("Judged: the 2 configs with several seeds, of 7. Not judged: net (batch_size 1), ")
    assert told.endswith("and 2 more (single runs).")


def test_several_seeds_on_other_data_leave_nothing_aside(context: Context, add: Add) -> None:
    add(1, (0.99,))
    add(16, CLOSE)
    add(64, APART, **{"data.source": "iris"})
    assert _aside(context) == ([], "")
    add(32, CLOSE)
    found, _ = verdict(context)
    assert found is not None
    assert ([found.best, *(each.other for each in found.against)], list(found.aside)) == ([2, 12, 7], [1])
    assert [each.reason for each in found.against] == ["", "they learned from other data"]
