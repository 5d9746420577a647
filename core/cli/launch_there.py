"""`launch` and `presets` of a server somewhere else."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.cli.launch import say_queued
from core.cli.output import print_runs
from core.cli.remote_runs import RunsThere
from core.cli.server_option import OnlyHereError
from core.config.files import from_text
from core.runs.asked_runs import AskedRuns
from db.records import RunState


def presets_of(known: RunsThere) -> list[dict[str, Any]]:
    """Name, summary and config of each."""
    found: list[dict[str, Any]] = known.client.get("/presets")["presets"]
    return found


def asked_of(known: RunsThere, source: str, labels: AskedRuns) -> AskedRuns:
    """What a server is asked to launch; whether there is a data set of the name, it says itself. Raises ConfigError."""
    if source in [each["name"] for each in presets_of(known)]:
        return replace(labels, preset=source)
    path = Path(source)
    return replace(labels, config=from_text(path.read_bytes())) if path.is_file() else replace(labels, dataset=source)


def launch_there(known: RunsThere, asked: AskedRuns, *, preflight: bool, wait: bool, as_json: bool) -> int:
    """Have a server queue it, and with `wait` see the runs through; returns the process's exit code."""
    if preflight:
        raise OnlyHereError("--preflight tries a batch on this host, not on a server. Leave one of the two out.")
    created = known.launch(asked)
    if not wait:
        say_queued(known, created, as_json)
        return 0
    from core.cli.following import follow

    try:
        finished = follow(known, created, None, quiet=as_json)
    except KeyboardInterrupt:
        sys.stderr.write("No longer waiting. What has started goes on; `python -m core runs` shows it.\n")
        return 130
    if as_json:
        print_runs(known, finished)
    return 0 if all(run.state is RunState.FINISHED for run in finished) else 1
