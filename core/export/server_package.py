"""A model as a folder that serves it without Traindeck: export, server, Dockerfile, tests."""

import shutil
from pathlib import Path

from core.common.errors import TraindeckError
from core.export import bundle
from core.inference.description import read

_NEEDS = ("fastapi", "uvicorn")
_TESTS = ("pytest", "httpx")
_SERVER = f'''"""The model over HTTP: uvicorn server:app --port 8000

POST /v1/models/NAME:predict as TensorFlow Serving, POST /v1/models/NAME:answer with names and probabilities,
POST /v2/models/NAME/infer by the Open Inference Protocol.
"""

import json
import sys
import threading
from pathlib import Path

FOLDER = Path(__file__).parent / "model"
sys.path.insert(0, str(FOLDER))

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from {bundle.RUNTIME} import Model
from {bundle.RUNTIME}.common.errors import DataError
from {bundle.RUNTIME}.serving import open_inference, questions, tf_serving

model = Model(FOLDER)
known = model.known
asking = threading.Lock()  # a runtime is asked by one thread at a time
app = FastAPI(title=known.model)
CALLS = {{"predict": questions.PREDICT, "answer": questions.ANSWER}}


def answered(code: int, body: bytes) -> Response:
    try:
        asked = questions.read(known, code, body)
        with asking:
            outputs = model.batch(asked.x)
        return Response(questions.written(asked.answer(outputs)), media_type="application/json")
    except DataError as error:
        return JSONResponse({{"error": str(error)}}, 400)
    except Exception as error:
        return JSONResponse({{"error": f"The network could not be asked: {{error}}"}}, 500)


@app.get("/health")
def health() -> dict[str, object]:
    return {{"status": "ok", "model": known.model, "version": known.version}}


@app.get("/v1/models/{{name}}")
def status(name: str) -> dict[str, object]:
    return tf_serving.status({{known.version: ""}})


@app.get("/v1/models/{{name}}/metadata")
def metadata(name: str) -> dict[str, object]:
    return tf_serving.metadata(known.model, known.version, known)


@app.post("/v1/models/{{name}}:{{call}}")
async def ask(request: Request, name: str, call: str) -> Response:
    if name != known.model or call not in CALLS:
        return JSONResponse({{"error": f"Ask POST /v1/models/{{known.model}}:predict or :answer."}}, 404)
    return await run_in_threadpool(answered, CALLS[call], await request.body())


@app.get("/v2/models/{{name}}")
def described(name: str) -> dict[str, object]:
    return open_inference.metadata(known.model, [str(known.version)], known)


@app.post("/v2/models/{{name}}/infer")
async def infer(request: Request, name: str) -> Response:
    if name != known.model:
        return JSONResponse({{"error": f"Ask POST /v2/models/{{known.model}}/infer."}}, 404)
    return await run_in_threadpool(answered, questions.INFER, await request.body())
'''
_TEST = '''"""The server answers for the examples that came with the model: pytest"""

import json

from fastapi.testclient import TestClient

from server import FOLDER, app, known

client = TestClient(app)
examples = json.loads((FOLDER / "example.json").read_text(encoding="utf-8"))


def test_it_is_alive() -> None:
    assert client.get("/health").json()["model"] == known.model


def test_it_answers_for_every_example() -> None:
    answer = client.post(f"/v1/models/{known.model}:predict", json={"instances": examples})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["predictions"]) == len(examples)


def test_what_it_cannot_read_is_refused() -> None:
    answer = client.post(f"/v1/models/{known.model}:predict", content=b"{")
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]
'''
_DOCKERFILE = """FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER nobody
EXPOSE 8000
CMD ["uvicorn", "server:app", "--host", "0.0.0.0", "--port", "8000"]
"""


def package(source: Path, target: Path) -> list[Path]:
    """Write the folder; returns its files, by name.

    Args:
        source: folder of an export.
        target: a folder that is not there yet, or is empty.

    Raises:
        TraindeckError: there is something in the target already, or the export cannot be read.
        OSError: it cannot be written.
    """
    if target.exists() and any(target.iterdir()):
        raise TraindeckError(f"There is something in {target} already. Name a folder that is empty or not there yet.")
    known = read(source)
    shutil.copytree(source, target / "model", dirs_exist_ok=True)
    bundle.copy_runtime(target / "model" / bundle.RUNTIME, known.info.kind, bundle.SERVED)
    needs = (source / "requirements.txt").read_text(encoding="utf-8").split()
    texts = {
        "server.py": _SERVER,
        "test_server.py": _TEST,
        "Dockerfile": _DOCKERFILE,
        "requirements.txt": "\n".join([*needs, *bundle.pinned(_NEEDS)]) + "\n",
        "requirements-test.txt": "\n".join(["-r requirements.txt", *_TESTS]) + "\n",
        "README.md": _readme(known.model, known.version),
    }
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8")
    return sorted(target / name for name in texts)


def _readme(name: str, version: int) -> str:
    return f"""# {name}, version {version}, as a server

Runs without Traindeck:

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/uvicorn server:app --port 8000

or `docker build -t {name} . && docker run -p 8000:8000 {name}`.

| address | what it is |
| --- | --- |
| `POST /v1/models/{name}:predict` | as TensorFlow Serving: `{{"instances": [...]}}` to `{{"predictions": [...]}}` |
| `POST /v1/models/{name}:answer` | the same question, answered with names and probabilities |
| `POST /v2/models/{name}/infer` | the Open Inference Protocol |
| `GET /health` | whether it is alive |
| `GET /docs` | all of it |

`model/` is the export; its README says what an instance is, and `model/example.json` has some.
Tests: `venv/bin/pip install -r requirements-test.txt && venv/bin/pytest`.
"""
