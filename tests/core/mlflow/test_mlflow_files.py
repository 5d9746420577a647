"""MLflow's interface: files that clients send or keep elsewhere."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from core import runs
from core.common.context import Context
from core.mlflow.artifact_paths import checked
from core.mlflow.mlflow_error import MlflowError
from core.runs import media
from tests.asgi import ask
from tests.conftest import AddRun
from tests.core.mlflow.mlflow_client import FILES, Client


def test_files_of_runs_go_through_the_proxy_and_stay_in_the_runs_folder(
    client: Client, context: Context, add_run: AddRun
) -> None:
    experiment = client.experiment()
    run = client.run(experiment)
    ours = runs.find(context, run)
    root = f"{FILES}/{experiment}/{run}/artifacts"
    assert client.raw("PUT", f"{root}/a/b.txt", b"abcdef" * 1000).status == 200
    assert client.raw("PUT", f"{root}/MLmodel", b"x: 1").status == 200
    assert (context.workspace.settings.run_dir(ours.id) / "artifacts/a/b.txt").read_bytes() == b"abcdef" * 1000
    assert {each.path for each in runs.artifacts(context, ours.id)} == {"artifacts/a/b.txt", "artifacts/MLmodel"}
    listed = client.get("/artifacts/list", run_id=run)
    assert listed["files"] == [{"path": "MLmodel", "is_dir": False, "file_size": 4}, {"path": "a", "is_dir": True}]
    below = client.raw("GET", f"{FILES}?path={experiment}/{run}/artifacts/a").json()
    assert below == {"files": [{"path": "b.txt", "is_dir": False, "file_size": 6000}]}
    answer = client.raw("GET", f"{root}/a/b.txt", range="bytes=1-3")
    assert (answer.status, answer.body, answer.headers["content-type"]) == (206, b"bcd", "text/plain")
    assert (answer.headers["x-content-type-options"], answer.headers["content-disposition"][:10]) == (
        "nosniff",
        "attachment",
    )
    assert client.raw("GET", f"/get-artifact?run_id={run}&path=MLmodel").body == b"x: 1"

    assert client.raw("PUT", f"{root}/MLmodel/c", b"").status == 400
    trained = runs.get(context, add_run())
    assert client.raw("PUT", f"{FILES}/1/{trained.uid}/artifacts/report.json", b"{}").status == 400
    assert client.raw("POST", f"/api/2.0/mlflow-artifacts/mpu/create/{experiment}/x").status == 501
    for path in ("a/new.png", "a/new.png", "images/x%25step%253%25timestamp%251000%25u.png"):
        assert client.raw("PUT", f"{root}/{path}", b"a picture").status == 200
    shown = [(each.kind, each.name, each.count, each.last_step) for each in media.media_series(context, [ours.id])]
    assert shown == [("image", "a/new.png", 1, 0), ("image", "x", 1, 3), ("text", "a/b.txt", 1, 0)]
    assert client.raw("DELETE", f"{root}/images").status == 200
    assert client.raw("DELETE", f"{root}/a").status == 200
    assert media.media_series(context, [ours.id]) == []
    assert client.raw("GET", f"{root}/a/b.txt").status == 404
    assert {each.path for each in runs.artifacts(context, ours.id)} == {"artifacts/MLmodel"}


def test_a_file_that_is_too_large_leaves_nothing(client: Client, context: Context) -> None:
    context.workspace.settings.__dict__["max_upload_mb"] = 1
    target = f"{FILES}/x/large.bin"
    answer = ask(client.app, "PUT", target, b"x" * (2 * 1024**2), pieces=8)
    assert (answer.status, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert client.raw("GET", f"{FILES}?path=x").json() == {"files": []}


def test_no_path_leads_out_of_its_folder(client: Client) -> None:
    with pytest.raises(MlflowError, match="Invalid path"):
        checked("\0")
    run = client.run()
    told = (400, "INVALID_PARAMETER_VALUE", "Invalid path")
    for path in (
        *("../a", "a/../../b", "/etc/passwd", "%2e%2e/a", "%252e%252e%252fa", "..%2fa", "C:/a", "c:\\a", "a\\..\\b"),
        *("a#b", "a\\b"),
    ):
        assert client.refused("/artifacts/list", "GET", run_id=run, path=path) == told, path
        assert client.raw("GET", f"/get-artifact?{urlencode({'run_id': run, 'path': path})}").status == 400, path


def test_files_may_be_where_clients_put_them_and_only_the_named_root_is_read(tmp_path: Path, context: Context) -> None:
    root, other = tmp_path / "shared", tmp_path / "other"
    context.workspace.settings.__dict__["mlflow_artifact_root"] = root.as_uri()
    client = Client(context)
    experiment = client.experiment()
    location = client.get("/experiments/get", experiment_id=experiment)["experiment"]["artifact_location"]
    assert location == f"{root.as_uri()}/{experiment}"
    run = client.run(experiment)
    assert client.found(experiment, f"artifact_uri = '{location}/{run}/artifacts'") != []
    folder = root / experiment / run / "artifacts"
    (folder / "model").mkdir(parents=True)
    (folder / "model/MLmodel").write_text("x: 1")
    (folder / "secret").symlink_to("/etc/passwd")
    (folder / "model/out").symlink_to("/etc")
    assert client.get("/artifacts/list", run_id=run)["files"] == [{"path": "model", "is_dir": True}]
    assert client.raw("GET", f"/get-artifact?run_id={run}&path=model/MLmodel").body == b"x: 1"
    for path in ("secret", "model/out/passwd"):
        assert client.raw("GET", f"/get-artifact?run_id={run}&path={path}").status == 400, path
    assert client.raw("DELETE", f"{FILES}/{experiment}/{run}/artifacts/model").status == 404
    upload = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path="
    assert client.raw("POST", f"{upload}model/new.txt", b"new", content_length="3").status == 200
    assert (folder / "model/new.txt").read_bytes() == b"new"
    assert client.raw("POST", f"{upload}model/out/new.txt", b"new", content_length="3").status == 400
    client.post("/registered-models/create", name="m")
    source = f"{location}/{run}/artifacts"
    version = {"name": "m", "run_id": run, "source": f"{source}/model"}
    client.post("/model-versions/create", **version)
    (folder / "model/MLmodel").write_text("x: 2")  # in place, as a client writes there
    kept = client.get("/model-versions/get-download-uri", name="m", version="1")["artifact_uri"]
    below = kept.removeprefix("mlflow-artifacts:")
    assert client.raw("GET", f"{FILES}{below}/MLmodel").body == b"x: 1"
    assert client.raw("GET", f"{FILES}{below}/out/passwd").status == 404
    for wrong in (f"{source}/../..", "file:///etc", "/etc", f"{root.as_uri()}x"):
        assert "has to be contained" in client.refused("/model-versions/create", **{**version, "source": wrong})[2]

    (other / "a").mkdir(parents=True)
    for place in (other.as_uri(), str(other), f"{root.as_uri()}/../other"):
        made = client.post("/experiments/create", name=place, artifact_location=place)["experiment_id"]
        run = client.run(made)
        assert "which this server does not read" in client.refused("/artifacts/list", "GET", run_id=run)[2], place
    cloud = client.post("/experiments/create", name="s3", artifact_location="s3://bucket/a?region=x")["experiment_id"]
    told = client.get("/runs/get", run_id=client.run(cloud))["run"]["info"]
    assert told["artifact_uri"] == f"s3://bucket/a/{told['run_id']}/artifacts?region=x"
