"""MLflow's interface: logged and registered models."""

import pytest

from core import models
from core.common.context import Context
from tests.core.mlflow.mlflow_client import FILES, Client, point


def test_models_that_are_logged_are_registered_with_their_files(client: Client, context: Context) -> None:
    experiment = client.experiment()
    run = client.run(experiment)
    made = client.post("/logged-models", experiment_id=experiment, name="net", source_run_id=run)["model"]["info"]
    key, uri = made["model_id"], made["artifact_uri"]
    assert (key[:2], len(key), made["status"]) == ("m-", 34, "LOGGED_MODEL_PENDING")
    path = uri.removeprefix("mlflow-artifacts:")
    assert client.raw("PUT", f"{FILES}{path}MLmodel", b"flavors: {}").status == 200
    assert client.send("PATCH", f"/logged-models/{key}", status="LOGGED_MODEL_READY").status == 200
    client.post("/runs/outputs", run_id=run, models=[{"model_id": key, "step": 3}])
    client.post("/runs/log-metric", run_id=run, **point("acc", 0.5), model_id=key, dataset_name="d", dataset_digest="1")
    client.send("PATCH", f"/logged-models/{key}/tags", tags=[{"key": "a", "value": "1"}])
    search = {"experiment_ids": [experiment], "filter": "metrics.acc > 0.4 AND tags.a = '1' AND name = 'net'"}
    assert [each["info"]["model_id"] for each in client.post("/logged-models/search", **search)["models"]] == [key]
    assert client.post("/logged-models/search", **search, datasets=[{"dataset_name": "other"}])["models"] == []
    outputs = client.get("/runs/get", run_id=run)["run"]["outputs"]["model_outputs"]
    assert outputs == [{"model_id": key, "step": 3}]

    name = "My Model"
    client.post("/registered-models/create", name=name, description="d")
    assert client.refused("/registered-models/create", name=name)[1] == "RESOURCE_ALREADY_EXISTS"
    version = client.post("/model-versions/create", name=name, source=uri, model_id=key, run_id=run)["model_version"]
    assert (version["version"], version["name"], version["run_id"], version["status"]) == ("1", name, run, "READY")
    client.post("/registered-models/alias", name=name, alias="champion", version="1")
    client.post("/model-versions/set-tag", name=name, version="1", key="t", value="v")
    client.post("/model-versions/transition-stage", name=name, version="1", stage="Production")
    found = client.get("/registered-models/alias", name=name, alias="champion")["model_version"]
    assert (found["current_stage"], found["tags"]) == ("Production", [{"key": "t", "value": "v"}])
    ours = models.get(context, "my-model")
    assert (ours.aliases["champion"].number, ours.aliases["champion"].metrics) == (1, {"acc": 0.5})
    listed = client.get("/model-versions/search", filter=f"name = '{name}' and tags.t = 'v'")["model_versions"]
    assert [each["version"] for each in listed] == ["1"]
    assert [each["name"] for each in client.get("/registered-models/search")["registered_models"]] == [name]
    with pytest.raises(models.ModelError, match="only its clients read"):
        models.network_file(context.workspace.settings, ours.versions[0])

    client.raw("DELETE", f"{FILES}{path}MLmodel")  # the version keeps its own
    kept = client.get("/model-versions/get-download-uri", name=name, version="1")["artifact_uri"]
    assert client.raw("GET", f"{FILES}{kept.removeprefix('mlflow-artifacts:')}/MLmodel").body == b"flavors: {}"
    assert client.raw("PUT", f"{FILES}{kept.removeprefix('mlflow-artifacts:')}/MLmodel", b"").status == 400
    assert client.send("DELETE", "/registered-models/delete", name=name).status == 200


def test_clients_get_back_the_names_that_they_gave(client: Client, context: Context) -> None:
    for name in ("My Model", "my model", "my-model-2", "Ein Größtes"):
        made = client.post("/registered-models/create", name=name)["registered_model"]
        assert made["name"] == name
        assert client.post("/model-versions/create", name=name, source="s3://b/m")["model_version"]["name"] == name
    assert sorted(each.name for each in models.listing(context)) == [
        "ein-gr-tes",
        "my-model",
        "my-model-2",
        "my-model-2-2",
    ]
    listed = client.get("/registered-models/search", filter="name ILIKE 'my%'")["registered_models"]
    assert [each["name"] for each in listed] == ["My Model", "my model", "my-model-2"]
    assert client.refused("/registered-models/create", name="my model")[1] == "RESOURCE_ALREADY_EXISTS"

    client.post("/registered-models/rename", name="my model", new_name="Other")
    assert client.get("/registered-models/get", name="Other")["registered_model"]["name"] == "Other"
    assert client.refused("/registered-models/get", "GET", name="my model")[1] == "RESOURCE_DOES_NOT_EXIST"
    assert (
        client.refused("/registered-models/rename", name="Other", new_name="My Model")[1] == "RESOURCE_ALREADY_EXISTS"
    )
    assert (
        client.get("/registered-models/get", name="my-model")["registered_model"]["name"] == "My Model"
    )  # as on our page
