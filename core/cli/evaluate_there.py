"""`evaluate` of a server somewhere else: its host's standby does it, and this waits for what comes of it."""

import sys
import time
from typing import Any

from core.cli.http_client import Client
from core.cli.waiting import told_on_terminal
from core.jobs.evaluation import Evaluated
from core.jobs.job_kind import Progress
from db.records import RunRecord

_POLL_SECONDS = 0.5


def evaluated_there(client: Client, run: RunRecord, like: str, how: dict[str, Any], *, quiet: bool) -> Evaluated:
    """Raises what the use case there raised, and ServerError; after Ctrl-C, it goes on there."""
    path = f"/runs/{run.id}/evaluation"
    told = client.send("POST", path, {"like": like, **how})
    with told_on_terminal(quiet=quiet) as say:
        try:
            while told["state"] in ("waiting", "running"):
                say(Progress(text=told.get("told", ""), share=told.get("share")))
                time.sleep(_POLL_SECONDS)
                told = client.get(path)
        except KeyboardInterrupt:
            sys.stderr.write("No longer waiting. What was asked for goes on there; the Run page shows it.\n")
            raise
    notice = told.get("told", "")
    if told["state"] != "done":
        return Evaluated(problem=notice or "Somebody else forgot the evaluation. Ask again.")
    metrics = {name: float("nan") if value is None else float(value) for name, value in told["metrics"].items()}
    notices = (notice,) if notice else ()
    return Evaluated(step=told.get("step", 0), epoch=told.get("epoch"), metrics=metrics, notices=notices)
