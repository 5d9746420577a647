"""The command line on the test's workspace."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.processes import command

Core = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def core(environment: dict[str, str]) -> Core:
    """`core("runs", "--json")` runs `python -m core runs --json` on the test's workspace."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return command(arguments, environment | more)

    return run


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)
