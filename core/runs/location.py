"""Where the files of a run are: in this workspace's folder, or in that of another host.

Runs are numbered by the store, which several hosts can share, each with a folder of its own: what lies here under a
run's number need not be that run's. A folder can also outlive the name of its host, as that of a container that was
made anew; so the folder itself remembers by which names its hosts have gone.
"""

import socket

import db.runs
from core.common.settings import Settings
from core.common.workspace import Workspace
from db.records import RunRecord

NAMES = "hosts.txt"  # in the workspace's folder, a name a line


def is_here(settings: Settings, run: RunRecord) -> bool:
    """Whether the run's folder is in this workspace's; also of a run that has not begun."""
    return is_this_host(settings, run.host)


def is_this_host(settings: Settings, host: str) -> bool:
    """Whether files of a host of this name, "" for none yet, are in this workspace's folder."""
    return host in ("", socket.gethostname()) or host in _names(settings)


def elsewhere(settings: Settings, run: RunRecord, what: str = "files") -> str:
    """On which other host the run's files are, in a sentence; "" when they are here."""
    if is_here(settings, run):
        return ""
    verb = "are" if what.endswith("s") else "is"
    return (
        f"The {what} of run {run.id} {verb} on host {run.host}, where it was trained, and this is "
        f"{socket.gethostname()}. Open the dashboard of {run.host}."
    )


def register_host(workspace: Workspace) -> None:
    """Have the folder remember this host's name. Raises StoreError, OSError."""
    settings = workspace.settings
    names = _names(settings)
    if not names:
        file = settings.database_file
        if file is not None and file.is_relative_to(settings.home):  # store and files have always been together
            with workspace.read() as session:
                names = db.runs.host_names(session)
    here = socket.gethostname()
    if here not in names:
        # Appended, so that two hosts that share the folder do not overwrite each other.
        with (settings.home / NAMES).open("a") as list_of_names:
            list_of_names.write("".join(f"{name}\n" for name in sorted({*names - _names(settings), here})))


def _names(settings: Settings) -> set[str]:
    try:
        return set((settings.home / NAMES).read_text(errors="replace").split())
    except OSError:
        return set()
