"""A sweep in the forms: ranges that are proposed, what is wrong with one at once, and what a click came to."""

from typing import Annotated, Any, cast

import pytest
from pydantic import TypeAdapter
from streamlit.testing.v1 import AppTest

from core.common.context import Context
from core.config.edit import variants_at
from core.sweeps import managing
from core.sweeps.fields import range_from_words
from pages.parts.launch.fields import Kind, leaf
from pages.parts.launch.varying import proposed
from pages.shared.nav import LAUNCH
from pages.shared.varying import around
from tests.pages.conftest import OpenPage

OPTIMIZER = "training.optimizer"
NAME = f"{OPTIMIZER}.name"


@pytest.fixture
def form(open_page: OpenPage) -> AppTest:
    return open_page(LAUNCH, preset="digits-mlp").toggle("launch_sweep_toggle").set_value(True).run()


def mark(app: AppTest, path: str, text: str | None = None) -> AppTest:
    app.toggle(f"launch_vary_{path}").set_value(True).run()
    return app if text is None else app.text_input(f"launch_range_{path}").set_value(text).run()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abc", "must be a valid number"),
        ("-2..-1", "must be greater than 0"),
        ("0.1..0.5@optimizer=sdg", 'is "adam", not "sdg"'),
        ("0.1..0.5@optimiser=sgd", "there is no such field"),
    ],
)
def test_a_wrong_range_is_told_at_its_field_before_anything_is_started(form: AppTest, text: str, told: str) -> None:
    mark(form, f"{OPTIMIZER}.learning_rate", text)
    assert [each for each in form.markdown if told in each.value.replace("\\", "") and ":red[" in each.value]
    assert told in form.warning[0].value.replace("\\", "")
    assert form.button("launch_sweep_go").disabled
    mark(form, f"{OPTIMIZER}.learning_rate", "0.001, 0.01")
    assert not form.button("launch_sweep_go").disabled
    assert not [each for each in form.markdown if ":red[" in each.value]


def test_what_a_start_came_to_stands_in_the_place_of_its_button(form: AppTest, context: Context) -> None:
    mark(form, f"{OPTIMIZER}.learning_rate", "0.001, 0.01")
    form.button("launch_sweep_go").click().run()
    assert len(managing.listing(context)) == 1
    offered = [each.key for each in form.button if str(each.key).startswith("launch_sweep_")]
    assert offered == ["launch_sweep_open", "launch_sweep_another"]
    assert [each.value for each in form.toast] == ["The sweep has begun"]
    form.button("launch_sweep_another").click().run()
    assert not form.button("launch_sweep_go").disabled
    form.button("launch_sweep_go").click().run()
    form.number_input("launch_sweep_trials").set_value(7).run()  # which makes it another one
    assert form.button("launch_sweep_go").label == "Start a sweep of 7 trials"
    form.button("launch_sweep_go").click().run()
    form.button("launch_sweep_open").click().run()
    newest = managing.listing(context)[0]
    assert [each.value for each in form.title] == [newest.name.replace("-", "\\-")]


def test_ranges_that_are_proposed_can_be_searched(form: AppTest) -> None:
    mark(form, NAME)
    assert form.text_input(f"launch_range_{NAME}").value == "adam, sgd, rmsprop, adamw"
    mark(form, f"{OPTIMIZER}.beta_1")
    assert str(form.text_input(f"launch_range_{OPTIMIZER}.beta_1").value).endswith("@optimizer=adam|adamw")
    mark(form, "architecture.l2")
    assert form.text_input("launch_range_architecture.l2").value == "1e-6..1e-2:log"
    assert not form.button("launch_sweep_go").disabled


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.9, "0..0.95"),
        (0.95, "0.5..0.975"),
        (0.99, "0.9..0.995"),
        (0.999, "0.99..0.9995"),
        (0.5, "0..0.75"),
        (0.2, "0.1..0.4"),
        (1.0, "0.5..1"),
        (0.0, "0..0.5"),
        (0.001, "0.0001..0.01:log"),
    ],
)
def test_a_range_around_a_share_is_what_people_expect(value: float, text: str) -> None:
    assert around(value, whole=False, is_share=True) == text


def test_what_is_proposed_for_a_number_keeps_its_bounds() -> None:
    sections = ("optimizer", "schedule", "loss")
    models = [model for section in sections for model in variants_at(["training", section]).values()]
    found = {}
    for model in models:
        for name, info in model.model_fields.items():
            if (what := leaf(name, info)).kind is Kind.NUMBER:
                of = f"{model.__name__} {name}"
                text = found[of] = proposed(f"section.{name}", what, info.default)
                takes: TypeAdapter[float] = TypeAdapter(cast(Any, Annotated[info.annotation, *info.metadata]))
                for place in (0.0, 1.0):
                    takes.validate_python(range_from_words(text).at(place))
    assert found["SGD momentum"] == found["RMSprop momentum"] == "0..0.95"
    assert found["Adam beta_2"] == "0.99..0.9995"
    assert found["SGD clip_norm"] == "0.1..10:log"


@pytest.mark.parametrize(
    ("choice", "tried", "field", "text"),
    [
        (NAME, "adam, sgd", f"{OPTIMIZER}.momentum", "@optimizer=sgd"),
        (NAME, "sgd, rmsprop", f"{OPTIMIZER}.momentum", "@optimizer=sgd|rmsprop"),
        ("training.schedule.name", "constant, exponential", "training.schedule.gamma", "@schedule=exponential"),
        ("training.loss.name", "auto, focal", "training.loss.gamma", "@loss=focal"),
    ],
)
def test_a_field_of_another_choice_that_is_tried_can_be_found_and_varied(
    form: AppTest, choice: str, tried: str, field: str, text: str
) -> None:
    assert f"launch_vary_{field}" not in [each.key for each in form.toggle]
    mark(form, choice, tried)
    form.text_input("launch_field").set_value(field.rpartition(".")[2]).run()
    assert f"with {' or '.join(text.partition('=')[2].split('|'))}" in "".join(each.value for each in form.markdown)
    mark(form, field)
    assert str(form.text_input(f"launch_range_{field}").value).endswith(text)
    assert not [each for each in form.caption if "the form has no such field" in each.value]
    assert not form.button("launch_sweep_go").disabled, [each.value for each in form.warning]
