"""The bodies of TensorFlow Serving's REST interface, https://www.tensorflow.org/tfx/serving/api_rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.common.errors import DataError
from core.common.text import quoted
from core.data.data_info import Array
from core.inference.description import Description
from core.inference.inputs import asked_features
from core.inference.told import meaning
from core.serving.question_size import require_count

SIGNATURE = "serving_default"
FIELDS = ("instances", "inputs", "signature_name")  # of a question


@dataclass(frozen=True)
class Predict:
    """In the row format a list of instances, in the columnar format lists of values by the name of the input."""

    instances: list[Any]
    by_column: bool = False

    def written(self, outputs: Array) -> dict[str, Any]:
        """{"predictions": […]}, or {"outputs": […]} where the question was columnar."""
        return {"outputs" if self.by_column else "predictions": outputs.tolist()}


def read(body: Any) -> Predict:
    """Raises DataError: neither of the two formats."""
    if not isinstance(body, Mapping):
        raise DataError(f"A request is an object with instances; received a {type(body).__name__}.")
    signature = body.get("signature_name") or SIGNATURE
    if signature != SIGNATURE:
        raise DataError(f"Signature {quoted(signature)} is not there; this network has {SIGNATURE} alone.")
    if "instances" in body and "inputs" in body:
        raise DataError("A request has instances or inputs; received both. Send one of them.")
    if isinstance(found := body.get("instances"), list):
        require_count(len(found))
        return Predict([_unwrapped(each) for each in found])
    if "inputs" in body:
        return Predict(_rows(body["inputs"]), by_column=True)
    raise DataError(
        'A request is {"instances": [one, another, …]} or {"inputs": …}; received an object with '
        f"{', '.join(map(str, list(body)[:10])) or 'nothing'}."
    )


def _unwrapped(instance: Any) -> Any:
    """Of a network with one input, clients may name it."""
    if isinstance(instance, Mapping) and len(instance) == 1:
        (name, value), *_ = instance.items()
        if isinstance(value, list) or name == "input" or (isinstance(value, Mapping) and "b64" in value):
            return value
    return instance


def _rows(inputs: Any) -> list[Any]:
    if isinstance(inputs, list):
        require_count(len(inputs))
        return [_unwrapped(each) for each in inputs]
    if not isinstance(inputs, Mapping) or not inputs:
        raise DataError("inputs are a list, or lists by the name of the input or of the feature.")
    lengths = {name: len(values) for name, values in inputs.items() if isinstance(values, list)}
    if len(lengths) < len(inputs) or len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {lengths.get(name, 'no list')}" for name in list(inputs)[:10])
        raise DataError(f"inputs are lists of one length; received {told}.")
    require_count(next(iter(lengths.values())))
    if len(inputs) == 1 and (next(iter(inputs)) in ("input", "inputs") or _are_whole(next(iter(inputs.values())))):
        return list(next(iter(inputs.values())))
    columns = {name: _flat(values) for name, values in inputs.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _are_whole(values: list[Any]) -> bool:
    """Whether each is all of an example, whatever the client calls the one input: a file in base64, several numbers."""
    return all(
        (isinstance(each, Mapping) and "b64" in each) or (isinstance(each, list) and len(each) > 1) for each in values
    )


def _flat(values: list[Any]) -> list[Any]:
    """Of a feature with a value in brackets for each example, as Keras's signatures have them."""
    return [value[0] if isinstance(value, list) and len(value) == 1 else value for value in values]


def metadata(name: str, version: int, known: Description) -> dict[str, Any]:
    """What GET …/metadata answers."""
    dtype = "DT_STRING" if known.info.kind == "text" else "DT_FLOAT"
    kinds = {"number": "DT_FLOAT", "category": "DT_STRING", "date": "DT_STRING"}
    inputs = {feature.name: _tensor(kinds[feature.kind], ()) for feature in asked_features(known.info)}
    taken = inputs or {"input": _tensor(dtype, () if dtype == "DT_STRING" else known.info.shape)}
    signature = {
        "inputs": taken,
        "outputs": {"output": _tensor("DT_FLOAT", (known.info.outputs,))},
        "method_name": "tensorflow/serving/predict",
    }
    return {
        "model_spec": {"name": name, "signature_name": "", "version": str(version)},
        # A map of whatever a server has to tell, in which clients look for the signature alone.
        "metadata": {"signature_def": {"signature_def": {SIGNATURE: signature}}, "traindeck": meaning(known)},
    }


def _tensor(dtype: str, shape: tuple[int, ...]) -> dict[str, Any]:
    sizes = [{"size": str(size), "name": ""} for size in (-1, *shape)]
    return {"dtype": dtype, "tensor_shape": {"dim": sizes, "unknown_rank": False}, "name": ""}


def status(versions: Mapping[int, str]) -> dict[str, Any]:
    """What GET /v1/models/NAME answers; `versions`: why one cannot be asked, "" where it can."""
    return {
        "model_version_status": [
            {
                "version": str(number),
                "state": "END" if problem else "AVAILABLE",
                "status": {"error_code": "UNAVAILABLE" if problem else "OK", "error_message": problem},
            }
            for number, problem in versions.items()
        ]
    }
