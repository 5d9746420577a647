"""The file that would be in core/workers for the small kind of job, and one for the kind with warm processes."""

import os
import signal
import time
from pathlib import Path

from core.common.workspace import Workspace
from core.workers.work import Work
from tests.core.launch.local.small_job import Sum, Total


def answer(work: Work, asked: Sum) -> Total:
    match asked.act:
        case "wait":
            while not Path(asked.file).exists():
                work.progress("waiting", 0.5)
                time.sleep(0.01)
        case "burn":
            while True:
                pass
        case "sleep":
            time.sleep(600)
        case "raise":
            raise ValueError("as asked")
        case "kill itself":
            os.kill(os.getpid(), signal.SIGKILL)
        case "kill the standby":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)
        case "add" if asked.file:
            with Path(asked.file).open("a") as file:
                file.write(f"{asked.numbers[0]}\n")
    return Total(total=sum(asked.numbers), process=os.getpid())


class Held:
    """What a warm process holds: a number to begin with, by its name."""

    def __init__(self, workspace: Workspace, process: str) -> None:
        self._first = int(process)

    def __call__(self, work: Work, asked: Sum) -> Total:
        told = answer(work, asked)
        return told.model_copy(update={"total": told.total + self._first})
