"""/api/v1 is asked what its own OpenAPI says that it takes, and oddities; `make api-fuzz` asks 5,000 times."""

import json
import os
from functools import cache
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from core.common.workspace import Workspace
from core.web.api import build_api
from tests.asgi import Answer, ask
from tests.conftest import AddRun
from tests.core.web.one_api import api_of
from tests.core.web.openapi_cases import Case, cases

CASES = int(os.environ.get("REST_CASES", "100"))
LEFT_OUT = ("follow_changes",)  # which never ends
_KNOWN = "ab" * 16


def _unstored() -> Workspace:
    raise AssertionError


@cache
def document() -> dict[str, Any]:
    """Said without a store."""
    found: dict[str, Any] = ask(build_api(_unstored), "GET", "/v1/openapi.json").json()
    return found


@pytest.fixture
def api(workspace: Workspace, add_run: AddRun) -> FastAPI:
    """With runs of every kind, so that numbers and uids of requests lead somewhere."""
    api = api_of(workspace)
    add_run(name="one", tags=["a"], metrics={"loss": [0.5, float("nan"), float("inf")]})
    add_run(name="two", trashed_at=5.0)
    ask(api, "PUT", f"/v1/runs/{_KNOWN}", b'{"name": "mine", "params": {"lr": 0.1}}')
    ask(api, "PUT", f"/v1/runs/{_KNOWN}/artifacts/a.txt", b"hello")
    ask(api, "POST", "/v1/runs", b'{"preset": "digits-mlp", "seeds": 2}')
    return api


@settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_the_document_says_is_answered_as_it_says(api: FastAPI, data: st.DataObject) -> None:
    case = data.draw(cases(document(), LEFT_OUT))
    target = case.target.replace("00000000000000000000000000000000", _KNOWN)
    if "%0A" in target.partition("?")[0]:
        return  # no mount of Starlette's takes a new line in a path: such a request never comes here
    answer = ask(api, case.method, f"/v1{target}", case.body, case.headers)
    assert answer.status < 500, (case, answer.body)
    if answer.status >= 400:
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", case
        assert (told["status"], told["error"]) == (answer.status, told["detail"])
        assert {"type", "title", "problems"} <= set(told), case
    elif answer.status != 304:
        _check_shape(case, answer)


def _check_shape(case: Case, answer: Answer) -> None:
    """That an answer in JSON is what the document has for it."""
    if answer.headers.get("content-type") != "application/json" or case.method == "HEAD":
        return
    schema = _schema_of(case.method.lower(), case.target.partition("?")[0], answer.status)
    if schema is not None:
        whole = {**schema, "components": document()["components"]}
        assert [error.message for error in Draft202012Validator(whole).iter_errors(answer.json())] == [], case


def _schema_of(method: str, path: str, status: int) -> dict[str, Any] | None:
    fitting = [
        operations[method]
        for template, operations in document()["paths"].items()
        if method in operations and _fits(template, path)
    ]
    answers = fitting[0]["responses"].get(str(status), {}) if len(fitting) == 1 else {}
    schema: dict[str, Any] | None = answers.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _fits(template: str, path: str) -> bool:
    parts, given_parts = template.split("/"), path.split("/")
    return len(parts) == len(given_parts) and all(
        part == given or part.startswith("{") for part, given in zip(parts, given_parts, strict=True)
    )


def test_the_document_is_one_and_names_each_operation_once() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    operations = [each for path in found["paths"].values() for each in path.values()]
    ids = [each["operationId"] for each in operations]
    assert len(ids) == len(set(ids))
    assert all(each.get("description") or each.get("summary") for each in operations)
    refused = [each["responses"]["4XX"]["content"] for each in operations]
    assert all(list(each) == ["application/problem+json"] for each in refused)
    assert "Problem" in found["components"]["schemas"]
    assert "http://" not in json.dumps(found)
    assert "https://" not in json.dumps(found)
