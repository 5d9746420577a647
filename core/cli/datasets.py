"""`python -m core datasets`: the data sets that users added; list, add, remove."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from core.cli import table_options
from core.cli.output import Csv, Json, ago, print_json, utc
from core.cli.shell import none_told, shell_context
from core.cli.tables import console, print_table
from core.cli.told_data import picture_size, predicts
from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.common.workspace import keep_private
from core.data import library
from core.data.library import Manifest, Options, read_names
from core.runs import data_sets

cli = typer.Typer(help="The data sets that users added.", invoke_without_command=True)


@cli.callback()
def list_all(command: typer.Context, as_json: Json = False, as_csv: Csv = False) -> None:
    keep_private(Settings())
    if command.invoked_subcommand:
        return
    found = library.listing(Settings())
    if as_json:
        print_json([_json(manifest) for manifest in found])
    else:
        columns = ["name", "kind", "train", "test", "task", "added", "by", "title"]
        print_table(columns, [_row(each, exact=as_csv) for each in found], as_csv=as_csv)
        if not found and not as_csv:
            console.print(none_told(Settings()), markup=False, highlight=False)


@cli.command()
def add(
    kind: Annotated[str, typer.Argument(help="table, series, images, text, corpus or arrays.")],
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, - and _.")],
    path: Annotated[Path, typer.Argument(help="A file or folder on this host.")],
    target: table_options.Target = None,
    task: table_options.Task = "auto",
    labels_by: table_options.LabelsBy = "",
    column: table_options.Column = None,
    header: table_options.HeaderOption = "auto",
    names: table_options.Names = "",
    skip: table_options.Skip = 0,
    sheet: table_options.Sheet = "",
    missing: table_options.Missing = None,
    missing_among_numbers: table_options.AmongNumbers = None,
    decimal: table_options.DecimalOption = None,
    date_order: table_options.DateOrderOption = "auto",
    date_parts: table_options.DateParts = "",
    text: Annotated[
        list[str] | None, typer.Option(help="Of a table of texts: the column that holds them; further ones are joined.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Of a table of texts or of pictures: the column predicted; several are a label each."),
    ] = None,
    labels_file: Annotated[str, typer.Option(help="Of pictures: the table that says what each shows.")] = "",
    combinations: Annotated[
        bool, typer.Option("--combinations", help="Of a table of texts: several labels in a cell are one class.")
    ] = False,
    field: Annotated[
        str, typer.Option(help="Of a running text in JSON or a table: the field; . takes the file as it is.")
    ] = "",
    classes: Annotated[
        Path | None, typer.Option(help="A file of names of the classes: one a line, label<tab>name, or JSON.")
    ] = None,
    size: Annotated[str, typer.Option(metavar="HEIGHTxWIDTH", help="Of pictures: the size they are stored at.")] = "",
    skip_broken: Annotated[bool, typer.Option("--skip-broken", help="Leave out files that are no pictures.")] = False,
    id: table_options.Id = None,
    known: table_options.Known = None,
    frequency: table_options.FrequencyOption = "auto",
    white: table_options.White = 0,
    delimiter: table_options.Delimiter = "",
    encoding: table_options.Encoding = "",
    test_share: Annotated[float, typer.Option(help="Held back for the test, without a test part of its own.")] = 0.2,
    val_as_test: Annotated[
        bool, typer.Option("--val-as-test", help="Take the author's validation part as the test, where there is none.")
    ] = False,
    group: table_options.Group = "",
    time: table_options.Time = "",
    title: Annotated[str, typer.Option(help="Shown in lists; the name when not said.")] = "",
    description: Annotated[str, typer.Option(help="What it is, where it comes from.")] = "",
    as_json: Json = False,
) -> None:
    """Add a data set from a file or folder: all of it, or, when something is wrong, nothing."""
    from rich.progress import Progress as Bar

    called = read_names(classes) if classes else ()
    first_label, *more_labels = label or [""]
    common = Options(
        title=title,
        description=description,
        test_share=test_share,
        val_as_test=val_as_test,
        group=group,
        time=time,
        encoding=encoding,
        class_names=called if isinstance(called, Mapping) else tuple(called),
        task=task,
        labels_by=labels_by,
        more_targets=tuple(more_labels),
    )
    options = common
    if kind in ("table", "series"):
        options = table_options.table_options(
            common,
            target=target,
            column=column,
            delimiter=delimiter,
            header=header,
            names=names,
            skip=skip,
            sheet=sheet,
            missing=missing,
            missing_among_numbers=missing_among_numbers,
            decimal=decimal,
            date_order=date_order,
            date_parts=date_parts,
        )
        if kind == "series":
            options = library.SeriesOptions(
                **vars(options), id=tuple(id or ()), known=tuple(known or ()), frequency=frequency
            )
        if not target:
            raise DataError(table_options.which_target(Settings(), path, options))
    elif kind == "text":
        first, *joined = text or [""]
        options = library.TextOptions(
            **vars(common),
            text=first,
            joined=tuple(joined),
            label=first_label,
            delimiter=delimiter,
            header=header,
            sheet=sheet,
            combinations=combinations,
        )
    elif kind == "corpus":
        options = library.CorpusOptions(**vars(common), field=field)
    elif kind == "images":
        options = library.ImageOptions(
            **vars(common),
            size=picture_size(size),
            skip_broken=skip_broken,
            white=white,
            labels_file=labels_file,
            label=first_label,
        )
    with Bar(console=console, transient=True, disable=as_json or not sys.stdout.isatty()) as bar:
        shown = bar.add_task(name, total=1.0)
        manifest = data_sets.add(
            shell_context(), kind, name, path, options, lambda share, _: bar.update(shown, completed=share)
        )
    if as_json:
        print_json(_json(manifest))
        return
    _print_added(manifest, task)


@cli.command()
def look(
    path: Annotated[Path, typer.Argument(help="A table on this host.")],
    target: table_options.Target = None,
    task: table_options.Task = "auto",
    labels_by: table_options.LabelsBy = "",
    column: table_options.Column = None,
    header: table_options.HeaderOption = "auto",
    names: table_options.Names = "",
    skip: table_options.Skip = 0,
    sheet: table_options.Sheet = "",
    missing: table_options.Missing = None,
    missing_among_numbers: table_options.AmongNumbers = None,
    decimal: table_options.DecimalOption = None,
    date_order: table_options.DateOrderOption = "auto",
    date_parts: table_options.DateParts = "",
    delimiter: table_options.Delimiter = "",
    encoding: table_options.Encoding = "",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """How a table would be read: what each column is taken for, and why. Nothing is added."""
    options = table_options.table_options(
        Options(encoding=encoding, task=task, labels_by=labels_by),
        target=target,
        column=column,
        delimiter=delimiter,
        header=header,
        names=names,
        skip=skip,
        sheet=sheet,
        missing=missing,
        missing_among_numbers=missing_among_numbers,
        decimal=decimal,
        date_order=date_order,
        date_parts=date_parts,
    )
    preview = library.peek_table(Settings(), path, options)
    if as_json:
        print_json(json.loads(TypeAdapter(library.TablePreview).dump_json(preview)))
        return
    columns = ["column", "kind", "read as", "missing", "distinct", "some values"]
    print_table(columns, table_options.shown(preview), as_csv=as_csv)
    if as_csv:
        return
    how = f" Read as {preview.encoding}." if preview.encoding else ""
    console.print(f"{plural(preview.rows, 'row')}. {preview.header_reason}{how}", highlight=False, markup=False)
    for note in (*preview.told, *filter(None, [preview.problem]), *preview.notes):
        console.print(note, highlight=False, markup=False)
    for each in preview.columns:
        if each.question:
            console.print(f"{each.name}: {each.question}", highlight=False, markup=False)


@cli.command()
def classes(
    name: Annotated[str, typer.Argument(help="Of an added data set.")],
    file: Annotated[
        Path | None, typer.Argument(help="Names of the classes: one a line, label<tab>name, or JSON.")
    ] = None,
    rename: Annotated[list[str] | None, typer.Option(metavar="OLD=NEW", help="Another name for one class.")] = None,
    as_json: Json = False,
) -> None:
    """Name the classes of a data set, or list them. Runs of before keep the names in their results."""
    if file is None and not rename:
        manifest = library.get(Settings(), name)
    else:
        names = read_names(file) if file else _renamings(rename or [])
        manifest = data_sets.rename_classes(shell_context(), name, names)
    if as_json:
        print_json(list(manifest.info.class_names))
    else:
        for number, each in enumerate(manifest.info.class_names):
            typer.echo(f"{number}\t{each}")  # as a file of names is written


@cli.command()
def remove(name: Annotated[str, typer.Argument(help="Of an added data set.")], as_json: Json = False) -> None:
    """Remove an added data set, for ever. Runs keep their results."""
    data_sets.remove(shell_context(), name)
    if as_json:
        print_json({"name": name, "removed": True})
    else:
        console.print(f"Removed {name}.", highlight=False)


def _renamings(assignments: list[str]) -> dict[str, str]:
    names = {}
    for assignment in assignments:
        old, sign, new = assignment.partition("=")
        if not sign or not old:
            raise DataError(f"--rename takes OLD=NEW, such as 0=negative; received {quoted(assignment)}.")
        names[old] = new
    return names


def _print_added(manifest: Manifest, asked_task: str) -> None:
    """What was taken for what, what was left out, and what leaks."""
    info = manifest.info
    held = f"{info.shape[0]:,} characters" if info.kind == "corpus" else f"{info.train_examples:,} examples"
    own = f", the author's {info.validation_examples:,} to validate on" if info.validation_examples else ""
    test = f", {info.test_examples:,} to test on" if info.test_examples else ""
    console.print(f"Added {manifest.name}: {held} to train on{own}{test}.", highlight=False)
    if info.kind in ("table", "series") or info.task in ("multilabel", "regression"):
        console.print(predicts(manifest, asked_task), highlight=False, markup=False)
    for warning in manifest.warnings:
        console.print(warning, highlight=False, markup=False)
    for leak in manifest.leaks:
        console.print(f"Leak: {leak.text}", highlight=False, markup=False, style="" if leak.slight else "yellow")
        for instance in leak.instances:
            console.print(f"  {instance}", highlight=False, markup=False)
    console.print(f"To train on it: python -m core launch {manifest.name} --wait", highlight=False, markup=False)


def _row(manifest: Manifest, *, exact: bool) -> list[object]:
    info = manifest.info
    examples = [None, None] if info.kind == "corpus" else [info.train_examples, info.test_examples]
    added = utc(manifest.added_at) if exact else ago(manifest.added_at)
    return [manifest.name, manifest.kind, *examples, info.task, added, manifest.added_by, manifest.title]


def _json(manifest: Manifest) -> object:
    return json.loads(TypeAdapter(Manifest).dump_json(manifest))
