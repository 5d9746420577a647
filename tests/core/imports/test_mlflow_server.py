"""Runs come over from a server of MLflow's protocol: here our own, at a port."""

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

import db.experiments
import db.logged_models
from core import runs
from core.common.context import Context
from core.common.errors import DataError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.imports import from_mlflow_server
from core.imports.bounded_import import preview
from core.imports.from_mlflow import read_mlflow
from core.imports.from_mlflow_server import Credentials
from core.imports.importing import import_runs
from core.runs.reported_networks import kept_network
from db.records import RunState
from tests.core.mlflow.mlflow_client import FILES, Client, point


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Client]:
    """Of another store than the one that runs come to."""
    workspace = Workspace.open(Settings(home=tmp_path / "there"))
    yield Client(Context.of_shell(workspace))
    workspace.close()


class Guarded:
    """The app, for who names one of two people."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = dict(scope.get("headers", ())).get(b"authorization", b"").decode()
        known = told in (f"Basic {base64.b64encode(b'grace:p/s@s:word').decode()}", "Bearer t0ken-of-grace")
        await (self.app if known else Response("who asks?", 401))(scope, receive, send)


@pytest.fixture
def address(there: Client) -> Iterator[str]:
    moved = Route("/moved/{path:path}", lambda _request: RedirectResponse("http://127.0.0.1:1/"), methods=["POST"])
    guarded = Mount("/guarded", Guarded(there.app))
    routes = [moved, guarded, Mount("/", there.app)]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_a_server_of_mlflow_comes_over_once_and_later_what_is_new(
    context: Context, there: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("_RUNS", 2), ("_POINTS", 3)):
        monkeypatch.setattr(from_mlflow_server, name, most)
    experiment = there.experiment("exp one")
    first = there.run(experiment, run_name="good", tags=[{"key": "team", "value": "x"}])
    values = [1.0, 2.0, 3.0, "NaN", "Infinity"]
    metrics = [point("a/loss", value, number // 2, 1000 + number) for number, value in enumerate(values)]
    params = [{"key": "lr", "value": "0.1"}, {"key": "units", "value": "1e3"}]
    there.post("/runs/log-batch", run_id=first, metrics=metrics, params=params)
    files = f"{FILES}/{experiment}/{first}/artifacts"
    for path, content in (("a.txt", b"hi"), ("sub/deep/b.bin", b"\0" * 300_000), ("gone.txt", b"x")):
        assert there.raw("PUT", f"{files}/{path}", content).status == 200
    there.post("/runs/update", run_id=first, status="KILLED", end_time=60456)
    child = there.run(experiment, start_time=1000, tags=[{"key": "mlflow.parentRunId", "value": first}])
    there.post("/runs/delete", run_id=there.run(experiment, start_time=2000, run_name="deleted"))
    there.run("0", start_time=3000)
    monkeypatch.setattr(from_mlflow_server._Server, "fetch", _broken_for("gone.txt"))

    report = import_runs(context, read_mlflow(Path(address)))

    good = runs.find(context, first)
    assert (good.name, good.experiment, good.state, good.config) == (
        "good", "exp one", RunState.STOPPED, {"lr": 0.1, "units": "1e3"},
    )  # fmt: skip
    assert (good.training_at, good.finished_at) == (0.456, 60.456)
    found = runs.history(context, good.id, "a/loss")
    assert [str(value) for value in found.value.tolist()] == ["1.0", "2.0", "3.0", "nan", "inf"]
    assert (found.step.tolist(), found.wall_time.tolist()[-1]) == ([0, 0, 1, 1, 2], 1.004)
    assert [artifact.path for artifact in runs.artifacts(context, good.id)] == [
        "artifacts/a.txt", "artifacts/sub/deep/b.bin",
    ]  # fmt: skip
    assert runs.artifact_file(context, good.id, "artifacts/sub/deep/b.bin").read_bytes() == b"\0" * 300_000
    assert runs.find(context, child).parent_id == good.id
    assert [(each.state, each.left_out) for each in report.runs if each.run_id == good.id] == [
        ("new", {"files that the server does not give": 1})
    ]
    assert (len(report.runs), report.failed) == (3, {})

    monkeypatch.undo()
    again = import_runs(context, read_mlflow(Path(address)))
    assert sorted((each.state, each.points, each.files) for each in again.runs) == [
        ("grown", 0, 1), ("unchanged", 0, 0), ("unchanged", 0, 0),
    ]  # fmt: skip
    there.post("/runs/log-metric", run_id=child, **point("late", 7, 1))
    names = [(each.name, each.state) for each in import_runs(context, read_mlflow(Path(address), deleted=True)).runs]
    assert ("deleted", "new") in names
    assert [state for _, state in names].count("grown") == 1
    assert len(preview(context, "mlflow", Path(address))) == 3


def test_a_file_that_changed_and_is_as_long_is_fetched_again_as_long_as_its_run_may_have_changed_it(
    context: Context, there: Client, address: str
) -> None:
    experiment = there.experiment("exp one")
    ended, going = (there.run(experiment, start_time=1000 + number) for number in range(2))

    def put(content: bytes) -> None:
        for run in (ended, going):
            assert there.raw("PUT", f"{FILES}/{experiment}/{run}/artifacts/a.txt", content).status == 200

    def states() -> list[tuple[str, int]]:
        found = {each.run_id: each for each in import_runs(context, read_mlflow(Path(address))).runs}
        return [(found[runs.find(context, run).id].state, found[runs.find(context, run).id].files)
                for run in (ended, going)]  # fmt: skip

    put(b"hi")
    assert states() == [("new", 1), ("new", 1)]
    put(b"ho")
    assert states() == [("grown", 1), ("grown", 1)]
    there.post("/runs/update", run_id=ended, status="FINISHED", end_time=60456)  # long before it was fetched
    assert states() == [("grown", 0), ("unchanged", 0)]
    put(b"ha")
    assert states() == [("unchanged", 0), ("grown", 1)]
    assert runs.artifact_file(context, runs.find(context, going).id, "artifacts/a.txt").read_bytes() == b"ha"


def _broken_for(name: str) -> Callable[[from_mlflow_server._Server, str, str, Path], None]:
    whole = from_mlflow_server._Server.fetch

    def fetch(server: from_mlflow_server._Server, run: str, path: str, target: Path) -> None:
        if path == name:
            raise DataError("not there")
        whole(server, run, path, target)

    return fetch


def test_what_is_no_server_of_mlflow_is_refused_with_what_is_accepted(address: str) -> None:
    for given, message in (
        ("http://127.0.0.1:1", "Nobody answers at http://127.0.0.1:1"),
        (f"{address}/moved", "answered /experiments/search with 307|with 307"),
        (f"{address}/elsewhere", "with 404"),
        ("http://user:secret@127.0.0.1:1", r"Nobody answers at http://127.0.0.1:1: (?!.*secret)"),
        ("http://host:99999", "is no address"),
        ("http://host?a=b", "is no address"),
    ):
        with pytest.raises(DataError, match=message):
            list(read_mlflow(Path(given)))


def test_data_sets_logged_models_and_tags_of_experiments_come_over(
    context: Context, there: Client, address: str, settings: Settings
) -> None:
    experiment = there.experiment("exp one")
    there.post("/experiments/set-experiment-tag", experiment_id=experiment, key="team", value="vision")
    run = there.run(experiment, run_name="good")
    data = {"name": "digits", "digest": "abc", "source_type": "local", "source": "{}", "profile": '{"rows": 5}'}
    tags = [{"key": "mlflow.data.context", "value": "train"}]
    there.post("/runs/log-inputs", run_id=run, datasets=[{"dataset": data, "tags": tags}])
    key = there.post("/logged-models", experiment_id=experiment, name="net", source_run_id=run)["model"]["info"]
    key = key["model_id"]
    there.send("PATCH", f"/logged-models/{key}", status="LOGGED_MODEL_READY")
    there.send("PATCH", f"/logged-models/{key}/tags", tags=[{"key": "a", "value": "1"}])
    there.post("/runs/outputs", run_id=run, models=[{"model_id": key, "step": 3}])
    for path, content in (("MLmodel", b"flavors: {}"), ("data/model.keras", b"network")):
        where = f"{FILES}/{experiment}/models/{key}/artifacts/{path}"
        assert there.raw("PUT", where, content).status == 200

    report = import_runs(context, read_mlflow(Path(address)))

    assert [(each.state, each.files, each.left_out) for each in report.runs] == [("new", 2, {})]
    found = runs.find(context, run)
    with context.workspace.read() as session:
        assert db.logged_models.inputs_of(session, found.id) == [("digits", "abc", "train")]
        model = db.logged_models.find(session, key)
        known = db.experiments.named(session, "exp one")
    assert model is not None
    assert known is not None
    assert (model.name, model.status, model.run_uid, model.tags) == ("net", "LOGGED_MODEL_READY", run, {"a": "1"})
    assert known.tags == {"team": "vision"}
    network = kept_network(context, found)
    assert network is not None
    assert network.read_bytes() == b"network", "it can be tried and exported here"
    here = Client(context)
    assert here.get("/runs/get", run_id=run)["run"]["outputs"]["model_outputs"] == [{"model_id": key, "step": 3}]
    file = f"{FILES}/{known.id}/models/{key}/artifacts/MLmodel"
    assert here.raw("GET", file).body == b"flavors: {}"
    again = import_runs(context, read_mlflow(Path(address)), experiment="mine")
    assert [(each.state, each.files) for each in again.runs] == [("unchanged", 0)]


def test_who_asks_is_told_to_the_server_alone(
    context: Context, there: Client, address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    there.run(there.experiment("exp one"), run_name="good")
    guarded = f"{address}/guarded"
    named = guarded.replace("http://", "http://grace:p%2Fs@s:word@")
    for given, credentials in (
        (named, None),
        (guarded, Credentials("grace", "p/s@s:word")),
        (guarded, Credentials(token="t0ken-of-grace")),
    ):
        assert len(preview(context, "mlflow", Path(given), credentials=credentials)) == 1
    with pytest.raises(DataError, match=r"with 401.*MLFLOW_TRACKING_TOKEN"):
        list(read_mlflow(Path(guarded)))
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0ken-of-grace")
    with pytest.raises(DataError, match="with 401"):  # whoever names an address on a page does not get the server's own
        preview(context, "mlflow", Path(guarded))
    assert Credentials.of_environment().token == "t0ken-of-grace"  # noqa: S105 - of this test
    report = import_runs(context, read_mlflow(Path(named)))
    assert report.count("new") == 1
    rows = context.workspace.settings.database_file
    assert rows is not None
    stored = b"".join(each.read_bytes() for each in rows.parent.glob(f"{rows.name}*"))
    said = [*map(repr, (report, Credentials("grace", "p/s@s:word", "t0ken-of-grace"))), *capfd.readouterr()]
    for wrong in (f"{named}x/elsewhere", "http://grace:p/s@s:word@host:99999", "http://grace:p/s@s:word@127.0.0.1:1"):
        with pytest.raises(DataError) as refused:
            preview(context, "mlflow", Path(wrong))
        said.append(str(refused.value))
    assert [text for text in said if "s:word" in text or "t0ken" in text or "grace" in text] == []
    assert b"s:word" not in stored
