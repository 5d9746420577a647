"""`sweep start --wait`: a sweep seen through to its end, by a supervisor of this process's own where there is none."""

import time
from collections.abc import Mapping

from core.cli.following import own_supervisor
from core.cli.tables import console
from core.common.context import Context
from core.common.digits import as_read, number
from core.common.text import as_typed
from core.launch.supervisor import TICK_SECONDS
from core.sweeps.importance_told import is_due
from core.sweeps.trial_told import settings_of
from core.sweeps.trials import view
from db.sweep_records import SweepState

_LOOK_SECONDS = 0.5
_MEASURING_SECONDS = 60.0  # at most, of importance after the end of a sweep; most take five


def _written(params: Mapping[str, object]) -> str:
    return ", ".join(f"{field}={as_read(as_typed(value))}" for field, value in params.items())


def follow(context: Context, sweep_id: int, *, quiet: bool) -> None:
    """Until it is over, or somebody pauses it; a line for each trial that ends. Ctrl-C ends the waiting only."""
    supervisor = own_supervisor(context)
    told: set[int] = set()
    looked_at = ended_at = 0.0
    try:
        while True:
            if supervisor is not None:
                supervisor.tick()
            time.sleep(TICK_SECONDS)
            if time.monotonic() - looked_at < _LOOK_SECONDS:
                continue
            looked_at = time.monotonic()
            now = view(context, sweep_id)
            for trial in now.trials:
                if trial.is_over and trial.number not in told:
                    told.add(trial.number)
                    values = " ".join(number(value) for value in trial.values or ())
                    if not quiet:
                        line = f"Trial {trial.number} {trial.state} {values} {_written(settings_of(now, trial))}"
                        console.print(line, markup=False, highlight=False)
            if now.sweep.state is SweepState.RUNNING:
                continue
            ended_at = ended_at or looked_at
            # Another supervisor goes on; with our own ends what measures the importance of fields.
            if supervisor is None or not is_due(now) or looked_at - ended_at > _MEASURING_SECONDS:
                return
    except KeyboardInterrupt:
        console.print("No longer waiting. What was begun is kept; a supervisor goes on with it.")
    finally:
        if supervisor is not None:
            supervisor.close()
