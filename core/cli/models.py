"""`python -m core models`: trained models, their versions, and the names that point at versions."""

from pathlib import Path
from typing import Annotated

import typer

from core import models
from core.cli.model_changes import CHANGES, Reference, Version
from core.cli.model_compress import compress
from core.cli.model_exports import EXPORTS
from core.cli.model_rows import model_json, version_json, version_row, when
from core.cli.output import HISTORY, Csv, Json, event_row, print_json, utc
from core.cli.serving import SERVING
from core.cli.shell import none_told, shell_context
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.digits import aligned
from core.models import CHECKPOINTS, origin
from core.models.model_card import shown
from core.models.naming import ModelError, split
from core.models.scores import beside_baselines, figures, main_score, metric_name
from core.runs.data_names import named_data
from db.registry_records import VersionRecord

cli = typer.Typer(help="Trained models, versions and aliases.", invoke_without_command=True)


@cli.callback()
def by_itself(command: typer.Context, as_json: Json = False, as_csv: Csv = False) -> None:
    if not command.invoked_subcommand:
        list_all(as_json, as_csv)


@cli.command("list")
def list_all(as_json: Json = False, as_csv: Csv = False) -> None:
    """All models, with the champion of each, or its newest version."""
    context = shell_context()
    found = models.listing(context)
    if as_json:
        print_json([model_json(each) for each in found])
        return
    leading = [each.leading for each in found]
    scores = [main_score(each) if each else None for each in leading]
    rows: list[list[object]] = [
        [
            *(each.name, len(each.versions), each.aliases["champion"].number if "champion" in each.aliases else None),
            *(score.name if score else "", score.value if score else None),
            (verdict.short if version and (verdict := beside_baselines(version)) else ""),
            *(version.network_size if version else None, when(version.created_at if version else None, as_csv)),
            each.description,
        ]
        for each, version, score in zip(found, leading, scores, strict=True)
    ]
    if not as_csv:  # each has a metric of its own
        for row in rows:
            row[4] = aligned([row[4]])[0] if isinstance(row[4], float) else ""
    columns = ["model", "versions", "champion", "metric", "value", "beside baselines", "bytes", "newest", "description"]
    print_table(columns, rows, as_csv=as_csv)
    if not found and not as_csv:
        told = f"{none_told(context.workspace.settings)} Make one of a run: python -m core models register RUN NAME"
        console.print(told, markup=False, highlight=False)


@cli.command()
def show(
    reference: Reference,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """A model with its versions and who moved its aliases; or a version with its figures and where it came from."""
    context = shell_context()
    name, version = split(reference)
    model = models.get(context, name)
    if version:
        _show_version(context, models.named(model, version), as_json=as_json, as_csv=as_csv)
        return
    history = models.history(context, name)
    if as_json:
        print_json(model_json(model) | {"versions": [version_json(each) for each in model.versions]})
        return
    if not as_csv:
        console.print(model.name, style="bold", markup=False, highlight=False)
        if model.description:
            console.print(model.description, markup=False, highlight=False)
    made_of = "run" if as_csv else "made of"
    print_table(
        ["version", "aliases", "stage", "metric", "value", made_of, "data", "bytes", "registered", "by", "note"],
        [version_row(each, exact=as_csv) for each in model.versions],
        as_csv=as_csv,
    )
    if not as_csv:
        console.print()
        print_table(HISTORY, [event_row(event) for event in history])


@cli.command()
def card(
    version: Version,
    edit: Annotated[Path | None, typer.Option(help="A file with a text to show in the card's place.")] = None,
    generated: Annotated[bool, typer.Option("--generated", help="As written from the facts.")] = False,
    restore: Annotated[bool, typer.Option("--restore", help="Take the edited text back.")] = False,
    as_json: Json = False,
) -> None:
    """The model card, in Markdown: data, figures, limits, how it was trained. Can be edited, and kept with both."""
    context = shell_context()
    found = models.find(context, version)
    if edit is not None or restore:
        models.edit_card(context, found, _text(edit) if edit else "")
        found = models.find(context, f"{found.model}@{found.number}")
    if as_json:
        now = models.card_in_use(context, found)
        print_json({"generated": found.card, "edited": found.edited_card or None, "in_use": now})
    else:
        console.file.write(found.card if generated else shown(found))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{file} cannot be read as text ({error}). Give a file of Markdown in UTF-8.") from error


def _show_version(context: Context, version: VersionRecord, *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json(version_json(version) | {"config": version.config, "card": shown(version)})
        return
    rows: list[list[object]] = [[name, value] for name, value in figures(version).items()]
    if as_csv:
        print_table(["metric", "value"], rows, as_csv=True)
        return
    console.print(version.title, style="bold", markup=False, highlight=False)
    facts = {
        "aliases": ", ".join(version.aliases),
        "stage": version.stage.value,
        "note": version.note,
        "made of": origin.sentence(version) + _named(version),
        "parents": ", ".join(each.title for each in models.parents(context, version)),
        "data": named_data(version.config),
        "data fingerprint": version.facts.get("data_fingerprint"),
        "code": version.facts.get("git_commit"),
        "registered": f"{utc(version.created_at)} by {version.created_by}",
        "file": _file(context, version),
        "sha256": version.sha256,
        "bytes": _bytes(version),
        "pruned": origin.sparsity(version.facts),
    }
    print_table(["", ""], [[key, value] for key, value in facts.items() if value])
    console.print()
    print_table(["metric", "value"], [[metric_name(str(name)), value] for name, value in rows], by_row=True)
    if found := beside_baselines(version):
        console.print(f"\n{found.text}", markup=False, highlight=False)
    console.print(f"\n{models.card_in_use(context, version)}", markup=False, highlight=False, end="")


def _named(version: VersionRecord) -> str:
    how = origin.made_smaller(version)
    return "".join(f", {each}" for each in (version.run_name, how) if each) if version.checkpoint in CHECKPOINTS else ""


def _bytes(version: VersionRecord) -> str:
    if version.network_size == version.size:
        return f"{version.size:,}"
    return f"{version.network_size:,} of the network; its file of {version.size:,} holds the optimizer's state, too"


def _file(context: Context, version: VersionRecord) -> str:
    """Where it is, or why it is not here."""
    try:
        return str(models.network_file(context.workspace.settings, version))
    except ModelError as error:
        return str(error)


for _change in (*CHANGES, *EXPORTS, compress):
    cli.command()(_change)
for _name, _command in SERVING.items():
    cli.command(_name)(_command)
