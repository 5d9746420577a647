"""Requests in the shapes that MLflow's client 3.17.2 sends."""

import json
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from core.common.context import Context
from core.web.mlflow_routes import DirectCalls, mlflow_routes
from tests.asgi import Answer, ask

BELOW, LATER = "/api/2.0/mlflow", "/api/3.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


class Client:
    """Sends what MLflow's client would."""

    def __init__(self, context: Context) -> None:
        self.app = DirectCalls(Starlette(routes=mlflow_routes(lambda: context)), lambda: context)

    def raw(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
        return ask(self.app, method, target, body, [(name.replace("_", "-"), value) for name, value in headers.items()])

    def send(self, method: str, path: str, below: str = BELOW, /, **fields: Any) -> Answer:
        if method == "GET":
            return self.raw("GET", f"{below}{path}?{urlencode(fields, doseq=True)}")
        return self.raw(method, f"{below}{path}", json.dumps(fields).encode(), content_type="application/json")

    def post(self, path: str, /, **fields: Any) -> Any:
        return content(self.send("POST", path, **fields))

    def get(self, path: str, /, **fields: Any) -> Any:
        return content(self.send("GET", path, **fields))

    def refused(self, path: str, method: str = "POST", /, **fields: Any) -> tuple[int, str, str]:
        """Status, code and message."""
        answer = self.send(method, path, **fields)
        told = answer.json()
        return answer.status, told["error_code"], told["message"]

    def experiment(self, name: str = "mine") -> str:
        return str(self.post("/experiments/create", name=name)["experiment_id"])

    def run(self, experiment: str = "0", **fields: Any) -> str:
        made = self.post("/runs/create", experiment_id=experiment, user_id="grace", **{"start_time": 456, **fields})
        return str(made["run"]["info"]["run_id"])

    def later(self, method: str, path: str, /, **fields: Any) -> Any:
        """A call of the interface's third version."""
        return content(self.send(method, path, LATER, **fields))

    def evaluation_set(self, **fields: Any) -> str:
        return str(self.later("POST", "/datasets/create", **{"name": "questions", **fields})["dataset"]["dataset_id"])

    def found(self, experiment: str, text: str, *order: str) -> list[str]:
        """Names of the runs that a filter finds."""
        answer = self.post("/runs/search", experiment_ids=[experiment], filter=text, order_by=list(order))
        return [each["info"]["run_name"] for each in answer["runs"]]


def content(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return answer.json()


def point(key: str, value: Any, step: Any = 0, at: Any = 1) -> dict[str, Any]:
    return {"key": key, "value": value, "timestamp": at, "step": step}
