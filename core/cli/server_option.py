"""`--server`: commands about the runs of a server somewhere else, and the word for those that cannot go there."""

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from core.cli.known_runs import KnownRuns, RunsHere
from core.cli.shell import shell_context
from core.common.errors import TraindeckError
from core.common.text import quoted

if TYPE_CHECKING:
    from core.cli.remote_runs import RunsThere

VARIABLE = "TRAINDECK_URL"
THERE = (
    *("runs", "show", "metrics", "compare", "log", "launch", "stop", "resume", "tag", "move", "delete", "restore"),
    *("export", "presets", "evaluate"),
)
_ALWAYS_HERE = ("doctor", "supervise")  # of this host, whatever server is meant otherwise

Server = Annotated[
    str,
    typer.Option(
        "--server",
        metavar="URL",
        envvar=VARIABLE,
        show_envvar=True,
        help=f"Of a dashboard somewhere else, for {', '.join(THERE)}; may stand behind the command.",
    ),
]


class OnlyHereError(TraindeckError):
    """A command needs the workspace of this host, and a server was named."""


class ServerAnywhere(TyperGroup):
    """`--server` may stand behind the command, where people write it, though it is one option for all of them."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        end = args.index("--") if "--" in args else len(args)
        place = next((n for n, each in enumerate(args[:end]) if each.partition("=")[0] == "--server"), None)
        if place:
            length = 1 if "=" in args[place] else 2
            args = [*args[place : place + length], *args[:place], *args[place + length :]]
        return super().parse_args(ctx, args)


def look_at(context: typer.Context, server: str) -> None:
    """Remember the server for the command. Raises OnlyHereError: the command cannot go there."""
    command = context.invoked_subcommand or ""
    if command in _ALWAYS_HERE and not _is_said(context):
        server = ""
    context.obj = server
    if command not in THERE:
        only_here(context, command)


def only_here(context: typer.Context, what: str) -> None:
    """Raises OnlyHereError: a server was named, and this cannot go there."""
    if server := str(context.obj or ""):
        root = context.find_root()
        named = "--server" if _is_said(root) else f"{VARIABLE} ({os.environ.get(VARIABLE, '')})"
        raise OnlyHereError(
            f"{quoted(what)} works on the workspace and the files of this host, and cannot be asked of a server by "
            f"{named}. Accepted with one are {', '.join(THERE)}; for the rest, run it on that host, or see "
            f"{server.rstrip('/')}/api/docs."
        )


def _is_said(context: Any) -> bool:
    source = context.get_parameter_source("server")
    return source is not None and str(source.name) == "COMMANDLINE"


def known_runs(context: typer.Context) -> KnownRuns:
    """Of the server that was named, or of this shell's workspace. Raises StoreError, ServerError."""
    return server_runs(context) or RunsHere(shell_context())


def server_runs(context: typer.Context) -> "RunsThere | None":
    """None where no server was named. Raises ServerError."""
    if not context.obj:
        return None
    from core.cli.http_client import Client  # who stays here need not wait for them
    from core.cli.remote_runs import RunsThere

    return RunsThere(Client(context.obj))
