"""`script`: a person's own script into the queue, with values for its parameters."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from core import runs
from core.cli.known_runs import RunsHere
from core.cli.launch import say_queued
from core.cli.output import Json, print_json
from core.cli.script_code import code_of
from core.cli.shell import shell_context
from core.cli.tables import print_table
from core.common.context import Context
from core.config.assignments import parse_settings
from core.config.edit import Raw
from core.scripts.config_files import read_config
from core.scripts.entry_points import package
from core.scripts.field_text import value_given
from core.scripts.parameter import Parameter, Reading
from core.scripts.read_parameters import read


def script(
    path: Annotated[
        str,
        typer.Argument(
            metavar="SCRIPT_OR_FOLDER",
            help="A Python file, a project's folder, a zip, an address of git; or run:NUMBER, to copy a run.",
        ),
    ],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[-- ARGUMENTS]", help="Given to the script as they are, after --.")
    ] = None,
    entry: Annotated[str, typer.Option(help="Of a folder: file, '-m package' or 'module:function'.")] = "",
    revision: Annotated[str, typer.Option(help="Of an address of git: branch, tag or commit; else its own.")] = "",
    command: Annotated[str, typer.Option(help="The script's sub-command, where it has any.")] = "",
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PARAM=VALUE", help="A parameter of the script, or a value of its config file."),
    ] = None,
    variables: Annotated[
        list[str] | None, typer.Option("--env", metavar="NAME=VALUE", help="A variable of its environment.")
    ] = None,
    python: Annotated[str, typer.Option(help="A Python, or a virtual environment's folder; else Traindeck's.")] = "",
    config_file: Annotated[
        str, typer.Option(help="A YAML or JSON file of the project that the script reads: --set fills it in.")
    ] = "",
    requirements: Annotated[
        str,
        typer.Option(help="A file of the project, such as requirements.txt: its packages are installed, once."),
    ] = "",
    link: Annotated[list[str] | None, typer.Option(help="A folder in the project that it reads, such as data.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or gpu.")] = None,
    gpus: Annotated[int | None, typer.Option(help="So many GPUs, where it gets any.")] = None,
    slot: Annotated[str | None, typer.Option(help="Wait for this very slot, such as gpu:1.")] = None,
    memory_gb: Annotated[float | None, typer.Option(help="Ended past so much memory.")] = None,
    hours: Annotated[float | None, typer.Option(help="Ended after so long.")] = None,
    stop_seconds: Annotated[
        float | None, typer.Option(help="Killed so long after it was asked to stop; 10 unless said otherwise.")
    ] = None,
    code_now: Annotated[bool, typer.Option("--code-now", help="Of run:NUMBER: its code as its folder is now.")] = False,
    experiment: Annotated[
        str | None, typer.Option(help="The group that the run belongs to; default, or that of the copied run.")
    ] = None,
    name: Annotated[str, typer.Option(help="The run's name.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given more than once.")] = None,
    notes: Annotated[str, typer.Option(help="Notes.")] = "",
    seeds: Annotated[int, typer.Option(help="Launch so many runs, each with the next seed.")] = 1,
    show: Annotated[bool, typer.Option("--show", help="Only tell what the script can be given.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; without a supervisor, be one.")] = False,
    as_json: Json = False,
) -> None:
    """Queue a run of your own script, as it is now. With --wait, exits with 1 when it does not finish."""
    context = shell_context()
    code = code_of(context, path, entry, revision, as_now=code_now)
    folder, base = code.folder, code.base
    reading = read(folder, folder / code.entry.file, package(code.entry))
    if show:
        _show(reading, as_json=as_json)
        return
    file = config_file or base.get("config_file", "")
    arguments, config = given_to(reading, folder, file, parse_settings(assignments or []))
    limits = {"memory_gb": memory_gb, "hours": hours, "stop_seconds": stop_seconds}
    raw: Raw = base | {
        "project": code.project.model_dump(mode="json"),
        "entry": code.entry.name,
        "command": command or base.get("command", ""),
        "arguments": base.get("arguments", {}) | arguments,
        "config_file": file,
        "config": base.get("config", {}) | config,
        "environment": base.get("environment", {}) | dict(each.partition("=")[::2] for each in variables or []),
        "interpreter": str(Path(python).expanduser().absolute()) if python else base.get("interpreter", ""),
        "requirements": requirements or base.get("requirements", ""),
        "links": link or base.get("links", []),
        "extra": more or base.get("extra", []),
        "limits": base.get("limits", {}) | _told(limits),
        "resources": base.get("resources", {}) | _told({"device": device, "gpus": gpus, "slot": slot}),
    }
    run = code.run
    draft = runs.Draft(
        raw,
        name,
        experiment or (run.experiment if run else runs.DEFAULT_EXPERIMENT),
        parent_id=run.id if run else None,
        tags=tuple(tag or (run.tags if run else ())),
        notes=notes,
        facts=code.facts,
    )
    raise typer.Exit(_launch(context, draft, seeds, wait=wait, as_json=as_json))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def given_to(
    reading: Reading, folder: Path, file: str, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values for the script's parameters, whichever of their flags they are called by, and for its config file."""
    paths = {each.name for each in read_config(folder, file).parameters} if file else set()
    known = {each.name: each for each in reading.parameters}
    meant = {reading.meant(name): value for name, value in values.items()}
    meant |= {name: value_given(known[name], value) for name, value in meant.items() if name in known}
    config = {name: value for name, value in meant.items() if name in paths and name not in known}
    return {name: value for name, value in meant.items() if name not in config}, config


def _launch(context: Context, draft: runs.Draft, seeds: int, *, wait: bool, as_json: bool) -> int:
    if not wait:
        say_queued(RunsHere(context), runs.create_script(context, draft, seeds), as_json)
        return 0
    from core.cli.following import see_through  # who does not wait need not wait for its imports

    return see_through(context, lambda _: runs.create_script(context, draft, seeds), as_json=as_json)


def _show(reading: Reading, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {"ways": reading.ways, "commands": reading.commands, "parameters": list(map(vars, reading.parameters))}
        )
        return
    rows: list[list[Any]] = [
        [each.command, each.name, each.type, _default(each), each.help] for each in reading.parameters
    ]
    kept = 0 if reading.commands else 1
    print_table(["command", "parameter", "type", "default", "help"][kept:], [row[kept:] for row in rows], as_csv=False)
    for limit in reading.limits:
        sys.stdout.write(f"{limit}\n")


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "needed"
    return parameter.default_text or ("" if parameter.default is None else str(parameter.default))
