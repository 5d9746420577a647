"""A sweep as data for programs: its definition, how far it is, its trials, and what was confirmed."""

from typing import Any

from core.sweeps.confirming import confirmed
from core.sweeps.spending import forecast
from core.sweeps.trials import SweepView


def sweep_facts(view: SweepView) -> dict[str, Any]:
    """All that is known of it, as JSON data; see `SweepView`."""
    ahead, best = forecast(view), view.best()
    return {
        "id": view.sweep.id,
        "name": view.sweep.name,
        "state": view.sweep.state.value,
        "reason": view.sweep.reason,
        "created_by": view.sweep.created_by,
        "definition": view.definition.model_dump(mode="json"),
        "seconds": view.seconds,
        "best": best.number if best else None,
        "forecast": {"left": ahead.left, "seconds": ahead.seconds} if ahead else None,
        "importance": view.sweep.told.get("importance"),
        "confirmed": [
            {
                "trial": each.trial.number,
                "found": each.found,
                "mean": each.mean,
                "seeds": each.seeds,
                "drop": each.drop,
                "running": each.running,
                "failed": each.failed,
            }
            for each in confirmed(view)
        ],
        "trials": [
            {
                "number": trial.number,
                "state": trial.state,
                "params": trial.params,
                "values": list(trial.values) if trial.values else None,
                "runs": trial.run_ids,
                "origin": trial.origin,
                "seconds": trial.seconds,
                "note": trial.note,
            }
            for trial in view.trials
        ],
    }
