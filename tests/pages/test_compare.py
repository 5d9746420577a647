"""The Compare page as people use it."""

import json
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from core import runs
from core.charts import run_colour
from core.common.context import Context
from core.config.edit import Raw, with_values
from core.runs.records import RunState
from pages.shared.format import literal
from pages.shared.nav import COMPARE
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

CURVES = {"loss": [2.0, 1.0, 0.5], "val_loss": [2.5, 1.5, 1.2], "val_accuracy": [0.2, 0.9, 0.8]}
STRANGE = "<script>alert(1)</script> *bold* $x$"


def figures(app: AppTest) -> list[dict[str, Any]]:
    """The figures of all charts, first to last."""
    return [json.loads(json.loads(chart.proto.json)["figure"]) for chart in app.get("bidi_component")]


def lines(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("hoverinfo") != "skip"]


def table(app: AppTest) -> Any:
    return app.dataframe[0].value


def says(app: AppTest) -> str:
    """Everything that alerts, captions and plain text say."""
    kinds = ("success", "warning", "error", "info", "markdown", "caption")
    return "\n".join(str(getattr(element, "value", "")) for kind in kinds for element in app.get(kind))


@pytest.fixture
def pair(add_run: AddRun, raw_config: Raw) -> tuple[int, int]:
    """Two runs that differ in one param."""
    wide = with_values(raw_config, {"training.batch_size": 64})
    narrow = with_values(raw_config, {"training.batch_size": 16})
    return add_run(name="wide", config=wide, metrics=CURVES), add_run(
        name="narrow", config=narrow, metrics={**CURVES, "val_loss": [2.0, 0.5, 0.7]}
    )


@pytest.fixture
def seeds(add_run: AddRun, raw_config: Raw) -> list[int]:
    """Three runs of one config with different seeds; the last ended early."""
    losses = ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 5.0])
    return [
        add_run(name=f"net · seed {seed}", config={**raw_config, "seed": seed}, metrics={"val_loss": losses[seed]})
        for seed in range(3)
    ]


def test_without_runs_it_says_what_to_do_next(open_page: OpenPage) -> None:
    assert "No runs yet" in says(open_page(COMPARE))


def test_the_newest_runs_are_one_click_away(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE)
    app.button(key="compare_newest").click().run()
    assert app.multiselect(key="compare_runs").value == [pair[1], pair[0]]
    assert app.query_params["runs"] == f"{pair[1]},{pair[0]}"


def test_runs_lie_over_each_other_in_their_own_colours(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    loss, accuracy, *_ = figures(app)
    colours = [run_colour(run_id) for run_id in pair]
    assert [line["line"]["color"] for line in lines(loss)] == colours
    assert [line["line"]["color"] for line in lines(accuracy)] == colours
    assert app.multiselect(key="metrics").value == ["val_loss", "val_accuracy"]


def test_training_and_validation_of_a_metric_share_a_chart(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]}", metrics=["loss", "val_loss"])
    assert [line["line"]["dash"] for line in lines(figures(app)[0])] == ["solid", "dash"]


def test_the_address_restores_axis_smoothing_and_scale(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]}", x="time", smooth="0.6", log="true", metrics=["loss"])
    figure = figures(app)[0]
    assert figure["layout"]["yaxis"]["type"] == "log"
    assert figure["layout"]["xaxis"]["title"]["text"] == "Elapsed time (s)"
    raw, smooth = figure["data"]
    assert raw["hoverinfo"] == "skip"
    assert raw["y"] != smooth["y"]


def test_the_axis_is_epochs_to_begin_with(open_page: OpenPage, pair: tuple[int, int]) -> None:
    assert figures(open_page(COMPARE, runs=f"{pair[0]}"))[0]["layout"]["xaxis"]["title"]["text"] == "Epoch"


def test_the_table_shows_only_the_params_that_differ(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    assert [name for name in table(app) if "." in name] == ["training.batch_size"]
    assert list(table(app)["training.batch_size"]) == ["64", "16"]
    app.toggle(key="all").set_value(True).run()
    assert "data.source" in table(app)


def test_the_table_has_last_best_and_step_of_best(open_page: OpenPage, pair: tuple[int, int]) -> None:
    row = table(open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")).loc[pair[1]]
    assert (row["val_loss last"], row["val_loss best"], row["val_loss best step"]) == (0.7, 0.5, 20)


def test_a_scatter_and_parallel_axes_show_what_a_param_does(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}", metric="val_loss", value="best")
    *_, scatter, parallel = figures(app)
    assert app.selectbox(key="param").value == "training.batch_size"
    assert scatter["layout"]["yaxis"]["title"]["text"] == "val_loss best"
    assert len(scatter["data"][0]["marker"]["color"]) == 2
    assert parallel["layout"]["xaxis"]["ticktext"] == ["batch_size", "val_loss"]


def test_runs_that_are_gone_are_named_and_the_rest_is_shown(
    open_page: OpenPage, context: Context, pair: tuple[int, int]
) -> None:
    runs.trash(context, [pair[1]])
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]},777,<b>")
    assert literal(f"<b>, {pair[1]}, 777") in says(app)
    assert len(lines(figures(app)[0])) == 1


def test_picking_runs_changes_the_address(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},777")
    app.multiselect(key="compare_runs").set_value([pair[1]]).run()
    assert app.query_params["runs"] == f"{pair[1]}"
    assert "777" not in says(app)


def test_the_search_narrows_the_choice_and_keeps_what_is_chosen(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]}")
    app.text_input(key="compare_find").set_value("narrow").run()
    assert app.multiselect(key="compare_runs").options == [f"#{pair[0]} wide", f"#{pair[1]} narrow"]
    app.text_input(key="compare_find").set_value("(half a search").run()
    assert app.multiselect(key="compare_runs").value == [pair[0]]


def test_seeds_become_one_line_that_says_how_many_it_stands_for(open_page: OpenPage, seeds: list[int]) -> None:
    app = open_page(COMPARE, runs=",".join(map(str, seeds)), group="true")
    (line,) = lines(figures(app)[0])
    assert line["line"]["color"] == run_colour(seeds[0])
    assert "n=%{customdata[0]}" in line["hovertemplate"]
    assert "Some means stand for fewer runs" in says(app)
    row = table(app).iloc[0]
    assert (row["group"], row["n"]) == ("net (n=3)", 3)
    assert row["val_loss last"] == "3 ± 2 (n=3)"


def test_grouping_is_offered_only_where_runs_differ_in_nothing_but_their_seed(
    open_page: OpenPage, pair: tuple[int, int]
) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    assert "group" not in [toggle.key for toggle in app.toggle]


def test_runs_that_have_recorded_nothing_yet_say_so(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(state=RunState.QUEUED)
    app = open_page(COMPARE, runs=f"{run_id}")
    assert "Choose at least one metric" in says(app) or "recorded" in says(app)


def test_names_are_shown_as_they_were_written(open_page: OpenPage, add_run: AddRun) -> None:
    run_id, other = (add_run(name=STRANGE, metrics=CURVES) for _ in range(2))
    app = open_page(COMPARE, runs=f"{run_id},{other}")
    assert list(table(app)["run"]) == [STRANGE, STRANGE]
    assert "&lt;script&gt;" in lines(figures(app)[0])[0]["name"]
    assert "<script>" not in str(cast("Any", app.get("html")[0]).value)
