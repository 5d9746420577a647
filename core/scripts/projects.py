"""Where the code of a script comes from: a folder of this host, or a snapshot of it that was taken before."""

from pathlib import Path

from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.scripts import code_store
from core.scripts.spec import Project

_MOST = 100  # folders that are offered


class ProjectError(TraindeckError):
    """A folder that is not there, or that the pages may not take."""


def source_of(settings: Settings, project: Project) -> Path:
    """The folder to read its code from: that of its snapshot where it has one.

    Raises:
        ProjectError, NotFoundError, OSError
    """
    if project.snapshot:
        return code_store.checked_out(settings, project.snapshot)
    folder = Path(project.folder).expanduser()
    if not project.folder or not folder.is_absolute():
        raise ProjectError("Give the whole path of the folder that has the script.")
    if not folder.is_dir():
        raise ProjectError(f"There is no folder {folder} on this host. Give the whole path of one that has the script.")
    return folder


def allowed(settings: Settings, text: str) -> Path:
    """The folder that a visitor named, by its whole path or from an allowed folder on, links followed.

    Raises:
        ProjectError: in no allowed folder, whether it exists or not; or it is none.
    """
    roots = settings.allowed_script_roots
    for root in roots:
        path = (root / Path(text.strip()).expanduser()).resolve()
        if path.is_relative_to(root.resolve()):
            if path.is_dir():
                return path
            raise ProjectError(f"There is no folder {path} on this host.")
    raise ProjectError(
        f"Only scripts in {' or '.join(map(str, roots))} are launched from here. Copy the folder there, upload it as a "
        "zip, or have whoever runs the dashboard set TRAINDECK_SCRIPT_ROOTS; `python -m core launch` takes any script."
    )


def offered(settings: Settings) -> list[str]:
    """Folders to choose from: what lies directly in the allowed ones, by name, and these where they hold scripts."""
    found: list[str] = []
    for root in settings.allowed_script_roots:
        try:
            inside = sorted(each for each in root.iterdir() if each.is_dir() and not each.name.startswith("."))
            found += [str(root)] * any(each.suffix == ".py" for each in list(root.iterdir()))
        except OSError:
            continue
        found += map(str, inside)
    return found[:_MOST]


def interpreter_problem(path: str) -> str:
    """Why this cannot run scripts, "" where it can; "" itself is the product's own."""
    if not path:
        return ""
    file = interpreter_file(path)
    if not file.is_absolute():
        return "must be the whole path of a Python or of a virtual environment's folder"
    try:
        if file.is_file() and file.stat().st_mode & 0o111:
            return ""
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return f"{file} is not there, or cannot be executed; give a Python, or the folder of a virtual environment"


def interpreter_file(path: str) -> Path:
    """Of a virtual environment's folder, its Python."""
    given = Path(path).expanduser()
    return given / "bin" / "python" if given.is_dir() else given
