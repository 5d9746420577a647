"""The demo."""

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.config.check import parse
from core.runs import demo
from db.records import RunState


def test_it_queues_three_different_networks_on_the_digits_in_one_experiment(context: Context) -> None:
    ids = demo.launch_demo(context)
    launched = runs.get_many(context, ids)
    assert ids == [1, 2, 3]
    assert {run.state for run in launched} == {RunState.QUEUED}
    assert {run.experiment for run in launched} == {demo.EXPERIMENT}
    assert {run.config["data"]["source"] for run in launched} == {"digits"}
    assert len({str(parse(run.config, Settings()).architecture) for run in launched}) == 3
