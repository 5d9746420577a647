"""Media on the Run page and on Compare: a slider over steps, the newest followed, each kind drawn, faults told."""

import json
from pathlib import Path

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

import db.media
from core.client.media_objects import Audio, Figure, Histogram, Image, Media, Table, Text
from core.common.context import Context
from core.runs.media_files import GivenMedia, place
from db.records import RunState
from pages.shared.nav import COMPARE, RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def _show(context: Context, run_id: int, name: str, step: int, made: Media) -> Path:
    folder = context.workspace.settings.run_dir(run_id)
    given = GivenMedia(made.kind, name, step, 0, 5.0, made.suffix, made.data, made.caption)
    record, _ = place(folder, run_id, given)
    with context.workspace.write() as session:
        db.media.put(session, [record])
    return folder / record.path


def _html(app: AppTest) -> str:
    return "".join(str(getattr(each, "body", "")) for each in app.get("html"))


def test_a_run_shows_every_kind_at_a_step_and_follows_the_newest(
    context: Context, add_run: AddRun, open_page: OpenPage
) -> None:
    run = add_run(state=RunState.FINISHED)
    assert "Media" not in [tab.label for tab in open_page(RUN, id=str(run)).tabs]

    for step in (0, 10, 20):
        _show(context, run, "weights", step, Histogram([step, step, step + 1]))
        _show(context, run, "digit", step, Image([[0, 1], [1, step / 20]], caption=f"picture {step}"))
    _show(context, run, "said", 0, Text("hello <b>"))
    _show(context, run, "title", 0, Text("# Big", markdown=True))
    _show(context, run, "rows", 10, Table([{"a": 1, "b": "x"}]))
    _show(context, run, "tone", 10, Audio([0.0, 0.5], 8000))
    _show(context, run, "plot", 20, Figure(go.Figure(go.Bar(y=[1, 2]))))
    broken = _show(context, run, "broken", 20, Table([{"a": 1}]))
    broken.write_text("{")

    app = open_page(RUN, id=str(run), run_view="Media")
    slider = app.select_slider(f"run_media_step_{run}")
    assert (list(slider.options), slider.value) == (["0", "10", "20"], 20)
    shown = _html(app)
    assert f"api/runs/{run}/media?kind=image&amp;name=digit&amp;step=20&amp;number=0" in shown
    told = [each.value for each in app.caption]
    assert "picture 20" in told
    assert any("cannot be read" in each for each in told)
    assert "of step 0" in told
    assert "# Big" in [each.value for each in app.markdown]

    app = slider.set_value(10).run()
    told = [each.value for each in app.caption]
    assert "picture 10" in told
    assert "Nothing up to step 10; the first is of step 20." in told
    _show(context, run, "digit", 30, Image([[0, 1]]))
    assert app.run().select_slider(f"run_media_step_{run}").value == 10  # somebody looks at it
    app.select_slider(f"run_media_step_{run}").set_value(30).run()
    _show(context, run, "digit", 40, Image([[0, 1]]))
    assert app.run().select_slider(f"run_media_step_{run}").value == 40


def test_compare_puts_one_name_of_several_runs_beside_each_other(
    context: Context, add_run: AddRun, open_page: OpenPage
) -> None:
    first, second, third = (add_run(state=RunState.FINISHED, name=name) for name in ("one", "two", "three"))
    for run in (first, second):
        _show(context, run, "digit", run, Image([[0, 1]]))
    _show(context, first, "alone", 1, Text("x"))
    app = open_page(COMPARE, runs=f"{first},{second},{third}")
    assert app.selectbox("compare_media_name").options == ["digit (image)", "alone (text)"]
    shown = _html(app)
    assert all(f"api/runs/{run}/media?kind=image&amp;name=digit&amp;step={run}&" in shown for run in (first, second))
    assert f"Without it: run {third}." in [each.value for each in app.caption]
    app.selectbox("compare_media_name").set_value("alone (text)").run()
    assert not app.exception


@pytest.mark.parametrize("told", ["{}", '{"left": [1], "right": [null], "count": [1]}', "[]", '{"left": 3}'])
def test_histograms_that_cannot_be_drawn_are_told(
    context: Context, add_run: AddRun, open_page: OpenPage, told: str
) -> None:
    run = add_run(state=RunState.FINISHED)
    for step in (0, 1):
        _show(context, run, "weights", step, Histogram([1, 2])).write_text(told)
    app = open_page(RUN, id=str(run), run_view="Media")
    assert any("histogram" in each.value for each in app.caption), json.dumps([each.value for each in app.caption])
