"""What a sweep begins from on the command line: a network's config, or a script as `script` takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import runs
from core.cli.launch import read_config
from core.cli.script_code import RUN, code_of
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem
from core.config.assignments import parse_settings
from core.config.edit import Raw
from core.runs.kinds import NETWORK, SCRIPT
from core.scripts import git_projects

_USUAL = "val_loss"


@dataclass(frozen=True)
class Begun:
    """`changes`: of the config, by path; those of a script are in it already."""

    raw: Raw
    kind: str
    goals: Sequence[str]
    preset: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def begun_from(context: Context, source: str, entry: str, assignments: Sequence[str], goals: Sequence[str]) -> Begun:
    """Of what `sweep start` was given.

    Raises:
        NotFoundError, StateError, ConfigError: there is nothing like it, or it cannot be read.
    """
    values = parse_settings(assignments)
    if source.startswith(RUN):
        found = runs.find(context, source.removeprefix(RUN))
        if found.kind != SCRIPT.name:
            return Begun(found.config, found.kind, goals or [_USUAL], found.preset, values)
        return _script(
            context, source, entry, values, goals, list(runs.summaries(context, [found.id]).get(found.id, {}))
        )
    path = Path(source).expanduser()
    if path.suffix.lower() in (".py", ".zip") or git_projects.is_address(source):
        return _script(context, source, entry, values, goals)
    try:
        raw, preset = read_config(context.workspace.settings, source)
    except NotFoundError:
        if not path.is_dir():
            raise
        return _script(context, source, entry, values, goals)
    return Begun(raw, NETWORK.name, goals or [_USUAL], preset, values)


def _script(
    context: Context,
    source: str,
    entry: str,
    values: dict[str, Any],
    goals: Sequence[str],
    logged: Sequence[str] = (),
) -> Begun:
    """`logged`: metrics that a run of it has."""
    from core.cli.script import given_to
    from core.scripts.entry_points import package
    from core.scripts.read_parameters import read

    code = code_of(context, source, entry, "", as_now=False)
    if not goals and _USUAL not in logged:
        known = f"; run {source.removeprefix(RUN)} has {', '.join(sorted(logged)[:12])}" if logged else ""
        raise ConfigError(
            [Problem("--goal", f"say by which metric of the script trials are ranked, --goal loss{known}")]
        )
    reading = read(code.folder, code.folder / code.entry.file, package(code.entry))
    named = {name.removeprefix("arguments."): value for name, value in values.items()}
    arguments, config = given_to(reading, code.folder, code.base.get("config_file", ""), named)
    raw = code.base | {
        "project": code.project.model_dump(mode="json"),
        "entry": code.entry.name,
        "arguments": code.base.get("arguments", {}) | arguments,
        "config": code.base.get("config", {}) | config,
    }
    return Begun(raw, SCRIPT.name, goals or [_USUAL], facts=code.facts)
