"""Every call of MLflow's REST interface that is answered here: method, path and function."""

from collections.abc import Callable
from typing import Any

from core.common.context import Context
from core.mlflow import (
    artifact_calls,
    evaluation_calls,
    experiment_calls,
    history_calls,
    input_calls,
    logged_model_calls,
    logging_calls,
    new_version_calls,
    registry_calls,
    registry_search,
    run_calls,
)
from core.mlflow.asked import Asked
from core.mlflow.shapes import Written

VERSION = "3.17.2"  # the release of MLflow whose interface this is; its clients choose their ways by it
Call = Callable[[Context, Asked], dict[str, Any] | Written]

# Below /api/2.0/mlflow; those below are of /api/3.0/mlflow.
CALLS: tuple[tuple[str, str, Call], ...] = (
    ("POST", "/experiments/create", experiment_calls.create),
    ("GET", "/experiments/get", experiment_calls.get),
    ("GET", "/experiments/get-by-name", experiment_calls.by_name),
    ("POST", "/experiments/search", experiment_calls.search),
    ("GET", "/experiments/search", experiment_calls.search),
    ("POST", "/experiments/update", experiment_calls.update),
    ("POST", "/experiments/delete", experiment_calls.delete),
    ("POST", "/experiments/restore", experiment_calls.restore),
    ("POST", "/experiments/set-experiment-tag", experiment_calls.set_tag),
    ("POST", "/experiments/delete-experiment-tag", experiment_calls.delete_tag),
    ("POST", "/experiments/search-datasets", input_calls.search_data_sets),
    ("POST", "/runs/create", run_calls.create),
    ("GET", "/runs/get", run_calls.get),
    ("POST", "/runs/update", run_calls.update),
    ("POST", "/runs/delete", run_calls.delete),
    ("POST", "/runs/restore", run_calls.restore_run),
    ("POST", "/runs/search", run_calls.search),
    ("POST", "/runs/log-metric", logging_calls.log_metric),
    ("POST", "/runs/log-parameter", logging_calls.log_param),
    ("POST", "/runs/set-tag", logging_calls.set_tag),
    ("POST", "/runs/delete-tag", logging_calls.delete_tag),
    ("POST", "/runs/log-batch", logging_calls.log_batch),
    ("POST", "/runs/log-model", logging_calls.log_model),
    ("POST", "/runs/log-inputs", input_calls.log_inputs),
    ("POST", "/runs/outputs", input_calls.log_outputs),
    ("GET", "/metrics/get-history", history_calls.history),
    ("GET", "/metrics/get-history-bulk", history_calls.bulk),
    ("GET", "/metrics/get-history-bulk-interval", history_calls.bulk_interval),
    ("GET", "/artifacts/list", artifact_calls.of_run),
    ("POST", "/logged-models", logged_model_calls.create),
    ("POST", "/logged-models/search", logged_model_calls.search),
    ("GET", "/logged-models/{model_id}", logged_model_calls.get),
    ("PATCH", "/logged-models/{model_id}", logged_model_calls.finalize),
    ("DELETE", "/logged-models/{model_id}", logged_model_calls.delete),
    ("POST", "/logged-models/{model_id}/params", logged_model_calls.log_params),
    ("PATCH", "/logged-models/{model_id}/tags", logged_model_calls.set_tags),
    ("DELETE", "/logged-models/{model_id}/tags/{tag_key}", logged_model_calls.delete_tag),
    ("GET", "/logged-models/{model_id}/artifacts/directories", artifact_calls.of_model),
    ("POST", "/registered-models/create", registry_calls.create),
    ("GET", "/registered-models/get", registry_calls.get),
    ("PATCH", "/registered-models/update", registry_calls.update),
    ("POST", "/registered-models/rename", registry_calls.rename),
    ("DELETE", "/registered-models/delete", registry_calls.delete),
    ("GET", "/registered-models/search", registry_search.search_models),
    ("GET", "/registered-models/get-latest-versions", registry_calls.latest),
    ("POST", "/registered-models/get-latest-versions", registry_calls.latest),
    ("POST", "/registered-models/set-tag", registry_calls.set_tag),
    ("DELETE", "/registered-models/delete-tag", registry_calls.delete_tag),
    ("POST", "/registered-models/alias", registry_calls.set_alias),
    ("GET", "/registered-models/alias", registry_calls.by_alias),
    ("DELETE", "/registered-models/alias", registry_calls.delete_alias),
    ("POST", "/model-versions/create", new_version_calls.create_version),
    ("GET", "/model-versions/get", registry_calls.get_version),
    ("PATCH", "/model-versions/update", registry_calls.update_version),
    ("DELETE", "/model-versions/delete", registry_calls.delete_version),
    ("POST", "/model-versions/transition-stage", registry_calls.transition),
    ("POST", "/model-versions/set-tag", registry_calls.set_version_tag),
    ("DELETE", "/model-versions/delete-tag", registry_calls.delete_version_tag),
    ("GET", "/model-versions/search", registry_search.search_versions),
    ("GET", "/model-versions/get-download-uri", registry_calls.download_uri),
)

LATER_CALLS: tuple[tuple[str, str, Call], ...] = (
    ("POST", "/datasets/create", evaluation_calls.create),
    ("POST", "/datasets/search", evaluation_calls.search),
    ("GET", "/datasets/search", evaluation_calls.search),
    ("GET", "/datasets/{dataset_id}", evaluation_calls.get),
    ("DELETE", "/datasets/{dataset_id}", evaluation_calls.delete),
    ("PATCH", "/datasets/{dataset_id}/tags", evaluation_calls.set_tags),
    ("DELETE", "/datasets/{dataset_id}/tags/{key}", evaluation_calls.delete_tag),
    ("GET", "/datasets/{dataset_id}/experiment-ids", evaluation_calls.experiment_ids),
    ("POST", "/datasets/{dataset_id}/add-experiments", evaluation_calls.add_experiments),
    ("POST", "/datasets/{dataset_id}/remove-experiments", evaluation_calls.remove_experiments),
    ("POST", "/datasets/{dataset_id}/records", evaluation_calls.put_records),
    ("GET", "/datasets/{dataset_id}/records", evaluation_calls.records),
    ("DELETE", "/datasets/{dataset_id}/records", evaluation_calls.drop_records),
)
