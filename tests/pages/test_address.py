"""What of its address a page could not use is said, once, with what is accepted."""

import pytest
from streamlit.testing.v1 import AppTest

from core.common.context import Context
from core.config.edit import Raw, with_values
from core.config.presets import PRESETS
from core.runs import Draft, create
from pages.shared import state
from pages.shared.nav import COMPARE, DATASETS, EXPERIMENTS, IMPORT, LAUNCH, PAGES, RUN, RUNS, SWEEPS, SYSTEM, PageSpec
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def told(app: AppTest) -> list[str]:
    warnings = [each.value.replace("\\", "") for each in app.warning]
    return [each for each in warnings if "Not used of this page's address" in each]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_a_key_that_a_page_does_not_know_is_told_and_taken_out(open_page: OpenPage, page: PageSpec) -> None:
    app = open_page(page, nonsense="<b>1</b>")
    [said] = told(app)
    assert "**nonsense**: this page takes " in said
    assert all(key in said for key in page.query)
    assert "nonsense" not in app.query_params
    assert told(app.run()) == [said], "it stays while the page is looked at"
    assert told(open_page(next(each for each in PAGES[1:] if each is not page))) == []


def test_what_none_of_the_choices_is_called_is_told(open_page: OpenPage, context: Context) -> None:
    [run] = create(context, Draft(PRESETS["xor"].raw, experiment="known"))
    assert told(open_page(EXPERIMENTS, experiment="known")) == []
    assert told(open_page(COMPARE, runs=str(run))) == []
    [said] = told(open_page(EXPERIMENTS, experiment="nope"))
    assert "**experiment**: there is no experiment" in said
    assert told(open_page(SWEEPS)) == []
    [said] = told(open_page(RUNS, experiment="nope", state="queued"))
    assert said == "Not used of this page's address: **experiment**: nope is none of known."


@pytest.mark.parametrize(
    ("page", "query", "why"),
    [
        (COMPARE, {"group": "batch_size"}, "**group**: batch_size is neither true nor false"),
        (COMPARE, {"x": "hours"}, "**x**: hours is none of step, epoch"),
        (COMPARE, {"smooth": "7"}, "**smooth**: 7 is no number from 0 to 0.99"),
        (COMPARE, {"by": "nope"}, "**by**: nope is none of val_loss"),
        (RUN, {"run_view": "Nope"}, "**run_view**: Nope is none of "),
        (RUNS, {"sort": "nope", "trash": "maybe"}, "**sort**: nope is none of "),
        (DATASETS, {"add": "nope"}, "**add**: nope is none of table, "),
        (SYSTEM, {"system_live": "maybe"}, "**system_live**: maybe is neither true nor false"),
    ],
    ids=lambda each: "",
)
def test_a_value_that_a_widget_does_not_take_is_told_with_what_it_takes(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, page: PageSpec, query: dict[str, str], why: str
) -> None:
    for batch in (8, 16):
        add_run(config=with_values(raw_config, {"training.batch_size": batch}), metrics={"val_loss": [0.3]})
    of = {COMPARE: {"runs": "1,2"}, RUN: {"id": "1"}}.get(page, {})
    [said] = told(open_page(page, **of, **query))
    assert why in said
    assert said.count("**") == 2 * len(query)


@pytest.mark.parametrize(("page", "query"), [
    (COMPARE, {"group": "True", "smooth": "0", "x": "step", "band": "std", "log": "false"}),
    (RUNS, {"order": "asc", "size": "50", "trash": "true", "sort": "Created"}),
    (IMPORT, {"import_source": "mlflow"}),
], ids=lambda each: "")  # fmt: skip
def test_what_widgets_take_is_not_told(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, page: PageSpec, query: dict[str, str]
) -> None:
    for seed in (1, 2):
        add_run(config=with_values(raw_config, {"seed": seed}), metrics={"val_loss": [0.3]})
    assert told(open_page(page, **({"runs": "1,2"} if page is COMPARE else {}), **query)) == []


def test_a_change_without_a_run_to_clone_is_told(open_page: OpenPage) -> None:
    [said] = told(open_page(LAUNCH, set="training.epochs=5"))
    assert "set=training.epochs=5. The form begins with preset=" in said
    assert "from=RUN&set=PARAM=VALUE" in said


def test_a_draft_that_is_gone_is_told(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, draft="nope")
    assert any("This browser keeps no draft 'nope'" in each.value.replace("\\", "") for each in app.warning)


def test_a_key_that_is_given_twice_is_told_where_the_last_one_counts(open_page: OpenPage, context: Context) -> None:
    [run] = create(context, Draft(PRESETS["xor"].raw))
    [said] = told(open_page(COMPARE, runs=["999", str(run)], metrics=["loss", "val_loss"]))
    assert said == ("Not used of this page's address: **runs**: 999; it is given 2 times, and the last one counts.")


def test_ranges_given_several_times_all_count(open_page: OpenPage) -> None:
    ranges = {"training.optimizer.learning_rate": "0.001..0.1:log", "training.epochs": "5, 10"}
    app = open_page(LAUNCH, preset="iris-mlp", vary=[f"{field}={text}" for field, text in ranges.items()])
    assert {field: app.text_input(f"launch_range_{field}").value for field in ranges} == ranges


def test_changes_of_a_cloned_run_go_by_short_names(open_page: OpenPage, context: Context) -> None:
    [run] = create(context, Draft(PRESETS["iris-mlp"].raw))
    app = open_page(LAUNCH, **{"from": str(run), "set": ["epochs=5", "lr=0.5"]})
    training = app.session_state[state.LAUNCH_RAW]["training"]
    assert (training["epochs"], training["optimizer"]["learning_rate"]) == (5, 0.5)
