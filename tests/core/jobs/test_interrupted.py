"""Versions that are made, and importance that is found out, while workers are killed and supervisors start anew."""

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from core import models
from core.common.context import Context
from core.common.pause_points import VARIABLE
from core.common.settings import PROJECT_ROOT
from core.inference.export_formats import COMPACT
from core.jobs import export, importance, new_version
from core.jobs.importance import Importance
from core.jobs.new_version import Made
from core.models import exports, making, shrinking, trade_off
from core.system.process import ProcessId
from db.records import RunRecord
from tests.host import PATIENCE_SECONDS, Host, host_of, wait_until
from tests.pauses import Pauses


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """Twice what it is given, four numbers."""
    graph = helper.make_graph(
        [helper.make_node("Add", ["input", "input"], ["output"])], "made",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", 4])],
    )  # fmt: skip
    path = tmp_path / "mine.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)
    return path


@pytest.fixture(scope="module")
def pauses(tmp_path_factory: pytest.TempPathFactory) -> Pauses:
    return Pauses(tmp_path_factory.mktemp("pauses"))


def upload(context: Context, pauses: Pauses, network: Path, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "core", "models", "upload", str(network), name],
        cwd=PROJECT_ROOT,
        env={**os.environ, **context.workspace.settings.environment(), VARIABLE: str(pauses.folder)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _is_gone(process: ProcessId) -> bool:
    return not process.is_alive()


def interrupted(command: "subprocess.Popen[str]", number: signal.Signals) -> None:
    """As a person does it: once more where nothing came of it, since Python drops what is raised while it tidies up."""
    for _ in range(10):
        command.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            command.wait(PATIENCE_SECONDS / 10)
            return


def told(command: "subprocess.Popen[str]") -> tuple[int, str]:
    output, _ = command.communicate(timeout=PATIENCE_SECONDS)
    return command.returncode, " ".join(output.split())


def test_a_command_has_a_child_with_limits_and_says_why_that_is_gone(
    context: Context, pauses: Pauses, network: Path
) -> None:
    pauses.ask("placed")
    command = upload(context, pauses, network, "plain")
    child = pauses.waits("placed")
    most, _ = resource.prlimit(child, resource.RLIMIT_DATA)
    assert 0 < most < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") + 2**30
    assert child != command.pid
    pauses.kill("placed")
    code, said = told(command)
    assert code == 2
    assert "The version was not made: its process was ended by signal 9 (SIGKILL): by hand, or by the system" in said
    assert "Ask again" in said
    assert models.listing(context) == []

    code, said = told(upload(context, pauses, network, "plain"))
    assert (code, "The file mine.onnx is plain@1 now" in said) == (0, True), said
    version = models.find(context, "plain@1")
    assert models.network_file(context.workspace.settings, version).is_file()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, pauses: Pauses) -> Iterator[Host]:
    with host_of(tmp_path_factory.mktemp("interrupted"), environment={VARIABLE: str(pauses.folder)}) as host:
        host.start()
        yield host


@pytest.fixture(scope="module")
def trained(host: Host) -> list[RunRecord]:
    """Two runs of the same data."""
    asked = [host.launch(**{"data.source": "iris", "training.epochs": 1, "seed": seed}) for seed in (1, 2)]
    return [host.ended(run_id) for run_id in asked]


def made(host: Host, key: str) -> Made:
    def look() -> Made | None:
        return next((each.made for each in new_version.asked(host.context) if each.key == key), None)

    done = wait_until(look, "the version is made, or cannot be")
    assert isinstance(done, Made)
    return done


def found(host: Host, run: RunRecord) -> Importance:
    done = wait_until(lambda: importance.found(host.context, run), "importance is found out, or cannot be")
    assert isinstance(done, Importance)
    return done


def test_what_kills_a_worker_is_told_and_what_was_asked_is_asked_again(
    host: Host, trained: list[RunRecord], pauses: Pauses
) -> None:
    context, [first, _] = host.context, trained
    request = making.ensemble_request(context, trained, "flowers")
    pauses.ask("placed")
    key = making.ask(context, request)
    pauses.kill("placed")
    assert "was not made: its process was ended by signal 9 (SIGKILL)" in (problem := made(host, key).problem)
    assert "Ask again" in problem
    assert models.listing(context) == []

    pauses.ask("working")
    importance.ask(context, first)
    pauses.kill("working")
    problem = found(host, first).problem
    assert "could not be found out: its process was ended by signal 9" in problem
    assert problem.endswith("Ask again.")

    importance.stop(context, first)  # as the page does
    importance.ask(context, first)
    assert found(host, first).features
    key = making.ask(context, request)
    assert made(host, key) == Made(reference="flowers@1")
    assert models.network_file(context.workspace.settings, models.find(context, "flowers@1")).is_file()


def test_the_next_supervisor_does_what_was_begun_and_the_command_says_so(
    host: Host, trained: list[RunRecord], pauses: Pauses, network: Path
) -> None:
    context, run = host.context, trained[1]
    pauses.ask("working")
    command = upload(context, pauses, network, "sent")
    pauses.waits("working")
    host.end(signal.SIGKILL)
    code, said = told(command)
    assert (code, "The supervisor is gone; the version is made when one is at work again" in said) == (2, True), said
    pauses.forget("working")  # only now: its worker may be quicker than the command
    host.start()
    [asked] = [each for each in new_version.asked(context) if each.request.model == "sent"]
    assert made(host, asked.key) == Made(reference="sent@1")
    new_version.seen(context, asked.key)

    pauses.ask("working")
    importance.ask(context, run)
    pauses.waits("working")
    host.end(signal.SIGTERM)
    assert importance.is_asked(context, run)
    pauses.forget("working")
    host.start()
    assert found(host, run).features


def test_smaller_networks_become_versions_whatever_became_of_the_supervisor(
    host: Host, trained: list[RunRecord]
) -> None:
    context = host.context
    version = models.register(context, trained[0], "small")
    for way, within in (("prune", 1.0), ("distil", -1.0)):
        assert shrinking.ask_trainings(context, version, [way], within=within, minutes=10) == []
    host.end(signal.SIGKILL)
    host.start()

    def settled() -> list[Made]:
        asked = [each for each in new_version.asked(context) if isinstance(each.request.made_of, new_version.Smaller)]
        made = [each.made for each in asked if each.made is not None]
        return made if len(made) == len(asked) else []

    results = wait_until(settled, "every run was judged")
    [pruned] = smaller = shrinking.smaller_versions(context, version)
    begun = {one.form for one in export.asked(context, pruned.version)}
    begun |= {one.name for one in exports.listing(context, pruned.version)}
    assert begun == {form.name for form in COMPACT}
    for form in COMPACT:
        export.stop(context, pruned.version, form.name)
    assert pruned.how == "pruned 80 %"
    assert pruned.flipped is not None
    assert pruned.flipped.examples == 30
    own = trade_off.choices(version, [], [pruned])[1]
    moved = (own.value or 0.0) - (trade_off.choices(version, [])[0].value or 0.0)
    assert (pruned.flipped.gained - pruned.flipped.lost) / 30 == pytest.approx(moved)
    assert {each.reference for each in results if not each.problem} == {each.version.title for each in smaller}
    refused = {each.problem.split(": ")[0]: each.problem for each in results if each.problem}
    assert set(refused) == {"Distil, 50 %"}
    assert all("was to be lost, so no version is made of it" in each for each in refused.values())


def test_a_command_follows_what_the_supervisor_does_and_stops_it(host: Host, pauses: Pauses, network: Path) -> None:
    context, files = host.context, host.workspace.settings.cache_dir / "uploaded_networks"
    pauses.ask("placed")
    command = upload(context, pauses, network, "followed")
    pauses.waits("placed")
    assert command.stdout is not None
    first = command.stdout.readline()
    assert re.match("looking into mine.onnx|loading|asking|storing", first), first
    pauses.forget("placed")
    code, said = told(command)
    assert (code, "The file mine.onnx is followed@1 now" in said) == (0, True), said
    assert "It is not measured: nobody said whose inputs it takes. With --like RUN it is" in said
    code, said = told(upload(context, pauses, network, "followed"))
    assert (code, "is followed@1 already. Move an alias to that version" in said) == (2, True), said
    for stops in ("with Ctrl-C", "by another process", "on the page"):
        pauses.ask("working")
        command = upload(context, pauses, network, "stopped")
        worker = ProcessId.of(pauses.waits("working"))
        if stops != "on the page":
            interrupted(command, signal.SIGINT if stops == "with Ctrl-C" else signal.SIGTERM)
            assert told(command)[0] != 0
        else:
            [asked] = [each for each in new_version.asked(context) if each.made is None]
            new_version.stop(context, asked.key)
            code, said = told(command)
            assert (code, "It was stopped on the Models page" in said) == (2, True), said
        wait_until(partial(_is_gone, worker), "the worker is ended")
        pauses.forget("working")
        assert [each for each in new_version.asked(context) if each.made is None] == []
    assert not list(files.glob("*"))
    assert {each.name for each in models.listing(context)} >= {"followed"}
    assert "stopped" not in {each.name for each in models.listing(context)}
