"""A run of a class that one example in a hundred has: its threshold in report and metrics, and when it is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference
from sklearn.datasets import make_classification

from core.common.workspace import Workspace
from core.config.run import RunConfig
from core.data import library
from core.data.examples import row_features
from core.jobs import batch_prediction
from core.jobs.prediction import Prediction, Row
from tests.core.evaluation.test_recomputed import Left
from tests.core.evaluation.test_recomputed import left as left  # the fixture
from tests.core.warm import Warm


@pytest.fixture
def rare(workspace: Workspace, tmp_path: Path) -> dict[str, Any]:
    """12,000 rows, 1 % of them of the second class; most of its examples overlap with the others."""
    x, y = make_classification(
        12_000, 12, n_informative=5, n_redundant=2, weights=[0.99], class_sep=1.0, flip_y=0.0, random_state=3
    )
    np.savez(tmp_path / "rare.npz", x=x.astype(np.float32), y=y)
    library.add_arrays(workspace.settings, "rare", tmp_path / "rare.npz")
    return {"source": "arrays", "dataset": "rare"}


def test_of_a_class_of_one_in_a_hundred_a_chosen_threshold_finds_more_than_half_does(
    left: Callable[..., Left], rare: dict[str, Any], workspace: Workspace, warm: Warm, tmp_path: Path
) -> None:
    training = {"epochs": 12, "batch_size": 128, "optimizer": {"name": "adam", "learning_rate": 0.003}}
    found = left(data=rare, training=training, evaluation={"threshold": {"name": "f1"}})
    frame, scores = found.frame, found.report.classification
    assert scores is not None
    chosen = scores.thresholds
    assert chosen is not None
    settings = workspace.settings
    labels, at_half = frame["label"], (frame["p_1"] > 0.5).astype(int)
    predicted = (frame["p_1"].astype(float) >= chosen.threshold).astype(int)
    assert 0 < chosen.threshold < 0.5
    assert predicted.tolist() == frame["predicted"].tolist()
    for metric in ("precision", "recall", "f1"):
        expected = [getattr(reference, f"{metric}_score")(labels, guess) for guess in (at_half, predicted)]
        assert [getattr(each, metric) for each in chosen.test] == pytest.approx(expected)
        assert found.metrics[f"test_{metric}"] == pytest.approx(expected[1])
    plain, applied = chosen.test
    assert (plain.recall or 0) < (applied.recall or 0)
    assert (plain.f1 or 0) < (applied.f1 or 0)
    assert frame["confidence"].tolist() == frame[["p_0", "p_1"]].to_numpy()[range(len(frame)), predicted].tolist()
    between = frame[(frame["p_1"] > chosen.threshold) & (frame["p_1"] < 0.5)].iloc[0]
    names = [each.name for each in row_features(RunConfig.model_validate(found.run.config).data.info(settings))]
    row = Row(values={name: float(between[f"x_{place}"]) for place, name in enumerate(names, start=1)})
    asked = settings.environment(), found.run.id, [row.model_dump(mode="json")]
    [answer] = [Prediction.model_validate(each) for each in warm.call("tests.core.inside:predict", *asked)]
    pd.DataFrame([row.values]).to_csv(tmp_path / "row.csv", index=False)
    file, place = batch_prediction.placed(settings, found.run, "row.csv")
    place.symlink_to(tmp_path / "row.csv")
    warm.call("tests.core.inside:predict_file", settings.environment(), file.model_dump(mode="json"))
    assert pd.read_csv(batch_prediction.answers(settings, file))["prediction"].tolist() == [1]
    assert answer.notes[-1] == f"By the run's threshold, {chosen.threshold:.3g} for 1, this is 1."
