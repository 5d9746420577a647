"""Two hosts that share a PostgreSQL server, while cables are pulled and supervisors are killed: no run suffers.

python -m tests.core.launch.campaign [minutes] [seed]

`make campaign` is ten minutes of it; test_cut_off.py is its short form.
"""

import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import db.hosts
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import with_values
from core.config.presets import get_preset
from db.records import RunRecord, RunState
from tests.host import wait_until
from tests.networked import NETWORK, NetworkedHost, missing
from tests.postgres import Postgres, serving

EPOCHS = 300  # of each run, unless said otherwise


@dataclass(frozen=True)
class Team:
    """Some hosts, and this one, which has the server and looks on."""

    server: Postgres
    database: str
    hosts: Sequence[NetworkedHost]
    context: Context

    def start(self, host: NetworkedHost, *module: str) -> None:
        host.start(self.url(host), *module)

    def url(self, host: NetworkedHost) -> str:
        return self.server.url(self.database).replace("127.0.0.1", host.gateway)

    def ready(self) -> None:
        """Wait until every host takes runs."""
        names = {host.name for host in self.hosts}

        def all_ready() -> bool:
            with self.context.workspace.read() as session:
                states = {told.name: told.standby.get("state") for told in db.hosts.all_hosts(session)}
            return names <= {name for name, state in states.items() if state == "ready"}

        wait_until(all_ready, "all hosts are ready")

    def launch(self, count: int, **changes: object) -> list[int]:
        raw = with_values(get_preset("digits-mlp").raw, {"training.epochs": EPOCHS, **changes})
        drafts = [runs.Draft(raw, name=f"run {number}", preset="digits-mlp") for number in range(count)]
        return [run_id for draft in drafts for run_id in runs.create(self.context, draft)]

    def training_on(self, host: NetworkedHost) -> RunRecord | None:
        """A run that a host has begun, and that has points in the store."""
        at_work = [run for run in runs.active(self.context) if run.host == host.name and run.state is RunState.RUNNING]
        return next((run for run in at_work if len(runs.history(self.context, run.id, "loss"))), None)

    def check(self, run_ids: Sequence[int]) -> None:
        """Each was trained once, to its end, and not a point is missing or there twice."""
        for run_id in run_ids:
            run = runs.get(self.context, run_id)
            assert run.state is RunState.FINISHED, f"run {run_id} is {run.state}: {run.reason}"
            history = runs.history(self.context, run_id, "loss")
            epochs = run.config["training"]["epochs"]
            steps = np.arange(1, epochs + 1) * (run.steps_per_epoch or 0)
            assert np.array_equal(history.step, steps), f"run {run_id} has points at {history.step.tolist()}"


@contextlib.contextmanager
def team(folder: Path, count: int = 2) -> Iterator[Team]:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(f"{NETWORK}.0.0/16"))
        url = stack.enter_context(server.database())
        workspace = stack.enter_context(contextlib.closing(Workspace.open(Settings(home=folder / "here", db_url=url))))
        hosts = []
        for number in range(1, count + 1):
            hosts.append(NetworkedHost(number, folder / f"host {number}"))
            stack.callback(hosts[-1].close)
        yield Team(server, url.rpartition("/")[2], hosts, Context.of_shell(workspace))


def main(minutes: float = 10.0, seed: float = 0.0) -> None:
    if reason := missing():
        sys.exit(f"The campaign {reason}.")
    chance = random.Random(seed)  # noqa: S311 - the same again with the same seed
    end = time.monotonic() + 60 * minutes
    acts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder, team(Path(folder)) as each:
        for host in each.hosts:
            each.start(host)
        each.ready()
        launched: list[int] = []
        while time.monotonic() < end:
            if len(runs.active(each.context)) < 4:
                launched += each.launch(4)
            host = chance.choice(each.hosts)
            act = chance.choice(("cut", "kill", "cut and kill"))
            acts[act] = acts.get(act, 0) + 1
            if "cut" in act:
                host.cut()
            if "kill" in act:
                host.kill()
                each.start(host)
            time.sleep(chance.uniform(1, 45))  # longer than a connection takes to be given up
            host.connect()
            time.sleep(chance.uniform(0, 10))
        wait_until(lambda: not runs.active(each.context), "every run has ended", 1200)
        each.check(launched)
    told = ", ".join(f"{act} {count} times" for act, count in sorted(acts.items()))
    print(f"{len(launched)} runs of {EPOCHS} epochs, each finished with every point once; {told}.")  # noqa: T201


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
