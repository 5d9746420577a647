"""The supervisor's part in what the standby is asked: which questions are open, which were sent, what of a crash.

A question is a row of the inspections table. What its config holds says what kind it is:
    {"predict": {"run": 12, "input": {…}}}    any number at a time; see core/launch/local/predictors.py
    {"preflight": {…}}                        a run's config, tried; one at a time, ended when it is taken back
    a run's config                            "inspect": one at a time, each in a process of its own
"""

import signal
import time
from typing import Any

import db.hosts
from core.common.workspace import Workspace
from core.jobs.preflight import PREFLIGHT
from core.launch.local.predictors import ANSWER_SECONDS, IDLE_SECONDS
from core.launch.local.standby import INSPECTION_SECONDS, PREFLIGHT_SECONDS
from core.launch.local.standby_client import StandbyClient
from core.system.process import describe_exit
from db.records import InspectionRecord

INSPECT, PREDICT = "inspect", "predict"


def kind_of(question: InspectionRecord) -> str:
    return next((kind for kind in (PREDICT, PREFLIGHT) if kind in question.config), INSPECT)


class Questions:
    """Open questions on their way to the standby and back."""

    def __init__(self, workspace: Workspace, standby_client: StandbyClient) -> None:
        self._workspace = workspace
        self._standby_client = standby_client
        self._sent: dict[str, str] = {}  # kind by key, of what the living standby was asked
        self._predicted_at = -IDLE_SECONDS

    @property
    def busy(self) -> bool:
        """Whether the standby is needed for what it was asked, or has a network loaded that may be asked again."""
        return bool(self._sent) or time.monotonic() - self._predicted_at < IDLE_SECONDS

    def send(self, questions: list[InspectionRecord]) -> None:
        """Send what can be sent of these open questions, the newest first; end what nobody waits for any more."""
        wanted = {question.key for question in questions}
        for key in [key for key, kind in self._sent.items() if kind == PREFLIGHT and key not in wanted]:
            self._standby_client.send({"cancel": key})
            del self._sent[key]
        for question in questions:
            kind = kind_of(question)
            if question.key in self._sent or (kind != PREDICT and kind in self._sent.values()):
                continue
            if self._standby_client.send(_request(kind, question)):
                self._sent[question.key] = kind
                self._predicted_at = time.monotonic() if kind == PREDICT else self._predicted_at

    def hear(self, message: dict[str, Any]) -> None:
        """The standby says that a question was answered, or how its process ended."""
        kind = next(kind for kind in (PREDICT, PREFLIGHT, INSPECT) if kind in message)
        key, code = message[kind], message["exit"]
        if self._sent.pop(key, "") and code != 0:
            crash = {PREDICT: self._predictor_crash, PREFLIGHT: self._preflight_crash, INSPECT: self._inspection_crash}
            result = crash[kind](code)
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
            text = f"could not be looked at, through a fault in Traindeck; {self._standby_client.log} says more"
        return {"problems": [["architecture", text]]}

    def _preflight_crash(self, code: int) -> dict[str, Any]:
        if code == -signal.SIGXCPU:  # slow, not wrong
            text = f"Loading and the first step took more than {PREFLIGHT_SECONDS} s of this CPU's time."
            return {"warnings": [f"{text} The run will be slow here, and how slow is not known."]}
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            text = "a first step does not fit into the free memory; take a smaller batch or smaller layers"
            return {"problems": [["training.batch_size", text]]}
        text = describe_exit(code) if code < 0 else f"a fault in Traindeck; {self._standby_client.log} says more"
        return {"warnings": [f"The run could not be tried: {text}."]}

    def _predictor_crash(self, code: int) -> dict[str, Any]:
        if code == -signal.SIGXCPU:  # as the standby has it for a predictor that it ended itself
            text = f"The network has not answered within {ANSWER_SECONDS:g} s. Ask for less, such as a shorter text."
        elif code < 0:
            text = f"The process that held the network is gone: {describe_exit(code)}. Try again."
        else:
            text = (
                f"The network could not be asked, through a fault in Traindeck; {self._standby_client.log} says more."
            )
        return {"problem": text}


def _request(kind: str, question: InspectionRecord) -> dict[str, Any]:
    if kind == PREDICT:  # the process that answers reads the input from the store: a picture is too much for a pipe
        return {PREDICT: question.key, "checkpoint": question.config[PREDICT]["run"]}
    if kind == PREFLIGHT:
        return {PREFLIGHT: question.key, "config": question.config[PREFLIGHT]}
    return {INSPECT: question.key, "config": question.config}
