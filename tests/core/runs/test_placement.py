"""A run for what no known host has is refused when it is queued."""

import socket
import time
from typing import Any

import pytest

import db.hosts
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import Raw
from core.config.resources import Resources
from core.runs.placement import waits_for
from db.records import HostRecord


def _report(context: Context, name: str, *slots: str, ago: float = 0.0) -> None:
    with context.workspace.write() as session:
        db.hosts.put(session, HostRecord(name, 1, 1.0, time.time() - ago, slots))


def _queue(context: Context, raw: Raw, **wish: Any) -> int:
    return runs.create(context, runs.Draft({**raw, "resources": wish}))[0]


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"slot": "gpu:99"}, "resources.slot: no host has slot gpu:99"),
        ({"device": "gpu"}, "resources.device: no host has 1 GPU"),
        ({"device": "gpu", "gpus": 4}, "resources.gpus: no host has 4 GPUs"),
    ],
)
def test_what_no_host_has_is_refused_with_what_hosts_have(
    context: Context, raw_config: Raw, wish: dict[str, Any], problem: str
) -> None:
    here = socket.gethostname()
    _report(context, here, "cpu:0", "cpu:1")
    _report(context, "other")
    with pytest.raises(ConfigError) as refused:
        _queue(context, raw_config, **wish)
    [told] = refused.value.problems
    assert str(told).startswith(problem)
    assert f"{here} has cpu:0, cpu:1" in told.message
    assert "other has no slots" in told.message
    assert runs.active(context) == []


def test_what_some_host_has_is_queued(context: Context, raw_config: Raw) -> None:
    _report(context, socket.gethostname(), "cpu:0")
    _report(context, "other", "gpu:0", "gpu:1", ago=3600.0)
    for wish in ({"device": "gpu", "gpus": 2}, {"slot": "gpu:1"}, {"slot": "cpu:0"}, {}):
        assert _queue(context, raw_config, **wish)


@pytest.mark.parametrize("hosts", [[], [("other", 0.0)], [("here", 3600.0)]])
def test_nothing_is_refused_while_this_host_has_not_reported(
    context: Context, raw_config: Raw, hosts: list[tuple[str, float]]
) -> None:
    for name, ago in hosts:
        _report(context, socket.gethostname() if name == "here" else name, "cpu:0", ago=ago)
    assert _queue(context, raw_config, slot="gpu:99")


def test_why_a_run_waits_is_the_same_on_every_host() -> None:
    wish = Resources(slot="gpu:9")
    told = waits_for(wish, {"a": ("cpu:0",), "b": ()})
    assert told == waits_for(wish, {"b": (), "a": ("cpu:0",)}) == "Waits for slot gpu:9; a has cpu:0, b has no slots."
    assert waits_for(wish, {"a": ("cpu:0",), "b": ("gpu:9",)}) == ""
