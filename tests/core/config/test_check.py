import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from core.common.errors import ConfigError
from core.common.settings import Settings
from core.config.check import check, parse
from core.config.edit import Raw, variants_at, with_values
from core.config.run import RunConfig

UNIONS = [
    *(("data", "source"), ("architecture", "name"), ("training.optimizer", "name"), ("training.schedule", "name")),
    *(("training.loss", "name"), ("training.class_weights", "name"), ("evaluation.threshold", "name")),
]
VARIANTS = [(path, tag, name) for path, tag in UNIONS for name in variants_at(path.split("."))]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATHS = ["data", "data.source", "data.validation_split", "architecture", "architecture.name", "architecture.hidden"]
PATHS += ["training", "training.epochs", "training.optimizer", "training.optimizer.name", "training.early_stopping"]
PATHS += ["training.schedule", "evaluation.monitor", "resources", "seed", "deterministic", "unknown", "data.unknown"]


def told(raw: Raw) -> dict[str, str]:
    return {problem.field: problem.message for problem in check(raw, Settings())[1]}


@pytest.mark.parametrize(("path", "tag", "name"), VARIANTS)
def test_every_variant_can_be_chosen(raw_config: Raw, path: str, tag: str, name: str) -> None:
    config = check(with_values(raw_config, {f"{path}.{tag}": name}), Settings())[0]

    # A layer list and an added data set have no default; all that may be lacking is which.
    found = told(with_values(raw_config, {f"{path}.{tag}": name}))
    assert config is not None or set(found) in ({"architecture.layers"}, {"data.dataset"})


@pytest.mark.parametrize(("path", "tag"), UNIONS)
def test_an_unknown_variant_is_told_at_its_field_with_those_that_are_known(
    raw_config: Raw, path: str, tag: str
) -> None:
    known = list(variants_at(path.split(".")))

    message = told(with_values(raw_config, {f"{path}.{tag}": known[0] + "x"}))[f"{path}.{tag}"]

    assert message == f"'{known[0]}x' is not known (did you mean {known[0]}?); accepted are {', '.join(known)}"


def test_all_problems_are_told_at_once_each_at_its_field(raw_config: Raw) -> None:
    raw = with_values(
        raw_config,
        {
            "data.validation_split": 2,
            "data.epochs": 3,
            "architecture.hidden": [64, 0, "x"],
            "training.epochs": 0,
            "training.batch_size": "many",
            "training.optimizer.learning_rate": -1,
            "training.optimizer.nesterow": True,
            "training.early_stopping": {"patience": 0},
            "training.precision": "float8",
            "seed": -1,
        },
    )

    found = told(raw)

    assert set(found) == {
        "data.validation_split", "data.epochs", "architecture.hidden", "training.epochs", "training.batch_size",
        "training.optimizer.learning_rate", "training.optimizer.nesterow", "training.early_stopping.patience",
        "training.precision", "seed",
    }  # fmt: skip
    assert found["training.epochs"] == "must be greater than or equal to 1; received 0"
    assert found["training.batch_size"] == "must be a valid integer; received 'many'"
    hidden = [problem.message for problem in check(raw, Settings())[1] if problem.field == "architecture.hidden"]
    assert hidden == [
        "item 2: must be greater than or equal to 1; received 0",
        "item 3: must be a valid integer; received 'x'",
    ]


def test_a_field_that_is_nearly_right_gets_a_suggestion(raw_config: Raw) -> None:
    assert "did you mean batch_size?" in told(with_values(raw_config, {"training.batchsize": 3}))["training.batchsize"]
    assert "did you mean seed?" in told({**raw_config, "seeed": 3})["seeed"]


def test_a_problem_within_a_list_names_the_item() -> None:
    layers = [{"layer": "Dense", "argments": {}}, 3, {"arguments": 2}]
    raw = {"data": {"source": "iris"}, "architecture": {"name": "layers", "layers": layers}}

    messages = [problem.message for problem in check(raw, Settings())[1]]

    assert messages == [
        "item 1: argments is not a known field (did you mean arguments?); accepted are arguments, layer",
        "item 2: must be a mapping of names to values; received 3",
        "item 3: layer is missing",
        "item 3: arguments must be a mapping of names to values; received 2",
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, {"data": "is missing", "architecture": "is missing"}),
        (
            {"data": 1, "architecture": []},
            dict.fromkeys(("data", "architecture"), "must be a mapping of names to values"),
        ),
        ({"data": {}, "architecture": {"name": "mlp"}}, {"data.source": "is missing: it says which variant is meant"}),
    ],
)
def test_what_is_missing_or_of_another_kind_is_told(raw: Raw, expected: dict[str, str]) -> None:
    found = told(raw)

    assert {field: message.partition(";")[0] for field, message in found.items()} == expected


def test_what_does_not_fit_together_is_told(raw_config: Raw) -> None:
    changes = {
        "data.validation_split": 0,
        "evaluation.monitor": "val_accuracy",
        "training.schedule": {"name": "cosine", "warmup": 2},
        "training.engine": "xla",
        "resources.gpus": 2,
    }
    found = told(with_values(raw_config, changes))

    assert "needs validation examples" in found["evaluation.monitor"]
    assert found["training.engine"] == "xla executes on one device, not on 2 GPUs; take auto or graph"
    assert found["training.schedule.warmup"] == "2 leaves nothing of the 2 epochs; take less"


def test_what_an_optimizer_cannot_do_is_told(raw_config: Raw) -> None:
    accumulated = {"training.optimizer.gradient_accumulation_steps": 4}
    found = told(with_values(raw_config, {**accumulated, "resources.gpus": 2}))
    assert found["training.optimizer.gradient_accumulation_steps"].endswith("take 1, and a larger batch")
    assert told(with_values(raw_config, accumulated)) == {}
    found = told(with_values(raw_config, {"training.optimizer.name": "muon", "training.precision": "float64"}))
    assert found["training.precision"] == "muon computes in float32, as Keras has it; take another precision"


def test_numbers_given_as_text_are_numbers(raw_config: Raw) -> None:
    raw = with_values(raw_config, {"training.epochs": "7", "training.optimizer.learning_rate": "1e-3", "seed": "5"})

    config = parse(raw, Settings())

    assert (config.training.epochs, config.training.optimizer.learning_rate, config.seed) == (7, 0.001, 5)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e400, 10**30, -1, [], {}, "x" * 10_000, "\udc80"])
def test_any_value_that_is_out_of_range_is_told_in_a_short_message(raw_config: Raw, value: Any) -> None:
    for field in ("training.epochs", "training.optimizer.learning_rate", "seed", "data.validation_split"):
        message = told(with_values(raw_config, {field: value})).get(field, "")

        assert message
        assert len(message) < 200


def test_parse_raises_with_every_problem(raw_config: Raw) -> None:
    with pytest.raises(ConfigError, match=r"2 problems in the config\n  training.epochs: must be"):
        parse(with_values(raw_config, {"training.epochs": 0, "seed": -1}), Settings())


@given(st.dictionaries(st.sampled_from(PATHS), JSON, max_size=4))
def test_whatever_is_in_a_config_it_is_accepted_or_its_problems_are_told(changes: dict[str, Any]) -> None:
    raw = with_values({"data": {"source": "xor"}, "architecture": {"name": "mlp"}}, changes)

    config, problems = check(raw, Settings())

    assert config is not None or problems
    assert all(problem.message for problem in problems)


def test_every_field_of_every_model_has_a_title_and_says_what_it_does() -> None:
    lacking = [path for path in _undescribed(RunConfig, "") if not path.endswith((".name", ".source"))]

    assert lacking == []


def _undescribed(model: type[BaseModel], prefix: str) -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        if not (field.title and field.description):
            found.append(prefix + name)
        members = typing.get_args(field.annotation) or (field.annotation,)
        for member in members:
            if isinstance(member, type) and issubclass(member, BaseModel):
                found += _undescribed(member, f"{prefix}{name}.")
    return found
