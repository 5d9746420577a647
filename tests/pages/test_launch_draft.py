"""The draft of the Launch page: no message from before its last answer changes it, and it outlives its session."""

import os
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.common.workspace import Workspace
from core.config.edit import Raw
from core.config.presets import PRESETS
from core.runs import kept_drafts
from pages.parts.launch.labels import Labels
from pages.shared import state
from pages.shared.nav import LAUNCH
from tests.conftest import AddRun
from tests.pages.conftest import MAIN, OpenPage, at

NAMES = ("digits-mlp", "iris-mlp", "xor", "digits-cnn")  # with and without early stopping, of other networks and data


def raw(app: AppTest) -> Raw:
    found: Raw = app.session_state[state.LAUNCH_RAW]
    return found


def start_from(app: AppTest, name: str) -> Any:
    """Open the cards; the button of the one that is wanted."""
    app.button(key="launch_start").click().run()
    return app.button(key=f"launch_from_{name}")


def hear_nothing(app: AppTest) -> None:
    """Run the page, and have the browser miss what came of it: it sends its values and its address once more."""
    known, address = app._tree.get_widget_states(), dict(app.query_params)
    app.run()
    fields = [each for each in known.widgets if each.WhichOneof("value") != "trigger_value"]  # a click is sent once
    del known.widgets[:]
    known.widgets.extend(fields)
    app.query_params.clear()
    app.query_params.update(address)
    app._run(known)
    assert not app.exception


def test_what_the_browser_knew_before_a_preset_was_chosen_is_no_edit(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset=NAMES[0])
    for name in (*NAMES[1:], NAMES[0], *NAMES):
        start_from(app, name).click()
        hear_nothing(app)
        assert raw(app) == PRESETS[name].raw, name
        assert app.query_params["preset"] == name
        app.run()
        assert raw(app) == PRESETS[name].raw, name


def test_what_the_browser_knew_before_other_data_were_chosen_is_no_edit(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-cnn")
    app.selectbox(key=at(app, "data.source")).select("imdb")
    hear_nothing(app)
    assert raw(app)["architecture"]["name"] == "recurrent"


def test_runs_of_others_and_data_sets_are_cards_to_start_from(open_page: OpenPage, add_run: AddRun) -> None:
    mine, theirs = add_run(name="mine"), add_run(name="theirs", created_by="grace", metrics={"val_loss": [0.25]})
    app = open_page(LAUNCH, preset="xor")
    app.button(key="launch_start").click().run()
    app.segmented_control(key="launch_view").set_value("Other people's runs").run()
    assert f"launch_from_{mine}" not in {button.key for button in app.button}
    assert any("val\\_loss 0\\.25" in each.value for each in app.markdown)
    app.button(key=f"launch_from_{theirs}").click().run()
    assert app.session_state[state.LAUNCH_ORIGIN].run_id == theirs
    assert "launch_view" not in app.session_state
    app.button(key="launch_start").click().run()
    app.segmented_control(key="launch_view").set_value("Data sets").run()
    app.text_input(key="launch_find").set_value("iris").run()
    app.button(key="launch_from_iris").click().run()
    assert raw(app)["data"]["source"] == "iris"
    app.button(key="launch_start").click().run()
    app.text_input(key="launch_find").set_value("no such words").run()
    assert any("None has these words" in each.value for each in app.caption)


def test_an_edit_after_a_preset_was_chosen_is_one(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="digits-mlp")
    start_from(app, "iris-mlp").click().run()
    app.toggle(key=at(app, "training.early_stopping")).set_value(False).run()
    app.number_input(key=at(app, "training.epochs")).set_value(7).run()
    config = raw(app)
    assert (config["training"]["early_stopping"], config["training"]["epochs"]) == (None, 7)


def another_session(app: AppTest) -> AppTest:
    """The same address in another session, as after a reload."""
    other = AppTest.from_file(str(MAIN), default_timeout=300)
    other.run()
    other.query_params.update(app.query_params)
    other.switch_page(LAUNCH.file).run()
    assert not other.exception
    return other


def test_a_reload_keeps_the_draft_and_the_labels(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="iris-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(7).run()
    app.text_input(key="launch_name").set_value("mine").run()
    app.multiselect(key="launch_tags").set_value([]).run()
    reloaded = another_session(app)
    assert raw(reloaded) == raw(app)
    assert reloaded.text_input[0].value == "mine" or "mine" in [box.value for box in reloaded.text_input]
    assert reloaded.query_params["preset"] == app.query_params["preset"]


def test_two_tabs_of_one_draft_go_on_apart(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="iris-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(7).run()
    copy = another_session(app)
    copy.number_input(key=at(copy, "training.epochs")).set_value(8).run()
    app.number_input(key=at(app, "training.batch_size")).set_value(9).run()
    first, second = raw(another_session(app)), raw(another_session(copy))
    assert [(config["training"]["epochs"], config["training"]["batch_size"]) for config in (first, second)] == [
        (7, 9),
        (8, 16),
    ]


def test_a_reset_in_one_tab_leaves_the_draft_of_another(open_page: OpenPage) -> None:
    app = open_page(LAUNCH, preset="xor")
    app.number_input(key=at(app, "training.epochs")).set_value(7).run()
    copy = another_session(app)
    copy.button(key="launch_reset").click().run()
    assert raw(copy) == PRESETS["xor"].raw
    assert raw(another_session(app))["training"]["epochs"] == 7


def test_a_link_overrules_the_draft_and_so_does_reset(open_page: OpenPage, add_run: AddRun) -> None:
    app = open_page(LAUNCH, preset="iris-mlp")
    app.number_input(key=at(app, "training.epochs")).set_value(7).run()
    assert "draft" in app.query_params
    app.button(key="launch_reset").click().run()
    assert "draft" not in app.query_params
    app.number_input(key=at(app, "training.epochs")).set_value(7).run()
    app.query_params.clear()
    app.query_params["preset"] = "xor"
    app.run()
    assert raw(app) == PRESETS["xor"].raw
    run = add_run(name="parent")
    app.query_params["from"] = str(run)
    del app.query_params["preset"]
    app.run()
    assert app.session_state[state.LAUNCH_ORIGIN].run_id == run


@pytest.mark.parametrize("name", ["", "../x", "0123456789abcdef", "ABCDEF0123456789", "0" * 500])
def test_an_address_with_a_draft_that_is_not_there_starts_from_its_preset(open_page: OpenPage, name: str) -> None:
    assert raw(open_page(LAUNCH, preset="xor", draft=name)) == PRESETS["xor"].raw


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"origin": 3, "raw": {}, "labels": {}}', "{", '{"origin": {}}'])
def test_a_kept_draft_that_cannot_be_read_is_none(open_page: OpenPage, workspace: Workspace, content: str) -> None:
    folder = workspace.settings.home / "drafts" / "unnamed"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.json").write_text(content, encoding="utf-8")
    assert raw(open_page(LAUNCH, preset="xor", draft="0123456789abcdef")) == PRESETS["xor"].raw


def test_a_browser_finds_its_newest_draft_and_not_anothers(workspace: Workspace) -> None:
    home = workspace.settings
    ada, grace = kept_drafts.new_name(), kept_drafts.new_name()
    assert kept_drafts.newest(home, ada) == ""
    names = [kept_drafts.new_name() for _ in range(40)]
    for place, name in enumerate(names):
        kept_drafts.keep(home, ada, name, {"place": place})
        os.utime(home.home / "drafts" / ada / f"{name}.json", (place, place))
    assert kept_drafts.newest(home, ada) == names[-1]
    assert kept_drafts.kept(home, grace, names[-1]) is None
    assert kept_drafts.kept(home, ada, names[0]) is None  # the oldest go
    assert kept_drafts.kept(home, ada, names[-1]) == {"place": 39}
    kept_drafts.forget(home, ada, names[-1])
    assert kept_drafts.newest(home, ada) == names[-2]


def test_a_browser_that_comes_back_after_months_keeps_its_drafts(workspace: Workspace) -> None:
    home, ada, grace = workspace.settings, kept_drafts.new_name(), kept_drafts.new_name()
    old = kept_drafts.new_name()
    for browser in (ada, grace):
        kept_drafts.keep(home, browser, old, {"place": 0})
    for browser in (ada, grace):
        os.utime(home.home / "drafts" / browser, (1, 1))
    new = kept_drafts.new_name()
    kept_drafts.keep(home, ada, new, {"place": 1})
    assert [kept_drafts.kept(home, ada, name) for name in (old, new)] == [{"place": 0}, {"place": 1}]
    assert kept_drafts.kept(home, grace, old) is None  # who did not come back


def set_but_not_begun_with(app: AppTest) -> list[str]:
    """Keys of fields that would be empty in a browser that missed the answer that set them: the next came too soon."""
    wrong = [each.key for each in app.toggle if each.proto.default != each.value]
    others = [(each, each.value) for each in (*app.text_input, *app.text_area, *app.number_input)]
    for each, value in [*others, *((each, each.index) for each in app.selectbox)]:
        if (each.proto.default if each.proto.HasField("default") else None) != value:
            wrong.append(each.key)
    return [str(key) for key in wrong]


def test_a_reload_keeps_what_is_marked_to_vary_and_how_it_is_searched(open_page: OpenPage) -> None:
    rate = "training.optimizer.learning_rate"
    app = open_page(LAUNCH, preset="iris-mlp")
    app.toggle("launch_sweep_toggle").set_value(True).run()
    app.toggle(f"launch_vary_{rate}").set_value(True).run()
    app.text_input(f"launch_range_{rate}").set_value("0.001..0.2:log").run()
    app.selectbox("launch_sweep_method").set_value("random").run()
    app.selectbox("launch_sweep_goal").set_value("val_accuracy").run()
    app.number_input("launch_sweep_trials").set_value(7).run()
    app.number_input("launch_sweep_hours").set_value(1.5).run()
    reloaded = another_session(app)
    assert reloaded.toggle("launch_sweep_toggle").value
    assert reloaded.toggle(f"launch_vary_{rate}").value
    assert reloaded.text_input(f"launch_range_{rate}").value == "0.001..0.2:log"
    assert reloaded.selectbox("launch_sweep_method").value == "random"
    assert reloaded.selectbox("launch_sweep_goal").value == "val_accuracy"
    assert reloaded.number_input("launch_sweep_trials").value == 7
    assert reloaded.number_input("launch_sweep_hours").value == 1.5
    assert not reloaded.button("launch_sweep_go").disabled
    assert set_but_not_begun_with(reloaded) == []
    reloaded.button("launch_reset").click().run()  # takes back every edit, and those of a sweep, too
    assert reloaded.button("launch_sweep_go").disabled
    assert not any(each.value for each in reloaded.toggle if each.label == "vary")


def test_a_start_from_something_else_has_nothing_of_the_sweep_before(open_page: OpenPage, add_run: AddRun) -> None:
    rate = "training.optimizer.learning_rate"
    run = add_run(name="parent", experiment="mine", tags=("own",))
    add_run(name="of the search", experiment="search", tags=("old",))
    app = open_page(LAUNCH, preset="iris-mlp", vary=f"{rate}=0.001..0.1:log")
    app.text_input("launch_name").set_value("first").run()
    app.selectbox("launch_experiment").set_value("search").run()
    app.multiselect("launch_tags").set_value(["old"]).run()
    app.text_input("launch_created_by").set_value("grace").run()
    app.selectbox("launch_sweep_method").set_value("random").run()
    app.number_input("launch_sweep_hours").set_value(1.5).run()
    app.text_input("launch_sweep_earlier").set_value(str(run)).run()
    app.session_state[state.LAUNCH_SWEPT] = 7
    for asked, experiment, tags in (({"dataset": "iris"}, "", ()), ({"from": str(run)}, "mine", ("own",))):
        app.query_params.clear()
        app.query_params.update(asked)
        app.run()
        given = app.session_state[state.LAUNCH_LABELS]
        assert given == Labels(created_by="grace", experiment=experiment, tags=tags)
        assert not app.session_state[state.LAUNCH_SWEEP], "it marks nothing to vary"
        assert state.LAUNCH_SWEPT not in app.session_state
        next(each for each in app.toggle if str(each.key).startswith("launch_sweep_toggle")).set_value(True).run()
        assert app.selectbox("launch_sweep_method").value == "tpe"
        assert app.number_input("launch_sweep_hours").value is None
        assert app.text_input("launch_sweep_earlier").value == ""


def test_a_link_marks_fields_and_what_the_form_does_not_have_can_be_dropped(open_page: OpenPage) -> None:
    rate, hidden = "training.optimizer.learning_rate", "architecture.hidden"
    app = open_page(LAUNCH, preset="iris-mlp", vary=f"{rate}=0.001..0.1:log;{hidden}=[8],[16,16]")
    assert app.text_input(f"launch_range_{hidden}").value == "[8],[16,16]"
    assert app.toggle("launch_sweep_toggle").value
    assert app.query_params["vary"].startswith(rate)
    assert set_but_not_begun_with(app) == []
    app.selectbox(key=at(app, "architecture.name")).select("transformer").run()
    assert any("Varies learning\\_rate\\, hidden" in each.value for each in app.caption)
    app.button(f"launch_drop_{hidden}").click().run()
    assert any("Varies learning\\_rate." in each.value for each in app.caption)
    wrong = open_page(LAUNCH, preset="iris-mlp", vary=f"{rate}=1..0.1")
    assert any("low must be below high" in each.value for each in wrong.warning)
