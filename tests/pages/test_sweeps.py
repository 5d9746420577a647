"""The Sweeps page."""

import json
import re
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

import db.sweeps
from core import runs
from core.common.context import Context
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.definition import Budget
from core.sweeps.trials import SweepState, view
from pages.parts.launch.draft import CLONE
from pages.shared.nav import COMPARE, EXPERIMENTS, LAUNCH, SWEEPS
from pages.shared.state import LAUNCH_LABELS
from tests.core.sweeps.conftest import Begin, End, begin, end
from tests.pages.conftest import OpenPage

__all__ = ["begin", "end"]
_PICTURES = ("Best so far", "Parallel", "Slices", "Landscape", "Importance", "Pareto front", "Slots")


def texts(app: AppTest | Block) -> str:
    return "\n".join(
        str(each.value) for each in [*app.markdown, *app.caption, *app.error, *app.success, *app.subheader]
    )


@pytest.fixture
def sweep(context: Context, begin: Begin, end: End) -> int:
    """Of two goals, with three trials over and one queued."""
    fields = ["training.optimizer.learning_rate=1e-4..1e-1:log", "architecture.hidden=[8],[16,16]"]
    number = begin(fields, goals=[{"metric": "val_loss"}, {"metric": "trained_seconds"}], budget={"trials": 9})
    for value in (0.5, 0.3, 0.4):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    Advancing(context).look(number)
    return number


def test_without_a_sweep_it_says_how_to_begin_one(open_page: OpenPage) -> None:
    assert "No sweeps yet" in texts(open_page(SWEEPS))


def test_sweeps_are_listed_with_their_best(open_page: OpenPage, sweep: int) -> None:
    row = open_page(SWEEPS).dataframe[0].value.iloc[0]
    assert (row["Sweep"], row["State"], row["Trials"], row["Best in search"]) == (f"sweep-{sweep}", "running", 3, "0.3")


@pytest.mark.parametrize("picture", _PICTURES)
def test_one_sweep_shows_every_picture_and_its_trials(open_page: OpenPage, sweep: int, picture: str) -> None:
    app = open_page(SWEEPS, sweep=str(sweep), picture=picture)
    assert [metric.value for metric in app.metric][:2] == ["0.3", "3 of 9"]
    assert app.dataframe[-1].value["number"].tolist() == [3, 2, 1, 0]
    offered = [each for each in app.get("popover") if each.proto.popover.label == "Add to report"]
    assert bool(offered) == (picture != "Importance")  # which has nothing to show yet
    if picture == "Importance":
        assert "Importance is told once 30 trials have a result; 3 have one." in texts(app)


def test_a_sweep_that_ended_says_how_long_it_took_and_what_its_goal_is(
    open_page: OpenPage, context: Context, begin: Begin, end: End
) -> None:
    goals = [{"metric": "val_loss", "direction": "max", "kind": "last"}]
    number = begin(goals=goals, pruning={"name": "median"}, budget={"trials": 2})
    for value in (0.5, 0.3):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value])
    Advancing(context).look(number)
    app = open_page(SWEEPS, sweep=str(number), picture="Rungs")
    assert [metric.label for metric in app.metric] == ["Best val_loss (max, last)", "Trials ended", "Training", "Took"]
    assert "for val\\_loss \\(max\\, last\\)" in texts(app)
    assert "Rings are where trials were pruned." in texts(app)
    managing.extend(context, number, trials=3)
    assert [metric.label for metric in open_page(SWEEPS, sweep=str(number)).metric][-1] == "Done in"


def test_what_does_not_apply_is_not_offered_and_it_is_said_why(
    open_page: OpenPage, sweep: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "The script has no parameter that seeds it"
    monkeypatch.setattr(managing, "cannot_confirm", lambda *_: told)
    app = open_page(SWEEPS, sweep=str(sweep))
    assert "No *Rungs*: without pruning no trial is judged before its end." in texts(app)
    assert f"No *Confirm*: {told}" in texts(app)
    assert "Confirm" not in [each.proto.popover.label for each in app.get("popover")]


def test_where_the_run_of_the_best_is_gone_the_next_best_is_offered(
    open_page: OpenPage, context: Context, sweep: int
) -> None:
    runs.trash(context, view(context, sweep).trials[1].run_ids)
    runs.empty_trash(context)
    app = open_page(SWEEPS, sweep=str(sweep))
    assert "The run of the best, trial 1, was deleted; trial 2 is the best left." in texts(app)
    assert [each.proto.label for each in app.get("page_link") if "Open the" in each.proto.label] == [
        "Open the best, trial 2"
    ]


def test_the_best_to_open_is_that_of_fresh_seeds_once_there_are_some(
    open_page: OpenPage, context: Context, sweep: int, end: End
) -> None:
    [first] = [each for each in open_page(SWEEPS, sweep=str(sweep)).get("page_link") if "Open the" in each.proto.label]
    assert first.proto.label == "Open the best, trial 1"
    for run_id in managing.confirm(context, sweep, 2, 1):
        end(run_id, [0.9 if view(context, sweep).trials[1].confirmations[0].kept.run_id == run_id else 0.6])
    [now] = [each for each in open_page(SWEEPS, sweep=str(sweep)).get("page_link") if "Open the" in each.proto.label]
    assert now.proto.label == "Open the best on fresh seeds, trial 2"
    app = open_page(SWEEPS, sweep=str(sweep))
    assert (app.metric[0].label, app.metric[0].value) == ("Confirmed val_loss", "0.6")
    assert app.metric[0].delta == "n=1; 0.4 in the search"  # of that trial, not of the search's best
    row = open_page(SWEEPS).dataframe[0].value.iloc[0]
    assert (row["Best in search"], row["Confirmed"]) == ("0.3", "0.6 (n=1)")


def test_compare_and_experiments_say_what_the_search_chose_by_and_leave_it_out(
    open_page: OpenPage, context: Context, sweep: int, end: End
) -> None:
    fresh = managing.confirm(context, sweep, 2, 2)
    app = open_page(COMPARE, runs=",".join(map(str, [2, 3, *fresh])), by="val_loss")
    assert "left out" not in texts(app)
    for run_id, value in zip(fresh, (0.5, 0.52, 0.4, 0.43), strict=True):
        end(run_id, [value])
    told = "#2 and #3 are left out: a search chose their configs by them"
    assert told in texts(app.run())
    app = open_page(EXPERIMENTS, name="default", metric="val_loss")
    assert told in texts(app)
    rows = app.dataframe[0].value
    assert (rows["Left out"].tolist(), rows["Seeds"].tolist()) == (["#3", "#2", ""], [2, 2, 1])


def test_seeds_that_would_settle_what_was_confirmed_are_launched_there_and_it_is_said_why(
    open_page: OpenPage, context: Context, sweep: int, end: End
) -> None:
    for run_id, value in zip(managing.confirm(context, sweep, 2, 2), (0.40, 0.50, 0.44, 0.55), strict=True):
        end(run_id, [value])
    app = open_page(SWEEPS, sweep=str(sweep))
    assert "Welch\\'s test over seeds" in texts(app)
    assert "would tell a difference of" in texts(app)
    button = app.button("sweeps_more_seeds")
    assert button.label.startswith("Launch ")
    button.click().run()
    first, second = (view(context, sweep).trials[number].confirmations for number in (1, 2))
    assert len(first) == len(second) > 2, "they count among what the sweep confirms"
    assert not [each for each in app.button if each.key == "sweeps_more_seeds"], "they are on their way"


def test_the_best_config_is_where_another_search_begins(open_page: OpenPage, sweep: int) -> None:
    [link] = [each for each in open_page(SWEEPS, sweep=str(sweep)).get("page_link") if "Search on" in each.proto.label]
    asked = parse_qs(link.proto.query_string)
    rate, hidden = "training.optimizer.learning_rate", "architecture.hidden"
    assert asked == {"from": ["2"], "vary": [f"{rate}=0.0001..0.1:log;{hidden}=[8], [16, 16]"]}
    app = open_page(LAUNCH, **{name: value for name, [value] in asked.items()})
    assert app.text_input(f"launch_range_{hidden}").value == "[8], [16, 16]"
    assert not app.button("launch_sweep_go").disabled


def test_importance_is_shown_with_the_question_that_it_answers(
    open_page: OpenPage, context: Context, sweep: int
) -> None:
    shares = {"training.optimizer.learning_rate": [0.9, 0.8, 0.95], "architecture.hidden": [0.1, 0.0, 0.2]}
    with context.workspace.write() as session:
        db.sweeps.tell(session, sweep, {"importance": {"trials": 40, "ped_anova": shares, "fanova": shares}})
    told = texts(open_page(SWEEPS, sweep=str(sweep), picture="Importance"))
    assert "What brings a config into the best tenth?" in told
    assert "Of 40 trials" in told


def test_it_is_paused_goes_on_is_extended_confirmed_and_stopped(
    open_page: OpenPage, context: Context, sweep: int
) -> None:
    app = open_page(SWEEPS, sweep=str(sweep))
    app.button("sweeps_pause").click().run()
    assert view(context, sweep).sweep.state is SweepState.PAUSED
    app.button("sweeps_go_on").click().run()
    managing.extend(context, sweep, hours=2.0)  # by a colleague, since the form was drawn
    next(each for each in app.number_input if each.label == "Trials").set_value(20)
    next(each for each in app.number_input if each.label == "No gain").set_value(9)
    next(each for each in app.button if each.label == "Change").click().run()
    assert view(context, sweep).definition.budget == Budget(trials=20, hours=2.0, no_gain=9)
    app.session_state["sweeps_confirm"] = True  # a popover that is open
    app.number_input("sweeps_best").set_value(2)
    app.number_input("sweeps_seeds").set_value(2).run()
    named = next(each.value.replace("\\", "") for each in app.markdown if "- Trial" in each.value).splitlines()
    assert [line.partition(": learning_rate ")[0] for line in named] == ["- Trial 1, 0.3", "- Trial 2, 0.4"]
    assert re.search(r"About \d+ (s|min) of training\.", texts(app))
    assert app.button("sweeps_confirm_go").label == "Launch 4 runs"
    app.button("sweeps_confirm_go").click().run()
    [link] = [each for each in app.get("page_link") if each.proto.label == "Compare them in full"]
    fresh = [run.run.id for trial in view(context, sweep).trials for run in trial.confirmations if run.run]
    asked = parse_qs(link.proto.query_string)
    assert (sorted(map(int, asked["runs"][0].split(","))), asked["by"]) == (sorted(fresh), ["val_loss"])
    assert asked["group"] == ["true"]
    assert [len(trial.confirmations) for trial in view(context, sweep).trials] == [0, 2, 2, 0]
    assert not app.session_state["sweeps_confirm"], "it would cover what it did"
    app.text_input("sweeps_by_hand_training.optimizer.learning_rate").set_value("0.02")
    next(each for each in app.button if each.label == "Queue").click().run()
    assert view(context, sweep).trials[-1].params["training.optimizer.learning_rate"] == 0.02
    app.session_state["sweeps_add"] = True
    app.text_input("sweeps_by_hand_training.optimizer.learning_rate").set_value("-1")
    next(each for each in app.button if each.label == "Queue").click().run()
    popovers = [each for each in app.get("popover") if isinstance(each, Block)]
    told = [each for each in popovers if "must be greater than 0" in texts(each)]
    assert [each.proto.popover.label for each in told] == ["Add trial"], "below, it would be half covered"
    assert app.session_state["sweeps_add"], "there it is put right"
    app.run()
    assert "must be greater than 0" not in texts(app)
    app.button("sweeps_stop").click().run()
    assert view(context, sweep).sweep.state is SweepState.STOPPED
    assert "Confirmed on fresh seeds" in texts(app)
    assert managing.listing(context)[0].reason == "Stopped by ada."


def test_fields_are_marked_in_the_launch_form_and_a_sweep_of_them_begins(open_page: OpenPage, context: Context) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    rate, hidden = "training.optimizer.learning_rate", "architecture.hidden"
    assert not [each for each in app.toggle if each.label == "vary"]
    app.toggle("launch_sweep_toggle").set_value(True).run()
    assert app.button("launch_sweep_go").disabled
    app.toggle(f"launch_vary_{rate}").set_value(True).run()
    assert app.text_input(f"launch_range_{rate}").value == "0.0001..0.01:log"
    app.toggle(f"launch_vary_{hidden}").set_value(True).run()
    app.toggle("launch_vary_training.optimizer.name").set_value(True).run()
    assert "adam, " in str(app.text_input("launch_range_training.optimizer.name").value)
    app.toggle("launch_vary_training.optimizer.name").set_value(False).run()
    app.text_input(f"launch_range_{rate}").set_value("0.01..0.001").run()
    assert "low must be below high" in texts(app)
    app.text_input(f"launch_range_{rate}").set_value("0.001..0.01:log").run()
    app.number_input("launch_sweep_trials").set_value(7).run()
    app.button("launch_sweep_go").click().run()
    assert "The sweep has begun" in texts(app)
    [begun] = managing.listing(context)
    definition = view(context, begun.id).definition
    assert [varied.field for varied in definition.fields] == [rate, hidden]
    assert definition.fields[1].range.at(0.9) == [128, 128]
    assert (definition.method, definition.pruning.name, definition.budget.trials) == ("tpe", "asha", 7)


def test_a_trial_by_hand_outside_of_the_space_is_marked_and_what_it_costs_is_said(
    open_page: OpenPage, context: Context, begin: Begin, end: End
) -> None:
    number = begin(budget={"trials": 2})
    Advancing(context).look(number)
    end(view(context, number).active[0].kept.run_id, [0.5])
    field = "sweeps_by_hand_training.optimizer.learning_rate"
    app = open_page(SWEEPS, sweep=str(number))
    assert "It comes on top of the budget's 2 trials." in texts(app).replace("\\", "")
    app.text_input(field).set_value("0.5")
    next(each for each in app.button if each.label == "Queue").click().run()
    assert "Trial 1 is queued. It lies outside of the range of learning_rate" in app.success[0].value.replace("\\", "")
    end(view(context, number).active[0].kept.run_id, [0.4])
    app = open_page(SWEEPS, sweep=str(number))
    told = "by hand, outside of the range of learning_rate"
    assert app.dataframe[-1].value["origin"].fillna("").tolist() == [told, ""]
    assert "A diamond is a trial by hand, outside of the ranges." in texts(app).replace("\\", "")
    assert (app.metric[1].value, "1 by hand on top" in texts(app)) == ("1 of 2", True)
    app.text_input(field).set_value("0.05")
    next(each for each in app.button if each.label == "Queue").click().run()
    assert "outside" not in app.success[0].value


def test_a_trial_by_hand_begins_without_what_the_base_config_does_not_have(
    open_page: OpenPage, context: Context, begin: Begin
) -> None:
    section = "training.optimizer"
    number = begin([f"{section}.name=adam,sgd", f"{section}.momentum=0..0.95@optimizer=sgd"])
    app = open_page(SWEEPS, sweep=str(number))
    field = app.text_input(f"sweeps_by_hand_{section}.momentum")
    assert (field.value, field.placeholder) == ("", "as the config has it")
    app.text_input(f"sweeps_by_hand_{section}.name").set_value("sgd")
    next(each for each in app.button if each.label == "Queue").click().run()
    added = view(context, number).trials[-1].params
    assert added == {f"{section}.name": "sgd", f"{section}.momentum": 0.9}


def test_a_list_that_is_varied_value_by_value_is_one_column_and_one_field(
    open_page: OpenPage, context: Context, begin: Begin, end: End
) -> None:
    hidden = "architecture.hidden"
    number = begin([f"{hidden}[count]=1,2", f"{hidden}[0]=8..16", f"{hidden}[1]=8..16"])
    Advancing(context).look(number)
    end(view(context, number).active[0].kept.run_id, [0.5])
    app = open_page(SWEEPS, sweep=str(number))
    shown = app.dataframe[-1].value
    assert [name for name in shown if str(name).startswith(hidden)] == [hidden]
    assert str(shown[hidden][0]).startswith("[")
    app.text_input(f"sweeps_by_hand_{hidden}").set_value("[12, 9]")
    next(each for each in app.button if each.label == "Queue").click().run()
    added = view(context, number).trials[-1].params
    assert added == {f"{hidden}[count]": 2, f"{hidden}[0]": 12, f"{hidden}[1]": 9}


def test_searching_on_keeps_the_goal_and_leaves_the_tag_of_that_sweep_behind(
    open_page: OpenPage, context: Context, begin: Begin, end: End
) -> None:
    number = begin(goals=[{"metric": "val_accuracy"}], tags=["mine"])
    Advancing(context).look(number)
    run = view(context, number).active[0].kept.run_id or 0
    end(run, [0.5])
    app = open_page(LAUNCH, **{CLONE: str(run)}, vary="learning_rate=0.001..0.1:log")
    assert app.selectbox("launch_sweep_goal").value == "val_accuracy"
    assert labels_of(app) == ("mine",)
    app = open_page(LAUNCH, preset="iris-mlp", vary="learning_rate=0.001..0.1:log")
    assert app.selectbox("launch_sweep_goal").value == "val_loss"


def labels_of(app: AppTest) -> tuple[str, ...]:
    found: tuple[str, ...] = app.session_state[LAUNCH_LABELS].tags
    return found


def test_what_was_tried_stands_beside_what_came_of_it_and_is_not_cut(
    open_page: OpenPage, context: Context, begin: Begin, end: End
) -> None:
    hidden, size = "architecture.hidden", "training.batch_size"
    many = [100 + each for each in range(9)]
    number = begin([f"{hidden}={many},[8]", f"{size}=8,16"], method="grid", budget={"trials": 4})
    for value in (0.5, 0.4, 0.3, 0.2):
        Advancing(context).look(number)
        end(view(context, number).active[0].kept.run_id, [value], reason="Ended early.")
    Advancing(context).look(number)
    table = open_page(SWEEPS, sweep=str(number)).dataframe[-1]
    assert list(table.value.columns) == ["number", "state", "val_loss", hidden, size, "seconds", "why"]
    looks = json.loads(table.proto.columns)
    assert looks[hidden]["width"] > 6 * len(str(many))
    assert [looks[field]["alignment"] for field in (hidden, size)] == ["left", "right"]
