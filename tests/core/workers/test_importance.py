"""What a network goes by: the column that decides falls most when shuffled, and one that says nothing does not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.common.workspace import Workspace
from core.data import library
from core.data.pictures import shown
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
    assert all(len(each.by_class) == len(each.by_class_error) == 2 for each in found.features)
    assert [each.feature for each in found.dependences] == ["colour", "size", "noise"]
    by_colour, by_size, _ = found.dependences
    assert (set(by_colour.values), [each.name for each in by_colour.lines]) == ({"red", "blue"}, ["yes"])
    red, blue = (by_colour.lines[0].mean[by_colour.values.index(each)] for each in ("red", "blue"))
    assert red > 0.6 > 0.4 > blue
    assert np.ptp(by_size.lines[0].others[0]) > 0.5, "of one row, what is large turns the answer round"


def test_of_pictures_the_places_that_speak_for_each_class_are_told(
    workspace: Workspace, queue: Queue, train: Train, warm: Warm
) -> None:
    run = train(queue(data={"source": "digits", "limit": 400}, training={"epochs": 3}))
    found = Importance(**warm.call("tests.core.inside:importance", workspace.settings.environment(), run.id))
    assert found.problem == ""
    assert len({each.name for each in found.regions}) == len(found.regions) > 5
    assert sum(each.pictures for each in found.regions) <= found.rows
    for each in found.regions:
        assert len(each.heat) == shown(each.seen).height == 8
    assert not found.is_short
