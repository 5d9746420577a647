"""Processes of a test that take less of the processor, and else do the same.

`path` is a PYTHONPATH whose sitecustomize lets trainings without an end, which a test launches to do something else
beside them, rest between two calls of their engine, and has trainings saved every other second. With
WITHOUT_TENSORFLOW, the standby imports only what carries out scripts, as TensorFlow takes five seconds of a core: for
runs of scripts, and jobs that need no network. Hosts of tests keep no spare trainer; with SPARES they do, also where
no core is idle, and with SPARES_OF_SCRIPTS for scripts, without any warm-up.
"""

import os
from pathlib import Path

PATH = Path(__file__).parent / "site"
WITHOUT_TENSORFLOW = {"TESTS_WITHOUT_TENSORFLOW": "1"}
SPARES = {"TESTS_SPARES": "always", "TRAINDECK_SPARE": "true"}
SPARES_OF_SCRIPTS = {**SPARES, "TESTS_SPARES": "of scripts"}


def path(*more: str) -> dict[str, str]:
    """The environment of processes that begin such trainings; more folders come first."""
    return {"PYTHONPATH": os.pathsep.join([*more, str(PATH)])}
