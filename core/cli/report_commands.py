"""`python -m core reports`: what people wrote about runs, with its panels."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.output import Csv, Json, ago, print_json
from core.cli.shell import none_told, shell_context
from core.cli.tables import console, print_table
from core.common.errors import ConfigError, Problem
from core.common.text import quoted
from core.common.whole_files import write_whole

cli = typer.Typer(help="Reports: Markdown with panels of runs, live or frozen.", no_args_is_help=True)
Reference = Annotated[str, typer.Argument(metavar="REPORT", help="A report's number or title.")]


@cli.command("list")
def list_all(as_json: Json = False, as_csv: Csv = False) -> None:
    """All reports, those that were changed last first."""
    from core.reports import authoring

    context = shell_context()
    found = authoring.listing(context)
    if as_json:
        print_json([vars(report) for report in found])
        return
    rows: list[list[object]] = [
        [report.id, report.title, report.created_by, ago(report.changed_at), report.changed_by, report.version]
        for report in found
    ]
    print_table(["report", "title", "by", "changed", "last by", "versions"], rows, as_csv=as_csv)
    if not rows and not as_csv:
        console.print(none_told(context.workspace.settings), markup=False, highlight=False)


@cli.command()
def show(
    report: Reference,
    version: Annotated[int | None, typer.Option(help="An older one.")] = None,
    as_json: Json = False,
) -> None:
    """A report's Markdown."""
    from core.reports import authoring

    context = shell_context()
    found = authoring.version(context, authoring.find(context, report).id, version)
    if as_json:
        print_json(vars(found))
    else:
        typer.echo(found.source)


@cli.command()
def export(
    report: Reference,
    file: Annotated[Path, typer.Argument(help="report.html, or report.pdf where the host has a Chromium.")],
    version: Annotated[int | None, typer.Option(help="An older one.")] = None,
) -> None:
    """Write a report as one file that works without a network."""
    from core.reports import authoring, report_html, report_pdf

    if file.suffix not in (".html", ".pdf"):
        raise ConfigError([Problem("file", f"ends with {file.suffix or 'nothing'}; accepted are .html and .pdf")])
    if not file.absolute().parent.is_dir():
        raise ConfigError([Problem("file", f"its folder {quoted(str(file.parent))} is not there; make it first")])
    context = shell_context()
    text = report_html.as_file(context, authoring.find(context, report).id, version)
    data = report_pdf.as_pdf(text) if file.suffix == ".pdf" else text.encode()
    write_whole(file, lambda out: out.write_bytes(data))
    console.print(f"Wrote {file}, {len(data):,} bytes.")


@cli.command()
def add(
    report: Reference,
    kind: Annotated[str, typer.Argument(help="curves, table, verdict, leaderboard, effects, sweep, …")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="runs=12,13; once for each."),
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Keep what it shows now.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Begin a report of this title.")] = False,
    as_json: Json = False,
) -> None:
    """Append a panel to a report."""
    from core.reports import authoring
    from core.reports.panel_specs import read_panel

    context = shell_context()
    lines = [text.partition("=") for text in settings or []]
    panel = read_panel(kind, "\n".join(f"{name.strip()}: {value.strip()}" for name, _, value in lines))
    if new:
        changed = authoring.begin_with(context, report, panel, as_it_is=frozen)
    else:
        changed = authoring.add_panel(context, authoring.find(context, report).id, panel, as_it_is=frozen)
    if as_json:
        print_json(vars(changed))
    else:
        console.print(f"Report {changed.id} is at version {changed.version}.")
