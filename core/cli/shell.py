"""Who uses the command line, and on which workspace."""

import sys

from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace, keep_private

_ANOTHER = "TRAINDECK_HOME names another."


def shell_context() -> Context:
    """The shell's user, on the workspace of their settings; made here alone, which is said. Raises StoreError."""
    settings = Settings()
    is_new = settings.database_file is not None and not settings.database_file.exists()
    keep_private(settings)
    workspace = Workspace.open(settings)
    if is_new:
        sys.stderr.write(f"Made a new workspace, {settings.home}. {_ANOTHER}\n")
    return Context.of_shell(workspace)


def none_told(settings: Settings) -> str:
    """What stands below a list without entries: perhaps they are in another workspace."""
    store = "" if settings.database_file is not None else f", whose database is {settings.shown_database_url}"
    return f"None in the workspace {settings.home}{store}. {_ANOTHER}"
