"""The Runs page as people use it."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.runs.records import RunQuery, RunState
from pages.parts.runs.actions import SELECTED
from pages.parts.runs.editor import save
from pages.shared.nav import RUNS
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

STRANGE = "<script>alert(1)</script> *bold* :material/home: `code` $x$ 🦜"


def names(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["name"])


def selecting(app: AppTest, *run_ids: int) -> AppTest:
    app.session_state[SELECTED] = list(run_ids)
    return app.run()


def says(app: AppTest) -> str:
    """Everything that alerts, captions and plain text say."""
    kinds = ("success", "warning", "error", "markdown", "caption")
    return "\n".join(str(getattr(element, "value", "")) for kind in kinds for element in app.get(kind))


def test_an_empty_store_says_what_to_do_next(open_page: OpenPage) -> None:
    app = open_page(RUNS)
    assert "No runs yet" in says(app)
    assert "Configure a run" in [link.value for link in app.page_link]


def test_the_newest_run_stands_first(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name="old", created_at=1.0)
    add_run(name="new", created_at=2.0)
    assert names(open_page(RUNS)) == ["new", "old"]


def test_a_row_has_its_state_a_small_curve_params_and_best_values(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(metrics={"val_loss": [3.0, 1.0, 2.0]})
    row = open_page(RUNS).dataframe[0].value.iloc[0]
    assert list(row["state"]) == ["finished"]
    assert list(row["curve"]) == [3.0, 1.0, 2.0]
    assert row["metric:val_loss.best"] == 1.0
    assert row["param:architecture.name"] == "mlp"
    assert row["duration"] == "10 s"


def test_a_cross_validation_is_one_row_that_has_its_mean_and_stands_for_all_its_folds(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    def fold(place: int, accuracy: float, **columns: Any) -> int:
        data = {**raw_config["data"], "folds": 3, "fold": place}
        name = f"wide · fold {place + 1} of 3"
        metrics = {"val_accuracy": [0.1, accuracy]}
        return add_run(config={**raw_config, "data": data}, name=name, metrics=metrics, **columns)

    folds = [fold(place, value) for place, value in enumerate((0.7, 0.8, 0.9))]
    best = add_run(name="best", metrics={"val_accuracy": [0.85]})
    elsewhere = fold(0, 0.5, experiment="another")  # the same config, and no fold of the first
    app = open_page(RUNS, sort="val_accuracy best")
    table = app.dataframe[0].value
    assert table["name"].tolist() == ["best", "wide · 3 folds", "wide · fold 1 of 3"]
    assert table["metric:val_accuracy.best"].tolist() == ["0.85", "0.80 ± 0.10", "0.5"]
    assert table["id"].tolist()[1] == f"#{folds[0]}–{folds[2]}"
    assert table["duration"].tolist()[1] == "30 s"
    assert "3 runs in all · 5 runs with all folds" in says(app)
    assert set(table.index) == {best, folds[0], elsewhere}
    query, search = RunQuery(folded=True), "data.fold = 1"
    assert [run.id for run in runs.listing(context, query, search).runs] == [folds[1]]
    assert runs.folds_together(context, query, [folds[1], best], search) == {folds[1]: [folds[1]]}


def test_a_click_on_a_cross_validation_selects_all_its_folds() -> None:
    app = AppTest.from_function(_choose_a_row).run()
    assert app.session_state[SELECTED] == [9, 4, 5, 6, 7]


def _choose_a_row() -> None:
    import streamlit as st

    from core.runs.records import RunQuery
    from pages.parts.runs import selection
    from pages.parts.runs.actions import SELECTED
    from pages.parts.runs.filters import View

    st.session_state[SELECTED] = [9, 5]
    st.session_state[selection.TABLE] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    selection._selected([[4, 5, 6], [7], [8]], (), View(RunQuery(), "", ()))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"search": "wide"}, ["wide"]),
        ({"search": "accuracy.best > 0.8"}, ["deep"]),
        ({"state": "failed"}, ["broken"]),
        ({"experiment": "mnist"}, ["deep", "wide"]),
        ({"tag": "keep"}, ["deep"]),
        ({"search": "deep or broken", "state": "finished"}, ["deep"]),
    ],
    ids=str,
)
def test_the_address_filters(
    open_page: OpenPage, add_run: AddRun, address: dict[str, str], expected: list[str]
) -> None:
    add_run(name="deep", experiment="mnist", tags=["keep"], metrics={"accuracy": [0.9]})
    add_run(name="wide", experiment="mnist", metrics={"accuracy": [0.7]})
    add_run(name="broken", state=RunState.FAILED)
    assert sorted(names(open_page(RUNS, **address))) == expected


def test_sorting_happens_in_the_store_over_all_pages(open_page: OpenPage, add_run: AddRun) -> None:
    for number in range(30):
        add_run(name=f"run {number}", metrics={"val_accuracy": [number / 100]})
    app = open_page(RUNS, sort="val_accuracy best", size="25")
    assert names(app)[0] == "run 29"
    next(each for each in app.button_group if each.key == "order").set_value("asc").run()
    assert names(app)[0] == "run 0"
    assert "1–25 of 30 runs" in says(app)


def test_a_page_beyond_the_last_shows_the_last(open_page: OpenPage, add_run: AddRun) -> None:
    for number in range(30):
        add_run(name=f"run {number}", created_at=float(number))
    assert len(names(open_page(RUNS, size="25", page="2"))) == 5
    assert len(names(open_page(RUNS, size="25", page="77"))) == 5


def test_a_filter_that_matches_nothing_says_so_and_can_be_cleared(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name="deep")
    app = open_page(RUNS, search="nowhere", state="failed")
    assert "No run matches" in says(app)
    app.button(key="runs_clear_filters").click().run()
    assert names(app) == ["deep"]


def test_a_search_that_cannot_be_read_says_why(open_page: OpenPage, add_run: AddRun) -> None:
    add_run()
    assert "bracket" in says(open_page(RUNS, search="(adam or"))


def test_a_search_for_what_no_run_has_names_what_is_near_and_marks_the_place(
    open_page: OpenPage, add_run: AddRun
) -> None:
    add_run(metrics={"val_accuracy": [0.5]})
    app = open_page(RUNS, search="run val_acuracy > 0.4")
    assert "near are val\\_accuracy" in says(app)
    assert app.code[0].value.splitlines() == ["run val_acuracy > 0.4", "    ^"]


def test_a_run_has_the_name_of_its_data_set(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(config={"data": {"source": "table", "dataset": "churn"}}, created_at=1.0)
    add_run(config={"data": {"source": "iris"}}, created_at=2.0)
    app = open_page(RUNS, sort="Data set", order="asc")
    assert list(app.dataframe[0].value["dataset"]) == ["churn", "iris"]


def test_the_plain_page_offers_what_may_come_next_as_buttons(
    open_page: OpenPage, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_run(name="deep", state=RunState.FAILED)
    add_run(name="wide")
    monkeypatch.setenv("TRAINDECK_PLAIN", "1")
    app = open_page(RUNS, search="state = fai")
    app.button(key="search_completion_0").click().run()
    assert app.text_input(key="search").value == "state = failed "
    assert names(app) == ["deep"]


def test_columns_can_be_chosen(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(notes="why", metrics={"loss": [2.0, 1.0]})
    app = open_page(RUNS)
    app.multiselect(key="columns").set_value(["notes", "metric:loss.last", "param:data.source"]).run()
    row = app.dataframe[0].value.iloc[0]
    assert (row["notes"], row["metric:loss.last"], row["param:data.source"]) == ("why", 1.0, "digits")
    assert "duration" not in row


def test_actions_wait_for_a_selection(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run()
    app = open_page(RUNS)
    assert app.button(key="runs_delete").disabled
    assert not selecting(app, run_id).button(key="runs_delete").disabled


def test_all_that_match_can_be_selected_whatever_the_page(open_page: OpenPage, add_run: AddRun) -> None:
    for number in range(30):
        add_run(name=f"run {number}", state=RunState.FAILED if number % 2 else RunState.FINISHED)
    app = open_page(RUNS, size="25", state="failed")
    app.button(key="runs_select_all").click().run()
    assert len(app.session_state[SELECTED]) == 15


def test_deleted_runs_can_be_taken_back_at_once(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    keep, gone = add_run(name="keep"), add_run(name="gone")
    app = selecting(open_page(RUNS), gone)
    app.button(key="runs_delete").click().run()
    assert names(app) == ["keep"]
    assert "Moved 1 run to the trash" in says(app)
    app.button(key="runs_undo").click().run()
    assert set(names(app)) == {"keep", "gone"}
    assert runs.get(context, keep).trashed_at is None


def test_an_active_run_is_not_deleted_and_the_page_says_why(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(name="busy", state=RunState.QUEUED)
    app = selecting(open_page(RUNS), run_id)
    app.button(key="runs_delete").click().run()
    assert names(app) == ["busy"]
    assert "still active" in says(app)


def test_the_trash_restores_and_emptying_it_says_what_was_freed(
    open_page: OpenPage, workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    back, gone = add_run(name="back"), add_run(name="gone")
    folder = workspace.settings.run_dir(gone)
    folder.mkdir(parents=True)
    (folder / "log.txt").write_bytes(b"x" * 5000)
    runs.trash(context, [back, gone])
    app = open_page(RUNS, trash="true")
    selecting(app, back).button(key="runs_restore").click().run()
    assert names(app) == ["gone"]
    app.button(key="runs_empty_apply").click().run()
    assert "Deleted 1 run for good" in says(app)
    assert "freed" in says(app)
    assert not folder.exists()
    assert [run.name for run in runs.listing(context, RunQuery()).runs] == ["back"]


def test_a_queued_run_is_taken_off_the_queue(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    run_id, ended = add_run(state=RunState.QUEUED), add_run(state=RunState.FINISHED)
    app = selecting(open_page(RUNS), ended)
    assert app.button(key="runs_stop").disabled
    app = selecting(open_page(RUNS), run_id)
    app.button(key="runs_stop").click().run()
    assert runs.get(context, run_id).state is RunState.STOPPED
    assert "Asked 1 run to stop" in says(app)


def test_several_runs_are_tagged_and_untagged_again(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    one, other = add_run(tags=["old"]), add_run()
    app = selecting(open_page(RUNS), one, other)
    app.multiselect(key="runs_new_tags").set_value(["*new*"])
    app.button(key="runs_tag_apply").click().run()
    assert [run.tags for run in runs.get_many(context, [one, other])] == [("*new*", "old"), ("*new*",)]
    app.button(key="runs_undo").click().run()
    assert [run.tags for run in runs.get_many(context, [one, other])] == [("old",), ()]


def test_several_runs_move_to_an_experiment_and_back(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    one, other = add_run(experiment="a"), add_run(experiment="b")
    app = selecting(open_page(RUNS), one, other)
    app.selectbox(key="runs_target").set_value("b")
    app.button(key="runs_move_apply").click().run()
    assert [run.experiment for run in runs.get_many(context, [one, other])] == ["b", "b"]
    app.button(key="runs_undo").click().run()
    assert [run.experiment for run in runs.get_many(context, [one, other])] == ["a", "b"]


def test_names_tags_and_notes_are_edited_in_the_table(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    run_id = add_run(name="old")
    app = open_page(RUNS)
    app.toggle(key="runs_edit").set_value(True).run()
    assert list(app.data_editor[0].value["name"]) == ["old"]
    save(runs.get_many(context, [run_id]), {0: {"name": "new", "tags": ["keep"], "notes": "why"}})
    changed = runs.get(context, run_id)
    assert (changed.name, changed.tags, changed.notes) == ("new", ("keep",), "why")


def test_selected_runs_go_to_the_comparison(open_page: OpenPage, add_run: AddRun) -> None:
    one, other = add_run(), add_run()
    app = selecting(open_page(RUNS), other, one)
    app.button(key="runs_compare").click().run()
    assert app.title[0].value == "Compare"
    assert app.query_params["runs"] == f"{other},{one}"


def test_names_are_shown_as_they_were_written(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name=STRANGE, experiment=STRANGE, tags=[STRANGE])
    app = open_page(RUNS)
    assert names(app) == [STRANGE]
    assert list(app.dataframe[0].value["experiment"]) == [STRANGE]


def test_a_filter_that_no_longer_exists_is_left_out(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name="deep")
    assert names(open_page(RUNS, experiment="gone", sort="nothing", columns="nothing")) == ["deep"]
