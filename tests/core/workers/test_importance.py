"""What a network goes by: the column that decides falls most when shuffled, and one that says nothing does not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.common.workspace import Workspace
from core.data import library
from core.evaluation.report_files import read_report
from core.jobs.importance import Importance
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


def test_the_column_that_decides_costs_most_when_it_is_shuffled_and_noise_costs_nothing(
    workspace: Workspace, queue: Queue, train: Train, warm: Warm, tmp_path: Path
) -> None:
    drawn = np.random.default_rng(0)
    lines = ["noise,colour,size,y"]
    for _ in range(300):
        noise, colour, size = drawn.normal(), drawn.choice(["red", "blue"]), drawn.normal()
        lines.append(f"{noise:.3f},{colour},{size:.3f},{'yes' if (colour == 'red') ^ (size > 1.2) else 'no'}")
    path = tmp_path / "made.csv"
    path.write_text("\n".join(lines))
    library.add_table(workspace.settings, "made", path, library.TableOptions(target="y"))
    learning = {"epochs": 30, "batch_size": 16, "optimizer": {"name": "adam", "learning_rate": 0.02}}
    run = train(queue(data={"source": "table", "dataset": "made"}, training=learning))

    found = Importance(**warm.call("tests.core.inside:importance", workspace.settings.environment(), run.id))

    assert found.problem == ""
    scores = read_report(workspace.settings, run.id).classification
    assert scores is not None
    assert found.value == pytest.approx(scores.accuracy)
    assert [each.name for each in found.features] == ["colour", "size", "noise"]
    assert found.features[0].fall > 0.3 > found.features[1].fall > abs(found.features[2].fall)
    assert found.classes == ("no", "yes")
    assert all(len(each.by_class) == 2 for each in found.features)


def test_pictures_have_no_features_to_shuffle(workspace: Workspace, queue: Queue, train: Train, warm: Warm) -> None:
    run = train(queue(data={"source": "digits", "limit": 100}, training={"epochs": 1}))
    found = Importance(**warm.call("tests.core.inside:importance", workspace.settings.environment(), run.id))
    assert found.problem.startswith("Features are shuffled of rows that have one class or number each")
