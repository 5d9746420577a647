"""`python -m core models register`, `alias`, `gate`, `stage`, `note`, `delete`: what changes models."""

import math
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from core import models, runs
from core.cli.new_versions import made, say
from core.cli.output import Json, print_json
from core.cli.shell import shell_context
from core.cli.tables import console
from core.common.text import plural, quoted
from core.models import making
from core.models.naming import split
from core.models.version_source import is_judged
from db.registry_records import Stage

Name = Annotated[str, typer.Argument(metavar="MODEL", help="A model's name.")]
Target = Annotated[str, typer.Argument(metavar="MODEL", help="A new model, or one that gets a further version.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A run's number, uid or name.")]
Aliases = Annotated[list[str] | None, typer.Option("--alias", help="That is to point at it; more than once for more.")]
Note = Annotated[str, typer.Option(help="What is particular about this version.")]
Description = Annotated[str, typer.Option(help="Of a new model: what it is for.")]
Reference = Annotated[str, typer.Argument(metavar="MODEL[@VERSION]", help="A model, or one version of it.")]
Version = Annotated[
    str,
    typer.Argument(metavar="MODEL@VERSION", help="digits@3, digits@champion; digits: its champion, or newest."),
]


def register(
    run: Run,
    name: Target,
    checkpoint: Annotated[str, typer.Option(help="best or last.")] = "best",
    like: Annotated[
        str, typer.Option(metavar="RUN|MODEL@VERSION", help="Of a script's network: whose inputs it takes.")
    ] = "",
    alias: Aliases = None,
    note: Note = "",
    description: Description = "",
    as_json: Json = False,
) -> None:
    """Make a version of a model from a run. It keeps its files, whatever becomes of the run.

    The best network that a script kept with traindeck.KerasCallback is judged as an uploaded file is: on the data set
    that the callback named, or on that of --like.
    """
    context = shell_context()
    found, how = runs.find(context, run), {"note": note, "description": description, "aliases": alias or []}
    if found.kind != runs.NETWORK.name and (like or not is_judged(context, found)):
        made(context, making.reported_request(context, found, name, like, **how), as_json)
        return
    version = models.register(context, found, name, checkpoint, **how)  # type: ignore[arg-type]
    named = f", {' and '.join(version.aliases)}" if version.aliases else ""
    say(version, f"Run {version.run_id} is {version.title} now{named}.", as_json)


def ensemble(
    name: Target,
    members: Annotated[list[str], typer.Argument(metavar="RUN RUN …", help="Numbers, uids or names.")],
    checkpoint: Annotated[str, typer.Option(help="best or last, of each.")] = "best",
    alias: Aliases = None,
    note: Note = "",
    description: Description = "",
    as_json: Json = False,
) -> None:
    """Make one network of several runs of the same data and task: it answers with the mean of their answers."""
    context = shell_context()
    found = [runs.find(context, each) for each in members]
    how: dict[str, Any] = {"note": note, "description": description, "aliases": alias or []}
    made(context, making.ensemble_request(context, found, name, checkpoint, **how), as_json)


def average(
    run: Run,
    name: Target,
    last: Annotated[int, typer.Option(min=2, help="Epochs; the run has kept as many (training.keep_epochs).")] = 5,
    alias: Aliases = None,
    note: Note = "",
    description: Description = "",
    as_json: Json = False,
) -> None:
    """Make a version of the mean of the weights of a run's last epochs, measured on its test set."""
    context = shell_context()
    how: dict[str, Any] = {"note": note, "description": description, "aliases": alias or []}
    made(context, making.average_request(context, runs.find(context, run), name, last, **how), as_json)


def upload(
    file: Annotated[Path, typer.Argument(help=f"One of {', '.join(making.NETWORK_FILES)}.")],
    name: Target,
    like: Annotated[
        str, typer.Option(metavar="RUN|MODEL@VERSION", help="Whose inputs it takes, so that it is measured, too.")
    ] = "",
    pixels: Annotated[
        str, typer.Option(metavar="LOW..HIGH", help="Range of the pixels that it learned from: 0..1, -1..1, 0..255.")
    ] = "0..255",
    logits: Annotated[
        bool, typer.Option("--logits", help="It gives logits: a softmax, or sigmoid, is put behind it.")
    ] = False,
    alias: Aliases = None,
    note: Note = "",
    description: Description = "",
    as_json: Json = False,
) -> None:
    """Make a version of a network in a file; one that carries code is refused. Without --like it takes raw numbers.

    With --like it is asked as the network of that run is: pictures in pixels from 0 to 255 unless --pixels says
    otherwise, rows in numbers as the data set has them, texts in token ids of the run's vocabulary.
    """
    context = shell_context()
    how: dict[str, Any] = {"note": note, "description": description, "aliases": alias or []}
    how |= {"pixels": making.pixel_range(pixels), "logits": logits}
    made(context, making.upload_request(context, file, file.name, name, like, **how), as_json)


def alias(
    version: Version,
    name: Annotated[str, typer.Argument(metavar="ALIAS", help="champion, challenger, or any name.")],
    remove: Annotated[bool, typer.Option("--remove", help="Have it point at no version any more.")] = False,
    approve: Annotated[
        str, typer.Option(metavar="REASON", help="Let a version through that does not pass the gate.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Have an alias point at a version, wherever it pointed before."""
    context = shell_context()
    if remove:
        model, _ = split(version)
        models.drop_alias(context, model, name)
        print_json({"model": model, "alias": name, "version": None}) if as_json else console.print(
            f"{model} has no {name} any more.", highlight=False
        )
        return
    found = models.find(context, version)
    before = models.point(context, found, name, approve)
    came = f", before {before.title}" if before and before.id != found.id else ""
    say(models.find(context, f"{found.model}@{found.number}"), f"{name} is {found.title}{came}.", as_json)


def gate(
    model: Name,
    alias: Annotated[str, typer.Argument(metavar="ALIAS")] = models.CHAMPION,
    metric: Annotated[str, typer.Option(help="Of the evaluation, such as test_accuracy; with --bound.")] = "",
    bound: Annotated[float | None, typer.Option(help="At least; of errors and losses, at most; with --metric.")] = None,
    not_worse: Annotated[
        bool, typer.Option("--not-worse", help="Not surely worse than the version that has it, on the same test.")
    ] = False,
    max_bytes: Annotated[int | None, typer.Option(min=1, help="Of the network, without its optimizer's state.")] = None,
    max_ms: Annotated[
        float | None, typer.Option(help="For a call of the export that answers when it is served, on one thread.")
    ] = None,
    percentile: Annotated[str, typer.Option(help="Of its times: p50 or p95; with --max-ms.")] = "p95",
    batch: Annotated[int, typer.Option(help="Examples in the call: 1 or 32; with --max-ms.")] = 1,
    max_export_bytes: Annotated[int | None, typer.Option(min=1, help="Of that export's network.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the gate away.")] = False,
    as_json: Json = False,
) -> None:
    """What a version must pass before the alias may point at it; without options, what that is.

    Options set the whole gate, in place of the one there is.
    """
    context = shell_context()
    if bool(metric) != (bound is not None) or not math.isfinite(bound or 0.0):
        raise models.ModelError(
            f"A figure needs --metric and --bound, a finite number; received {quoted(metric)} and {bound}. Give both."
        )
    if max_ms is None and (percentile, batch) != ("p95", 1):
        raise models.ModelError("--percentile and --batch say of which call --max-ms is. Give --max-ms, too.")
    new = _gate(
        metric=metric, bound=bound or 0.0, not_worse=not_worse, max_bytes=max_bytes, max_ms=max_ms,
        percentile=percentile, batch=batch, max_export_bytes=max_export_bytes,
    )  # fmt: skip
    if new.rules or remove:
        models.set_gate(context, model, alias, models.Gate() if remove else new)
    found = models.gate(models.get(context, model), alias)
    if as_json:
        print_json({"model": model, "alias": alias, "gate": found.model_dump() if found else None})
        return
    told = f"needs {', '.join(found.rules)}" if found else "may be any version"
    console.print(f"{alias} of {model} {told}.", markup=False, highlight=False)


def _gate(**rules: object) -> models.Gate:
    """Raises ModelError."""
    try:
        return models.Gate.model_validate(rules)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0]).replace("_", "-")
        raise models.ModelError(f"--{option}: {first['msg']}; received {quoted(first['input'])}.") from error


def stage(version: Version, stage: Annotated[Stage, typer.Argument()], as_json: Json = False) -> None:
    """Say how far a version has come: none, staging, production, archived."""
    context = shell_context()
    found = models.find(context, version)
    models.set_stage(context, found, stage)
    say(models.find(context, f"{found.model}@{found.number}"), f"{found.title} is in {stage.value}.", as_json)


def note(
    reference: Reference,
    text: Annotated[str, typer.Argument(help='"" takes it away.')],
    as_json: Json = False,
) -> None:
    """Describe a model, or write a note on a version."""
    context = shell_context()
    name, number = split(reference)
    found = models.get(context, name)
    if number:
        version = models.named(found, number)
        models.annotate(context, version, text)
        say(models.find(context, f"{name}@{version.number}"), f"Noted on {version.title}.", as_json)
        return
    models.describe(context, name, text)
    say(models.get(context, name), f"Described {name}.", as_json)


def delete(
    reference: Reference,
    as_json: Json = False,
) -> None:
    """Delete a version, or a model with all of its versions, for good. What has an alias is refused."""
    context = shell_context()
    name, number = split(reference)
    if number:
        version = models.find(context, reference)
        freed, what = models.delete_version(context, name, version.number), version.title
    else:
        count = len(models.get(context, name).versions)
        freed, what = models.delete_model(context, name), f"{name} with {plural(count, 'version')}"
    if as_json:
        print_json({"deleted": reference, "freed": freed})
    else:
        console.print(f"Deleted {what}; {freed:,} bytes freed.", highlight=False)


CHANGES = (register, ensemble, average, upload, alias, gate, stage, note, delete)
