"""What scripts of MLflow's and W&B's call: done where it can be, told once where not, and never raised."""

import json
import textwrap
from pathlib import Path

from core import runs
from core.common.context import Context
from core.runs import logged, media
from db.records import RunState
from tests.core.client.conftest import Script, ServerHere, sync

HABITS = """
    import traindeck as wandb, traindeck as mlflow, numpy as np
    wandb.login(key="none")
    run = wandb.init(project="habits", name="first")
    run.log(loss=3, acc=np.float32(0.5))
    run.log({"loss": 2.0}, acc=0.75)
    run.log(data={"loss": 1.0}, commit=False, sync=True)
    run.log({"loss": 1.0}, 7, None, "more")
    for blank in ("", " ", "\\t\\n"):
        run.log({blank: 1.0})
    run.log_param("lonely")
    run.log_metrics()
    table = wandb.Table(data=[[0, 0.5], [1, float("nan")]], columns=["x", "y"])
    for _ in range(2):
        wandb.log({
            "line": wandb.plot.line(table, "x", "y", title="a & b"),
            "matrix": wandb.plot.confusion_matrix(y_true=np.array([0, 1, 1]), preds=[0, 1, 0], class_names=["no"]),
            "series": wandb.plot.line_series([0, 1], [[1, 2], [3, 4]], keys=["a", "b"]),
            "none": wandb.plot.roc_curve([0, 1], [[0.5, 0.5]]), "wrong": wandb.plot.bar(table, "z", "y"),
        }, step=9)
    made = wandb.Artifact("set", type="dataset")
    made.add_file("one.txt")
    made.add_dir("folder", name="inner")
    made.add_dir("nowhere")
    made.add_reference("s3://there")
    with made.new_file("note.json") as file:
        file.write("{}")
    run.log_artifact(made, aliases=["best"]).wait()
    run.log_code(".")
    run.log_dict({"lr": 0.1, "odd": {1, }}, "config/told.json")
    assert run is wandb.run is mlflow.active_run()
    wandb.finish(quiet=True)
    for step in range(3):
        wandb.log({"loss": 99.0})
        mlflow.log_metric("loss", 99.0)
        wandb.log_image("late", np.zeros((2, 2)))
    wandb.config.late = 1
    assert mlflow.active_run() is None

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    experiment = mlflow.set_experiment("by MLflow")
    with mlflow.start_run(run_name="second", tags={"team": "vision"}, nested=True) as run:
        mlflow.log_metric("loss", 0.5)
        assert mlflow.active_run().info.run_id == run.uid and run.info.experiment_id == experiment.experiment_id
    mlflow.start_run("0123", experiment_id=experiment.experiment_id, run_name="third")
    mlflow.end_run()
    mlflow.log_metric("loss", 0.25)  # begins another run, as MLflow has it
    mlflow.end_run("FAILED")
    print("went on")
"""
TOLD = (
    "a mapping and a whole step are logged; left out is {'loss': 1.0} at 7",
    "'' has a name that is blank",
    "' ' has a name that is blank",
    "log_param() did nothing",
    "log_metrics() did nothing",
    "plot.roc_curve() drew nothing: drawn are line, scatter",
    "plot.bar() drew nothing: there is no column 'z'; there are 'x', 'y'",
    "add_dir() added nothing: there is no file and no folder 'nowhere'",
    "add_reference() left out 's3://there'",
    "artifacts of runs have no aliases here",
    "the run 'first' ended, and what is logged to it now is left out",
    "set_tracking_uri() takes http://",
    "start_run() nests no runs",
    "one that was there (run_id) is not gone on with",
)


def test_calls_of_mlflow_and_wandb_do_what_people_expect_or_are_told_once(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two.txt").write_text("2")
    (tmp_path / "train.py").write_text("pass")
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "pyvenv.cfg").write_text("")
    (tmp_path / "venv" / "library.py").write_text("")
    out, told = script(textwrap.dedent(HABITS), TRAINDECK_MODE="offline").communicate(timeout=300)
    assert out == "went on\n", told
    for sentence in TOLD:
        assert told.count(sentence) == 1, (sentence, told)
    assert told.count("traindeck: ") == len(TOLD) + 1, told  # the third blank

    server_here.start()
    kept = sync(script)
    assert kept[0] == 0, kept
    found = {run.name: run for run in runs.get_many(context, range(1, 9))}
    assert {run.experiment for name, run in found.items() if name != "first"} == {"by MLflow"}
    assert len(found) == 4
    first = found.pop("first")
    assert first.experiment == "habits"
    assert runs.history(context, first.id, "loss").value.tolist() == [3.0, 2.0, 1.0]
    assert runs.history(context, first.id, "acc").value.tolist() == [0.5, 0.75]
    files = {each.name for each in runs.artifacts(context, first.id)}
    assert {"set/one.txt", "set/inner/two.txt", "set/note.json", "code/train.py", "config/told.json"} <= files
    assert "code/venv/library.py" not in files
    told_dict = json.loads(runs.artifact_file(context, first.id, "config/told.json").read_text())
    assert told_dict == {"lr": 0.1, "odd": "{1}"}
    figures = {each.name for each in media.media_series(context, [first.id])}
    assert figures == {"line", "matrix", "series"}
    (item, *_) = media.media_at(context, first.id, "figure", "matrix", 9)
    assert json.loads(media.media_file(context, item).read_text())["data"][0]["z"] == [[1, 0], [1, 1]]
    second, third = found.pop("second"), found.pop("third")
    assert logged.keyed_tags(context, second.id)["team"] == "vision"
    assert (second.state, third.state) == (RunState.FINISHED, RunState.FINISHED)
    ((_, fourth),) = found.items()
    assert fourth.state is RunState.FAILED
    assert runs.history(context, fourth.id, "loss").value.tolist() == [0.25]


ORDERS = """
    import sys, types, traindeck as mlflow, traindeck as wandb, numpy as np, pandas as pd, plotly.graph_objects as go
    array = np.zeros((2, 3, 3), "uint8")
    figure = go.Figure(go.Scatter(y=[1, 2]))
    run = wandb.init(project="orders", name="at first", tags=["one"])
    mlflow.log_text("a longer text", "notes/a.txt")
    mlflow.log_text(text="by name", artifact_file="b.md")
    run.log_text("c.txt", "our order")
    run.log_text("d", "our order, too")
    run.log_text("e.txt", "f.txt")
    mlflow.log_image(array, "x.png")
    mlflow.log_image(array, "x.jpg")
    mlflow.log_image(image=array, key="by key", step=3)
    mlflow.log_image("y.png", array)
    mlflow.log_figure(figure, "g.html")
    run.log_figure("h", figure)
    for row in (1, 2):
        mlflow.log_table({"in": [row], "out": ["x"]}, "qa/t.json")
    mlflow.log_table(data=pd.DataFrame({"a": [1.5], "b": [None]}), artifact_file="t.csv")
    mlflow.log_table([{"a": 1}], "t.parquet")
    mlflow.log_histogram([1, 2], "h.json")
    mlflow.log_dict({"lr": 0.1}, "one.json")
    mlflow.log_dict("two.yaml", [1, 2])
    mlflow.log_artifact("one.txt", "within")
    run.log_artifact("one.txt", artifact_path="by.name")
    run.log_artifact("one.txt", "renamed.md")
    mlflow.log_artifacts("folder")
    wandb.log_model("one.txt", name="network")
    made = wandb.Artifact("set", type="dataset")
    made.add_file("one.txt", name="LICENSE")
    assert wandb.use_artifact(made) is made and open(made.download("back") + "/LICENSE").read() == "1"
    try:
        run.use_artifact("bikes:latest").download()
    except FileNotFoundError as error:
        print(error)
    run.name, run.notes = "at\\tlast", "# Why\\n\\x1b\\ud800"
    run.name = " "
    run.tags += ("two", )
    run.tags = ["three"]
    assert (run.name, run.tags, run.project) == ("at last", ("one", "two", "three"), "orders")
    for _ in range(2):
        wandb.mark_preempting()
        mlflow.log_input(None, context="train")
    wandb.finish()
    run.name = "late"
"""
FILES = {
    "notes/a.txt", "b.md", "x.png", "x.jpg", "g.html", "qa/t.json", "t.csv", "h.json", "one.json", "two.yaml",
    "within/one.txt", "by.name/one.txt", "renamed.md", "two.txt", "network/one.txt", "set/LICENSE",
}  # fmt: skip


def test_a_value_may_come_before_its_name_as_mlflow_has_it_and_a_run_be_renamed(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two.txt").write_text("2")
    out, told = script(textwrap.dedent(ORDERS), TRAINDECK_MODE="offline").communicate(timeout=300)
    assert "'bikes:latest' is not fetched: files of runs are downloaded from their pages" in out, told
    sentences = (
        "'t.parquet' is shown, and not kept as a file of the run: tables are kept as .json and .csv",
        "a run's name is not blank; received ' ', and it stays 'at last'",
        "tags are taken away on the run's page; one, two stays",
        "mark_preempting() did nothing: a script that was ended is launched again from its page",
        "log_input() did nothing: data sets are noted by MLflow's own client",
        "the run 'at last' ended",
    )
    assert [told.count(sentence) for sentence in sentences] == [1] * 6, told
    assert told.count("traindeck: ") == 6, told

    server_here.start()
    assert sync(script)[0] == 0
    run = runs.get(context, 1)
    assert (run.name, run.notes, set(run.tags)) == ("at last", "# Why\n ?", {"one", "two", "three"})
    kept = {each.name: runs.artifact_file(context, 1, each.name).read_bytes() for each in runs.artifacts(context, 1)}
    assert set(kept) == FILES
    assert (kept["notes/a.txt"], kept["b.md"]) == (b"a longer text", b"by name")
    assert (kept["x.png"][:4], kept["x.jpg"][:3]) == (b"\x89PNG", b"\xff\xd8\xff")
    assert b"<html>" in kept["g.html"][:100]
    assert json.loads(kept["qa/t.json"]) == {"columns": ["in", "out"], "data": [[1, "x"], [2, "x"]]}
    assert kept["t.csv"].split() == [b"a,b", b"1.5,"]
    assert (json.loads(kept["one.json"]), json.loads(kept["two.yaml"])) == ({"lr": 0.1}, [1, 2])
    shown = {(each.kind, each.name): each for each in media.media_series(context, [1])}
    names = {"text": {"notes/a.txt", "b.md", "c.txt", "d", "e.txt"}, "figure": {"g.html", "h"}}
    names |= {"image": {"x.png", "x.jpg", "by key", "y.png"}, "table": {"qa/t.json", "t.csv", "t.parquet"}}
    names |= {"histogram": {"h.json"}}
    assert {kind: {name for each, name in shown if each == kind} for kind, _ in shown} == names
    assert shown["image", "by key"].first_step == 3
    ours = {name: media.media_at(context, 1, "text", name, 9)[-1] for name in ("c.txt", "d", "e.txt")}
    texts = {name: media.media_file(context, item).read_text() for name, item in ours.items()}
    assert texts == {"c.txt": "our order", "d": "our order, too", "e.txt": "f.txt"}
