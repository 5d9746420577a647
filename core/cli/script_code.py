"""Where the code is of which a command makes a run: a file, a folder, a zip, an address of git, or an earlier run."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.config.edit import Raw
from core.scripts import git_projects, snapshots
from core.scripts.entry_points import EntryPoint, entry_points, find
from core.scripts.projects import source_of
from core.scripts.spec import Project
from db.records import RunRecord

RUN = "run:"  # before the number or name of an earlier run
_ROOTS = (".git", "pyproject.toml", "requirements.txt", "setup.py")


@dataclass(frozen=True)
class Code:
    """`folder` has it, to be read."""

    project: Project
    folder: Path
    entry: EntryPoint
    facts: dict[str, Any] = field(default_factory=dict)
    run: RunRecord | None = None  # that it is a copy of
    base: Raw = field(default_factory=dict)  # the spec of that run


def code_of(context: Context, path: str, entry: str, revision: str, *, as_now: bool) -> Code:
    """Of what a command was given.

    Args:
        as_now: of an earlier run, what its folder holds now, not what was kept with it.

    Raises:
        NotFoundError: there is no such thing, no script in it, or several of which none is named.
        StateError: the run is none of a script, or its folder is gone.
        SnapshotError, ProjectError
    """
    settings = context.workspace.settings
    if path.startswith(RUN):
        return _of_run(context, path.removeprefix(RUN), entry, as_now=as_now)
    if as_now:
        raise StateError(f"--code-now is of an earlier run, run:NUMBER; received {path}. Leave it away.")
    if git_projects.is_address(path):
        taken = git_projects.take_git(settings, path, revision)
        return _kept(context, taken, Project(snapshot=taken.snapshot.id, address=path, revision=revision), entry)
    file = Path(path).expanduser()
    if file.suffix.lower() == ".zip" and file.is_file():
        taken = snapshots.take_zip(settings, file, file.name)
        return _kept(context, taken, Project(snapshot=taken.snapshot.id), entry)
    folder, found = project_of(file, entry)
    return Code(Project(folder=str(folder)), folder, found)


def _kept(context: Context, taken: snapshots.Taken, project: Project, entry: str) -> Code:
    folder, found = project_of(source_of(context.workspace.settings, project), entry)
    return Code(project, folder, found, {"code": taken.facts})


def _of_run(context: Context, reference: str, entry: str, *, as_now: bool) -> Code:
    run = runs.find(context, reference)
    spec = runs.script_spec(run)
    if spec is None:
        raise StateError(f"Run {run.id} is of kind {run.kind}, and has no script. Give the number of a script's run.")
    project, facts = spec.project, {name: value for name, value in run.facts.items() if name == "code"}
    if as_now:
        if not project.folder:
            raise StateError(f"The code of run {run.id} came from no folder. Leave --code-now away: it was kept.")
        project, facts = Project(folder=project.folder), {}
    folder = source_of(context.workspace.settings, project)
    found = find(folder, entry or spec.entry)
    if found is None:
        raise NotFoundError(f"{entry or spec.entry} is not in the code of run {run.id}. Say by --entry what to run.")
    return Code(project, folder, found, facts, run, spec.model_dump(mode="json"))


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
        found = find(folder, entry) if entry else _only(known)
        if found is None:
            told = ", ".join(each.name for each in known[:20]) or "none was found"
            raise NotFoundError(f"Say by --entry which script to run: {told}.")
    else:
        raise NotFoundError(f"There is no {path} on this host. Give a Python file, the folder of a project, or a zip.")
    if found is None:
        raise NotFoundError(f"{path} is no Python file. Give one, the folder of a project, or a zip.")
    return folder, found


def _only(known: list[EntryPoint]) -> EntryPoint | None:
    """The one that there is, or what Python itself runs of a folder."""
    alone = known if len(known) == 1 else [each for each in known if each.name == "__main__.py"]
    return alone[0] if alone else None
