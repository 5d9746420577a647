"""`python -m core sweep`: searches over configs."""

from typing import Annotated

import typer

from core import runs
from core.cli.output import Csv, Json, ago, print_json
from core.cli.shell import none_told, shell_context
from core.cli.sweep_rows import trial_rows
from core.cli.sweep_source import begun_from
from core.cli.tables import console, print_table, short_names
from core.common.errors import ConfigError, Problem
from core.common.text import plural
from core.config.assignments import parse_settings
from core.sweeps import managing
from core.sweeps.asked_sweep import AskedSweep, definition_of
from core.sweeps.by_hand import added_told
from core.sweeps.confirming import confirmed, leading
from core.sweeps.definition import METHODS
from core.sweeps.described import sweep_facts
from core.sweeps.trials import view
from core.system.hosts import living_supervisor
from db.sweep_records import SweepState

cli = typer.Typer(help="Sweeps: searches over configs, whose trials are runs.", no_args_is_help=True)
Reference = Annotated[str, typer.Argument(metavar="SWEEP", help="A sweep's number or name.")]
AtOnce = Annotated[int | None, typer.Option(help="Runs that are queued or at work at the same time.")]
Trials = Annotated[int | None, typer.Option(help="End after so many trials.")]
Hours = Annotated[float | None, typer.Option(help="End after so many hours of training, of all trials together.")]
NoGain = Annotated[int | None, typer.Option(help="End after so many trials in a row that brought nothing better.")]


@cli.command()
def start(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PRESET_FILE_DATASET_SCRIPT_OR_RUN",
            help="As for `launch`; a Python file, folder, zip or address of git, as for `script`; or run:NUMBER.",
        ),
    ],
    vary: Annotated[
        list[str],
        typer.Option(
            "--vary",
            metavar="FIELD=RANGE",
            help="learning_rate=1e-4..1e-1:log, batch_size=16..256:step=16, hidden=[32],[64,64]; as many layers, "
            "hidden=1..3 of 16..256:log; only where another field has a value: momentum=0..0.95@optimizer=sgd. "
            "Whole paths or their ends; of a script its parameters. A choice with a comma, an @ or .. in it stands in "
            "quotes: host='\"me@here\",other'.",
        ),
    ],
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="PARAM=VALUE", help="Change a param for all trials.")
    ] = None,
    entry: Annotated[str, typer.Option(help="Of a script's folder: file, '-m package' or 'module:function'.")] = "",
    goal: Annotated[
        list[str] | None, typer.Option(help="METRIC, METRIC:max, METRIC:min:last; several for a Pareto front.")
    ] = None,
    method: Annotated[str, typer.Option(help=f"{', '.join(METHODS)}.")] = "tpe",
    pruning: Annotated[
        str, typer.Option(help="none, median, asha, hyperband or wilcoxon; asha:first=2,factor=4 with options.")
    ] = "none",
    trials: Trials = None,
    hours: Hours = None,
    no_gain: NoGain = None,
    repeats: Annotated[int, typer.Option(help="Runs of each config, of other seeds; their mean counts.")] = 1,
    at_once: Annotated[int, typer.Option(help="Runs that are queued or at work at the same time.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the search.")] = 0,
    name: Annotated[str, typer.Option(help="The sweep's name.")] = "",
    experiment: Annotated[str, typer.Option(help="The group that its runs belong to.")] = runs.DEFAULT_EXPERIMENT,
    earlier: Annotated[
        list[int] | None, typer.Option("--from", metavar="RUN", help="A run that counts as a trial; once for each.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Until it ends; without a supervisor, be one.")] = False,
    as_json: Json = False,
) -> None:
    """Begin a sweep. Without trials, hours or no-gain it makes 50 trials, and of a grid every cell."""
    context = shell_context()
    base = begun_from(context, source, entry, assignments or [], goal or [])
    asked = AskedSweep(
        base.raw, vary, base.kind, base.preset, base.changes, experiment, base.goals, method, pruning, trials, hours,
        no_gain, repeats, at_once, seed, facts=base.facts,
    )  # fmt: skip
    number = managing.start(context, definition_of(asked), name, earlier or [])
    if wait:
        from core.cli.sweep_following import follow

        follow(context, number, quiet=as_json)
    now = view(context, number).sweep
    told = f"is {now.state.value}. {now.reason}".strip() if now.state is not SweepState.RUNNING else "has begun"
    _say(number, f"Sweep {number} {told.rstrip('.')}: python -m core sweep show {number}", as_json)
    if not wait and not as_json and living_supervisor(context.workspace) is None:
        console.print("No supervisor is at work: start the dashboard, or `python -m core supervise`.")


@cli.command("list")
def list_all(as_json: Json = False, as_csv: Csv = False) -> None:
    """All sweeps, the newest first."""
    context = shell_context()
    views = [view(context, sweep.id) for sweep in managing.listing(context)]
    if as_json:
        print_json([sweep_facts(each) for each in views])
        return
    rows: list[list[object]] = []
    for each in views:
        best, over = each.best(), sum(trial.is_over for trial in each.trials)
        again = leading(confirmed(each))
        value = best.values[0] if best and best.values else None
        goal = each.definition.goals[0].told
        rows.append(
            [
                *(each.sweep.id, each.sweep.name, each.sweep.state.value, each.definition.method, over, goal, value),
                *((again.mean, again.seeds) if again else (None, None)),
                *(ago(each.sweep.created_at), each.sweep.created_by),
            ]
        )
    columns = ["sweep", "name", "state", "method", "trials", "goal", "best", "confirmed", "seeds", "begun", "by"]
    print_table(columns, rows, as_csv=as_csv)
    if not rows and not as_csv:
        console.print(none_told(context.workspace.settings), markup=False, highlight=False)


@cli.command()
def show(sweep: Reference, as_json: Json = False, as_csv: Csv = False) -> None:
    """One sweep and its trials. As CSV a row for each trial."""
    context = shell_context()
    found = view(context, managing.find(context, sweep))
    if as_json:
        print_json(sweep_facts(found))
        return
    if not as_csv:
        from core.cli.sweep_rows import head_lines, read_rows

        for line in head_lines(context, found):
            console.print(line, markup=False, highlight=False)
    columns, rows = trial_rows(found, to_read=not as_csv)
    if not as_csv:  # for people, whose terminals are narrow
        columns, rows = short_names(columns), read_rows(found, rows)
    print_table(columns, rows, as_csv=as_csv)


@cli.command()
def pause(sweep: Reference, as_json: Json = False) -> None:
    """Begin no further trial; those at work go on."""
    context = shell_context()
    number = managing.find(context, sweep)
    managing.pause(context, number)
    _say(number, f"Sweep {number} is paused; what is at work goes on.", as_json)


@cli.command("go-on")
def go_on(sweep: Reference, as_json: Json = False) -> None:
    """Begin trials again."""
    context = shell_context()
    number = managing.find(context, sweep)
    managing.go_on(context, number)
    _say(number, f"Sweep {number} goes on.", as_json)


@cli.command()
def extend(
    sweep: Reference,
    trials: Trials = None,
    hours: Hours = None,
    no_gain: NoGain = None,
    at_once: AtOnce = None,
    as_json: Json = False,
) -> None:
    """Change the budget, or how many are at once; a finished one goes on."""
    context = shell_context()
    number = managing.find(context, sweep)
    given = {"trials": trials, "hours": hours, "no_gain": no_gain, "at_once": at_once}
    changes = {key: value for key, value in given.items() if value is not None}
    if not changes:
        raise ConfigError([Problem("", "nothing is changed; give --trials, --hours, --no-gain or --at-once")])
    managing.extend(context, number, **changes)
    _say(number, f"Sweep {number} is {view(context, number).sweep.state}.", as_json)


@cli.command()
def add(
    sweep: Reference,
    assignments: Annotated[
        list[str],
        typer.Option("--set", metavar="PARAM=VALUE", help="Of a field that is varied; a list also as a whole."),
    ],
    as_json: Json = False,
) -> None:
    """Add a trial by hand."""
    context = shell_context()
    number = managing.find(context, sweep)
    trial = managing.add_trial(context, number, parse_settings(assignments))
    _say(number, f"Sweep {number}: {added_told(view(context, number), trial)}", as_json, trial=trial)


@cli.command()
def stop(sweep: Reference, as_json: Json = False) -> None:
    """End it; its runs stop gracefully and keep everything."""
    context = shell_context()
    number = managing.find(context, sweep)
    stopped = managing.stop(context, number)
    _say(number, f"Sweep {number} is stopped, and {len(stopped)} of its runs with it.", as_json, runs=stopped)


@cli.command()
def confirm(
    sweep: Reference,
    best: Annotated[int, typer.Option(min=1, max=20, help="So many of the best configs.")] = 3,
    seeds: Annotated[int, typer.Option(min=1, max=50, help="Seeds for each that the search has not seen.")] = 5,
    as_json: Json = False,
) -> None:
    """Launch the best configs again on fresh seeds: the best of many trials looks better than it is."""
    context = shell_context()
    number = managing.find(context, sweep)
    made = managing.confirm(context, number, best, seeds)
    of = [
        each.number
        for each in view(context, number).ranked
        if any(again.kept.run_id in made for again in each.confirmations)
    ]
    whom = f"{'trial' if len(of) == 1 else 'trials'} {', '.join(map(str, of))}"
    told = f"Queued {plural(len(made), 'run')} of {whom}; `sweep show {number}` tells what they confirm."
    _say(number, told, as_json, runs=made)


def _say(number: int, message: str, as_json: bool, **more: object) -> None:
    if as_json:
        print_json({"id": number, "message": message, **more})
    else:
        console.print(message, markup=False, highlight=False)
