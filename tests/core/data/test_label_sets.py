"""Several labels of an example: how parts are cut, and how a set is read."""

import numpy as np
import pytest

from core.common.settings import Settings
from core.data.base import DataInfo, Raw
from core.data.label_sets import counts_of, differ, names_of, strata
from core.data.library.label_profile import label_spread
from core.data.library.leaks.finding import find
from core.data.library.splitting import held_back
from core.data.prepare import load
from core.data.run_split import split_of
from core.data.sources.digit_segments import SEGMENTS, DigitSegments

NAMES = ("common", "half", "rare")


def labels(count: int = 600) -> np.ndarray:
    """The first label in nearly all, the second in half, the third in one of twenty; some with none."""
    random = np.random.default_rng(0)
    y = (random.random((count, 3)) < (0.9, 0.5, 0.0)).astype(np.uint8)
    y[::20, 2] = 1
    y[1::50] = 0
    return y


def test_parts_have_their_share_of_rare_labels() -> None:
    y = labels()

    train, test = held_back(y, 0.2)

    assert len({*train.tolist(), *test.tolist()}) == 600
    assert y[test, 2].sum() == round(y[:, 2].sum() * 0.2)
    assert abs(y[test].mean(axis=0) - y.mean(axis=0)).max() < 0.08


def test_labels_of_a_handful_of_examples_do_not_stop_a_split() -> None:
    y = labels()
    y[:, 2] = 0
    y[0, 2] = 1

    assert len(held_back(y, 0.2)[1]) == pytest.approx(120, abs=3)
    assert len(strata(y)) == 600
    assert strata(np.arange(3)).tolist() == [0, 1, 2]


@pytest.mark.parametrize("options", [{"validation_split": 0.25}, {"folds": 4, "fold": 1}, {"limit": 400}])
def test_runs_validate_on_examples_with_every_label(options: dict[str, float]) -> None:
    source = DigitSegments(**options)
    info = DataInfo((3,), NAMES, 600, 0, "multilabel")
    parts = split_of(Raw(np.arange(600)[:, None], labels()), source, info, seed=1)

    assert parts.y_val.shape[1] == 3
    assert parts.y_val[:, 2].sum() == pytest.approx(30 * len(parts.y_val) / 600, abs=2)


def test_sets_are_read_compared_and_counted() -> None:
    y = np.array([[1, 0, 1], [0, 0, 0], [1, 0, 1]], np.uint8)

    assert [names_of(row, NAMES) for row in y] == ["common; rare", "(none)", "common; rare"]
    assert differ(y, y[[0, 0, 0]]).tolist() == [False, True, False]
    assert counts_of(y, 3) == [2, 0, 2]
    spread = label_spread(y, DataInfo((3,), NAMES, 3, 0, "multilabel"))
    assert spread is not None
    assert (spread.per_example, spread.pairs) == ((1, 0, 2), (("common", "rare", 2),))


def test_a_column_that_tells_one_label_is_a_leak() -> None:
    y = labels(100)
    x = np.stack([np.random.default_rng(1).random(100), y[:, 1]], axis=1)

    found = find(Raw(x, y, x[:0], y[:0]), DataInfo((2,), NAMES, 100, 0, "multilabel", "rows"))

    assert [leak.text for leak in found] == [
        "'column 2' tells the target in every row, as to the label 'half': is it known before the target is?"
    ]


def test_digits_are_pictures_with_the_segments_that_show_them(settings: Settings) -> None:
    data = load(DigitSegments(), settings, 0)

    assert data.info.outputs == len(SEGMENTS) == 7
    assert (data.y_train.dtype.str, data.y_train.shape[1], data.info.task) == ("|u1", 7, "multilabel")
    assert set(data.y_test.sum(axis=1).tolist()) == {2, 3, 4, 5, 6, 7}
