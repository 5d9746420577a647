"""The commands of `python -m core`, sharing the use cases of the pages."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from core import runs
from core.cli import (
    coming_over,
    datasets,
    evaluate_now,
    models,
    report_commands,
    reports,
    run_changes,
    run_importance,
    script,
    serving,
    sweep,
)
from core.cli import launch as launching
from core.cli.output import Csv, Json, print_json
from core.cli.run_changes import RunReference
from core.cli.server_option import Server, ServerAnywhere, known_runs, look_at, server_runs
from core.cli.shell import shell_context
from core.cli.tables import print_table
from core.common.errors import ConfigError, TraindeckError
from core.common.settings import Settings
from core.config.presets import PRESETS
from core.data.picture_formats import ACCEPTED
from core.runs.asked_runs import AskedRuns
from db.records import RunState

cli = typer.Typer(cls=ServerAnywhere, no_args_is_help=True, add_completion=False, help=__doc__)
cli.add_typer(datasets.cli, name="datasets")
cli.add_typer(models.cli, name="models")
cli.add_typer(sweep.cli, name="sweep")
cli.add_typer(report_commands.cli, name="reports")
cli.command()(script.script)
cli.command()(evaluate_now.evaluate)
cli.command("import")(coming_over.import_runs)
cli.command()(coming_over.export)
cli.command()(serving.serve)
cli.command()(serving.package)
cli.command()(run_importance.importance)
cli.command()(run_importance.worst)
for each in run_changes.CHANGES:
    cli.command()(each)


@cli.callback()
def main_options(context: typer.Context, server: Server = "") -> None:
    look_at(context, server)


@cli.command()
def presets(context: typer.Context, as_json: Json = False, as_csv: Csv = False) -> None:
    """The configs to start from."""
    if (server := server_runs(context)) is not None:
        from core.cli.launch_there import presets_of

        found = presets_of(server)
    else:
        found = [{"name": each.name, "summary": each.summary, "config": each.raw} for each in PRESETS.values()]
    if as_json:
        print_json(found)
    else:
        print_table(["preset", "what it is"], [[each["name"], each["summary"]] for each in found], as_csv=as_csv)


@cli.command()
def launch(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="PRESET_FILE_OR_DATASET",
            help="A preset's name, a config in JSON or YAML, or a data set's name for a network that suits it.",
        ),
    ],
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="PARAM=VALUE", help="Change a param: epochs=3, optimizer=sgd.")
    ] = None,
    experiment: Annotated[str, typer.Option(help="The group that the run belongs to.")] = runs.DEFAULT_EXPERIMENT,
    name: Annotated[str, typer.Option(help="The run's name.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given more than once.")] = None,
    notes: Annotated[str, typer.Option(help="Notes.")] = "",
    seeds: Annotated[int, typer.Option(help="Launch so many runs, each with the next seed.")] = 1,
    all_folds: Annotated[bool, typer.Option("--all-folds", help="Cross-validation: a run for each fold.")] = False,
    preflight: Annotated[
        bool, typer.Option("--preflight", help="Try a batch before: says time and memory, refuses what would fail.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; without a supervisor, be one.")] = False,
    as_json: Json = False,
) -> None:
    """Queue a run. With --wait, exits with 1 when it does not finish."""
    labels: dict[str, Any] = {
        "name": name,
        "experiment": experiment,
        "tags": tuple(tag or ()),
        "notes": notes,
        "all_folds": all_folds,
    }
    if (server := server_runs(context)) is not None:
        from core.cli.launch_there import asked_of, launch_there

        asked = AskedRuns(changes=launching.parse_settings(assignments or []), seeds=seeds, **labels)
        asked = asked_of(server, source, asked)
        raise typer.Exit(launch_there(server, asked, preflight=preflight, wait=wait, as_json=as_json))
    here = shell_context()
    raw, preset = launching.read_config(here.workspace.settings, source)
    draft = runs.Draft(launching.changed(raw, assignments or []), preset=preset, **labels)
    raise typer.Exit(launching.launch(here, draft, seeds, preflight=preflight, wait=wait, as_json=as_json))


@cli.command("runs")
def list_runs(
    context: typer.Context,
    search: Annotated[
        str, typer.Argument(help="As on the Runs page: 'digits val_accuracy.best > 0.9'; docs/search.md tells all.")
    ] = "",
    state: Annotated[
        list[RunState] | None, typer.Option(help="Only runs in this state; more than once for more.")
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many.")] = 20,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """The newest runs. As CSV with all their params and metrics."""
    reports.list_runs(known_runs(context), search, state or [], limit, as_json=as_json, as_csv=as_csv)


@cli.command()
def show(context: typer.Context, run: RunReference, as_json: Json = False, as_csv: Csv = False) -> None:
    """One run: state, metrics, config. As CSV its metrics."""
    known = known_runs(context)
    reports.show(known, known.find(run), as_json=as_json, as_csv=as_csv)


@cli.command()
def metrics(
    context: typer.Context,
    run: RunReference,
    name: Annotated[str, typer.Argument(help="The metric's name, such as val_loss.")],
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """The points of a metric."""
    known = known_runs(context)
    reports.metrics(known, known.find(run), name, as_csv=as_csv, as_json=as_json)


@cli.command()
def compare(
    context: typer.Context,
    references: Annotated[
        list[str], typer.Argument(metavar="RUN RUN…", help="Numbers, uids, names; with --on also versions: digits@3.")
    ],
    by: Annotated[
        str, typer.Option(metavar="METRIC", help="What the verdict is by; not given, what a sweep searched by.")
    ] = "",
    on: Annotated[
        str, typer.Option(metavar="DATASET", help="Have their networks answer this data set, and compare them there.")
    ] = "",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """What differs between runs, and which is better. As CSV a row for each run. With --on of versions, too."""
    if on:
        from core.cli.compare_on import compare_on

        compare_on(context, references, on, as_json=as_json, as_csv=as_csv)
        return
    reports.compare(known_runs(context), references, by, as_json=as_json, as_csv=as_csv)


@cli.command()
def predict(
    run: RunReference,
    text: Annotated[str | None, typer.Option(help="A text to classify.")] = None,
    image: Annotated[Path | None, typer.Option(help=f"A picture file: {ACCEPTED}.")] = None,
    invert: Annotated[bool, typer.Option("--invert", help="Exchange light and dark of the picture.")] = False,
    row: Annotated[
        list[str] | None, typer.Option(metavar="FEATURE=VALUE", help="A value of a row; once for each feature.")
    ] = None,
    prompt: Annotated[str | None, typer.Option(help="A text to continue.")] = None,
    temperature: Annotated[float, typer.Option(min=0, max=10, help="0 takes the likeliest token each time.")] = 0.8,
    length: Annotated[int, typer.Option(min=1, max=2000, help="Tokens to generate.")] = 200,
    seed: Annotated[int, typer.Option(help="Of the drawing of tokens.")] = 0,
    file: Annotated[
        Path | None, typer.Option(help="A table of rows or texts without a target, or a zip of pictures.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Of a file's answers: .csv or .parquet; not given, predictions.csv, or -2, -3 …")
    ] = None,
    text_column: Annotated[
        str, typer.Option(help="Of a file of texts: the column that holds them; not said, those of training.")
    ] = "",
    forecast: Annotated[bool, typer.Option("--forecast", help="Of series: what follows the end of the data.")] = False,
    series: Annotated[str, typer.Option(help="Of several series: which one, by its id.")] = "",
    rows: Annotated[
        Path | None, typer.Option(help="Of series: a file of newer rows, which the forecast follows.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Why it answers so, with checks of whether that holds.")
    ] = False,
    method: Annotated[
        str, typer.Option(help="Of --explain: gradients, occlusion, shapley, dependence, …; see what applies.")
    ] = "",
    target: Annotated[str, typer.Option(help="Of --explain: another class or label than the most probable.")] = "",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Ask a run's best network about a text, a picture, a row, a whole file, for a text that goes on from a prompt, or
    for what follows a series.

    Needs no dashboard: where none is at work, the network is loaded here.
    """
    from core.cli import predict as predicting
    from core.jobs.prediction import PredictionError, Prompt

    context = shell_context()
    if file is not None:
        from core.cli.predict_file import predict_file

        predicting.refuse_others(text, image, row or [], prompt, forecast or None, series or None, rows)
        if explain or method or target:
            raise PredictionError("--explain is about one input; a file has many. Give --text, --image or --row.")
        predict_file(context, runs.find(context, run), file, out, text_column, as_json=as_json, as_csv=as_csv)
        return
    if out is not None:
        raise PredictionError(
            "--out takes the answers of a --file. Of one input, write: python -m core predict … --csv > FILE"
        )
    begun = None
    if prompt is not None:
        begun = Prompt(text=prompt, temperature=temperature, length=length, seed=seed)
    ahead = predicting.ahead(series, rows) if forecast or series or rows else None
    question = predicting.read_input(text, image, row or [], begun, ahead, inverted=invert)
    found = runs.find(context, run)
    asked = predicting.explain_as(method, target) if explain or method or target else None
    predicting.predict(context, found, question, as_json=as_json, as_csv=as_csv, explain=asked)


@cli.command()
def supervise(as_json: Json = False) -> None:
    """Be this host's supervisor: start queued runs and watch them. The dashboard does this by itself."""
    from core.launch.supervisor import Supervisor
    from core.system.process import set_title
    from core.tracking.log_stream import guard_output

    set_title("supervisor")
    guard_output()
    context = shell_context()
    supervisor = Supervisor(context.workspace)
    home, slots = str(context.workspace.settings.home), supervisor.slots
    message = f"Supervising {home} with {', '.join(slots)}. Ctrl-C ends this; trainings go on."
    run_changes.say({"pid": os.getpid(), "home": home, "slots": slots, "message": message}, as_json)
    supervisor.serve()


@cli.command()
def doctor(
    port: Annotated[int | None, typer.Option(help="Check also that a dashboard could listen on this port.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only what is broken.")] = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Check that everything is in place; exits with 1 when something is broken."""
    from core.system.doctor import check_port, diagnose

    checks = diagnose(Settings()) + ([check_port(port)] if port else [])
    if quiet:
        checks = [check for check in checks if check.status == "fail"]
    if as_json:
        print_json([{"name": check.name, "status": check.status, "message": check.message} for check in checks])
    elif checks:
        rows = [[check.status, check.name, check.message] for check in checks]
        print_table(["status", "check", "message"], rows, as_csv=as_csv)
    raise typer.Exit(1 if any(check.status == "fail" for check in checks) else 0)


def main() -> None:
    try:
        cli(standalone_mode=True)
    except TraindeckError as error:
        if "--json" in sys.argv:
            problems = error.problems if isinstance(error, ConfigError) else []
            print_json({"error": str(error), "problems": [vars(problem) for problem in problems]})
        else:
            sys.stderr.write(f"{error}\n")
        sys.exit(2)
