"""What is told over a whole test set, on made numbers: the words that surely speak for a class, and mean maps."""

import numpy as np
import pytest

from core.cli.predict import explain_as
from core.data.base import DataInfo
from core.data.pictures import shown
from core.data.vocabulary import Vocabulary
from core.explain.chosen_output import outputs_told
from core.explain.mean_maps import MeanMap
from core.explain.occlusion import left_out
from core.explain.rank_correlation import partial_correlation, rank_correlation
from core.explain.word_importance import LEAST, WordImportance
from core.jobs.explanation import Explain
from core.jobs.prediction import PredictionError

WORDS = ("good", "bad", "the", "rare", *(f"w{number}" for number in range(40)))
GOOD, BAD, THE, RARE = range(2, 6)  # their ids


def _told(texts: int) -> WordImportance:
    """A network whose answer rises by 0.4 for good and falls by 0.3 for bad, with noise about every word."""
    drawn = np.random.default_rng(0)
    vocabulary = Vocabulary("word", WORDS)
    found = WordImportance(vocabulary, ("yes", "no"))
    for number in range(texts):
        ids = np.concatenate([[0], drawn.integers(4, 4 + len(WORDS) - 2, 12), [THE]])
        ids[ids == RARE] = THE
        ids[1 + number % 5] = GOOD if number % 2 else BAD
        if number < LEAST - 1:
            ids[8] = RARE
        lost = drawn.normal(0, 0.05, len(ids)) + np.where(ids == GOOD, 0.4, 0) - np.where(ids == BAD, 0.3, 0)
        lost = np.where(ids == RARE, 5.0, lost) * (ids != 0)
        found.add(ids, np.stack([lost, -lost], axis=1))
    return found


def test_the_words_that_decide_are_named_for_and_against_each_class_and_no_other() -> None:
    found = _told(200)
    yes, no = found.words()
    assert [each.text for each in yes.speaks_for] == ["good"]
    assert [each.text for each in yes.against] == ["bad"]
    assert [each.text for each in no.speaks_for] == ["bad"]
    [good] = yes.speaks_for
    assert good.value == pytest.approx(0.4, abs=0.03)
    assert good.low < 0.4 < good.high
    assert good.texts == 100


def test_words_in_few_texts_and_padding_are_not_looked_at() -> None:
    found = _told(200)
    assert found.looked == len(WORDS) - 1  # all but the rare one
    assert "rare" not in {each.text for told in found.words() for each in (*told.speaks_for, *told.against)}
    assert WordImportance(Vocabulary("word", WORDS), ("yes",)).words()[0].speaks_for == ()


def test_a_word_that_is_there_twice_counts_once_a_text() -> None:
    found = WordImportance(Vocabulary("word", ("a", "b")), ("yes",))
    for _ in range(LEAST):
        found.add(np.array([2, 2, 3]), np.array([[0.1], [0.3], [0.0]]))
    [word] = found.words()[0].speaks_for
    assert (word.text, word.texts) == ("a", LEAST)
    assert word.value == pytest.approx(0.2)


def test_what_several_answers_lose_without_a_token_stands_side_by_side() -> None:
    ids = np.array([0, 5, 6], np.int32)
    lost = left_out(lambda x: np.stack([(x == 5).sum(axis=1), (x == 6).sum(axis=1)], axis=1).astype(float), ids)
    assert lost.tolist() == [[0, 0], [1, 0], [0, 1]]


def test_what_place_alone_gives_to_any_network_is_taken_out_and_what_the_input_gives_is_not() -> None:
    drawn = np.random.default_rng(4)
    place = np.arange(1.0, 31)
    mine, random = (place * np.exp(drawn.normal(0, 0.3, 30)) for _ in range(2))
    plain, left = rank_correlation(mine, random), partial_correlation(mine, random, place)
    assert plain is not None
    assert left is not None
    assert plain > 0.7 > 0.4 > abs(left)
    assert partial_correlation(mine, mine, place) == pytest.approx(1)
    assert partial_correlation(place, mine, place) is None, "it is nothing but the place"
    assert partial_correlation(mine[:4], random[:4], place[:4]) is None, "of four parts nothing is left to tell"


def test_a_mean_map_has_colour_only_where_pictures_agree() -> None:
    drawn = np.random.default_rng(1)
    told = MeanMap("cat")
    for _ in range(20):
        heat = drawn.normal(0, 1, (8, 8))
        heat[:2, :2] += 5
        told.add(np.full((8, 8, 1), 100, np.uint8), heat)
    region = told.region()
    heat = np.array(region.heat)
    assert (heat[:2, :2] > 3).all()
    assert (heat[2:] == 0).mean() > 0.8
    assert (region.pictures, shown(region.seen).getpixel((0, 0))) == (20, 100)


def test_of_two_classes_the_second_is_told_and_of_many_the_first() -> None:
    two = DataInfo((4,), ("no", "yes"), 1, 1, task="binary", kind="text")
    assert [each.name for each in outputs_told(two, 1, 9)] == ["yes"]
    first, second = outputs_told(two, 1, 9, both=True)
    given = np.array([[0.8]])
    assert (first.of(given)[0], second.of(given)[0]) == pytest.approx((0.2, 0.8))
    many = DataInfo((4,), tuple("abcd"), 1, 1, kind="text")
    assert [each.name for each in outputs_told(many, 4, 3)] == ["a", "b", "c"]
    number = DataInfo((4,), (), 1, 1, task="regression", kind="text", target="price")
    assert [each.name for each in outputs_told(number, 1, 3)] == ["price"]


def test_a_method_that_there_is_not_is_refused_on_the_shell() -> None:
    with pytest.raises(PredictionError, match="There is no method 'guess' of explaining"):
        explain_as("guess", "")
    assert explain_as("", "cat") == Explain(target="cat")
