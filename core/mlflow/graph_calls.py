"""What MLflow's own pages ask for by GraphQL: calls that there are, and of their answers the fields that are named."""

import json
import re
from collections.abc import Mapping
from typing import Any

from core.common.context import Context
from core.common.errors import TraindeckError
from core.mlflow import artifact_calls, experiment_calls, history_calls, input_calls, registry_search, run_calls
from core.mlflow.asked import Asked
from core.mlflow.calls import Call
from core.mlflow.graph_document import Field, GraphError
from core.mlflow.graph_query import Query
from core.mlflow.mlflow_error import MlflowError, in_their_words
from core.mlflow.shapes import Written

_CALLS: dict[str, Call] = {
    "mlflowGetExperiment": experiment_calls.get,
    "mlflowGetRun": run_calls.get,
    "mlflowSearchRuns": run_calls.search,
    "mlflowSearchDatasets": input_calls.search_data_sets,
    "mlflowGetMetricHistoryBulkInterval": history_calls.bulk_interval,
    "mlflowListArtifacts": artifact_calls.of_run,
    "mlflowSearchModelVersions": registry_search.search_versions,
}
_TESTS = ("test", "testMutation")  # which say what they were given
# Whole numbers of 64 bits are texts.
_LONG = frozenset(
    {
        *("timestamp", "step", "start_time", "end_time", "creation_time", "last_update_time", "file_size"),
        *("creation_timestamp", "last_updated_timestamp"),
    }
)
_ABSENT: Mapping[str, Any] = {"file_size": "0", "context": ""}  # others are null


def graph(context: Context, asked: Asked) -> dict[str, Any]:
    """Answers what can be answered; of a call that is refused the field is null, and the reason is told."""
    variables = asked.fields.get("variables")
    try:
        given = variables if isinstance(variables, dict) else {}
        query = Query(asked.needed("query"), given, asked.text("operationName"))
    except GraphError as error:
        return {"data": None, "errors": [str(error)]}
    data: dict[str, Any] = {}
    errors: list[str] = []
    for field in query.fields:
        try:
            data[field.key] = _told(context, query, field, _root(context, query, field))
        except MlflowError as error:
            data[field.key] = None
            errors.append(str(error))
        except TraindeckError as error:
            data[field.key] = None
            errors.append(str(in_their_words(error)))
    return {"data": data, "errors": errors or None}


def _root(context: Context, query: Query, field: Field) -> Any:
    """Raises MlflowError, TraindeckError."""
    arguments = query.value(field.arguments)
    if field.name in _TESTS:
        return {"output": arguments.get("inputString")}
    if field.name not in _CALLS:
        raise GraphError(f"Cannot query field '{field.name[:100]}'. Accepted are {', '.join(_CALLS)}.")
    given = arguments.get("input")
    fields = {_snake(name): value for name, value in given.items()} if isinstance(given, dict) else {}
    answer = _CALLS[field.name](context, Asked(fields))
    return json.loads(answer.text) if isinstance(answer, Written) else answer


def _told(context: Context, query: Query, field: Field, found: Any) -> Any:
    """The fields that are selected of what was found; all of it where it has none."""
    if isinstance(found, list):
        return [_told(context, query, field, each) for each in found]
    if not isinstance(found, dict) or not field.selected:
        return found
    told: dict[str, Any] = {}
    for each in query.of(field.selected):
        new = _told(context, query, each, _value(context, found, _snake(each.name)))
        known = told.get(each.key)  # named twice, with other fields of it
        told[each.key] = {**known, **new} if isinstance(known, dict) and isinstance(new, dict) else new
    return told


def _value(context: Context, found: dict[str, Any], name: str) -> Any:
    if name not in found and "info" in found and "data" in found:  # of a run, what is asked for separately elsewhere
        info = found["info"]
        if name == "experiment":
            return experiment_calls.get(context, Asked({"experiment_id": info["experiment_id"]}))["experiment"]
        if name == "model_versions":
            wanted = Asked({"filter": f"run_id='{info['run_id']}'"})
            return registry_search.search_versions(context, wanted)["model_versions"]
    value = found.get(name, _ABSENT.get(name))
    if name in _LONG and isinstance(value, int):
        return str(value)
    # A number of GraphQL is finite.
    return None if name == "value" and "timestamp" in found and isinstance(value, str) else value


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
