"""`script`: a person's own script into the queue, with values for its parameters."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from core import runs
from core.cli.known_runs import RunsHere
from core.cli.launch import parse_settings, say_queued
from core.cli.output import Json, print_json
from core.cli.shell import shell_context
from core.cli.tables import print_table
from core.common.context import Context
from core.common.errors import NotFoundError
from core.config.edit import Raw
from core.scripts import git_projects
from core.scripts.config_files import read_config
from core.scripts.entry_points import EntryPoint, entry_points, find, package
from core.scripts.parameter import Parameter, Reading
from core.scripts.projects import source_of
from core.scripts.read_parameters import read
from core.scripts.spec import Project

_ROOTS = (".git", "pyproject.toml", "requirements.txt", "setup.py")


def script(
    path: Annotated[
        str, typer.Argument(metavar="SCRIPT_OR_FOLDER", help="A Python file, a project's folder, or an address of git.")
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
    memory_gb: Annotated[float | None, typer.Option(help="Ended past so much memory.")] = None,
    hours: Annotated[float | None, typer.Option(help="Ended after so long.")] = None,
    stop_seconds: Annotated[float, typer.Option(help="Killed so long after it was asked to stop.")] = 10.0,
    experiment: Annotated[str, typer.Option(help="The group that the run belongs to.")] = runs.DEFAULT_EXPERIMENT,
    name: Annotated[str, typer.Option(help="The run's name.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given more than once.")] = None,
    notes: Annotated[str, typer.Option(help="Notes.")] = "",
    seeds: Annotated[int, typer.Option(help="Launch so many runs, each with the next seed.")] = 1,
    show: Annotated[bool, typer.Option("--show", help="Only tell what the script can be given.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; without a supervisor, be one.")] = False,
    as_json: Json = False,
) -> None:
    """Queue a run of your own script, as it is now. With --wait, exits with 1 when it does not finish."""
    context, facts = shell_context(), {}
    if git_projects.is_address(path):
        taken = git_projects.take_git(context.workspace.settings, path, revision)
        facts = {"code": taken.facts}
        project = Project(snapshot=taken.snapshot.id, address=path, revision=revision)
        folder, found = project_of(source_of(context.workspace.settings, project), entry)
    else:
        folder, found = project_of(Path(path), entry)
        project = Project(folder=str(folder))
    reading = read(folder, folder / found.file, package(found))
    if show:
        _show(reading, as_json=as_json)
        return
    arguments, config = _given(reading, folder, config_file, parse_settings(assignments or []))
    raw: Raw = {
        "project": project.model_dump(mode="json"),
        "entry": found.name,
        "command": command,
        "arguments": arguments,
        "config_file": config_file,
        "config": config,
        "environment": dict(each.partition("=")[::2] for each in variables or []),
        "interpreter": str(Path(python).expanduser().absolute()) if python else "",
        "requirements": requirements,
        "links": link or [],
        "extra": more or [],
        "limits": {"memory_gb": memory_gb, "hours": hours, "stop_seconds": stop_seconds},
    }
    draft = runs.Draft(raw, name, experiment, tags=tuple(tag or ()), notes=notes, facts=facts)
    raise typer.Exit(_launch(context, draft, seeds, wait=wait, as_json=as_json))


def _given(reading: Reading, folder: Path, file: str, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values for the script's parameters, whichever of their flags they are called by, and for its config file."""
    names = {each.name for each in reading.parameters}
    paths = {each.name for each in read_config(folder, file).parameters} if file else set()
    meant = {reading.meant(name): value for name, value in values.items()}
    config = {name: value for name, value in meant.items() if name in paths and name not in names}
    return {name: value for name, value in meant.items() if name not in config}, config


def project_of(path: Path, entry: str) -> tuple[Path, EntryPoint]:
    """The folder that a script belongs to, and its entry within it.

    Raises:
        NotFoundError: neither a script nor a folder with one; or several, of which one has to be chosen.
    """
    path = path.expanduser().resolve()
    if path.is_file():
        around = [each for each in path.parents if any((each / name).exists() for name in _ROOTS)]
        folder = around[0] if around and around[0] != Path.home() else path.parent
        found = find(folder, path.relative_to(folder).as_posix())
    elif path.is_dir():
        folder = path
        known = entry_points(folder)
        found = find(folder, entry) if entry else known[0] if len(known) == 1 else None
        if found is None:
            told = ", ".join(each.name for each in known[:20]) or "none was found"
            raise NotFoundError(f"Say by --entry which script to run: {told}.")
    else:
        raise NotFoundError(f"There is no {path} on this host. Give a Python file, or the folder of a project.")
    if found is None:
        raise NotFoundError(f"{path} is no Python file. Give one, or the folder of a project.")
    return folder, found


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
