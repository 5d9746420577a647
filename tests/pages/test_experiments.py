"""The Experiments page."""

from core import runs
from core.common.context import Context
from core.config.edit import Raw, with_values
from pages.shared.nav import EXPERIMENTS
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def test_what_is_kept_of_an_experiment_is_renewed_once_a_run_is_added(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for batch, score in ((16, 0.8), (32, 0.9)):
        config = with_values(raw_config, {"training.batch_size": batch})
        add_run(name="net", config=config, metrics={"test_accuracy": [score]})
    app = open_page(EXPERIMENTS)
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.9, 0.8]
    add_run(name="net", config=with_values(raw_config, {"training.batch_size": 64}), metrics={"test_accuracy": [0.95]})
    app.run()
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.95, 0.9, 0.8]
    runs.trash(context, [1])
    app.run()
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.95, 0.9]


def test_an_address_of_an_experiment_that_is_gone_says_so(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(metrics={"test_accuracy": [0.9]})
    assert not open_page(EXPERIMENTS, name="default").warning
    [told] = open_page(EXPERIMENTS, name="old *name*").warning
    assert "There is no experiment" in told.value
    assert "renamed" in told.value
