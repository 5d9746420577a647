"""The package `traindeck` in scripts of its own, against a server that is there, away, killed or slow."""

import hashlib
import json
import signal
import textwrap
import urllib.error
import urllib.request
from email.message import Message
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from core import runs
from core.client import sending
from core.client.spool import FILE_LINES, LINES, MOST_BYTES, Spooled
from core.common.context import Context
from core.common.errors import DataError
from core.common.workspace import Workspace
from core.runs import logged, reported_lines
from core.runs.logged import Logged
from core.runs.sent_files import OffsetError
from core.web.api import build_api
from db.records import RunRecord, RunState
from tests.asgi import ask
from tests.core.client.conftest import Script, ServerHere, sync
from tests.host import wait_until
from tests.server import Server


def _only_run(context: Context) -> RunRecord:
    return next(iter(runs.get_many(context, [1])))


def _stored(context: Context) -> int:
    return len(runs.history(context, 1, "loss").value) if runs.get_many(context, [1]) else 0


WHOLE = """
import sys, numpy, traindeck
from dataclasses import dataclass

@dataclass
class Settings:
    lr: float = 0.1
    units: tuple = (8, 4)

with traindeck.start("mine", "theirs", Settings(), tags=["quick"]) as run:
    for step in range(1000):
        run.log({"loss": numpy.float32(1 / (step + 1)), "deep": {"acc": step, "bad": "text"}}, step)
        if step in (300, 600):
            print(step, flush=True)
            sys.stdin.readline()
    run.log({"loss": float("nan")}, 999)
    run.log_params({"late": True})
    run.summary["best"] = 7
"""


def test_a_server_that_is_killed_twice_and_away_from_the_start_loses_and_doubles_nothing(
    context: Context, server: Server, script: Script, tmp_path: Path
) -> None:
    running = script(WHOLE)
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stdout.readline() == "300\n"  # before there is a server
    server.start(until_healthy=False)
    wait_until(lambda: _stored(context) == 301, "it is sent")
    server.end(signal.SIGKILL)
    running.stdin.write("\n")
    running.stdin.flush()
    assert running.stdout.readline() == "600\n"
    server.start(until_healthy=False)
    _, told = running.communicate("\n", timeout=300)
    assert "'deep/bad' is no number" in told
    assert told.count("traindeck:") == 1

    run = _only_run(context)
    assert (run.name, run.experiment, run.state, run.tags) == ("mine", "theirs", RunState.FINISHED, ("quick",))
    assert runs.params(context, [1])[1] == {"lr": "0.1", "units": "[8, 4]", "late": "true"}
    loss = runs.history(context, 1, "loss")
    np.testing.assert_array_equal(loss.value, np.append(np.float32(1 / np.arange(1.0, 1001)), np.nan))
    np.testing.assert_array_equal(runs.history(context, 1, "deep/acc").value, np.arange(1000))
    assert runs.history(context, 1, "best").step.tolist() == [999]
    assert list((tmp_path / "spool").iterdir()) == []


CRASHES = {
    "an error": ("raise ValueError('no such file')", RunState.FAILED, "ValueError: no such file"),
    "killed": ("os.kill(os.getpid(), 9)", RunState.RUNNING, ""),
    "its end": ("", RunState.FINISHED, ""),
}


def test_scripts_that_crash_have_their_last_values_stored(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    source = "import os, traindeck; traindeck.start({how!r}); traindeck.log({{'loss': 0.25}}); {last}"
    for how, (last, _, _) in CRASHES.items():
        script(source.format(how=how, last=last), TRAINDECK_MODE="offline").communicate(timeout=300)
    server_here.start()
    wait_until(lambda: sync(script)[0] == 0, "what was left is sent")
    found = {run.name: run for run in runs.get_many(context, [1, 2, 3])}
    assert {name: (run.state, run.reason) for name, run in found.items()} == {
        how: (state, reason) for how, (_, state, reason) in CRASHES.items()
    }
    assert [runs.history(context, run, "loss").value.tolist() for run in (1, 2, 3)] == 3 * [[0.25]]
    assert sync(script) == (0, "Nothing is left to be sent.\n")


def test_odd_calls_are_told_once_and_the_training_goes_on(
    context: Context, server_here: ServerHere, script: Script
) -> None:
    server_here.start()
    source = """
        import traindeck
        run = traindeck.start("odd")
        for values, step in ((None, 0), (3.0, 0), ([("l", 1)], 0), ({"l": 1.0}, "abc"), ({"l": 1.0}, float("nan"))):
            run.log(values, step)
        loop = {"lr": 0.5}
        loop["again"] = loop["list"] = [loop]
        loop["deep"] = loop
        for _ in range(3):
            run.log(loop, 7)
            run.log_params([1])
            run.log_params(loop)
            run.add_tags(None)
            run.set_tags(3)
            run.config.update([1])
            run.log_metric("m")
            traindeck.alert()
            traindeck.save("nothing*.txt")
        traindeck.finish("odd")
        run = traindeck.start("other", params=[1], tags=None, mode="odd")
        traindeck.finish(exit_code=1)
        print("went on")
    """
    out, told = script(textwrap.dedent(source), TRAINDECK_MODE="offline").communicate(timeout=300)
    assert out == "went on\n", told
    for sentence in (
        "a mapping and a whole step are logged; left out is None at 0",
        "log_params() did nothing: params are list '[1]'; accepted are a mapping",
        "set_tags() did nothing: 'int' object",
        "log_metric() did nothing: ",
        "there is no file 'nothing*.txt'",
        "is no number: received dict",
        "state is one of finished, stopped, failed; received 'odd', taken is finished",
        "mode is one of online, offline, off; received 'odd', taken is online",
        "the params are not logged: params are list '[1]'",
    ):
        assert told.count(sentence) == 1, (sentence, told)
    kept = sync(script)
    assert kept[0] == 0, kept
    found = {run.name: run for run in runs.get_many(context, [1, 2])}
    assert {name: run.state for name, run in found.items()} == {"odd": RunState.FINISHED, "other": RunState.FAILED}
    assert runs.history(context, found["odd"].id, "lr").value.tolist() == [0.5, 0.5, 0.5]
    assert runs.params(context, [found["odd"].id])[found["odd"].id]["lr"] == "0.5"


def test_what_a_full_disk_and_an_ended_run_do_not_take_is_told_and_the_rest_is_stored(
    context: Context, server_here: ServerHere, script: Script
) -> None:
    """A file may grow to 170 bytes for a while: the line that is cut there would make all after it unreadable."""
    server_here.start()
    source = """
        import resource, traindeck
        run = traindeck.init(name="full", resume="allow", id="mine")
        run.log({"loss": 0.0}, 0)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (170, hard))
        for step in range(1, 9):
            run.log({"loss": float(step)}, step)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        run.log({"loss": 99.0}, 99)
        traindeck.start("other")
        for step in range(3):
            run.log({"loss": 7.0}, 100)
            run.log_text("late", "too late")
            run.log_params({"late": True})
    """
    _, told = script(textwrap.dedent(source), TRAINDECK_MODE="offline").communicate(timeout=300)
    sentences = ("init() begins a new run; resume", "left out: [Errno", "the run 'full' ended when 'other' was started")
    assert [told.count(sentence) for sentence in sentences] == [1, 1, 1], told
    assert told.count("traindeck:") == len(sentences)
    assert sync(script)[0] == 0
    found = {run.name: run for run in runs.get_many(context, [1, 2])}
    assert {name: run.state for name, run in found.items()} == {"full": RunState.FINISHED, "other": RunState.FINISHED}
    loss = runs.history(context, found["full"].id, "loss").value.tolist()
    assert loss == [float(step) for step in range(len(loss) - 1)] + [99.0]
    assert 1 < len(loss) < 9


def test_a_disk_that_is_full_to_the_end_does_not_keep_the_end_from_a_server_that_is_there(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    server_here.start()
    source = """
        import resource, traindeck
        run = traindeck.start("full")
        run.log({"loss": 0.5}, 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        run.log({"loss": 0.25}, 1)
        run.finish("failed", "No space was left.")
    """
    _, told = script(textwrap.dedent(source)).communicate(timeout=300)
    assert told.count("traindeck:") == 1, told
    assert "not all of the run can be kept" in told
    run = _only_run(context)
    assert (run.state, run.reason) == (RunState.FAILED, "No space was left.")
    assert runs.history(context, 1, "loss").value.tolist() == [0.5]
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_sender_needs_no_note_of_how_far_it_is_and_asks_a_server_that_is_away_with_pauses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spooled = Spooled.make(tmp_path / "run", {"server": "", "uid": "u", "source": "s", "files_source": "f", "run": {}})
    lines = b'["tags", ["a"]]\n' * (3 * MOST_BYTES // 16)
    (spooled.folder / LINES).write_bytes(lines)
    (spooled.folder / "sent.new").mkdir()  # as a full disk: nothing can be written to it
    asked: list[str] = []
    away: list[bool] = []

    def ask(_server: str, _method: str, path: str, body: bytes, *_kind: str) -> dict[str, object]:
        asked.append(path)
        if away:
            raise sending.AwayError("away")
        position = int(path.rpartition("=")[2]) + len(body) if "position" in path else 0
        return {"number": 1, "position": position, "stop_requested": False}

    monkeypatch.setattr(sending, "ask", ask)
    sender = sending.Sender(spooled)
    while not sender.is_done:
        sender.step()
    assert spooled.sent() == len(lines)
    with (spooled.folder / LINES).open("ab") as file:
        file.write(b'["tags", ["b"]]\n')
    away.append(True)
    asked.clear()
    sender.start()
    assert not sender.close(0.8)
    assert 0 < len(asked) < 20  # not some thousand


def test_values_flow_beside_a_file_that_takes_long(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    """The server hears of metrics that were logged after a file while it has a part of that file only."""
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(64 * 2**20)
    server_here.start()
    source = """
        import sys, traindeck
        run = traindeck.start("mine")
        run.log_artifact("large.bin")
        run.log({"loss": 0.5})
        print("logged", flush=True)
        sys.stdin.readline()
    """
    running = script(textwrap.dedent(source))
    wait_until(lambda: _stored(context) == 1, "the value is there")
    assert runs.artifacts(context, 1) == []
    running.communicate("\n", timeout=300)
    assert runs.artifact_file(context, 1, "large.bin").stat().st_size == 64 * 2**20
    assert _only_run(context).state is RunState.FINISHED


def test_a_script_that_is_asked_to_stop_hears_of_it(
    context: Context, server_here: ServerHere, script: Script, tmp_path: Path
) -> None:
    server_here.start()
    source = """
import time, traindeck
with traindeck.start("endless") as run:
    while not run.should_stop:
        run.log({"x": 1})
        time.sleep(0.01)
    traindeck.finish("stopped", "As asked.")
"""
    running = script(source)
    wait_until(lambda: runs.get_many(context, [1]), "it begins")
    runs.stop(context, [1])
    running.communicate(timeout=300)
    run = _only_run(context)
    assert (run.state, run.reason) == (RunState.STOPPED, "As asked.")


def test_pieces_are_stored_once_wherever_they_begin(context: Context) -> None:
    run = logged.begin(context, Logged("mine"))
    lines = [json.dumps(["metrics", step, 5.0, {"loss": step / 2}]).encode() + b"\n" for step in range(4)]
    whole = b"".join(lines)
    for begin, piece in ((0, whole[: len(lines[0])]), (0, whole), (0, whole), (len(lines[0]), whole[len(lines[0]) :])):
        taken = reported_lines.take(context, run.uid, "a1", begin, piece)
    assert taken.position == len(whole)
    assert runs.history(context, run.id, "loss").value.tolist() == [0.0, 0.5, 1.0, 1.5]
    with pytest.raises(OffsetError, match=f"{len(whole)} bytes are here"):
        reported_lines.take(context, run.uid, "a1", len(whole) + 1, b"")
    assert reported_lines.take(context, run.uid, "b2", 0, lines[3]).position == len(lines[3])


@pytest.mark.parametrize(
    "line",
    [
        *(b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'["other"]', b'["end", "lost", "", 5.0]'),
        *(b'["metrics", 1]', b'["metrics", 1e400, 5.0, {"a": 1}]', b'["metrics", 1, 5.0, {"a": "x"}]'),
        b'["metrics", 1, 5.0, {"": 1}]',
    ],
)
def test_lines_that_cannot_be_read_are_refused_whole(context: Context, line: bytes) -> None:
    run = logged.begin(context, Logged("mine"))
    good = b'["metrics", 1, 5.0, {"loss": 1}]\n'
    with pytest.raises(DataError, match=r"Line 2 of the piece cannot be read .* Accepted is a JSON list"):
        reported_lines.take(context, run.uid, "a1", 0, good + line + b"\n")
    assert runs.summaries(context, [run.id]).get(run.id, {}) == {}


def test_a_server_with_an_older_store_or_none_is_sent_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    """And of files that were sent before, it says that they did not come."""
    older, empty = (
        Workspace.open(workspace.settings.model_copy(update={"home": tmp_path / name})) for name in ("older", "empty")
    )
    serving = [workspace]
    api = build_api(lambda: serving[0])

    def urlopen(request: urllib.request.Request, timeout: float) -> BytesIO:
        path = request.full_url.removeprefix("http://here/api")
        answer = ask(api, request.get_method(), path, request.data, [("content-type", "application/json")])  # type: ignore[arg-type]
        if answer.status >= 400:
            raise urllib.error.HTTPError(path, answer.status, "", Message(), BytesIO(answer.body))
        return BytesIO(answer.body)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    uid, told = 32 * "a", list[str]()
    begin = {"server": "http://here", "uid": uid, "source": "5", "files_source": "6", "run": {"name": "mine"}}
    spooled = Spooled.make(tmp_path / "run", begin)
    lines = [json.dumps(["metrics", step, 5.0, {"loss": step / 2}]) + "\n" for step in range(4)]
    sender = sending.Sender(spooled, told.append)

    def sent(*values: str, file: bytes = b"") -> list[float]:
        with (spooled.folder / LINES).open("a") as written, (spooled.folder / FILE_LINES).open("a") as naming:
            written.writelines(values)
            if file:
                key = hashlib.md5(file).hexdigest()  # noqa: S324 - a name
                spooled.files.mkdir(exist_ok=True)
                (spooled.files / key).write_bytes(file)
                naming.write(json.dumps(["artifact", file.decode(), {"file": key, "size": len(file)}]) + "\n")
        for _ in range(12):
            sender.step()
        assert sender.is_done
        context = Context.of_shell(serving[0])
        return list(runs.history(context, reported_lines.by_uid(context, uid).id, "loss").value)

    assert sent(*lines[:2], file=b"first") == [0.0, 0.5]
    context = Context.of_shell(older)
    logged.begin(context, Logged("mine", uid=uid))
    reported_lines.take(context, uid, "5", 0, lines[0].encode())
    serving[0] = older
    assert sent(lines[2], file=b"second") == [0.0, 0.5, 1.0]
    assert told == ["The file of 'first' was not received."]
    serving[0] = empty
    assert sent(lines[3]) == [0.0, 0.5, 1.0, 1.5]
    serving[0] = workspace
    assert sent() == [0.0, 0.5]  # which it is not told that it lacks the rest, until something comes
    assert sent(lines[0]) == [0.0, 0.0, 0.5, 1.0, 1.5]
    assert [each.name for each in runs.artifacts(Context.of_shell(older), 1)] == ["second"]
    assert told[1:] == [
        "the server does not know the run any more, and is sent all of it that is here",
        "The file of 'second' was not received.",
    ]


def test_a_run_that_no_server_takes_is_not_begun_again_and_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def ask(_server: str, method: str, *_rest: object) -> dict[str, object]:
        asked.append(method)
        if method == "PUT":
            return {"number": 1}
        raise sending.RefusedError("not here", 404)

    monkeypatch.setattr(sending, "ask", ask)
    sender = sending.Sender(
        Spooled.make(tmp_path / "run", {"server": "", "uid": "u", "source": "s", "files_source": "f", "run": {}})
    )
    assert sender.step()
    with pytest.raises(sending.RefusedError, match="not here"):
        sender.step()
    assert asked == ["PUT", "POST", "PUT", "POST"]


def test_a_piece_of_a_file_that_came_damaged_is_sent_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, taken, answers = 32 * "b", list[bytes](), [409, 200]
    spooled = Spooled.make(tmp_path / "run", {"server": "", "uid": "u", "source": "s", "files_source": "f", "run": {}})
    spooled.files.mkdir()
    (spooled.files / key).write_bytes(b"whole")
    (spooled.folder / FILE_LINES).write_text(json.dumps(["artifact", "a.bin", {"file": key, "size": 5}]) + "\n")

    def ask(_server: str, method: str, path: str, body: bytes, *_kind: str) -> dict[str, object]:
        if "/files/" in path:
            assert path.endswith(hashlib.sha256(body).hexdigest())
            if (status := answers.pop(0)) != 200:
                raise sending.RefusedError("damaged", status)
            taken.append(body)
        return {"number": 1, "position": len(body), "stop_requested": False}

    monkeypatch.setattr(sending, "ask", ask)
    sender = sending.Sender(spooled)
    with pytest.raises(sending.AwayError, match="damaged"):
        sender.step()
    while not sender.is_done:
        sender.step()
    assert taken == [b"whole"]
