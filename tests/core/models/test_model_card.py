"""The card: what it says of data, figures, limits and training, and that it can be edited and taken back."""

from core import models
from core.common.context import Context
from tests.core.models.conftest import Leave


def test_the_card_says_what_the_facts_say(context: Context, leave: Leave) -> None:
    run = leave(accuracy=0.65, name="a *wide* net")
    card = models.register(context, run, "digits").card
    for told in (
        "# digits\n",
        "It tells the class of pictures.",
        f"the best checkpoint of run {run.id}, a \\*wide\\* net, registered by ada on ",
        "Data set: digits",
        f"`{'f' * 64}`",
        "Examples: 900 for train, 100 for validation, 200 for test",
        "**accuracy 0.65** (95 % interval 0.582 to 0.713) on 200 test examples.",
        "| logistic regression |",
        "| accuracy | 0.65 | 0.6 |",
        "200 test examples are few",
        "It is not surely better than a plain model: 5.0 points above logistic regression (0.600), undecided",
        "Weakest classes (F1): ",
        "th\\*ree",
        "Versions: keras 3.1, tensorflow 2.2",
        f"commit `{'c' * 12}`, with changes that were not committed",
    ):
        assert told in card, told


def test_a_run_that_tells_nothing_has_a_card_all_the_same(context: Context, leave: Leave) -> None:
    odd = {"task": 7, "examples": "many", "versions": None, "parameters": "some", "baselines": "none"}
    version = models.register(context, leave(config={"data": 3, "architecture": []}, facts=odd), "odd")
    assert version.card.startswith("# odd\n\n")
    assert "Data set: not known" in version.card


def test_an_edited_card_stands_in_the_place_of_the_generated_one_which_is_kept(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits")
    models.edit_card(context, version, "# Ours\n")
    edited = models.find(context, "digits")
    assert (models.shown_card(edited), edited.card) == ("# Ours\n", version.card)
    models.edit_card(context, edited, f"{version.card}\n")  # the same again is no edit
    assert models.find(context, "digits").edited_card == ""
    assert "logistic regression" in models.shown_card(models.find(context, "digits"))
