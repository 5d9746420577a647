"""`sweep start --wait` with a supervisor of its own."""

import pytest

import db.sweeps
from core.cli import sweep_following
from core.common.context import Context
from core.sweeps import importance_told
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin, End, begin, end

__all__ = ["begin", "end"]


def test_it_waits_for_the_importance_of_fields_of_all_trials(
    context: Context, begin: Begin, end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = begin(budget={"trials": 2})
    for value in (0.5, 0.3):
        Advancing(context).look(sweep)
        end(view(context, sweep).active[0].kept.run_id, [value])
    Advancing(context).look(sweep)
    asked: list[bool] = []

    class Supervisor:
        """Measures at the third tick after the end."""

        ticks = 0

        def tick(self) -> None:
            self.ticks += 1
            if self.ticks == 3:
                with context.workspace.write() as session:
                    db.sweeps.tell(session, sweep, {importance_told.KEY: {"of": 2}})

        def close(self) -> None:
            asked.append(importance_told.is_due(view(context, sweep)))

    monkeypatch.setattr(importance_told, "FEWEST", 2)
    monkeypatch.setattr(sweep_following, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(sweep_following, "own_supervisor", lambda _: Supervisor())
    assert importance_told.is_due(view(context, sweep))
    sweep_following.follow(context, sweep, quiet=True)
    assert asked == [False]
