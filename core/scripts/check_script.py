"""Whether a script can be launched on this host: every problem at once, each at its field."""

from dataclasses import dataclass
from pathlib import Path

from core.common.errors import NotFoundError, Problem, TraindeckError
from core.common.settings import Settings
from core.common.text import quoted
from core.config.edit import Raw
from core.scripts.command_line import value_problems
from core.scripts.config_files import config_problems
from core.scripts.entry_points import EntryPoint, entry_points, find, package
from core.scripts.parameter import Reading
from core.scripts.projects import interpreter_problem, source_of
from core.scripts.read_parameters import read
from core.scripts.spec import ScriptSpec, read_spec

_SHOWN = 8  # entry points in a message


@dataclass(frozen=True)
class Script:
    """What a spec names, looked up: the folder of its code, the entry, and what that can be given."""

    folder: Path
    entry: EntryPoint
    reading: Reading


def check_script(raw: Raw, settings: Settings) -> tuple[ScriptSpec | None, list[Problem]]:
    """The spec, None when it cannot even be read, and all that is wrong with it on this host."""
    spec, problems = read_spec(raw)
    if spec is None:
        return None, problems
    if wrong := interpreter_problem(spec.interpreter):
        problems.append(Problem("interpreter", wrong))
    try:
        script = look_up(spec, settings)
    except (TraindeckError, OSError) as error:
        field = (
            "entry"
            if isinstance(error, EntryError)
            else "project.snapshot"
            if spec.project.snapshot
            else "project.folder"
        )
        return spec, [*problems, Problem(field, str(error))]
    problems += value_problems(script.reading, spec.command, spec.arguments)
    problems += config_problems(script.folder, spec.config_file, spec.config)
    if spec.requirements and not (script.folder / spec.requirements).is_file():
        problems.append(Problem("requirements", f"there is no file {spec.requirements} in the project"))
    home = Path(spec.project.folder).expanduser()
    problems += [Problem("links", f"there is no {each} in {home}") for each in spec.links if not (home / each).exists()]
    return spec, problems


class EntryError(NotFoundError):
    """The project has no such entry point."""


def look_up(spec: ScriptSpec, settings: Settings) -> Script:
    """Raises ProjectError, NotFoundError, EntryError, OSError."""
    folder = source_of(settings, spec.project)
    entry = find(folder, spec.entry)
    if entry is None:
        known = ", ".join(each.name for each in entry_points(folder)[:_SHOWN])
        told = f"there are {known}" if known else "no script was found in it"
        raise EntryError(f"the project has no entry point {quoted(spec.entry)}; {told}")
    return Script(folder, entry, read(folder, folder / entry.file, package(entry)))
