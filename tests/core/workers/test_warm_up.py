"""A fork of the standby finds everything imported, and nothing begun that does not survive a fork."""

from tests.conftest import Python

CODE = """
import sys, threading
from core.workers.warm_up import import_libraries
import_libraries()
before = set(sys.modules)
assert threading.active_count() == 1, threading.enumerate()
from core.jobs.job_registry import JOB_KINDS
from core.runs.kinds import KINDS
for function in [kind.runner for kind in KINDS.values() if kind.runner] + [kind.worker for kind in JOB_KINDS.values()]:
    __import__(function.partition(":")[0])
print(sorted(set(sys.modules) - before))
"""


def test_what_does_runs_and_jobs_is_imported_before_the_first_fork(python: Python) -> None:
    done = python(CODE)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
