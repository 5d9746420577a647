"""/api/v1: pages of runs, changes under conditions, launches that happen once, files in parts, what changed."""

import asyncio
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.types import Message

import db.kept_answers
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.runs import experiment_changes
from core.runs.kinds import LOGGED
from core.web.api import build_api
from core.web.rest import change_routes
from db.models import Event
from db.records import RunState
from tests.asgi import Answer, ask
from tests.conftest import AddRun
from tests.core.web.one_api import api_of

UID = "ab" * 16


@pytest.fixture
def api(workspace: Workspace) -> FastAPI:
    return api_of(workspace)


def go(api: FastAPI, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return ask(api, method, f"/v1{path}", sent, [("content-type", "application/json"), *named])


def listed(api: FastAPI, query: str) -> Iterator[int]:
    cursor = ""
    while True:
        page = go(api, "GET", f"/runs?limit=2&{query}&cursor={cursor}").json()
        yield from (run["id"] for run in page["runs"])
        if page["next"] is None:
            return
        cursor = page["next"]


@pytest.mark.parametrize(
    "sort", ["created_at", "name", "duration", "metric:val_loss.best", "param:training.epochs", "dataset"]
)
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_hold_every_run_once_in_order_whatever_has_no_value(
    api: FastAPI, add_run: AddRun, context: Context, raw_config: dict[str, Any], sort: str, order: str
) -> None:
    for number in range(7):
        measured = {"val_loss": [[0.5], [0.5], [0.1], [math.nan], [math.inf]][number]} if number < 5 else {}
        config = {**raw_config, "training": {"epochs": number // 2}} if number % 3 else raw_config
        trained = {"trained_seconds": 0.0} if number == 2 else {}
        add_run(name=f"run {number // 2}", created_at=float(number // 2), metrics=measured, config=config, **trained)
    query = runs.listing(context, _query(sort, order)).runs
    assert list(listed(api, f"sort={sort}&order={order}")) == [run.id for run in query]


def _query(sort: str, order: str) -> Any:
    from core.runs.records import RunQuery

    return RunQuery(sort=sort, descending=order == "desc")


def test_a_page_tells_what_was_asked_for_and_a_strange_cursor_or_field_is_refused(
    api: FastAPI, add_run: AddRun
) -> None:
    for number in range(3):
        add_run(name=f"run {number}", tags=["a"], metrics={"loss": [math.nan], "val_loss": [math.inf]})
    [first] = go(
        api, "GET", "/runs?search=tag:a%20name%20~%202&fields=name&metrics=loss,val_loss&params=training.epochs"
    ).json()["runs"]
    assert set(first) == {"id", "uid", "name", "summary", "params"}
    assert first["params"] == {"training.epochs": "2"}
    assert [first["summary"][name]["last"] for name in ("loss", "val_loss")] == [None, "Infinity"]
    cursor = go(api, "GET", "/runs?limit=1").json()["next"]
    for query in (
        f"cursor={cursor}&sort=name",
        "cursor=bm8",
        "fields=nothing",
        "sort=nothing",
        "search=(",
        "zone=Moon",
    ):
        answer = go(api, "GET", f"/runs?{query}")
        assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json"), query
    assert answer.json()["type"] == "/api/docs#Problems-data"


def test_a_run_is_read_again_only_when_it_changed_and_changed_only_as_it_was_read(
    api: FastAPI, add_run: AddRun, context: Context, workspace: Workspace
) -> None:
    number = add_run(state=RunState.RUNNING)
    read = go(api, "GET", f"/runs/{number}")
    tag = read.headers["etag"]
    assert go(api, "GET", f"/runs/{read.json()['uid']}", if_none_match=f'W/{tag}, "other"').status == 304
    with workspace.write() as session:  # it trains on, which is no reason to refuse a new name
        db.runs.update(session, number, step=7)
    assert go(api, "GET", f"/runs/{number}", if_none_match=tag).status == 200

    changed = go(api, "PATCH", f"/runs/{number}", {"name": "new", "experiment": "e", "tags": ["b"]}, if_match=tag)
    assert (changed.status, changed.json()["experiment"]) == (200, "e")
    again = go(api, "PATCH", f"/runs/{number}", {"name": "newer"}, if_match=tag)
    assert (again.status, again.json()["title"]) == (412, "It was changed since you read it")
    assert runs.get(context, number).name == "new"
    assert go(api, "PATCH", f"/runs/{number}", {"name": "newest"}, if_match=changed.headers["etag"]).status == 200
    assert go(api, "DELETE", f"/runs/{number}").json()["error"] == f"Run {number} is running; stop it first."


def test_every_problem_of_a_config_stands_at_its_field_and_nothing_is_queued(api: FastAPI, context: Context) -> None:
    body = {"preset": "digits-mlp", "set": {"training.epochs": -1, "data.nothing": 1}, "seeds": 0, "tags": ["a\tb"]}
    for path in ("/runs", "/runs/check"):
        told = go(api, "POST", path, body).json()
        assert {each["field"] for each in told["problems"]} == {"training.epochs", "data.nothing", "seeds", "tags"}
    both = go(api, "POST", "/runs", {"preset": "digits-mlp", "config": {}})
    assert (both.status, "received preset and config" in both.json()["detail"]) == (422, True)
    assert runs.active(context) == []


def test_a_launch_with_a_key_happens_once_also_when_its_answer_was_lost(
    api: FastAPI, context: Context, workspace: Workspace
) -> None:
    body = {"preset": "digits-mlp", "set": {"training.epochs": 3}, "seeds": 2, "experiment": "once"}
    first = go(api, "POST", "/runs", body, idempotency_key="a")
    again = go(api, "POST", "/runs", body, idempotency_key="a")
    assert (first.status, again.status) == (201, 201)
    assert (again.body, again.headers["location"]) == (first.body, first.headers["location"])
    assert go(api, "POST", "/runs", {**body, "seeds": 3}, idempotency_key="a").json()["type"].endswith("key-reused")

    with workspace.write() as session:  # as a process leaves it that ends before it has answered
        session.execute(_kept(status=0, body="", created_at=time.time()))
    assert go(api, "POST", "/runs", body, idempotency_key="a").headers["retry-after"] == "1"
    began = time.time() - 3600
    with workspace.write() as session:
        session.execute(_kept(status=0, body="", created_at=began))
    lost = go(api, "POST", "/runs", body, idempotency_key="a").json()["runs"]
    with workspace.write() as session:
        session.execute(_kept(status=0, body="", created_at=began))
    assert go(api, "POST", "/runs", body, idempotency_key="a").json()["runs"] == lost
    assert len(runs.active(context)) == 4

    with workspace.write() as session:
        session.execute(_kept(created_at=time.time() - 25 * 3600))
    assert go(api, "POST", "/runs", body, idempotency_key="a").json()["runs"][0]["id"] == 5
    refused = go(api, "POST", "/runs", {**body, "seeds": 0}, idempotency_key="b")
    assert (refused.status, go(api, "POST", "/runs", body, idempotency_key="b").status) == (422, 201)


def _kept(**values: Any) -> Any:
    import sqlalchemy as sa

    from db.models import KeptAnswer

    return sa.update(KeptAnswer).values(**values)


def test_a_run_is_cloned_with_changes_and_a_script_only_from_an_allowed_folder(
    api: FastAPI, add_run: AddRun, tmp_path: Path, workspace: Workspace
) -> None:
    number = add_run(experiment="mine", tags=["a"])
    [clone] = go(api, "POST", "/runs", {"clone": str(number), "set": {"training.epochs": 9}}).json()["runs"]
    told = (clone["parent_id"], clone["experiment"], clone["tags"], clone["config"]["training"]["epochs"])
    assert told == (number, "mine", ["a"], 9)
    reported = add_run(kind=LOGGED.name)
    assert go(api, "POST", f"/runs/{reported}/relaunch").status == 409

    (tmp_path / "train.py").write_text("print(1)")
    script = {"project": {"folder": str(tmp_path)}, "entry": "train.py"}
    refused = go(api, "POST", "/runs", {"script": script})
    assert (refused.status, "TRAINDECK_SCRIPT_ROOTS" in refused.json()["detail"]) == (400, True)
    inside = workspace.settings.home / "projects" / "mine"
    inside.mkdir(parents=True)
    (inside / "train.py").write_text("print(1)")
    script = {"project": {"folder": "mine"}, "entry": "train.py"}
    [launched] = go(api, "POST", "/runs", {"script": script, "name": "own"}).json()["runs"]
    assert (launched["kind"], launched["name"]) == ("script", "own")


def test_metrics_come_in_ranges_thinned_and_as_files(api: FastAPI, add_run: AddRun) -> None:
    number = add_run(metrics={"a/loss": [1.0, math.nan, 3.0, -math.inf, *range(100)], "val": [1.0]})
    assert set(go(api, "GET", f"/runs/{number}/metrics").json()["metrics"]) == {"a/loss", "val"}
    some = go(api, "GET", f"/runs/{number}/metrics/a/loss?from=20&to=40").json()
    assert (some["step"], some["value"]) == ([20, 30, 40], [None, 3.0, "-Infinity"])
    thin = go(api, "GET", f"/runs/{number}/metrics/a/loss?points=10").json()
    assert (thin["step"][0], thin["step"][-1], len(thin["step"]) <= 10) == (10, 1040, True)
    rows = go(api, "GET", f"/runs/{number}/metrics/a/loss?format=csv&to=20").body.decode().splitlines()
    assert (rows[0], [row.split(",")[1] for row in rows[1:]]) == ("step,value,wall_time", ["1.0", "nan"])
    assert go(api, "GET", f"/runs/{number}/metrics/val?format=parquet").body[:4] == b"PAR1"
    curves = go(api, "GET", f"/metrics?run={number}&run=99&name=val&name=a/loss").json()["curves"]
    assert [(each["run"], each["metric"]) for each in curves] == [(number, "val"), (number, "a/loss")]
    missing = go(api, "GET", f"/runs/{number}/metrics/los").json()
    assert "has no metric 'los'" in missing["detail"]


def test_a_file_goes_up_in_parts_where_it_was_cut_off_and_comes_down_in_ranges(api: FastAPI) -> None:
    go(api, "PUT", f"/runs/{UID}", {"name": "mine"})
    place = f"/runs/{UID}/artifacts/deep/a.bin"
    assert go(api, "PUT", place, b"01234", content_range="bytes 0-4/10").headers["upload-offset"] == "5"
    gap = go(api, "PUT", place, b"89", content_range="bytes 8-9/10")
    assert (gap.status, gap.json()["offset"], gap.headers["upload-offset"]) == (409, 5, "5")
    assert go(api, "GET", f"/runs/{UID}/uploads/deep/a.bin?total=10").json()["offset"] == 5
    assert go(api, "GET", place).status == 404
    wrong = go(api, "PUT", f"{place}?sha256={'0' * 64}", b"56789", content_range="bytes 5-9/10")
    assert (wrong.status, go(api, "GET", f"/runs/{UID}/uploads/deep/a.bin?total=10").json()["offset"]) == (422, 0)
    go(api, "PUT", place, b"01234", content_range="bytes 0-4/10")
    assert go(api, "PUT", place, b"56789", content_range="bytes 5-9/10").status == 201
    assert go(api, "PUT", place, b"9876543210").status == 200

    [artifact] = go(api, "GET", f"/runs/{UID}/artifacts").json()["artifacts"]
    assert (artifact["path"], artifact["size"]) == ("artifacts/deep/a.bin", 10)
    part = go(api, "GET", place, range="bytes=2-4")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"765", "bytes 2-4/10")
    assert go(api, "GET", place, range="bytes=2-4", if_none_match=part.headers["etag"]).status == 304
    assert go(api, "GET", place, range="bytes=-3").body == b"210"
    assert go(api, "GET", place, range="lines=1-2").body == b"9876543210"
    beyond = go(api, "GET", place, range="bytes=10-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */10")
    for path in ("../a", "a//b", "%2e%2e/%2e%2e/log.txt"):
        assert go(api, "PUT", f"/runs/{UID}/artifacts/{path}", b"x").status == 422, path
    assert go(api, "DELETE", place).status == 204
    assert go(api, "GET", f"/runs/{UID}/artifacts").json()["artifacts"] == []


def test_only_runs_that_clients_report_take_files_and_none_larger_than_allowed(
    workspace: Workspace, add_run: AddRun
) -> None:
    small = Workspace(workspace.settings.model_copy(update={"max_upload_mb": 1}), workspace.database)
    api = build_api(lambda: small)
    assert go(api, "PUT", f"/runs/{add_run()}/artifacts/a", b"x").status == 409
    go(api, "PUT", f"/runs/{UID}", {"name": "mine"})
    assert go(api, "PUT", f"/runs/{UID}/artifacts/a", b"x" * (2**20 + 1)).status == 413
    assert go(api, "PUT", f"/runs/{UID}/artifacts/a", b"xyz", content_range="bytes 0-1/2").status == 422
    assert go(api, "PUT", f"/runs/{UID}/artifacts/a", b"x", content_range=f"bytes 0-0/{2**20 + 1}").status == 413
    assert [each.name for each in small.settings.run_dir(1).rglob("*")] == []


def test_a_log_is_read_from_where_it_was_left(api: FastAPI, add_run: AddRun, workspace: Workspace) -> None:
    number = add_run()
    log = workspace.settings.log_file(number)
    log.parent.mkdir(parents=True)
    log.write_text("one\ntwo\nthree\n")
    assert go(api, "GET", f"/runs/{number}/log?tail=2").body == b"two\nthree"
    rest = go(api, "GET", f"/runs/{number}/log", range="bytes=4-")
    assert (rest.body, rest.headers["content-range"]) == (b"two\nthree\n", "bytes 4-13/14")
    assert go(api, "GET", f"/runs/{number}/log", range="bytes=14-").status == 416


def test_many_runs_are_acted_on_and_the_trash_is_emptied_of_some(
    api: FastAPI, add_run: AddRun, context: Context
) -> None:
    one, two, running = add_run(), add_run(), add_run(state=RunState.RUNNING)
    acted = go(api, "POST", "/runs/act", {"action": "trash", "runs": [one, two, running, 99]}).json()
    assert acted["runs"] == [one, two]
    assert go(api, "DELETE", f"/trash?only={one}&only={running}").json()["runs"] == 1
    assert go(api, "POST", f"/runs/{two}/restore").json()["trashed_at"] is None
    assert go(api, "GET", f"/runs/{one}").status == 404
    assert go(api, "POST", "/runs/act", {"action": "move", "runs": [two], "experiment": " "}).status == 422
    history = go(api, "GET", f"/runs/{two}/history").json()["events"]
    assert [event["verb"] for event in history] == ["delete", "restore"]
    assert go(api, "DELETE", "/runs/act").status == 422
    refused = go(api, "DELETE", "/runs")
    assert (refused.status, "POST" in refused.headers.get("allow", "")) == (405, True), refused


def test_experiments_are_made_renamed_and_thrown_away_as_they_were_read(api: FastAPI, add_run: AddRun) -> None:
    made = go(api, "POST", "/experiments", {"name": "digits", "tags": {"a": "1"}})
    place = f"/experiments/{made.json()['id']}"
    tag = go(api, "GET", place).headers["etag"]
    add_run(experiment="digits")
    assert go(api, "PATCH", place, {"name": "other"}, if_match=tag).status == 412
    renamed = go(api, "PATCH", place, {"name": "other", "tags": {"a": None, "b": "2"}}).json()
    assert (renamed["name"], renamed["runs"], renamed["tags"]) == ("other", 1, {"b": "2"})
    assert go(api, "POST", "/experiments", {"name": "other"}).status == 409
    assert go(api, "DELETE", place).json()["runs"] == 0
    assert go(api, "POST", f"{place}/restore").json()["runs"] == 1


def test_a_file_becomes_a_data_set(api: FastAPI, workspace: Workspace) -> None:
    rows = b"width,side\n" + b"".join(f"{n * 7 % 40 / 2},{'left' if n < 20 else 'right'}\n".encode() for n in range(40))
    options = '{"target":"side","title":"Sides"}'
    added = go(api, "POST", f"/data-sets/sides?kind=table&file=a.csv&options={options}", rows)
    assert (added.status, added.json()["class_names"], added.json()["title"]) == (201, ["left", "right"], "Sides")
    wrong = go(api, "POST", '/data-sets/more?kind=table&file=a.csv&options={"target":3}', rows)
    assert (wrong.status, wrong.json()["detail"]) == (422, "options: target: Input should be a valid string.")
    assert go(api, "DELETE", "/data-sets/sides").status == 204
    assert go(api, "GET", "/data-sets/sides").status == 404


def test_listeners_hear_of_changes_that_end_after_those_that_began_later(
    api: FastAPI, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_routes, "TICK_SECONDS", 0.01)
    numbers = [2, 5, 3, 4, 6]  # as PostgreSQL's sequence gives them to transactions that end in this order

    def change() -> None:
        if numbers:
            told = {"at": 1.0, "actor": "ada", "actor_kind": "login", "verb": "edit", "kind": "run", "before": {}}
            with workspace.write() as session:
                number = numbers.pop(0)
                session.execute(sa.insert(Event).values(id=number, key=str(number), after={"a": number}, **told))

    lines = asyncio.run(_listened(api, "1", 3, change))
    assert [line for line in lines if line.startswith("id: ")] == ["id: 2", "id: 5", "id: 6"]
    heard = [json.loads(line.partition(": ")[2])["key"] for line in lines if line.startswith("data: ")]
    assert heard == ["2", "5", "3", "4", "6"]


async def _listened(api: FastAPI, query: str, enough: int, then: Any = None) -> list[str]:
    """Lines of the stream until so many events have come."""
    lines: list[str] = []
    done = asyncio.Event()

    async def receive() -> Message:
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        lines.extend(message.get("body", b"").decode().splitlines())
        if then is not None and "retry: 2000" in lines and not done.is_set():
            await asyncio.to_thread(then)
        if sum(line.startswith("id: ") for line in lines) >= enough:
            done.set()

    headers = [(b"host", b"localhost")] + ([(b"last-event-id", query.encode())] if query.isdigit() else [])
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/v1/changes", "root_path": "", "scheme": "http"}
    scope |= {"query_string": b"", "headers": headers, "http_version": "1.1", "server": ("x", 80), "client": ("x", 1)}
    scope |= {"state": {}, "extensions": {}}
    await asyncio.wait_for(api(scope, receive, send), 60)
    return lines


def test_listeners_hear_what_changed_from_where_they_left_and_hold_no_connection(
    api: FastAPI, context: Context, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_routes, "TICK_SECONDS", 0.01)
    [number] = runs.create(context, runs.Draft(runs.Draft({}).config | _config()))
    once: list[int] = []

    def change() -> None:
        if not once:
            once.append(1)
            experiment_changes.create(context, "heard")
            runs.stop(context, [number])
        assert workspace.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]

    lines = asyncio.run(_listened(api, "", 2, change))
    told = [line.partition(": ")[2] for line in lines if line.startswith(("event: ", "id: "))]
    assert told == ["2", "experiment", "3", "run"]
    state = json.loads(next(line for line in lines if "stopped" in line).partition(": ")[2])
    assert (state["key"], state["before"]["state"], state["after"]["state"]) == (str(number), "queued", "stopped")
    again = asyncio.run(_listened(api, "2", 1))
    assert [line for line in again if line.startswith("id: ")] == ["id: 3"]
    told_again = go(api, "GET", "/events?since=1&kind=experiment").json()
    assert ([each["verb"] for each in told_again["events"]], told_again["next"]) == (["launch"], 2)


def _config() -> dict[str, Any]:
    return {"data": {"source": "digits"}, "architecture": {"name": "mlp"}, "training": {"epochs": 2}}


def test_the_page_of_documentation_loads_from_this_server_alone(api: FastAPI) -> None:
    page = ask(api, "GET", "/docs").body.decode()
    for name in ("docs.css", "docs.js"):
        assert f"docs/{name}" in page
        assert ask(api, "GET", f"/docs/{name}").status == 200
        assert "//" not in page.replace("<!", "")
    assert ask(api, "GET", "/docs/../answers.py").status == 404


def test_a_sweep_is_begun_once_changed_confirmed_and_forgotten(api: FastAPI, context: Context) -> None:
    rate = "training.optimizer.learning_rate"
    asked = {
        "preset": "digits-mlp",
        "vary": [f"{rate}=1e-4..1e-1:log", "architecture.hidden=[32],[64,64]"],
        "trials": 5,
    }
    wrong = go(api, "POST", "/sweeps", asked | {"goals": ["val_los"], "vary": ["training.epoch=1..9"]})
    assert wrong.status == 422
    assert {each["field"] for each in wrong.json()["problems"]} == {"training.epoch", "goals.0.metric"}
    assert go(api, "POST", "/sweeps", asked | {"earlier": [999]}).status == 404  # a number as any text of it
    made = [go(api, "POST", "/sweeps", asked | {"pruning": "asha:first=2"}, Idempotency_Key="k") for _ in range(2)]
    assert [each.status for each in made] == [201, 201]
    [head] = go(api, "GET", "/sweeps").json()["sweeps"]
    assert (head["id"], head["state"], head["method"]) == (1, "running", "tpe")
    assert (head["goals"], head["kinds"]) == (["val_loss"], ["best"])
    assert made[0].json()["definition"]["pruning"] == {"name": "asha", "first": 2, "factor": 3}
    changed = go(api, "PATCH", "/sweeps/1", {"state": "paused", "trials": 9, "at_once": 2}).json()
    assert (changed["state"], changed["definition"]["budget"]["trials"]) == ("paused", 9)
    for flag in ("trials", "hours", "no_gain", "at_once"):
        for method, path, body in (("POST", "/sweeps", asked), ("PATCH", "/sweeps/1", {})):
            refused = go(api, method, path, {**body, flag: True})
            assert (refused.status, refused.json()["problems"][0]["field"]) == (422, flag), refused.json()
    assert go(api, "POST", "/runs", {"preset": "xor", "seeds": True}).status == 422
    added = go(api, "POST", "/sweeps/1/trials", {"params": {rate: 0.01}})
    assert added.status == 201
    [trial] = added.json()["trials"]
    assert (trial["state"], trial["origin"]) == ("queued", "hand")
    assert trial["params"] == {rate: 0.01, "architecture.hidden": [64, 64]}
    assert runs.get(context, trial["runs"][0]).config["training"]["optimizer"]["learning_rate"] == 0.01
    assert go(api, "POST", "/sweeps/1/trials", {"params": {"seed": 1}}).status == 422
    assert go(api, "POST", "/sweeps/1/confirm", {}).status == 409  # nothing has finished
    assert go(api, "DELETE", "/sweeps/1").status == 409
    assert go(api, "PATCH", "/sweeps/1", {"state": "stopped"}).json()["state"] == "stopped"
    assert go(api, "DELETE", "/sweeps/1").status == 204
    assert go(api, "GET", "/sweeps/1").status == 404


def test_reports_are_written_read_saved_as_they_were_read_and_exported(api: FastAPI, add_run: AddRun) -> None:
    run = add_run(metrics={"val_loss": [0.5, 0.4]})
    text = {"title": "one", "source": f"```panel curves\nruns: {run}\nfrozen: true\n```"}
    made = go(api, "POST", "/reports", text)
    assert made.status == 201
    assert "frozen: " in made.json()["source"]
    number, tag = made.json()["id"], made.headers["etag"]
    changed = go(api, "PUT", f"/reports/{number}", {"title": "two"}, if_match=tag)
    assert (changed.status, changed.json()["version"], changed.json()["source"]) == (200, 2, "")
    assert go(api, "PUT", f"/reports/{number}", {"title": "three"}, if_match=tag).status == 412
    assert go(api, "GET", f"/reports/{number}?version=1").json()["title"] == "one"
    assert [each["title"] for each in go(api, "GET", "/reports").json()["reports"]] == ["two"]
    assert '<div class="chart"' in go(api, "GET", f"/reports/{number}/file?version=1").body.decode()
    assert go(api, "GET", "/reports/99").status == 404
    assert go(api, "POST", "/reports", {"title": "a\nb"}).json()["problems"][0]["field"] == "title"


@pytest.mark.parametrize("path", ["/runs", "/runs/1", "/sweeps", "/experiments", "/events", "/columns", "/models"])
def test_what_no_list_is_filtered_by_is_refused_with_what_is(api: FastAPI, add_run: AddRun, path: str) -> None:
    add_run()
    assert go(api, "GET", path).status in (200, 404)
    refused = go(api, "GET", f"{path}?bogus=1&stat=2")
    assert refused.status == 422
    assert [each["field"] for each in refused.json()["problems"]] == ["bogus", "stat"]
    if path == "/runs":
        told = refused.json()["problems"][1]["message"]
        assert told.startswith("is no parameter of this address (did you mean state?); accepted are search, state,")
