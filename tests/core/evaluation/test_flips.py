"""Two networks on the same test examples, on answers that are made up."""

import numpy as np
import pandas as pd
import pytest

from core.evaluation.flips import churn, differing_cells, flips, is_same_test, worse_groups

LABEL = np.repeat([0, 1, 2], 40)
NAMES = ("cat", "dog", "owl")


def answers(wrong: dict[int, int], **columns: object) -> pd.DataFrame:
    """Right everywhere but at these places, where another class is predicted."""
    predicted = LABEL.copy()
    for place, other in wrong.items():
        predicted[place] = other
    shares = np.full((len(LABEL), 3), 0.2)
    shares[np.arange(len(LABEL)), predicted] = 0.6
    frame = {"index": np.arange(len(LABEL)), "label": LABEL, "predicted": predicted, "confidence": 0.6}
    return pd.DataFrame(frame | {f"p_{name}": shares[:, place] for place, name in enumerate(NAMES)} | columns)


ONE, OTHER = answers({0: 1, 50: 2}), answers({0: 2, 90: 0, 91: 0})


def test_each_example_is_in_one_of_four_parts() -> None:
    found = flips(ONE, OTHER)
    assert (found.both, len(found.only_one), len(found.only_other), len(found.neither)) == (116, 2, 1, 1)
    assert found.agree == pytest.approx(116 / 120)
    assert found.only_one["index"].tolist() == [90, 91]
    assert found.only_one["predicted"].tolist() == [0, 0]  # what the other took them for
    # Where one is right and the other is not, the mean has a tie that the lower class wins: 50, 90 and 91.
    assert found.together == pytest.approx((116 + 1) / 120)


def test_confusions_are_those_in_which_they_differ() -> None:
    cells = differing_cells(ONE, OTHER, NAMES)
    assert cells.iloc[0].tolist() == ["owl", "cat", 0, 2]
    assert len(cells) == 4
    assert differing_cells(ONE, ONE, NAMES).empty


def test_the_group_that_one_of_them_loses_is_found() -> None:
    lost = answers(dict.fromkeys(range(40, 70), 2))
    found = worse_groups(answers({}), lost, NAMES)
    assert found is not None
    assert found.rows[0].what == "class dog"
    assert found.wrong == "only the first is right"


def test_churn_is_how_often_two_seeds_disagree() -> None:
    assert churn([ONE]) is None
    assert churn([ONE, ONE, OTHER]) == pytest.approx((0 + 4 / 120 + 4 / 120) / 3)


def test_other_examples_and_numbers_are_no_flips() -> None:
    assert not is_same_test(ONE, OTHER.head(10))
    numbers = pd.DataFrame({"label": [1.0], "predicted": [2.0], "residual": [-1.0]})
    with pytest.raises(ValueError, match="two classifiers on the same test examples"):
        flips(numbers, numbers)
