"""`python -m core models compress`: a run that makes a smaller network of a version."""

from typing import Annotated

import typer

from core import models, runs
from core.cli import launch as launching
from core.cli.model_changes import Version
from core.cli.output import Json
from core.cli.shell import shell_context
from core.cli.tables import console
from core.common.errors import NotFoundError, StateError
from core.common.text import plural
from core.models import origin
from core.runs.compressing import METHODS, compressed
from db.records import RunRecord, RunState

_AMOUNTS = "; ".join(f"{name}: {each.amount}, {each.usual:g} unless given" for name, each in METHODS.items())


def compress(
    version: Version,
    method: Annotated[str, typer.Option(metavar="METHOD", help=f"One of {', '.join(METHODS)}.")] = "prune",
    amount: Annotated[float | None, typer.Option(help=f"How much: {_AMOUNTS}.")] = None,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="PARAM=VALUE", help="Change a param: epochs=3, optimizer=sgd.")
    ] = None,
    name: Annotated[str, typer.Option(help="The run's name.")] = "",
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for the end, and register the result as the model's next version.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Queue a run that makes a smaller network of a version, from its run's best weights and with its config.

    Not of an ensemble, a mean of epochs or an uploaded file, which are no run's best weights; but an ensemble is
    distilled, and so is a mean of epochs.
    """
    context = shell_context()
    found = models.find(context, version)
    teaches = method == "distil" and found.checkpoint in (origin.ENSEMBLE, origin.AVERAGED)
    if not teaches and (problem := origin.not_begun_from(found)):
        raise StateError(problem)
    run = next((each for each in runs.get_many(context, [found.run_id]) if each.uid == found.run_uid), None)
    if run is None:
        raise NotFoundError(
            f"Run {found.run_id}, of which {found.title} was made, was deleted; no run can begin from its weights. "
            "Compress a version of another run, or export this one: python -m core models shrink."
        )
    smaller = compressed(run.config, run.id, method, amount, found.title if teaches else "")
    raw = launching.changed(smaller, assignments or [])
    draft = runs.Draft(raw, name, run.experiment, run.preset, parent_id=run.id, tags=(*run.tags, method))

    def keep(done: RunRecord) -> None:
        if done.state is RunState.FINISHED:
            made = models.register(context, done, found.model, note=f"{METHODS[method].title}, of {found.title}")
            if not as_json:
                sparse = origin.sparsity(made.facts)
                told = f"Registered as {made.title}, of {plural(made.network_size, 'byte')}"
                console.print(f"{told}{f': {sparse}' if sparse else ''}.", markup=False, highlight=False)

    def step(run_id: int) -> str:
        return f"Once it has finished, make a version of it: python -m core models register {run_id} {found.model}"

    raise typer.Exit(
        launching.launch(context, draft, 1, preflight=False, wait=wait, as_json=as_json, then=keep, next_step=step)
    )
