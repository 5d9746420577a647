"""`python -m core serve` and `models serve`: models that answer over HTTP."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from core import models
from core.cli.model_changes import Reference
from core.cli.model_drift import drift
from core.cli.shell import shell_context
from core.cli.tables import console
from core.common.context import Context
from core.common.settings import PROJECT_ROOT
from core.models.naming import split
from core.serving import served
from core.serving.chosen_export import folder_there, folder_to_serve, wanted
from core.serving.options import Options, ServingError, hashed, options_of
from db.registry_records import VersionRecord

Title = Annotated[str, typer.Option(help="Of the demo page; the model's name unless said otherwise.")]
About = Annotated[str, typer.Option(help="A text on the demo page.")]
Password = Annotated[str, typer.Option(help="That whoever asks must know.", envvar="TRAINDECK_SERVE_PASSWORD")]
Rate = Annotated[float, typer.Option("--per-second", min=0, help="Requests that are answered; 0 for any number.")]


def serve(
    reference: Reference,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8600,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all.")] = "127.0.0.1",
    title: Title = "",
    about: About = "",
    password: Password = "",
    per_second: Rate = 0.0,
) -> None:
    """Serve a model without the dashboard, until Ctrl-C: a demo page and two REST interfaces."""
    from core.web import serving_server

    context = shell_context()
    version = models.find(context, reference)
    name, wanted = split(reference)
    _require_export(context, version)
    alias = wanted or next(iter(version.aliases), str(version.number))
    kept = hashed(password) if password else ""
    options = _options(reference=alias, title=title, about=about, password=kept, per_second=per_second)
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"  # noqa: S104 - compared only
    console.print(f"{version.title} answers at {address}/demo/{name}", markup=False, highlight=False)
    console.print(f"POST {address}/v1/models/{name}:predict   Ctrl-C ends it", markup=False, highlight=False)
    serving_server.run(context, {name: options}, host, port)


def serve_on(
    asked: typer.Context,
    reference: Reference,
    challenger: Annotated[str, typer.Option(help="Alias or number of a version that is tried beside it.")] = "",
    share: Annotated[float, typer.Option(min=0, max=1, help="Of requests that the challenger answers.")] = 0.1,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Ask the challenger, too, and give nobody its answers.")
    ] = False,
    title: Title = "",
    about: About = "",
    password: Password = "",
    hours: Annotated[float | None, typer.Option(min=0, help="After which the demo page ends; 0 for never.")] = None,
    per_second: Rate = 0.0,
    kept_share: Annotated[float, typer.Option(min=0, max=1, help="Of questions and answers that are kept.")] = 1.0,
    kept_days: Annotated[float, typer.Option(help="For which they are kept.")] = 30.0,
    drift_examples: Annotated[int, typer.Option(min=200, help="Compared with the training data at a time.")] = 500,
    drift_minutes: Annotated[float, typer.Option(min=0, help="That such a window lasts at least.")] = 10.0,
    false_alarms: Annotated[float, typer.Option(help="Share of windows with an alarm where nothing drifts.")] = 0.001,
) -> None:
    """Have the dashboard serve a model: a demo page at /demo/NAME, and /v1/models/NAME:predict.

    Of a model that is served already, what no option names stays as it is; an empty text (--password "") takes it away.
    """
    context = shell_context()
    version = models.find(context, reference)
    name, wanted = split(reference)
    known = served.record(context, name)
    before = options_of(known.options).model_dump() if known else {}
    alias = wanted or before.get("reference") or next(iter(version.aliases), str(version.number))
    values = {
        "challenger": ("challenger", challenger),
        "shadow": ("mode", "shadow" if shadow else "split"),
        "share": ("share", share),
        "title": ("title", title),
        "about": ("about", about),
        "password": ("password", hashed(password) if password else ""),
        "hours": ("expires_at", time.time() + 3600 * hours if hours else None),
        "per_second": ("per_second", per_second),
        "kept_share": ("kept_share", kept_share),
        "kept_days": ("kept_days", kept_days),
        "drift_examples": ("drift_examples", drift_examples),
        "drift_minutes": ("drift_minutes", drift_minutes),
        "false_alarms": ("false_alarms", false_alarms),
    }
    named = {option for option in values if getattr(asked.get_parameter_source(option), "name", "") != "DEFAULT"}
    if "challenger" in named or "share" in named:  # another trial begins, in the open unless --shadow says otherwise
        named.add("shadow")
    changed = {field: value for option, (field, value) in values.items() if option in named}
    options = _options(**{**before, **changed, "reference": alias})
    served.serve(context, name, options)
    told = f"{name} is served as {alias}, at /demo/{name} of the dashboard{_told(options)}."
    console.print(told, markup=False, highlight=False)


def _told(options: Options) -> str:
    """What else holds, to go on a sentence with."""
    told = []
    if options.challenger:
        how = "in the shadow" if options.mode == "shadow" else f"for {100 * options.share:g} % of requests"
        told.append(f"with {options.challenger} as challenger {how}")
    if options.password:
        told.append("with a password")
    if options.expires_at is not None:
        told.append(f"until {datetime.fromtimestamp(options.expires_at, UTC).astimezone():%Y-%m-%d %H:%M}")
    return "".join(f", {each}" for each in told)


def unserve(name: Annotated[str, typer.Argument(metavar="MODEL")]) -> None:
    """Have the dashboard serve a model no more."""
    served.stop(shell_context(), name)
    console.print(f"{name} is served no more.", markup=False, highlight=False)


def _options(**values: Any) -> Options:
    """Raises ServingError."""
    try:
        return Options(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise ServingError(f"{first['loc'][0]}: {first['msg']}. Change it, and try again.") from error


def _require_export(context: Context, version: VersionRecord) -> None:
    """Made by a process of its own, so that this one stays small. Raises TraindeckError."""
    if folder_there(context, version):
        return
    console.print(f"Exporting {version.title}, which takes some seconds.", markup=False, highlight=False)
    command = [sys.executable, "-m", "core", "models", "export", version.title, "--format", wanted(version)]
    environment = os.environ | context.workspace.settings.environment()
    if subprocess.run(command, cwd=PROJECT_ROOT, env=environment).returncode:  # noqa: S603 - our own interpreter
        raise ServingError(f"{version.title} cannot be served, as it could not be exported.")


def package(
    reference: Reference,
    folder: Annotated[Path, typer.Argument(help="To be written; empty, or not there yet.")],
) -> None:
    """Write a model as a folder that serves it without Traindeck: network, server, Dockerfile, tests, README."""
    from core.export.server_package import package as write

    context = shell_context()
    version = models.find(context, reference)
    _require_export(context, version)
    try:
        write(folder_to_serve(context, version), folder)
    except OSError as error:
        raise ServingError(f"{folder} cannot be written ({error.strerror or error}).") from error
    console.print(f"{version.title} is in {folder}; its README.md says how to start it.", markup=False, highlight=False)


SERVING: dict[str, Callable[..., None]] = {"serve": serve_on, "unserve": unserve, "drift": drift}
