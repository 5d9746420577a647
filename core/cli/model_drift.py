"""`python -m core models drift`: whether what a served model is asked is as in training."""

from typing import Annotated

import typer

from core.cli.model_rows import when
from core.cli.output import Json, print_json
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.common.text import percentage, plural, quantity
from core.serving import drift as drifts


def _state(found: drifts.Drift, alarm: drifts.Alarm) -> str:
    told = "over" if alarm.is_over else f"known by {alarm.known_by}" if alarm.known_by else "new"
    return f"{told}, as in training since" if found.is_back(alarm) and not alarm.is_over else told


def drift(
    name: Annotated[str, typer.Argument(metavar="MODEL")],
    acknowledge: Annotated[bool, typer.Option("--acknowledge", help="Say that you know of its alarms.")] = False,
    as_json: Json = False,
) -> None:
    """Columns of a served model that are no longer as in training, since when, and how many examples are needed."""
    context = shell_context()
    if acknowledge:
        drifts.acknowledge(context, name)
    found = drifts.drift(context, name)
    if as_json:
        print_json([drifts.told(each) for each in found])
        return
    for each in found:
        told = f"{plural(each.windows, 'window')} compared; the next one comes {each.awaited()}."
        console.print(f"{each.version.title}: {told}", markup=False, highlight=False)
    rows: list[list[object]] = [
        [
            *(
                each.version.title,
                alarm.column,
                f"{when(alarm.since, False)} to {when(alarm.first, False)}",
                when(alarm.last, False),
                alarm.windows,
            ),
            *(percentage(alarm.moved), quantity(alarm.p, 2)),
            _state(each, alarm),
        ]
        for each in found
        for alarm in each.alarms
    ]
    if rows:
        print_table(["version", "column", "first window", "last", "windows", "moved", "p", "state"], rows)
    elif not found:
        console.print("Nothing was counted yet: serve it, from an export that has a training profile.", highlight=False)
