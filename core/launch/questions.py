"""The supervisor's part in what the standby is asked: which questions are open, which were sent, what of a crash.

A question is a row of the inspections table. What its config holds says what kind it is:
    {"predict": {"run": 12, "input": {…}}}    any number at a time; see core/launch/predictors.py
    a run's config                            "inspect": one at a time, each in a process of its own
"""

import signal
import time
from typing import Any

import db.hosts
from core.launch.nursery import Nursery
from core.launch.predictors import ANSWER_SECONDS, IDLE_SECONDS
from core.launch.process import describe_exit
from core.launch.standby import INSPECTION_SECONDS
from core.workspace import Workspace
from db.records import InspectionRecord

INSPECT, PREDICT = "inspect", "predict"


def kind_of(question: InspectionRecord) -> str:
    return PREDICT if PREDICT in question.config else INSPECT


class Questions:
    """Open questions on their way to the standby and back."""

    def __init__(self, workspace: Workspace, nursery: Nursery) -> None:
        self._workspace = workspace
        self._nursery = nursery
        self._sent: dict[str, str] = {}  # kind by key, of what the living standby was asked
        self._predicted_at = -IDLE_SECONDS

    @property
    def busy(self) -> bool:
        """Whether the standby is needed for what it was asked, or has a network loaded that may be asked again."""
        return bool(self._sent) or time.monotonic() - self._predicted_at < IDLE_SECONDS

    def send(self, questions: list[InspectionRecord]) -> None:
        """Send what can be sent of these open questions, the newest first."""
        for question in questions:
            kind = kind_of(question)
            if question.key in self._sent or (kind != PREDICT and kind in self._sent.values()):
                continue
            if self._nursery.send(_request(kind, question)):
                self._sent[question.key] = kind
                self._predicted_at = time.monotonic() if kind == PREDICT else self._predicted_at

    def hear(self, message: dict[str, Any]) -> None:
        """The standby says that a question was answered, or how its process ended."""
        kind = PREDICT if PREDICT in message else INSPECT
        key, code = message[kind], message["exit"]
        if self._sent.pop(key, "") and code != 0:
            result = self._predictor_crash(code) if kind == PREDICT else self._inspection_crash(code)
            with self._workspace.write() as session:
                db.hosts.answer(session, key, result)

    def void(self) -> None:
        """The standby died, and what it had not answered is asked again."""
        self._sent.clear()

    def _inspection_crash(self, code: int) -> dict[str, Any]:
        if code == -signal.SIGXCPU:
            text = f"takes more than {INSPECTION_SECONDS} s to build; take a smaller network"
        elif code < 0:
            text = f"could not be built: {describe_exit(code)}; take a smaller network"
        else:
            text = f"could not be looked at, through a fault in Traindeck; {self._nursery.log} says more"
        return {"problems": [["architecture", text]]}

    def _predictor_crash(self, code: int) -> dict[str, Any]:
        if code == -signal.SIGXCPU:  # as the standby has it for a predictor that it ended itself
            text = f"The network has not answered within {ANSWER_SECONDS:g} s. Ask for less, such as a shorter text."
        elif code < 0:
            text = f"The process that held the network is gone: {describe_exit(code)}. Try again."
        else:
            text = f"The network could not be asked, through a fault in Traindeck; {self._nursery.log} says more."
        return {"problem": text}


def _request(kind: str, question: InspectionRecord) -> dict[str, Any]:
    if kind == PREDICT:  # the process that answers reads the input from the store: a picture is too much for a pipe
        return {PREDICT: question.key, "checkpoint": question.config[PREDICT]["run"]}
    return {INSPECT: question.key, "config": question.config}
