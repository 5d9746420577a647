"""Who acts, and on which workspace: what every use case takes first."""

from dataclasses import dataclass

from core.common.workspace import Workspace
from db.records import Actor as Actor  # defined where the history stores it


@dataclass(frozen=True)
class Context:
    """Of one act: made where a request comes in (a page, a command, the HTTP interface) and handed down."""

    workspace: Workspace
    actor: Actor

    @classmethod
    def of_shell(cls, workspace: Workspace) -> "Context":
        """Whoever started this process, or the name that they set as TRAINDECK_USER."""
        return cls(workspace, Actor(workspace.settings.user))
