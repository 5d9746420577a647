"""Where files lie that clients send: those of runs in the runs' folders, those of logged models and others beside.

A path is `<experiment>/<run>/artifacts/…`, `<experiment>/models/<model>/artifacts/…`, or any other; never one that
leads out of its folder.
"""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import db.told_runs
from core.common.context import Context
from core.common.settings import Settings
from core.mlflow.mlflow_error import MlflowError
from core.models import from_clients, version_files
from core.runs.kinds import LOGGED, SCRIPT
from core.runs.sent_files import FOLDER as FOLDER
from core.runs.sent_files import OTHERS as OTHERS

REGISTERED = "registered"  # before a model's number and a version's: what the registry keeps
_OF_VERSION = re.compile(rf"{REGISTERED}/(\d{{1,9}})/(\d{{1,9}})(?:/(.*))?", re.DOTALL)
_OF_RUN = re.compile(r"[^/]+/([0-9a-f]{32})/artifacts(?:/(.*))?", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:")
_MOST_DECODED, MOST_PATH = 10, 1000


@dataclass(frozen=True)
class Place:
    """A folder, and a path within it, "" for itself. `run` is the number of the run that it belongs to, 0 for none."""

    folder: Path
    inside: str
    run: int = 0
    is_open: bool = True  # whether clients may change what is there

    @property
    def path(self) -> Path:
        """Raises MlflowError: a link leads out of the folder."""
        path = (self.folder / self.inside).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise MlflowError("Invalid path")
        return path


def checked(path: str) -> str:
    """The path, without slashes at its ends. Raises MlflowError: it leads elsewhere, however it is written."""
    decoded, before = path, ""
    for _ in range(_MOST_DECODED):
        if decoded == before:
            break
        before, decoded = decoded, unquote(decoded)
    parts = re.split(r"[/\\]", decoded)
    wrong = decoded != before or "\\" in decoded or "\0" in decoded or len(path) > MOST_PATH
    if wrong or decoded.startswith("/") or _DRIVE.match(decoded) or ".." in parts or "#" in decoded:
        raise MlflowError("Invalid path")
    if any(len(part.encode()) > 255 for part in parts):
        raise MlflowError("Invalid path: a name has more than 255 bytes")
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def place_of(context: Context, path: str) -> Place:
    """Of a path below the root of all. Raises MlflowError."""
    settings, clean = context.workspace.settings, checked(path)
    found = _OF_RUN.fullmatch(clean)
    if found is not None:
        with context.workspace.read() as session:
            run = db.told_runs.head(session, found[1])
        if run is not None:
            return of_run(settings, run.id, run.kind, found[2] or "")
    version = _OF_VERSION.fullmatch(clean)
    if version is not None:
        folder = version_files.folder(settings, int(version[1]), int(version[2])) / from_clients.FOLDER
        return Place(folder, version[3] or "", is_open=False)
    return Place(settings.home / OTHERS, clean)


def of_run(settings: Settings, run_id: int, kind: str, inside: str) -> Place:
    """Within what a run left; `inside` is checked. What we train ourselves, clients only read."""
    return Place(settings.run_dir(run_id) / FOLDER, checked(inside), run_id, kind in (LOGGED.name, SCRIPT.name))


def of_uri(context: Context, uri: str, inside: str) -> Place:
    """Within an address that begins with `mlflow-artifacts:`, or is a folder below the root that the settings name.

    Raises:
        MlflowError: it is another, which this server does not read, whoever says that files are there.
    """
    scheme, _, rest = uri.partition(":")
    if scheme == "mlflow-artifacts":
        return place_of(context, "/".join(filter(None, (rest.lstrip("/").rstrip("/"), checked(inside)))))
    root, folder = local(context.workspace.settings.mlflow_artifact_root), local(uri)
    if root is None or folder is None or not folder.is_relative_to(root):
        raise MlflowError(f"The files are at {uri[:200]}, which this server does not read. Ask for them there.")
    return Place(root, str((folder / checked(inside)).relative_to(root)))


def local(uri: str) -> Path | None:
    """The folder of this host that an address means, without dots in its path; None where it is no such address."""
    parts = urlsplit(uri)
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        return None
    path = posixpath.normpath(unquote(parts.path) if parts.scheme else uri)
    return Path(path) if path.startswith("/") and "\0" not in path else None
