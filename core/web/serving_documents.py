"""What /v1/openapi.json and /v2/openapi.json say of questions to served models: what is sent, with examples.

The bodies are read by the processes that answer (core.serving.questions), so FastAPI cannot draw this from their types.
"""

from dataclasses import dataclass
from typing import Any

from core.serving.feedback import Given


@dataclass(frozen=True)
class Operation:
    """A call as its document has it."""

    summary: str
    description: str
    sent: dict[str, Any]  # JSON schema of the body
    example: dict[str, Any]
    answered: dict[str, Any]  # an example

    def document(self) -> dict[str, Any]:
        """To be FastAPI's openapi_extra."""
        body = {"schema": self.sent, "example": self.example}
        answer = {"schema": {"type": "object"}, "example": self.answered}
        return {
            "requestBody": {"required": True, "content": {"application/json": body}},
            "responses": {
                "200": {"description": "Answered", "content": {"application/json": answer}},
                "400": {"description": 'What was sent is not what is taken: {"error": why}'},
                "401": {"description": "The model has a password: send Authorization: Bearer PASSWORD"},
                "404": {"description": "No such model or version is served here"},
                "429": {"description": "More requests than are answered; Retry-After says when to try again"},
                "503": {"description": "It cannot answer now"},
            },
        }


_INSTANCES = {
    "type": "array",
    "minItems": 1,
    "items": {},
    "description": "One a question: a row as a list or by the names of its features, a text, a picture as nested lists "
    'or as {"b64": a file}.',
}
_INPUTS = {"description": "The same by column: lists by the name of the input or of the feature."}
_SIGNATURE = {"type": "string", "enum": ["", "serving_default"]}
_ROW = {"instances": [[5.1, 3.5]]}
_ASKED = {
    "type": "object",
    "properties": {"instances": _INSTANCES, "inputs": _INPUTS, "signature_name": _SIGNATURE},
    "oneOf": [{"required": ["instances"]}, {"required": ["inputs"]}],
}
_NAMED = "An answer that is kept comes with X-Request-Id, by which :feedback is given, and each with X-Model-Version."

PREDICT = Operation(
    "Outputs of the network, as TensorFlow Serving gives them",
    f"What the numbers mean, and the names of classes, GET …/metadata says. {_NAMED}",
    _ASKED,
    _ROW,
    {"predictions": [[0.9, 0.1]]},
)
ANSWER = Operation(
    "Answers with names, probabilities and notes",
    f"What else is sent than these fields is refused. {_NAMED}",
    _ASKED | {"additionalProperties": False},
    _ROW,
    {
        "answers": [
            {
                "prediction": "left",
                "classes": [{"name": "left", "probability": 0.9}, {"name": "right", "probability": 0.1}],
            }
        ]
    },
)
EXPLAIN = Operation(
    "What speaks for the answer of one instance, or for another class, with checks",
    "Of an answer whose X-Model-Version is another than the main version's, ask /versions/N:explain.",
    {
        "type": "object",
        "properties": {
            "instances": _INSTANCES | {"maxItems": 1},
            "target": {"type": "string", "description": "Class, label or step that is explained; the answer without."},
        },
        "required": ["instances"],
        "additionalProperties": False,
    },
    _ROW | {"target": "right"},
    {
        "explanations": [
            {"target": "right", "method": "shapley", "parts": [{"name": "width", "value": 0.2, "given": "5.1"}]}
        ]
    },
)
FEEDBACK = Operation(
    "Say whether an answer was right, or what is right",
    'By the X-Request-Id that the answer came with. Send "correct", or "label" with a class or number, or a "note".',
    Given.model_json_schema(),
    {"id": "0123456789abcdef0123456789abcdef", "label": "right"},
    {"status": "kept"},
)
_TENSOR = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "shape": {"type": "array", "items": {"type": "integer", "minimum": 1}},
        "datatype": {"type": "string"},
        "data": {"type": "array", "items": {}},
    },
    "required": ["name", "shape", "datatype"],
}
INFER = Operation(
    "Outputs of the network, by the Open Inference Protocol",
    f"The tensors are those of GET /models/NAME; the binary tensor extension is taken, too. {_NAMED}",
    {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "inputs": {"type": "array", "minItems": 1, "items": _TENSOR},
            "outputs": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["inputs"],
    },
    {"inputs": [{"name": "input", "shape": [1, 2], "datatype": "FP32", "data": [5.1, 3.5]}]},
    {
        "model_name": "sides",
        "model_version": "1",
        "outputs": [{"name": "output", "datatype": "FP32", "shape": [1, 2], "data": [0.9, 0.1]}],
    },
)
