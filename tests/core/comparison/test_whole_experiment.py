"""An experiment of thousands of runs is read once; then only what changed is."""

import numpy as np
import pandas as pd
import pytest

import db.experiment_rows
from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.comparison.champions import champion_of
from core.comparison.coverage import coverage
from core.comparison.ranking import LEFT_OUT, leaderboard_frame
from core.comparison.whole_experiment import KeptExperiment, Ranked, ranked
from core.config.edit import Raw, with_values
from core.runs import experiment_board
from core.runs.organising import ChangedError
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from core.verdicts.champion import against_champion
from core.verdicts.standing import standing
from db.engine import Session
from db.records import RunRecord
from tests.conftest import AddRun
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]


def test_only_runs_that_changed_are_read_and_only_their_configs_made_anew(
    context: Context, add_run: AddRun, raw_config: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = [with_values(raw_config, {"training.batch_size": size}) for size in (8, 16, 32)]
    for config, score in zip(configs, (0.7, 0.9, 0.8), strict=True):
        add_run(name="net", config=config, metrics={"val_accuracy": [score]})
    read: list[list[int]] = []
    kept = KeptExperiment("default")
    before = kept.read(context)
    assert [group.runs[0].id for group in ranked(before, "val_accuracy").groups] == [2, 3, 1]

    asked = db.experiment_rows.read

    def noted(session: Session, name: str, ids: list[int]) -> dict[int, RunRecord]:
        read.append(list(ids))
        return asked(session, name, ids)

    monkeypatch.setattr(db.experiment_rows, "read", noted)
    assert kept.read(context).groups == before.groups
    add_run(name="net", config=with_values(configs[0], {"data.seed": 7}), metrics={"val_accuracy": [0.9]})
    now = kept.read(context)
    assert read == [[4]]
    assert [len(group.runs) for group in now.groups] == [2, 1, 1]
    assert now.groups[1:] == before.groups[1:]
    assert all(one is other for one, other in zip(now.groups[1:], before.groups[1:], strict=True))
    assert ranked(now, "val_accuracy").repeats[1].mean == pytest.approx(0.8)

    runs.annotate(context, 3, name="other")
    runs.trash(context, [2])
    now = kept.read(context)
    assert read == [[4], [3]]
    assert [[run.name for run in group.runs] for group in now.groups] == [["net", "net"], ["other"]]
    assert sorted(now.params) == [1, 3, 4]


def test_the_champion_is_the_best_with_several_seeds_unless_somebody_chooses_another(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    scores = {8: (0.7, 0.71, 0.72), 16: (0.9, 0.91, 0.92), 32: (0.95,)}
    for size, values in scores.items():
        for seed, score in enumerate(values):
            config = with_values(raw_config, {"training.batch_size": size, "data.seed": seed})
            add_run(name="net", config=config, metrics={"test_accuracy": [score]})
    found = KeptExperiment("default").read(context)
    order = ranked(found, "test_accuracy")
    good, poor, single = order.groups  # a single run that looks better stands below
    assert order.ahead == [single]
    assert {each.param: each.best for each in order.tried}["training.batch_size"] == "16"
    told = "In a single run, net (batch_size 32) looked better than the best config: more seeds tell whether it is."
    assert [(each.told, each.seeds) for each in order.advice if each.of == single.id] == [(told, 4)]
    assert standing(order.groups, order.repeats) == [good, poor]

    def nothing(run_id: int) -> pd.DataFrame:
        raise NotFoundError(f"no predictions of {run_id}")

    against = against_champion(
        good, [single, poor], found.params, found.summaries, "test_accuracy", nothing, "best", is_picked=True
    )
    assert against[single.id].estimate is None
    assert against[poor.id].is_sure
    assert getattr(against[poor.id].estimate, "difference", 0.0) == pytest.approx(0.2)

    experiment_board.choose_champion(context, "default", poor.runs[0].id)
    board = experiment_board.board(context, "default")
    assert (board.champion, board.chosen_by) == (poor.runs[0].id, context.actor.name)
    with pytest.raises(NotFoundError, match="has no run 99"):
        experiment_board.choose_champion(context, "default", 99)
    experiment_board.choose_champion(context, "default", None)
    assert experiment_board.board(context, "default").champion is None


def test_what_a_search_chose_by_is_left_out_as_long_as_two_fresh_seeds_are_there(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(["training.batch_size=8,16"], method="grid", budget={"trials": 2})
    for value in (0.1, 0.6):
        Advancing(context).look(sweep)
        end(view(context, sweep).active[0].kept.run_id, [value])
    experiment_board.choose_champion(context, "default", 1)
    kept = KeptExperiment("default")

    def now() -> Ranked:
        return ranked(kept.read(context), "val_loss")

    def mean(found: Ranked) -> float:
        return found.repeats[1].mean

    assert (mean(now()), now().names[now().groups[0].id], LEFT_OUT in frame(now())) == (0.1, "sweep-1 · trial 0", False)
    fresh = managing.confirm(context, sweep, best=1, seeds=2)
    end(fresh[0], [0.7])
    assert mean(now()) == pytest.approx(0.4)  # of one fresh seed nothing could be said by itself
    end(fresh[1], [0.9])
    found = now()
    assert mean(found) == pytest.approx(0.8)
    assert [group.id for group in found.groups] == [1, 2]
    assert [group.id for group in found.ahead] == [2]
    assert frame(found)[LEFT_OUT].tolist() == ["#1", ""]
    assert [run.id for run in found.groups[0].runs] == [1, *fresh]
    champion = champion_of(found, experiment_board.board(context, "default"))
    assert (champion.group.id, champion.chosen) == (1, 1)

    runs.trash(context, fresh[:1])
    assert mean(now()) == pytest.approx(0.5)
    runs.restore(context, fresh[:1])
    assert mean(now()) == pytest.approx(0.8)
    managing.stop(context, sweep)
    managing.remove(context, sweep)
    assert mean(now()) == pytest.approx(0.8)  # the runs know of the search that is gone


def frame(found: Ranked) -> pd.DataFrame:
    return leaderboard_frame(found, found.groups)


def test_what_was_pruned_or_failed_was_tried(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    rates = {0.001: [0.8], 0.0123456789: [0.9], 0.1: None, 0.0223456789: None}
    for size in (8, 16):
        for rate, score in rates.items():
            changes = {"training.optimizer.learning_rate": rate, "training.batch_size": size}
            add_run(config=with_values(raw_config, changes), metrics={"test_accuracy": score} if score else {})
    found = ranked(KeptExperiment("default").read(context), "test_accuracy")
    assert (len(found.groups), len(found.others)) == (4, 4)
    told = {each.param: (each.told, each.best) for each in found.tried}
    assert told["training.optimizer.learning_rate"] == ("0.001 (2), 0.01235 (2), 0.02235 (2), 0.1 (2)", "0.01235")
    assert not any("learning_rate" in each.told for each in found.advice)  # larger ones were tried
    [area] = found.coverage
    assert (area.empty, area.counts.sum()) == (0, 8)
    assert "0.01235" in area.x.names + area.y.names


def test_notes_of_an_experiment_are_not_written_over_what_somebody_else_wrote(
    context: Context, add_run: AddRun
) -> None:
    add_run()
    experiment_board.write_notes(context, "default", "**First**", None)
    board = experiment_board.board(context, "default")
    assert (board.notes, board.noted_by) == ("**First**", context.actor.name)
    with pytest.raises(ChangedError, match="since you read them"):
        experiment_board.write_notes(context, "default", "Second", None)
    experiment_board.write_notes(context, "default", "Second", board.noted_at)
    runs.trash(context, [1])
    runs.empty_trash(context)
    assert experiment_board.board(context, "default").notes == "Second"  # it stays, though it has no run


def test_empty_areas_are_counted_and_the_nearest_one_to_the_best_is_named() -> None:
    rates, names = np.logspace(-5, -1, 20), ("adam", "sgd", "rmsprop")
    params = {
        place: {
            "training.rate": f"{rate:.3g}",
            "training.optimizer.name": name,
            "momentum": "1" if name == "sgd" else "",
        }
        for place, (rate, name) in enumerate((rate, name) for rate in rates for name in names)
        if name != "sgd" or rate < 1e-3
    }
    best = next(key for key, of in params.items() if of["training.optimizer.name"] == "sgd")
    [found] = coverage(list(params), params, best)  # momentum cannot be combined with everything
    assert found.counts.sum() == len(params)
    assert found.empty == 2
    assert found.told.startswith("2 of the 15 combinations of rate and optimizer were never tried")
    assert found.changes == {"training.rate": "0.00631"}
    assert found.nearest == (2, 3)


def test_a_zero_has_a_place_beside_spans_of_decades() -> None:
    rates = [0.0, *np.logspace(-5, -1, 15)]
    params = {
        place: {"rate": f"{rate:.3g}", "size": size}
        for place, (rate, size) in enumerate((rate, size) for rate in rates for size in ("8", "16"))
    }
    [found] = coverage(list(params), params, 5)
    places = found.x if found.x.param == "rate" else found.y
    assert places.names[:2] == ("0", "1e-05 to 6.3e-05")
    assert np.bincount(places.of).tolist() == [2, 6, 6, 6, 6, 6]
