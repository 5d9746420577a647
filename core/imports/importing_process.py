"""The process that reads what somebody gave to the Import page: it tells JSON lines, and ends with the result."""

import json
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setproctitle import setproctitle

from core.common.context import Actor, Context
from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.common.workspace import Workspace, keep_private
from core.imports.bounded_import import Preview
from core.imports.found_run import FoundRun
from core.imports.from_mlflow import read_mlflow
from core.imports.from_mlflow_server import Credentials
from core.imports.importing import import_runs
from core.imports.sources import source_named


def main(request: dict[str, Any]) -> None:
    setproctitle("traindeck: import")
    settings = Settings()
    keep_private(settings)
    memory = settings.max_reading_mb * 1024**2
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    seconds = settings.max_reading_seconds * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    try:
        _tell(result=_done(settings, request))
    except TraindeckError as error:
        _tell(error=str(error))
    except MemoryError:
        sys.exit(1)  # the asker says what was reached
    except Exception as error:  # noqa: BLE001 - whatever a file makes a library raise
        traceback.print_exc()
        told = f"{type(error).__name__}: {error}"[:200]
        _tell(error=f"It cannot be read, through a fault in Traindeck ({told}). The server's output says more.")


def _done(settings: Settings, request: dict[str, Any]) -> Any:
    def progress(share: float, what: str) -> None:
        _tell(share=share, what=what)

    path = Path(request["path"])
    if request["source"] == "mlflow" and request["credentials"] is not None:
        found = read_mlflow(path, progress, credentials=Credentials(**request["credentials"]))
    else:
        found = source_named(request["source"]).read(path, progress)
    if request["task"] == "preview":
        return list(_previews(found))
    context = Context(Workspace.open(settings), Actor(**request["actor"]))
    report = import_runs(context, found, request["experiment"], request["tags"])
    return {"runs": [vars(each) for each in report.runs], "failed": report.failed}


def _previews(found: Iterator[FoundRun]) -> Iterator[dict[str, Any]]:
    for run in found:
        counts = {"params": len(run.params), "metrics": len(run.metrics), "points": run.points, "files": len(run.files)}
        labels = {"name": run.name, "experiment": run.experiment, "state": run.state.value, "began_at": run.began_at}
        yield vars(Preview(**labels, **counts, left_out=dict(run.left_out)))  # type: ignore[arg-type]


def _tell(**message: object) -> None:
    sys.stdout.writelines([json.dumps(message), "\n"])
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.load(sys.stdin))
