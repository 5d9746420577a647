"""When a sweep will be done, and what its trials take beside their training."""

from core.common.context import Context
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
