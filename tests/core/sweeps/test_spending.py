"""When a sweep will be done, and what its trials take beside their training."""

import pytest

from core.common.context import Context
from core.common.errors import ConfigError
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.spending import forecast, start_and_end
from core.sweeps.trials import SweepState, view
from tests.core.sweeps.conftest import Begin, End


def test_what_runs_take_beside_their_training_is_known_of_the_newest(context: Context, begin: Begin, end: End) -> None:
    assert start_and_end(context, "network") is None
    sweep = begin()
    Advancing(context).look(sweep)
    [run] = view(context, sweep).trials[0].run_ids
    end(run, [0.5])
    beside = start_and_end(context, "network")
    assert beside is not None
    assert 0 <= beside < 60
    assert start_and_end(context, "script") is None


def test_a_sweep_that_is_over_is_done_once_its_confirmations_are(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(budget={"trials": 1})
    Advancing(context).look(sweep)
    [run] = view(context, sweep).trials[0].run_ids
    end(run, [0.5])
    Advancing(context).look(sweep)
    assert view(context, sweep).sweep.state is SweepState.FINISHED
    assert forecast(view(context, sweep)) is None
    managing.confirm(context, sweep, 1, 3)
    ahead = forecast(view(context, sweep))
    assert ahead is not None
    assert ahead.left == 0
    assert ahead.seconds >= 0


def test_what_people_add_comes_on_top_of_the_trials_that_the_search_makes(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(budget={"trials": 2})
    managing.add_trial(context, sweep, {})
    made = []
    for _ in range(3):
        Advancing(context).look(sweep)
        made.append(view(context, sweep).active[0].kept)
        end(made[-1].run_id or 0, [0.5])
    Advancing(context).look(sweep)
    assert [each.origin for each in made] == ["hand", "search", "search"]
    managing.add_trial(context, sweep, {})
    found = view(context, sweep)
    assert (found.sweep.state, found.sweep.reason) == (SweepState.FINISHED, "All 2 trials were made.")
    managing.extend(context, sweep, trials=2)  # as many as it has
    with pytest.raises(ConfigError, match="must be at least 2"):
        managing.extend(context, sweep, trials=1)
    managing.extend(context, sweep, trials=3)
    assert view(context, sweep).sweep.state is SweepState.RUNNING
