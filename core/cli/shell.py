"""Who uses the command line."""

from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace, keep_private


def shell_context() -> Context:
    """The shell's user, on the workspace of their settings; made here alone. Raises StoreError."""
    settings = Settings()
    keep_private(settings)
    return Context.of_shell(Workspace.open(settings))
