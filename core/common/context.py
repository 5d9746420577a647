"""Who acts, and on which workspace: what every use case takes first."""

from dataclasses import dataclass
from typing import Literal

from core.common.settings import Settings
from core.common.workspace import Workspace

ActorKind = Literal["shell", "login", "token", "process"]


@dataclass(frozen=True)
class Actor:
    """A person, by the user of the shell that started this process, by a login or by a token; or a process of ours."""

    name: str
    kind: ActorKind = "shell"

    @classmethod
    def of_shell(cls, settings: Settings) -> "Actor":
        """Whoever started this process, or the name that they set as TRAINDECK_USER."""
        return cls(settings.user)


@dataclass(frozen=True)
class Context:
    """Of one act: made where a request comes in (a page, a command, the HTTP interface) and handed down."""

    workspace: Workspace
    actor: Actor

    @classmethod
    def of_shell(cls, workspace: Workspace) -> "Context":
        return cls(workspace, Actor.of_shell(workspace.settings))
