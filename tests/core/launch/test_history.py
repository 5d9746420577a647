"""What the processes leave in the history of a run."""

import signal
import socket
import time

import db.runs
from core import runs
from core.launch.supervisor import Supervisor
from core.runs.events import told
from db.records import RunState
from tests.host import ENDLESS, Host, trainer

STARTED = ["ada launch", "supervisor starting", "trainer running"]


def verbs(host: Host, run_id: int) -> list[str]:
    return [f"{event.actor.name} {event.verb}" for event in runs.events(host.context, run_id)]


def test_every_state_of_a_run_is_noted_with_the_process_that_brought_it_there(host: Host) -> None:
    finished, stopped, lost = (host.launch(**changes) for changes in ({"training.epochs": 1}, ENDLESS, ENDLESS))
    host.ended(finished)
    host.learning(stopped)
    runs.stop(host.context, [stopped])
    host.ended(stopped)
    trainer(host.learning(lost)).signal_group(signal.SIGKILL)
    reason = host.ended(lost).reason

    assert verbs(host, finished) == [*STARTED, "trainer finished"]
    assert verbs(host, stopped) == [*STARTED, "ada stop", "trainer stopping", "trainer stopped"]
    assert verbs(host, lost) == [*STARTED, "supervisor lost"]
    assert runs.events(host.context, lost)[-1].after == {"state": "lost", "reason": reason}
    assert told(runs.events(host.context, lost)[1]) == f"queued → starting; host: {socket.gethostname()}; slots: cpu:0"


def test_a_run_that_no_trainer_took_is_noted_to_be_queued_again(host: Host) -> None:
    host.end(signal.SIGKILL)
    run_id = host.launch(**{"training.epochs": 1})
    began = {"host": socket.gethostname(), "attempt": 1, "starting_at": time.time(), "slots": ["cpu:0"]}
    with host.workspace.write() as session:  # as a supervisor leaves it that dies between claim and fork
        db.runs.update(session, run_id, state=RunState.STARTING.value, **began)
    supervisor = Supervisor(host.workspace)
    try:
        supervisor.tick()
    finally:
        supervisor.close()
    back = runs.events(host.context, run_id)[1]
    assert (back.actor.name, told(back)) == ("supervisor", "starting → queued; reason: No process took it.")
    runs.stop(host.context, [run_id])
