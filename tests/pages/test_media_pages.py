"""Media on the Run page and on Compare: a slider over steps, the newest followed, each kind drawn, faults told."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.client.media_objects import Histogram, Image, Table, Text
from core.common.context import Context
from db.records import RunState
from pages.shared.nav import COMPARE, RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage
from tests.shown_media import show, show_every_kind


def _html(app: AppTest) -> str:
    return "".join(str(getattr(each, "body", "")) for each in app.get("html"))


def test_a_run_shows_every_kind_at_a_step_and_follows_the_newest(
    context: Context, add_run: AddRun, open_page: OpenPage
) -> None:
    run = add_run(state=RunState.FINISHED)
    assert "Media" not in [tab.label for tab in open_page(RUN, id=str(run)).tabs]

    show_every_kind(context, run)
    broken = show(context, run, "broken", 20, Table([{"a": 1}]))
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
    show(context, run, "digit", 30, Image([[0, 1]]))
    assert app.run().select_slider(f"run_media_step_{run}").value == 10  # somebody looks at it
    app.select_slider(f"run_media_step_{run}").set_value(30).run()
    show(context, run, "digit", 40, Image([[0, 1]]))
    assert app.run().select_slider(f"run_media_step_{run}").value == 40


def test_compare_puts_one_name_of_several_runs_beside_each_other(
    context: Context, add_run: AddRun, open_page: OpenPage
) -> None:
    first, second, third = (add_run(state=RunState.FINISHED, name=name) for name in ("one", "two", "three"))
    for run in (first, second):
        show(context, run, "digit", run, Image([[0, 1]]))
    show(context, first, "alone", 1, Text("x"))
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
        show(context, run, "weights", step, Histogram([1, 2])).write_text(told)
    app = open_page(RUN, id=str(run), run_view="Media")
    assert any("histogram" in each.value for each in app.caption), json.dumps([each.value for each in app.caption])
