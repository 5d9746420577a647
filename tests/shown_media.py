"""Media in a run's folder and in the store, as a script's are."""

from pathlib import Path

import plotly.graph_objects as go

import db.media
from core.client.media_objects import Audio, Figure, Histogram, Image, Media, Table, Text
from core.common.context import Context
from core.runs.media_files import GivenMedia, place


def show(context: Context, run_id: int, name: str, step: int, made: Media) -> Path:
    """Give a run something to look at; returns its file."""
    folder = context.workspace.settings.run_dir(run_id)
    given = GivenMedia(made.kind, name, step, 0, 5.0, made.suffix, made.data, made.caption)
    record, _ = place(folder, run_id, given)
    with context.workspace.write() as session:
        db.media.put(session, [record])
    return folder / record.path


def show_every_kind(context: Context, run_id: int) -> None:
    """At steps 0, 10 and 20."""
    for step in (0, 10, 20):
        show(context, run_id, "weights", step, Histogram([step, step, step + 1]))
        show(context, run_id, "digit", step, Image([[0, 1], [1, step / 20]], caption=f"picture {step}"))
    show(context, run_id, "said", 0, Text("hello <b>"))
    show(context, run_id, "title", 0, Text("# Big", markdown=True))
    show(context, run_id, "rows", 10, Table([{"a": 1, "b": "x"}]))
    show(context, run_id, "tone", 10, Audio([0.0, 0.5], 8000))
    show(context, run_id, "plot", 20, Figure(go.Figure(go.Bar(y=[1, 2]))))
