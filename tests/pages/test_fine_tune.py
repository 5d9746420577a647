"""Fine-tuning, from the Run page to the Launch page and back."""

from core.common.workspace import Workspace
from core.config.edit import Raw
from pages.parts.launch import draft
from pages.shared import state
from pages.shared.nav import LAUNCH, RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

BEGUN = {"run": 1, "uid": "", "layers": 10, "taken": 8, "frozen": 6, "new": ["logits"]}


def test_a_run_with_a_checkpoint_offers_to_fine_tune_it(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace
) -> None:
    run = add_run()
    buttons = {button.label for button in open_page(RUN, id=str(run)).button}
    assert "Fine-tune" not in buttons
    folder = workspace.settings.run_dir(run) / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "best.keras").touch()
    assert "Fine-tune" in {button.label for button in open_page(RUN, id=str(run)).button}


def test_the_address_starts_a_draft_that_begins_from_the_run(open_page: OpenPage, add_run: AddRun) -> None:
    run = add_run()
    app = open_page(LAUNCH, **{draft.FINE_TUNE: str(run)})
    assert app.session_state[state.LAUNCH_RAW]["fine_tune"] == {"run": run, "freeze": []}
    assert app.query_params["finetune"] in (str(run), [str(run)])
    assert any(f"Begins from the best weights of run {run}" in each.value for each in app.caption)


def test_a_fine_tuned_run_says_what_it_took(open_page: OpenPage, add_run: AddRun, raw_config: Raw) -> None:
    parent = add_run(name="first")
    config = {**raw_config, "fine_tune": {"run": parent, "freeze": ["conv_*"]}}
    run = add_run(config=config, parent_id=parent, facts={"fine_tuned_from": {**BEGUN, "run": parent}})
    app = open_page(RUN, id=str(run), run_view="Config")
    shown = [element.value for element in app.markdown]
    assert "Fine-tuned from" in shown
    assert "· 8 of 10 layers taken, 6 frozen" in shown
    clone = add_run(config=config, parent_id=run)
    shown = [element.value for element in open_page(RUN, id=str(clone), run_view="Config").markdown]
    assert "Cloned from" in shown
    assert f"Fine-tuned from run {parent}" in shown


def test_the_address_starts_a_draft_that_makes_the_runs_network_smaller(open_page: OpenPage, add_run: AddRun) -> None:
    run = add_run()
    app = open_page(LAUNCH, **{draft.COMPRESS: str(run), draft.METHOD: "prune"})
    raw = app.session_state[state.LAUNCH_RAW]
    assert (raw["fine_tune"], raw["pruning"]["sparsity"]) == ({"run": run, "freeze": [], "reduce": False}, 0.8)
    assert app.query_params[draft.METHOD] in ("prune", ["prune"])
    assert any(f"Made of run {run}" in each.value for each in app.caption)
    app = open_page(LAUNCH, **{draft.COMPRESS: str(run), draft.METHOD: "melt"})
    assert any("is no way to compress a network" in each.value for each in app.warning)


def test_a_teacher_is_named_in_the_form_by_its_run_or_as_a_version(open_page: OpenPage, add_run: AddRun) -> None:
    run = add_run()
    app = open_page(LAUNCH, **{draft.COMPRESS: str(run), draft.METHOD: "distil"})
    [number] = [each for each in app.number_input if each.label == "Teacher"]
    [version] = [each for each in app.text_input if each.label == "Teacher of a model"]
    assert (number.value, version.value) == (run, "")
    version.set_value("digits@3").run()
    assert app.session_state[state.LAUNCH_RAW]["distillation"]["model"] == "digits@3"
    assert not app.exception
