"""A server for models alone, asked over HTTP as TensorFlow Serving and the Open Inference Protocol are."""

import contextlib
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tritonclient.http
import tritonclient.utils
import uvicorn

from core import models
from core.common.context import Context
from core.explain.explain_exported import BACKGROUND
from core.serving.chosen_export import need_folder
from core.serving.options import Options, hashed
from core.web.serving_server import build
from tests.core.serving.conftest import AddVersion, add_version
from tests.host import wait_until

__all__ = ["add_version"]

NOTHING: Mapping[str, str] = {}


class Served:
    """At work in a thread of this process, at a port of its own."""

    folders: tuple[Path, ...]  # of the exports of both versions of sides

    def __init__(self, context: Context, only: Mapping[str, Options]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(build(context, only), log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()

    def end(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def __call__(
        self, path: str, body: Any = None, headers: Mapping[str, str] = NOTHING
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Status, body as JSON or text, headers."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.address}{path}", data, dict(headers))
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                status, text, told = answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                status, text, told = error.code, error.read().decode(), error.headers
        with contextlib.suppress(ValueError):
            return status, json.loads(text), told
        return status, text, told


@pytest.fixture
def served(context: Context, add_version: AddVersion) -> Iterator[Served]:
    """Models sides, whose first version is the champion and says "left"; and locked, with a password."""
    first = add_version("sides", right=0.1)
    models.point(context, first, "champion")
    second = add_version("sides", right=0.9)
    add_version("locked")
    add_version("over")
    locked = Options(reference="1", password=hashed("sésame, ouvre-toi"))
    over = Options(reference="1", expires_at=time.time() - 1)
    server = Served(context, {"sides": Options(title="Sides"), "locked": locked, "over": over})
    server.folders = need_folder(context, first), need_folder(context, second)
    yield server
    server.end()


def test_it_is_asked_as_tensorflow_serving_is(served: Served) -> None:
    assert served("/v1/models/sides:predict", {"instances": [[1, 2]]})[:2] == (
        200,
        {"predictions": [[pytest.approx(0.9), pytest.approx(0.1)]]},
    )
    for path in ("versions/2", "labels/champion"):
        status, body, told = served(f"/v1/models/sides/{path}:predict", {"instances": [[1, 2]]})
        assert (status, told["X-Model-Version"]) == (200, "2" if path == "versions/2" else "1")
        assert len(body["predictions"][0]) == 2
    _, body, _ = served("/v1/models/sides")
    assert body["model_version_status"][0] == {
        "version": "1",
        "state": "AVAILABLE",
        "status": {"error_code": "OK", "error_message": ""},
    }
    assert served("/v1/models/sides/drift")[:2] == (200, {"versions": []})
    _, body, _ = served("/v1/models/sides/metadata")
    assert body["model_spec"] == {"name": "sides", "signature_name": "", "version": "1"}
    assert set(body["metadata"]["signature_def"]["signature_def"]["serving_default"]["inputs"]) == {"width", "height"}


def test_it_is_asked_by_the_open_inference_protocol(served: Served) -> None:
    assert served("/v2/health/live")[1] == {"live": True}
    assert served("/v2/health/ready")[1] == {"ready": True}
    assert served("/v2/models/sides/ready")[1] == {"name": "sides", "ready": True}
    _, body, _ = served("/v2/models/sides")
    assert (body["name"], body["versions"], body["inputs"][0]["datatype"]) == ("sides", ["1"], "FP64")
    tensor = {"name": "input", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}
    _, body, _ = served("/v2/models/sides/versions/2/infer", {"id": "7", "inputs": [tensor]})
    assert (body["model_name"], body["model_version"], body["id"]) == ("sides", "2", "7")
    assert body["outputs"][0]["data"] == pytest.approx([0.1, 0.9])


def test_tritons_client_asks_as_it_does_by_default_with_binary_tensors(served: Served) -> None:
    client = tritonclient.http.InferenceServerClient(served.address.removeprefix("http://"))
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("sides")
    assert not client.is_model_ready("nobody")
    assert client.get_server_metadata()["name"] == "traindeck"
    known = client.get_model_metadata("sides")
    (width, height), (output,) = known["inputs"], known["outputs"]
    x = {"width": np.array([1.0, 2.0, 3.0]), "height": np.array([4.0, 5.0, 6.0])}
    for binary in (True, False):
        tensors = []
        for each in (width, height):
            tensors.append(tritonclient.http.InferInput(each["name"], [3], each["datatype"]))
            tensors[-1].set_data_from_numpy(x[each["name"]], binary_data=binary)
        wanted = [tritonclient.http.InferRequestedOutput(output["name"], binary_data=binary)]
        found = client.infer("sides", tensors, model_version="2", outputs=wanted, request_id="7")
        assert found.as_numpy(output["name"]) == pytest.approx(np.array([[0.1, 0.9]] * 3))
        assert (found.get_response()["id"], found.get_response()["model_version"]) == ("7", "2")
    whole = tritonclient.http.InferInput("input", [2, 2], "FP32")
    whole.set_data_from_numpy(np.ones((2, 2), np.float32))
    assert client.infer("sides", [whole]).as_numpy("output").shape == (2, 2)
    with pytest.raises(tritonclient.utils.InferenceServerException, match="has 1 values"):
        client.infer("sides", [_cut_short(whole)])
    client.close()


def _cut_short(tensor: Any) -> Any:
    tensor._raw_data = tensor._raw_data[:4]
    tensor._parameters["binary_data_size"] = 4
    return tensor


def test_a_version_s_status_is_told_by_number_and_by_label(served: Served) -> None:
    for path in ("versions/1", "labels/champion"):
        (found,) = served(f"/v1/models/sides/{path}")[1]["model_version_status"]
        assert (found["version"], found["state"]) == ("1", "AVAILABLE")
    assert served("/v1/models/sides/versions/9")[0] == 404


def test_the_document_says_how_each_call_is_asked_with_examples_that_are_taken(served: Served) -> None:
    kept = served("/v1/models/sides:answer", {"instances": [[1, 2]]})[2]["X-Request-Id"]
    for path, calls in (("/v1", ("predict", "answer", "feedback")), ("/v2", ("infer",))):
        document = served(f"{path}/openapi.json")[1]
        operations = {each["post"]["operationId"]: at for at, each in document["paths"].items() if "post" in each}
        for call in calls:
            operation = document["paths"][operations[call]]["post"]
            (content,) = operation["requestBody"]["content"].values()
            example = content["example"] | ({"id": kept} if call == "feedback" else {})
            found, answer, _ = served(path + operations[call].format(name="sides"), example)
            assert (
                found,
                set(operation["responses"]["200"]["content"]["application/json"]["example"]) <= set(answer),
            ) == (
                200,
                True,
            )
        assert all(each["post"].get("requestBody") for each in document["paths"].values() if "post" in each)


REFUSED: list[tuple[str, Any, int, str]] = [
    ("/v1/models/nobody:predict", {}, 404, "'nobody' is served here"),
    ("/v1/models/sides:guess", {}, 404, ":predict, :answer, :explain, :feedback"),
    ("/v1/models/sides/versions/9:predict", {"instances": [[1, 2]]}, 404, "has no version '9'"),
    ("/v1/models/sides:predict", None, 405, "Use POST"),
    ("/v1/models/sides/versions/1:predict", None, 405, "Use POST"),
    ("/v1/models/sides:feedback", {"id": "0" * 32}, 400, "Nothing was said"),
    ("/v1/models/sides:predict", b"{", 400, "not JSON"),
    ("/v1/models/sides:predict", {"instances": [[1]]}, 400, "A row has 2 values"),
    ("/v1/models/sides:predict", b" " * (17 * 1024**2), 413, "too long"),
    ("/v1/models/sides:feedback", {"id": "x"}, 400, "id: "),
    ("/v1/models/locked:predict", {"instances": [[1, 2]]}, 401, "has a password"),
    ("/v2/models/locked/infer", {}, 401, "has a password"),
    ("/demo/locked/answer", {"instances": [[1, 2]]}, 401, "has a password"),
    ("/demo/over/answer", {"instances": [[1, 2]]}, 404, "This demo ended"),
]


def test_what_cannot_be_answered_is_refused_in_a_sentence(served: Served) -> None:
    for path, body, status, told in REFUSED:
        try:
            found, answer, _ = served(path, body)
        except urllib.error.URLError:  # a body too long is not read to its end
            assert status == 413
            continue
        assert (found, told in answer["error"]) == (status, True), (path, answer)


def test_a_password_opens_the_interface_and_the_page(served: Served) -> None:
    asked = {"instances": [[1, 2]]}

    def with_password(password: str) -> int:
        return served("/v1/models/locked:predict", asked, {"Authorization": f"Bearer {password}"})[0]

    as_curl_sends_it = "sésame, ouvre-toi".encode().decode("latin-1")
    assert (with_password(as_curl_sends_it), with_password("sésame, ouvre-toi")) == (200, 200)
    assert (with_password("wrong"), with_password("")) == (401, 401)
    assert served("/demo/locked/enter", {"password": "wrong"})[0] == 401
    status, _, told = served("/demo/locked/enter", {"password": "sésame, ouvre-toi"})
    assert status == 200
    cookie = told["set-cookie"].partition(";")[0]
    assert "HttpOnly" in told["set-cookie"]
    assert served("/demo/locked/answer", asked, {"Cookie": cookie})[0] == 200
    assert served("/demo/locked/answer", asked, {"Cookie": cookie[:-1] + "x"})[0] == 401


def test_the_demo_page_says_what_is_to_be_given_and_may_stand_in_other_pages(served: Served) -> None:
    status, page, told = served("/demo/sides")
    assert (status, "<main>" in page) == (200, True)
    assert "frame-ancestors *" in told["content-security-policy"]
    assert served("/demo/-/demo.js")[0] == 200
    assert served("/demo/-/page.html")[0] == 404
    assert served("/demo/over")[0] == 410
    _, about, _ = served("/demo/sides/about")
    assert (about["title"], about["kind"], [each["name"] for each in about["fields"]]) == (
        "Sides",
        "row",
        ["width", "height"],
    )
    status, answer, told = served("/demo/sides/answer", {"instances": about["examples"][:1]})
    assert (status, answer["answers"][0]["prediction"]) == (200, "left")
    background = [{"width": 0.0, "height": 0.0}, {"width": 2.0, "height": 1.0}]
    for folder in served.folders:
        (folder / BACKGROUND).write_text(json.dumps(background))
    for path, version in (
        ("/demo/sides/explain", "1"),
        ("/v1/models/sides:explain", "1"),
        ("/demo/sides/explain?version=2", "2"),  # that a challenger gave an answer is no reason to explain another one
    ):
        status, why, by = served(path, {"instances": about["examples"][:1]})
        found = why["explanations"][0]
        assert (status, by["X-Model-Version"], len(found["parts"])) == (200, version, 2)
        assert found["target"] == {"1": "left", "2": "right"}[version]
    assert served("/v1/models/sides:explain", {"instances": []})[0] == 400
    assert served("/demo/sides/feedback", {"id": told["X-Request-Id"], "correct": True})[1] == {"status": "kept"}
    assert served("/v1/models/sides:feedback", {"id": "0" * 32, "correct": True})[0] == 404


def test_a_key_is_explained_by_the_version_that_answers_it(context: Context, add_version: AddVersion) -> None:
    versions = [add_version("split", right=right) for right in (0.1, 0.9)]
    for version in versions:
        (need_folder(context, version) / BACKGROUND).write_text(json.dumps([{"width": 0.0, "height": 0.0}]))
    served = Served(context, {"split": Options(reference="1", challenger="2", share=0.5)})
    try:
        wait_until(lambda: len(served("/v1/models/split")[1]["model_version_status"]) == 2, "both versions answer")
        asked, seen = {"instances": [[1, 2]]}, set()
        for reader in range(8):
            key = {"X-Routing-Key": f"reader {reader}"}
            number = served("/v1/models/split:predict", asked, key)[2]["X-Model-Version"]
            _, why, by = served("/v1/models/split:explain", asked, key)
            assert by["X-Model-Version"] == number
            assert why["explanations"][0]["target"] == {"1": "left", "2": "right"}[number]
            seen.add(number)
        assert seen == {"1", "2"}
    finally:
        served.end()


def test_a_page_of_another_site_cannot_ask(served: Served) -> None:
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert served("/v1/models/sides:predict", {"instances": [[1, 2]]}, elsewhere)[0] == 403
