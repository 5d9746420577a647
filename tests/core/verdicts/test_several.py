"""Several configs at once: what they are ranked over, who is best, and why nothing can be said."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from core import runs
from core.cli.verdicts_told import _show_together
from core.common.context import Context
from core.comparison import ranked_together, seed_groups
from core.config.edit import Raw, with_values
from core.runs.records import RunQuery
from core.verdicts.several import Several, several
from core.verdicts.several_told import pairs_told, ranks_told
from core.verdicts.two_sides import Predictions
from tests.conftest import AddRun
from tests.core.verdicts.test_judging import no_predictions

WORSE, MIDDLE, BEST = (0.70, 0.72, 0.71, 0.73, 0.70), (0.80, 0.83, 0.80, 0.83, 0.82), (0.81, 0.82, 0.81, 0.82, 0.83)


def given(
    context: Context, metric: str = "test_accuracy", predictions: Predictions = no_predictions
) -> tuple[Several | None, dict[int, str]]:
    records = list(reversed(runs.listing(context, RunQuery(limit=200)).runs))
    run_ids = [run.id for run in records]
    params = runs.params(context, run_ids)
    sides, names, over_data = ranked_together(seed_groups(records, params), params)
    summaries = runs.summaries(context, run_ids)
    return several(sides, params, summaries, metric, predictions, over_data=over_data), names


def add_seeds(
    add_run: AddRun, raw: Raw, batch: int, scores: Sequence[float], first: int = 0, **changes: object
) -> None:
    for seed, score in enumerate(scores, first):
        config = with_values(raw, {"training.batch_size": batch, "seed": seed, **changes})
        add_run(name="net", config=config, metrics={"test_accuracy": [score]})


def test_seeds_that_all_have_rank_them_and_the_best_are_named(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    for batch, scores in ((16, WORSE), (32, MIDDLE), (64, BEST)):
        add_seeds(add_run, raw_config, batch, scores)
    found, names = given(context)
    assert found is not None
    assert found.over == "seeds"
    assert found.sides == (11, 6, 1)
    assert found.ranking is not None
    assert found.ranking.ranks == (1.4, 1.6, 3.0)
    told = " ".join(ranks_told(found, names))
    assert told.startswith("Over 5 seeds, the 3 are not all alike: chance gives as uneven ranks in ")
    assert told.endswith(
        "net (batch_size 64) and net (batch_size 32) rank best and cannot be told apart; net (batch_size 16) ranks "
        "behind net (batch_size 64) by 1.48 ranks or more (Nemenyi)."
    )
    assert [(pair.one, pair.other, pair.is_sure) for pair in found.pairs] == [
        (11, 6, False), (11, 1, True), (6, 1, True),
    ]  # fmt: skip
    assert pairs_told(found).startswith("Of 3 pairs, 2 are told apart by the tests that the verdict asks of two")


def test_the_command_line_cuts_long_names_in_ranks(
    context: Context, add_run: AddRun, raw_config: Raw, capsys: pytest.CaptureFixture[str]
) -> None:
    for batch, scores in ((16, WORSE), (32, MIDDLE), (64, BEST)):
        add_seeds(add_run, raw_config, batch, scores)
    found, names = given(context)
    _show_together(found, {key: f"{name} {'of many params ' * 9}" for key, name in names.items()})
    *_, last = capsys.readouterr().out.splitlines()
    assert last.endswith("…")
    assert len(last) < 80


def test_too_few_seeds_in_common_is_the_reason_for_no_ranks(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    for first, batch in ((0, 16), (0, 32), (3, 64)):
        add_seeds(add_run, raw_config, batch, WORSE, first)
    found, names = given(context)
    assert found is not None
    assert ranks_told(found, names) == [
        "No ranks over all of them: they have 2 seeds in common, and 3 are needed to rank 3."
    ]
    assert len(found.pairs) == 3


def test_data_sets_rank_configs_whatever_unit_their_metrics_have(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    for place, source in enumerate(["digits", "iris", "wine", "breast_cancer", "diabetes", "titanic"]):
        for lead, batch in ((0.0, 16), (0.01, 64)):
            config = with_values(raw_config, {"training.batch_size": batch, "data.source": source})
            add_run(name=source, config=config, metrics={"test_accuracy": [0.3 + place / 10 + lead]})
    found, names = given(context)
    assert found is not None
    assert (found.over, found.sides) == ("data sets", (2, 1))
    assert (
        ranks_told(found, names)[-1]
        == "batch_size 64 ranks best, before each of the others by 0.80 ranks or more (Nemenyi)."
    )
    assert found.pairs[0].chance == 2 / 2**6
    assert found.pairs[0].lead == 1.0


def test_single_networks_are_ranked_by_right_and_wrong_answers(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    for batch in (16, 32, 64):
        add_seeds(add_run, raw_config, batch, (0.9 if batch == 64 else 0.6,))
    label, rng = pd.Series([0, 1] * 100), np.random.default_rng(0)
    answers = {
        run: label.where(pd.Series(rng.random(200) < share), 1 - label) for run, share in ((1, 0.6), (2, 0.6), (3, 0.9))
    }

    def predictions(run_id: int) -> pd.DataFrame:
        return pd.DataFrame({"label": label, "predicted": answers[run_id], "confidence": 0.9})

    found, names = given(context, predictions=predictions)
    assert found is not None
    assert found.best == (3,)
    assert "(Cochran's Q)" in ranks_told(found, names)[0]
    assert [pair.is_sure for pair in found.pairs] == [True, True, False]
    found, names = given(context)
    assert found is not None
    assert "not all have kept their test predictions" in ranks_told(found, names)[0]


def test_where_ranks_and_pairs_disagree_it_is_said_which_to_believe(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    for batch, scores in ((16, (0.50, 0.51, 0.50)), (32, (0.80, 0.83, 0.80)), (64, (0.81, 0.82, 0.79))):
        add_seeds(add_run, raw_config, batch, scores)
    found, names = given(context)
    assert found is not None
    assert found.ranking is not None
    assert found.ranking.chance == 7 / 36
    first, second = ranks_told(found, names)
    assert first.startswith("Over 3 seeds, ranks tell none of the 3 from the others: ")
    assert second.startswith("The 2 pairs that are told apart all the same: go by them")
