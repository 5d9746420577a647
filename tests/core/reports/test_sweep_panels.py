"""Panels about a sweep."""

import pytest

from core.common.context import Context
from core.reports.blocks import Chart, Table, Words, from_json, to_json
from core.reports.drawn_panels import drawn
from core.reports.panel_specs import Effects, Leaderboard, Ranks, SweepPanel, VerdictPanel
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.confirming import confirmed, leading
from core.sweeps.trials import view
from db.records import RunState
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]


@pytest.fixture
def sweep(context: Context, begin: Begin, end: End) -> int:
    """Of two goals and three trials, the second of which is the best."""
    fields = ["training.optimizer.learning_rate=1e-4..1e-1:log", "architecture.hidden=[8],[16,16]"]
    number = begin(fields, goals=[{"metric": "val_loss"}, {"metric": "trained_seconds"}], budget={"trials": 3})
    for value in (0.5, 0.3, 0.4):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    return number


def test_the_confirmed_winner_is_told_with_its_config_and_the_winners_curse(
    context: Context, end: End, sweep: int
) -> None:
    before = drawn(context, SweepPanel(sweep=sweep)).blocks
    assert "launched again on fresh seeds yet" in str(before)
    managing.confirm(context, sweep, 1, 2)
    for each, value in zip(view(context, sweep).active, (0.34, 0.36), strict=True):
        end(each.kept.run_id, [value])
    heading, config, table, curse, which = drawn(context, SweepPanel(sweep=sweep)).blocks
    assert f"number {sweep}." in str(which)
    assert isinstance(heading, Words)
    assert heading.text == "Trial 1 is confirmed: val_loss 0.350 (standard deviation 0.014) over 2 fresh seeds."
    assert isinstance(config, Words)
    assert config.text.startswith("Its config: learning_rate ")
    assert isinstance(table, Table)
    assert table.rows == (("1", "0.3000", "0.3500", "0.01414", "2", "0", "0.0500 worse"),)
    assert "0.0500 worse than in the search" in str(curse)


@pytest.mark.parametrize(
    ("second", "heading"),
    [
        (
            (0.35, 0.37, 0.36),
            "Trial 1 leads: val_loss 0.350 (standard deviation 0.010) over 3 fresh seeds. That it is better than "
            "trial 2 with 0.3600 over 3 seeds is not decided: it leads by 0.0100 (95 % interval ",
        ),
        (
            (0.75, 0.77, 0.76),
            "Trial 1 is confirmed best of 2: val_loss 0.350 (standard deviation 0.010) over 3 fresh seeds. The nearest "
            "is "
            "trial 2 with 0.7600 over 3 seeds, behind by 0.4100 (95 % interval ",
        ),
        (
            (0.75,),
            "Trial 1 leads: val_loss 0.350 (standard deviation 0.010) over 3 fresh seeds. Which is best takes two",
        ),
    ],
)
def test_the_best_of_those_confirmed_is_only_called_so_when_it_is_more_than_chance(
    second: tuple[float, ...], heading: str, context: Context, end: End, sweep: int
) -> None:
    managing.confirm(context, sweep, 2, 3)
    trials = {trial.number: [each.kept.run_id or 0 for each in trial.confirmations]
              for trial in view(context, sweep).trials}  # fmt: skip
    for number, values in ((1, (0.34, 0.35, 0.36)), (2, second)):
        for run, value in zip(trials[number], values, strict=False):
            end(run, [value])
        for run in trials[number][len(values) :]:
            end(run, [], RunState.FAILED)
    told = drawn(context, SweepPanel(sweep=sweep)).blocks[0]
    assert isinstance(told, Words)
    assert told.text.startswith(heading)


def test_none_is_the_best_of_those_confirmed_while_fresh_seeds_run(context: Context, end: End, sweep: int) -> None:
    managing.confirm(context, sweep, 2, 3)
    runs = [each.kept.run_id or 0 for trial in view(context, sweep).trials for each in trial.confirmations]
    for run, value in zip(runs[:5], (0.34, 0.35, 0.36, 0.75, 0.77), strict=True):
        end(run, [value])
    heading, _, table, *_ = drawn(context, SweepPanel(sweep=sweep)).blocks
    assert isinstance(heading, Words)
    assert heading.text == (
        "Trial 1 leads so far: val_loss 0.350 (standard deviation 0.010) over 3 fresh seeds. 1 fresh seed of these "
        "configs is not at rest yet."
    )
    assert isinstance(table, Table)
    assert [row[table.titles.index("Running")] for row in table.rows] == ["0", "1"]


def test_nothing_leads_before_another_has_a_fresh_seed_done(context: Context, end: End, sweep: int) -> None:
    managing.confirm(context, sweep, 2, 2)
    runs = [each.kept.run_id or 0 for trial in view(context, sweep).trials for each in trial.confirmations]
    assert leading(confirmed(view(context, sweep))) is None
    for run, value in zip(runs[:2], (0.34, 0.36), strict=True):
        end(run, [value])
    heading, *_ = drawn(context, SweepPanel(sweep=sweep)).blocks
    assert isinstance(heading, Words)
    assert heading.text.startswith("Trial 1: val_loss 0.350 (standard deviation 0.014) over 2 fresh seeds. 2 fresh")
    assert leading(confirmed(view(context, sweep))) is None
    end(runs[2], [0.5])
    assert leading(confirmed(view(context, sweep))) is not None
    for run in runs[2:]:
        end(run, [], RunState.FAILED)
    assert leading(confirmed(view(context, sweep))) is not None, "nothing more will stand beside it"


def test_those_confirmed_are_judged_as_compare_judges_their_fresh_seeds(context: Context, end: End, sweep: int) -> None:
    fresh = managing.confirm(context, sweep, 2, 5)
    trials = {trial.number: [each.kept.run_id or 0 for each in trial.confirmations]
              for trial in view(context, sweep).trials}  # fmt: skip
    hard = (0.1, 0.3, 0.5, 0.7, 0.9)  # each seed holds back other examples, and the same of both
    for number, apart in ((1, (0.0, 0.0, 0.0, 0.0, 0.0)), (2, (0.02, 0.03, 0.02, 0.03, 0.02))):
        for run, value, more in zip(trials[number], hard, apart, strict=True):
            end(run, [value + more])
    told, _, _, stands_on, *_ = drawn(context, SweepPanel(sweep=sweep)).blocks
    verdict, grounds = drawn(context, VerdictPanel(runs=tuple(fresh), metric="val_loss")).blocks
    assert isinstance(told, Words)
    assert told.text.startswith("Trial 1 is confirmed best of 2: ")
    assert isinstance(verdict, Words)
    assert "by 0.0240 (95 % interval 0.0172 to 0.0308): mean 0.5000 over 5 seeds beside 0.5240 over 5." in verdict.text
    assert isinstance(grounds, Words)
    assert isinstance(stands_on, Words)
    assert "Student's test of pairs" in stands_on.text
    assert stands_on.text in grounds.text  # which says before it by which seeds a search chose


def test_panels_of_verdicts_say_what_a_search_chose_by_and_leave_it_out(
    context: Context, begin: Begin, end: End
) -> None:
    number = begin(["training.batch_size=8,16,32"], method="grid", budget={"trials": 3})
    for value in (0.1, 0.2, 0.7):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    for run, value in zip(managing.confirm(context, number, 1, 3), (0.5, 0.6, 0.55), strict=True):
        end(run, [value])
    told = "#1 is left out: a search chose its config by it, which makes it too good (winner's curse)."
    for panel in (
        VerdictPanel(sweep=number, metric="val_loss"),
        Leaderboard(sweep=number, metric="val_loss"),
        Effects(sweep=number, metric="val_loss"),
        Ranks(sweep=number, metric="val_loss"),
    ):
        assert told in str(drawn(context, panel).blocks).replace("\\'", "'"), panel
    blocks = drawn(context, Leaderboard(sweep=number, metric="val_loss")).blocks
    [table] = [block for block in blocks if isinstance(block, Table)]
    assert table.titles[:4] == ("Config", "Stands on", "val_loss", "Standard deviation")
    assert table.titles[4:] == ("Seeds", "Left out", "Against the champion")
    assert [row[1:] for row in table.rows] == [
        ("fresh seeds", "0.5500", "0.05", "3", "#1", "champion"),
        ("a search, unconfirmed", "0.2000", "", "1", "", "not judged: unconfirmed"),
        ("a search, unconfirmed", "0.7000", "", "1", "", "not judged: unconfirmed"),
    ]
    assert blocks[0] == Words(f"No verdict: of 3 configs only {table.rows[0][0]} has several seeds.", "heading")
    assert f"Champion: {table.rows[0][0]}, the best of those with several fresh seeds." in str(blocks)


def test_seeds_of_a_search_do_not_make_its_best_the_champion_once_another_is_confirmed(
    context: Context, begin: Begin, end: End
) -> None:
    number = begin(["training.batch_size=8,16,32"], method="grid", budget={"trials": 3}, repeats=2)
    for value in (0.10, 0.11, 0.20, 0.21, 0.30, 0.31):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    for run, value in zip(managing.confirm(context, number, 1, 3), (0.5, 0.6, 0.55), strict=True):
        end(run, [value])
    blocks = drawn(context, Leaderboard(sweep=number, metric="val_loss")).blocks
    [table] = [block for block in blocks if isinstance(block, Table)]
    assert [(row[1], row[-1]) for row in table.rows] == [
        ("fresh seeds", "champion"), ("a search, unconfirmed", "not judged: unconfirmed"),
        ("a search, unconfirmed", "not judged: unconfirmed"),
    ]  # fmt: skip
    assert "has several seeds outside a search." in str(blocks[0])


_PICTURES = ("best so far", "parallel", "slices", "landscape", "pareto front", "rungs", "slots", "trials")


@pytest.mark.parametrize("show", _PICTURES)
def test_each_picture_is_drawn_and_survives_being_frozen(context: Context, sweep: int, show: str) -> None:
    blocks = drawn(context, SweepPanel.model_validate({"sweep": sweep, "show": show})).blocks
    assert isinstance(blocks[0], Table if show == "trials" else Chart)
    again = from_json(to_json(list(blocks)))
    assert to_json(again) == to_json(list(blocks))


def test_what_a_sweep_cannot_show_is_told(context: Context, sweep: int) -> None:
    for given, told in (
        ({"show": "importance"}, "Too few of its trials"),
        ({"goal": "accuracy"}, "no goal accuracy; it has val_loss"),
        ({"show": "slices", "fields": ["depth"]}, "varies no depth"),
        ({"sweep": 99}, "There is no sweep 99"),
    ):
        [words] = drawn(context, SweepPanel.model_validate({"sweep": sweep, **given})).blocks
        assert isinstance(words, Words)
        assert (words.tone, told in words.text) == ("warning", True), words.text


def test_an_axis_is_logarithmic_where_the_range_of_its_field_is(context: Context, begin: Begin, end: End) -> None:
    rate, batch, beta = "training.optimizer.learning_rate", "training.batch_size", "training.optimizer.beta_2"
    number = begin(
        [f"{rate}=1e-4..1e-1:log", f"{batch}=1..1000", f"{beta}=0.001,0.1"], method="random", budget={"trials": 3}
    )
    values = ({rate: 0.01, batch: 1, beta: 0.1}, {rate: 0.02, batch: 400, beta: 0.001}, {rate: 0.04, batch: 900})
    for value, params in zip((0.5, 0.3, 0.4), values, strict=True):
        managing.add_trial(context, number, params)
        end(view(context, number).active[0].kept.run_id, [value])
    [chart, *_] = drawn(context, SweepPanel(sweep=number, show="parallel")).blocks
    assert isinstance(chart, Chart)
    kinds = {axis["key"]: axis["kind"] for axis in chart.figure.layout.meta["parallel"]["axes"]}
    assert kinds == {rate: "log", batch: "linear", beta: "log", "val_loss": "linear"}
    [across, *_] = drawn(context, SweepPanel(sweep=number, show="landscape", fields=(rate, batch))).blocks
    assert isinstance(across, Chart)
    assert across.figure.data[1].x[1] == pytest.approx(0.5)  # 0.02 of 0.01 to 0.04
    assert across.figure.data[1].y[1] == pytest.approx(399 / 899)


def test_a_front_is_of_the_goals_that_were_looked_at(context: Context, sweep: int) -> None:
    [chart, *_] = drawn(
        context, SweepPanel(sweep=sweep, show="pareto front", fields=("trained_seconds", "val_loss"))
    ).blocks
    assert isinstance(chart, Chart)
    assert chart.told == "trained_seconds against val_loss"
    [words] = drawn(context, SweepPanel(sweep=sweep, show="pareto front", fields=("f1",))).blocks
    assert "no goal f1; it has val_loss, trained_seconds" in str(words)
