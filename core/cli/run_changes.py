"""`log`, `stop`, `resume`, `tag`, `move`, `delete`, `restore`: one run, here or on a server."""

from typing import Annotated, Any

import typer

from core.cli.output import Json, print_json
from core.cli.server_option import known_runs
from core.cli.tables import console

RunReference = Annotated[str, typer.Argument(metavar="RUN", help="A run's number, uid or name.")]


def log(
    context: typer.Context,
    run: RunReference,
    lines: Annotated[int, typer.Option(min=1, max=10_000, help="So many of the last ones.")] = 100,
) -> None:
    """The end of a run's log."""
    known = known_runs(context)
    console.print(known.log_tail(known.find(run).id, lines), markup=False, highlight=False)


def stop(
    context: typer.Context,
    run: RunReference,
    now: Annotated[bool, typer.Option("--now", help="End the process at once, without a last checkpoint.")] = False,
    as_json: Json = False,
) -> None:
    """Stop a run: it finishes its step, saves a checkpoint and keeps everything."""
    known = known_runs(context)
    found = known.find(run)
    concerned = known.stop(found.id, now=now)
    message = f"Asked run {found.id} to stop." if concerned else f"Run {found.id} is {found.state.value} already."
    say({"id": found.id, "concerned": concerned, "message": message}, as_json)


def resume(context: typer.Context, run: RunReference, as_json: Json = False) -> None:
    """Queue a run again that was stopped, failed or lost, to go on from its last checkpoint."""
    known = known_runs(context)
    found = known.find(run)
    known.resume(found.id)
    say({"id": found.id, "message": f"Queued run {found.id} again: {found.name}"}, as_json)


def tag(
    context: typer.Context,
    run: RunReference,
    tags: Annotated[list[str], typer.Argument(metavar="TAG…", help="Added to those it has.")],
    as_json: Json = False,
) -> None:
    """Add tags to a run."""
    known = known_runs(context)
    found = known.find(run)
    known.add_tags([found.id], tags)
    has = list(known.get_many([found.id])[0].tags)
    say({"id": found.id, "tags": has, "message": f"Run {found.id} has the tags {', '.join(has)}."}, as_json)


def move(
    context: typer.Context,
    run: RunReference,
    experiment: Annotated[str, typer.Argument(help="It is made where there is none of that name.")],
    as_json: Json = False,
) -> None:
    """Put a run into another experiment."""
    known = known_runs(context)
    found = known.find(run)
    known.move([found.id], experiment)
    told = {"id": found.id, "experiment": experiment, "message": f"Run {found.id} is in {experiment}."}
    say(told, as_json)


def delete(context: typer.Context, run: RunReference, as_json: Json = False) -> None:
    """Put a run into the trash; `restore` takes it out again, the Runs page empties the trash."""
    known = known_runs(context)
    found = known.find(run)
    gone, kept = known.trash(found.id)
    message = f"Run {found.id} is in the trash. {kept}".rstrip()
    if not gone:
        message = f"Run {found.id} is {found.state.value}; stop it first."
    say({"id": found.id, "deleted": gone, "message": message}, as_json)
    raise typer.Exit(0 if gone else 1)


def restore(context: typer.Context, run: RunReference, as_json: Json = False) -> None:
    """Take a run out of the trash."""
    known = known_runs(context)
    found = known.find(run)
    is_out = known.restore(found.id)
    message = f"Run {found.id} is out of the trash." if is_out else f"Run {found.id} is being deleted for good."
    say({"id": found.id, "restored": is_out, "message": message}, as_json)
    raise typer.Exit(0 if is_out else 1)


def say(outcome: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(outcome)
    else:
        console.print(outcome["message"], markup=False, highlight=False)


CHANGES = (log, stop, resume, tag, move, delete, restore)
