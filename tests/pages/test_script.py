"""The Script page: from a folder to a form, to a queued run and back to a form; and what other pages show of it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.config.presets import get_preset
from core.runs.records import RunQuery
from core.runs.search import parse_search
from core.scripts.projects import ProjectError, allowed
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from core.tracking.recorder import Recorder
from db.records import RunState
from pages.shared.nav import COMPARE, OVERVIEW, RUN, RUNS, SCRIPT
from pages.shared.widgets import progress_text
from tests.conftest import AddRun
from tests.core.scripts.test_parameters import SAMPLES
from tests.core.scripts.test_snapshots import git
from tests.pages.conftest import OpenPage


@pytest.fixture
def project(context: Context) -> Path:
    """A folder in the only place that is allowed."""
    folder = context.workspace.settings.home / "projects" / "moons"
    shutil.copytree(SAMPLES / "keras_argparse", folder)
    return folder


def queued(context: Context, folder: Path, **arguments: object) -> int:
    raw = {"project": {"folder": str(folder)}, "entry": "train.py", "arguments": arguments}
    return runs.create_script(context, runs.Draft(raw))[0]


def test_a_form_of_its_parameters_is_filled_and_launched(open_page: OpenPage, context: Context, project: Path) -> None:
    app = open_page(SCRIPT)
    assert app.selectbox(key="script_folder").value == str(project)
    key = f"script:folder {project}:train.py:"
    assert app.number_input(key=f"{key}:epochs").value == 2
    assert app.selectbox(key=f"{key}:activation").options == ["relu", "tanh", "gelu"]
    app.text_input(key=f"{key}:units").set_value("8, x").run()
    assert app.button(key="script_launch").disabled
    assert "units" in app.warning[0].value

    app.text_input(key=f"{key}:units").set_value("8, 4")
    app.text_input(key=f"{key}:lr").set_value("1e-4")
    app.toggle(key=f"{key}:save").set_value(False)
    app.text_input(key="script:folder " + f"{project}:train.py_name").set_value("mine").run()
    app.button(key="script_launch").click().run()
    assert not app.exception
    run = runs.find(context, "mine")
    assert (run.kind, run.state) == ("script", RunState.QUEUED)
    arguments = run.config["arguments"]
    assert (arguments["units"], arguments["lr"], arguments["save"], arguments["epochs"]) == ([8, 4], 1e-4, False, 2)
    assert found(context, "lr < 0.001") == [run.id]


def found(context: Context, search: str) -> list[int]:
    return [run.id for run in runs.listing(context, RunQuery(filter=parse_search(search))).runs]


def test_the_config_file_that_a_script_names_is_filled_in_without_a_click(
    open_page: OpenPage, context: Context, project: Path
) -> None:
    (project / "train.py").write_text("import yaml\nprint(yaml.safe_load(open('config.yaml')))\n")
    (project / "config.yaml").write_text("lr: 0.5\n")
    app = open_page(SCRIPT)
    key = f"script:folder {project}:train.py"
    assert app.text_input(key=f"{key}:config.yaml:lr").value == "0.5"
    app.selectbox(key=f"{key}_config_file").set_value("").run()
    assert not [each for each in app.text_input if each.key == f"{key}:config.yaml:lr"]
    app.button(key="script_launch").click().run()
    assert runs.listing(context, RunQuery()).runs[0].config["config_file"] == ""


def test_what_a_run_measured_is_the_goal_of_a_sweep_of_its_copy_and_its_progress_is_a_scripts(
    open_page: OpenPage, context: Context, project: Path, add_run: AddRun
) -> None:
    add_run(metrics={"val_loss": [1.0]})
    run_id = queued(context, project)
    recorder = Recorder(context.workspace, run_id)
    recorder.log({"error": 1.0}, 1)
    recorder.flush()
    app = open_page(SCRIPT, **{"from": str(run_id)})
    key = f"script:run {run_id}:train.py"
    app.toggle(key=f"script_sweep:{key}").set_value(True).run()
    assert app.selectbox(key=f"{key}_sweep_goal").value == "error"
    run = runs.get(context, run_id)
    told = {
        state: progress_text(replace(run, state=state, step=step), 0.0)
        for state, step in ((RunState.STARTING, 0), (RunState.STOPPING, 5), (RunState.RUNNING, 1200))
    }
    assert list(told.values()) == ["Starting: its code is unpacked", "Stopping: it was asked to end", "Step 1,200"]
    assert progress_text(replace(run, state=RunState.RUNNING), 0.0) == "Running"


def test_a_run_is_cloned_from_its_snapshot_once_its_folder_is_gone(
    open_page: OpenPage, context: Context, project: Path
) -> None:
    run_id = queued(context, project, epochs=7)
    shutil.rmtree(project)
    app = open_page(SCRIPT, **{"from": str(run_id)})
    assert app.number_input(key=f"script:run {run_id}:train.py::epochs").value == 7
    app.button(key="script_launch").click().run()
    clone = runs.listing(context, RunQuery()).runs[0]
    assert (clone.parent_id, clone.config) == (run_id, runs.get(context, run_id).config)


def test_folders_elsewhere_are_refused_and_an_empty_place_says_what_to_do(
    open_page: OpenPage, context: Context, tmp_path: Path
) -> None:
    app = open_page(SCRIPT)
    assert "TRAINDECK_SCRIPT_ROOTS" in app.info[0].value
    (context.workspace.settings.home / "projects" / "empty").mkdir(parents=True)
    app = open_page(SCRIPT)
    empty = app.selectbox(key="script_folder").options[0]
    app.selectbox(key="script_folder").set_value(empty).run()
    assert "has no Python script" in app.error[0].value
    with pytest.raises(ProjectError, match="Only scripts in"):
        allowed(context.workspace.settings, str(tmp_path))


@pytest.mark.parametrize("tab", ["Curves", "Log", "Code", "Config", "System", "Files", "Facts", "History"])
def test_every_tab_of_its_run_opens(open_page: OpenPage, context: Context, project: Path, tab: str) -> None:
    run_id = queued(context, project)
    app = open_page(RUN, id=str(run_id), run_view=tab)
    assert not app.warning
    if tab == "Code":
        assert app.selectbox(key=f"run_code_{run_id}").options == ["options.py", "train.py"]


def test_other_pages_show_it_beside_networks(open_page: OpenPage, context: Context, project: Path) -> None:
    one, two = queued(context, project, lr=0.5), queued(context, project, lr=0.25)
    network = runs.create(context, runs.Draft(get_preset("digits-mlp").raw))[0]
    for page, query in ((OVERVIEW, {}), (RUNS, {}), (COMPARE, {"runs": f"{one},{two},{network}"})):
        open_page(page, **query)
    app = open_page(COMPARE, runs=f"{one},{two}", compare_view="Params")
    assert not app.exception


def test_compare_shows_how_the_code_of_two_runs_differs(open_page: OpenPage, context: Context, project: Path) -> None:
    one, same = queued(context, project), queued(context, project, lr=0.5)
    app = open_page(COMPARE, runs=f"{one},{same}")
    assert "Both ran the same code." in [each.value for each in app.caption]
    train = project / "train.py"
    train.write_text(train.read_text().replace("import", "import  ", 1) + "print('more')\n")
    (project / "weights.bin").write_bytes(b"\0\1")
    (project / "options.py").rename(project / "choices.py")
    other = queued(context, project)
    app = open_page(COMPARE, runs=f"{one},{same},{other}")
    assert [app.selectbox(key=f"compare_code_{each}").value for each in ("from", "to")] == [one, other]
    told = [each.label.replace("\\", "") for each in app.expander]
    assert [each for each in told if each.startswith("train.py")] == ["train.py :gray[+2 −1]"]
    assert [each.partition(", ")[2] for each in told if "py" in each and "," in each] == ["new]", "gone]"]
    assert "weights.bin: a file that is no text" in [each.value.replace("\\", "") for each in app.caption]
    app.selectbox(key="compare_code_to").set_value(same).run()
    assert "These two ran the same code." in [each.value for each in app.caption]


def test_parameters_are_marked_and_a_sweep_keeps_the_code_of_its_trials(
    open_page: OpenPage, context: Context, project: Path
) -> None:
    app = open_page(SCRIPT)
    key = f"script:folder {project}:train.py"
    app.toggle(key=f"script_sweep:{key}").set_value(True).run()
    assert app.button(key=f"{key}_sweep_go").disabled
    app.toggle(key=f"{key}_vary_arguments.lr").set_value(True).run()
    app.toggle(key=f"{key}_vary_arguments.activation").set_value(True).run()
    assert app.text_input(key=f"{key}_range_arguments.activation").value == "relu, tanh, gelu"
    assert not [each for each in app.toggle if each.key == f"{key}_vary_arguments.seed"]  # repeats are for that
    app.text_input(key=f"{key}_range_arguments.lr").set_value("0.1..0.001").run()
    assert app.button(key=f"{key}_sweep_go").disabled
    app.text_input(key=f"{key}_range_arguments.lr").set_value("0.001..0.1:log").run()
    app.number_input(key=f"{key}_sweep_trials").set_value(4)
    app.number_input(key=f"{key}_sweep_hours").set_value(0.5)
    app.text_input(key=f"{key}_sweep_earlier").set_value("one").run()
    app.button(key=f"{key}_sweep_go").click().run()
    assert "received one" in app.error[0].value
    app.text_input(key=f"{key}_sweep_earlier").set_value("").run()
    app.button(key=f"{key}_sweep_go").click().run()
    assert not app.exception
    [begun] = managing.listing(context)
    definition = view(context, begun.id).definition
    assert (definition.kind, definition.budget.trials, definition.budget.hours) == ("script", 4, 0.5)
    assert [each.field for each in definition.fields] == ["arguments.lr", "arguments.activation"]
    (project / "train.py").unlink()  # trials run what was there when the sweep began
    Advancing(context).look(begun.id)
    [first] = view(context, begun.id).trials
    run = runs.get(context, first.run_ids[0])
    assert 0.001 <= run.config["arguments"]["lr"] <= 0.1
    assert run.config["project"]["snapshot"] == definition.base["project"]["snapshot"] != ""
    assert run.facts["code"] == definition.facts["code"]


def test_a_git_address_is_fetched_and_launched(open_page: OpenPage, context: Context, project: Path) -> None:
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "all")
    app = open_page(SCRIPT)
    app.segmented_control(key="script_way").set_value("A git address").run()
    assert not app.button or "script_launch" not in {each.key for each in app.button}
    app.text_input(key="script_address").set_value(f"file://{project.parent.parent}")
    app.button(key="script_fetch").click().run()
    assert "Only repositories in" in app.error[0].value
    app.text_input(key="script_address").set_value(f"file://{project}")
    app.button(key="script_fetch").click().run()
    app.button(key="script_launch").click().run()
    assert not app.exception
    run = runs.listing(context, RunQuery()).runs[0]
    assert (run.name, run.config["project"]["address"]) == (f"moons-train-{run.id}", f"file://{project}")
    assert run.facts["code"]["commit"] == git(project, "rev-parse", "HEAD").strip()
    assert not open_page(RUN, id=str(run.id), run_view="Code").exception
    shutil.rmtree(project)
    assert runs.relaunch(context, run.id)
