"""The HTTP interface: what it answers, and that no request makes it fail."""

import json
import logging
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import db.media
import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import (
    ConfigError,
    DataError,
    NotFoundError,
    Problem,
    StateError,
    StoreError,
    TooLargeError,
    TraindeckError,
)
from core.common.workspace import Workspace
from core.data.library import Inbox
from core.evaluation.report_files import EvaluationError
from core.runs.media_files import GivenMedia, place
from core.web.answers import status_of
from core.web.api import build_api
from core.web.limits import MOST_BYTES
from db.records import ArtifactRecord
from tests.asgi import Answer, ask
from tests.conftest import AddRun
from tests.core.web.one_api import api_of

JSON = [("content-type", "application/json")]


@pytest.fixture
def api(workspace: Workspace) -> FastAPI:
    return api_of(workspace)


def grown(api: FastAPI, cursors: object) -> Answer:
    return ask(api, "POST", "/growth", json.dumps(cursors).encode(), JSON)


EDGES = [2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400, 0, 1, True, 1.5, 1e308]
ODD_NUMBERS = st.integers() | st.sampled_from(EDGES)
ODD_TEXTS = st.text(max_size=20) | st.sampled_from(["loss", "\ud800", "a\0b", "x" * 501, "../log.txt", "é", "%00"])
ODD_VALUES = st.recursive(
    st.none() | st.booleans() | ODD_NUMBERS | st.floats() | ODD_TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
CURSORS = st.lists(st.tuples(ODD_NUMBERS, ODD_TEXTS, ODD_NUMBERS, ODD_NUMBERS, ODD_NUMBERS).map(list), max_size=5)
BODIES = st.binary(max_size=200) | (CURSORS | ODD_VALUES).map(lambda value: json.dumps(value).encode())
PIECES = ODD_NUMBERS.map(str) | ODD_TEXTS.map(lambda text: quote(text, errors="replace", safe="/"))
TARGETS = st.one_of(
    st.sampled_from(["/health", "/growth", "/openapi.json", "/docs", "/", "", "/runs", "/uploads/x"]),
    PIECES.map(lambda piece: f"/runs/{piece}/log"),
    st.tuples(PIECES, PIECES).map(lambda pair: f"/runs/{pair[0]}/artifacts/{pair[1]}"),
    st.tuples(PIECES, PIECES).map(lambda pair: f"/uploads/{pair[0]}?name={pair[1]}"),
    st.tuples(PIECES, PIECES).map(lambda pair: f"/runs/{pair[0]}/predictions?name={pair[1]}"),
    st.tuples(PIECES, PIECES).map(lambda pair: f"/runs/1/predictions/{pair[0]}{pair[1]}"),
    PIECES.map(lambda piece: f"/palette?query={piece}"),
    PIECES.map(lambda piece: f"/{piece}"),
)
TYPES = st.sampled_from(["application/json", "text/plain", "application/json; charset=utf-16", "multipart/form-data"])
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])


@settings(
    max_examples=10 * settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(METHODS, TARGETS, BODIES, TYPES, st.sampled_from(["", "12", "²", "-1", "9" * 5000]))
@example("POST", "/growth", b"\xff\xfe", "application/json", "")
@example("POST", "/growth", b"[[NaN, 1, 1, 1, 1]]", "application/json", "")
@example("POST", "/growth", b"[" * 100_000, "application/json", "")
@example("POST", "/growth", b'[[1, "\\ud800", 1, 1, 0]]', "application/json", "")
@example("POST", "/growth", b"[[" + b"9" * 5000 + b', "loss", 1, 1, 0]]', "application/json", "")
@example("GET", "/runs/99999999999999999999/log", b"", "text/plain", "")
@example("GET", "/runs/" + "9" * 5000 + "/artifacts/x", b"", "text/plain", "")
def test_no_request_however_odd_makes_the_server_fail(
    api: FastAPI, method: str, target: str, body: bytes, kind: str, length: str
) -> None:
    headers = [("content-type", kind), *([("content-length", length)] if length else [])]
    answer = ask(api, method, target, body, headers)
    assert answer.status < 500 or (target == "/health" and answer.status == 503)
    if answer.status >= 400 and answer.status != 503 and method != "HEAD":
        assert set(answer.json()) == {"error", "problems", "number"}
        assert len(answer.body) < 20_000


@pytest.mark.parametrize(
    ("cursors", "field"),
    [
        ([[2**63, "loss", 1, 1, 0]], "0.0"),
        ([[1, "\ud800", 1, 1, 0]], "0.1"),
        ([[1, "a\0", 1, 1, 0]], "0.1"),
        ([[1, "loss", float("nan"), 1, 0]], "0.2"),
        ([[1, "loss", 1, -1, 0]], "0.3"),
        ([[1, "loss", 1, 1, 2**31]], "0.4"),
        ([[1, "loss", 1, 1, 0]] * (runs.MAX_CURSORS + 1), ""),
        ({}, ""),
    ],
)
def test_a_question_out_of_bounds_is_refused_with_its_place(api: FastAPI, cursors: object, field: str) -> None:
    answer = grown(api, cursors)
    assert answer.status == 422
    assert answer.json()["problems"][0]["field"] == field
    assert answer.json()["number"] is None


def test_the_palette_finds_runs_by_number_and_search_and_data_sets_by_name(api: FastAPI, add_run: AddRun) -> None:
    first, second = add_run(name="deep one"), add_run(name="wide one")

    def found(query: str) -> tuple[list[int], list[str]]:
        answer = ask(api, "GET", f"/palette?query={quote(query)}").json()
        return [run["id"] for run in answer["runs"]], [each["name"] for each in answer["datasets"]]

    assert found("deep") == ([first], [])
    assert found(f"#{second}")[0][0] == second
    assert found("name =") == ([], [])  # still being typed
    assert found("WINE") == ([], ["wine"])
    assert found("")[0] == [second, first]


@pytest.mark.parametrize("pieces", [1, 40])
def test_a_body_that_is_too_long_is_refused_before_it_is_read(api: FastAPI, pieces: int) -> None:
    body = b" " * (MOST_BYTES + 1)
    for headers in (JSON, [*JSON, ("content-length", str(len(body)))]):
        answer = ask(api, "POST", "/growth", body, headers, pieces)
        assert answer.status == 413
        assert "at most 1,048,576 bytes" in answer.json()["error"]


def test_an_upload_may_be_longer(api: FastAPI, workspace: Workspace) -> None:
    inbox = Inbox(workspace.settings)
    body = b"a,b\n" * (MOST_BYTES // 3)
    answer = ask(api, "PUT", f"/uploads/{inbox.key}?name=big.csv", body, [("content-length", str(len(body)))], 9)
    assert (answer.status, answer.json()["size"]) == (200, len(body))


def test_as_many_curves_as_a_page_can_show_are_answered(api: FastAPI, add_run: AddRun) -> None:
    run_id = add_run(metrics={"loss": [0.5, float("nan"), 0.3]})
    answer = grown(api, [[run_id, "loss", 10, 1, 0]] * runs.MAX_CURSORS)
    assert answer.status == 200
    assert answer.json()[0]["value"] == [None, 0.3]
    assert len(answer.json()) == runs.MAX_CURSORS


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("x"), 404),
        (StateError("x"), 409),
        (ConfigError([Problem("a", "b")]), 422),
        (DataError("x"), 422),
        (TooLargeError("x"), 413),
        (StoreError("x"), 503),
        (EvaluationError("x"), 400),
        (TraindeckError("x"), 400),
        (type("OlderError", (NotFoundError,), {})("x"), 404),
    ],
)
def test_an_error_is_answered_by_its_class_also_by_the_one_it_is_derived_from(
    error: TraindeckError, status: int
) -> None:
    assert status_of(error) == status


def test_what_nobody_foresaw_is_answered_with_a_number_that_the_log_has(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Any:
        raise RuntimeError("postgresql://ada:secret@host is out of reach")

    with caplog.at_level(logging.ERROR, logger="traindeck"):
        answer = ask(build_api(broken), "GET", "/runs/1/log")
    assert answer.status == 500
    number = answer.json()["number"]
    assert number
    assert number in answer.json()["error"]
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body
    assert f"Error {number}" in caplog.text
    assert "in broken" in caplog.text


def test_files_of_a_run_are_served_but_no_link_is_followed_out_of_its_folder(
    api: FastAPI, context: Context, workspace: Workspace, add_run: AddRun
) -> None:
    run_id = add_run()
    folder = workspace.settings.run_dir(run_id)
    folder.mkdir(parents=True)
    secret = workspace.settings.home / "secret.txt"
    secret.write_text("secret")
    (folder / "inside.txt").write_text("mine")
    (folder / "link.txt").symlink_to(folder / "inside.txt")
    (folder / "out.txt").symlink_to(secret)
    (folder / "up").symlink_to(workspace.settings.home)
    places = ("inside.txt", "link.txt", "out.txt", "up/secret.txt", "../../secret.txt", str(secret), ".", "a\0")
    with workspace.write() as session:
        for number, place in enumerate(places):
            db.runs.put_artifact(session, ArtifactRecord(run_id, f"file {number}", "file", place, 6, 0.0))
    statuses = [ask(api, "GET", f"/runs/{run_id}/artifacts/file%20{number}").status for number in range(len(places))]
    assert statuses == [200, 200, *[404] * (len(places) - 2)]
    (folder / "log.txt").symlink_to(secret)
    assert ask(api, "GET", f"/runs/{run_id}/log").status == 404
    assert runs.log_tail(context, run_id) == ""


def test_what_a_run_shows_is_sent_as_nothing_that_a_browser_would_run(
    api: FastAPI, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    item = GivenMedia("text", "a/b ?", 3, 1, 5.0, ".md", b"<script>")
    record, _ = place(context.workspace.settings.run_dir(run_id), run_id, item)
    with context.workspace.write() as session:
        db.media.put(session, [record])
    path = f"/runs/{run_id}/media?kind=text&name=a/b%20%3F&step=3"
    answer = ask(api, "GET", f"{path}&number=1")
    assert (answer.status, answer.body) == (200, b"<script>")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ask(api, "GET", path).status == 404
    assert ask(api, "GET", path.replace("text", "video")).status == 422
