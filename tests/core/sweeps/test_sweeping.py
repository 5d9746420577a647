"""How long the process that searches is at work."""

import threading

import pytest

from core.common.context import Context
from core.sweeps import managing, sweeping
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin
from tests.host import PATIENCE_SECONDS, wait_until


def test_it_goes_on_as_long_as_a_sweep_needs_it_and_ends_after(
    context: Context, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its looks may lie further apart than it waits for work: to be made anew takes longer than a trial."""
    monkeypatch.setattr(sweeping, "IDLE_SECONDS", 0.2)
    sweep = begin(budget={"trials": 3})
    thread = threading.Thread(target=sweeping.search, args=(context.workspace,))
    thread.start()
    wait_until(lambda: view(context, sweep).active, "it has begun a trial")
    thread.join(timeout=1.0)
    assert thread.is_alive()
    managing.stop(context, sweep)
    thread.join(timeout=PATIENCE_SECONDS)
    assert not thread.is_alive()
