from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.common.settings import Settings
from core.config.check import check, parse
from core.config.edit import Raw, differences, dump, flatten, leaves, variants_at, with_values
from core.config.list_paths import with_places

NAMES = st.text("abcde", min_size=1, max_size=3)
LEAVES = st.none() | st.booleans() | st.integers(2) | st.text(max_size=5)
TREES = st.recursive(
    st.dictionaries(NAMES, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(NAMES, LEAVES | inner, min_size=1, max_size=3),
    max_leaves=10,
)


def test_params_are_the_leaves_by_their_paths_and_lists_are_leaves() -> None:
    raw = {"training": {"epochs": 3, "optimizer": {"name": "adam"}}, "hidden": [64, "é"], "seed": None}

    assert flatten(raw) == {
        "training.epochs": 3, "training.optimizer.name": "adam", "hidden": '[64, "é"]', "seed": None,
    }  # fmt: skip


@given(TREES)
def test_setting_every_param_makes_the_config_again(raw: Raw) -> None:
    assert with_values({}, flatten(raw)) == raw
    assert with_values(raw, flatten(raw)) == raw
    assert differences(raw, raw) == {}


@given(TREES, TREES)
def test_differences_name_just_the_params_that_differ_with_both_values(old: Raw, new: Raw) -> None:
    before, after = flatten(old), flatten(new)

    found = differences(old, new)

    assert {key: pair[1] for key, pair in found.items()} == {key: after.get(key) for key in found}
    assert {key: pair[0] for key, pair in found.items()} == {key: before.get(key) for key in found}
    same = {*before, *after} - set(found)
    assert all(before.get(key) == after.get(key) for key in same)
    assert {key: pair[::-1] for key, pair in found.items()} == differences(new, old)


def test_a_change_makes_a_copy(raw_config: Raw) -> None:
    changed = with_values(raw_config, {"training.epochs": 9, "training.early_stopping.patience": 3})

    assert raw_config["training"] == {"epochs": 2}
    assert changed["training"] == {"epochs": 9, "early_stopping": {"patience": 3}}


def test_another_variant_drops_what_only_the_old_one_knew_and_keeps_what_was_chosen(raw_config: Raw) -> None:
    sgd = with_values(
        raw_config,
        {
            "training.optimizer": {
                "name": "sgd",
                "learning_rate": 0.5,
                "momentum": 0.7,
                "nesterov": True,
                "clip_norm": None,
            }
        },
    )

    adam = with_values(sgd, {"training.optimizer.name": "adam"})

    assert adam["training"]["optimizer"] == {"name": "adam", "learning_rate": 0.5}
    assert check(adam, Settings())[1] == []
    rmsprop = with_values(sgd, {"training.optimizer.name": "rmsprop"})
    assert rmsprop["training"]["optimizer"] == {"name": "rmsprop", "learning_rate": 0.5, "momentum": 0.7}


def test_defaults_of_the_old_variant_do_not_become_choices_of_the_new_one(raw_config: Raw) -> None:
    full = dump(parse(with_values(raw_config, {"training.optimizer.name": "sgd"}), Settings()))

    changed = parse(with_values(full, {"training.optimizer.name": "adam"}), Settings())

    assert changed.training.optimizer.learning_rate == 0.001  # Adam's own, not the 0.01 of SGD


def test_a_variant_and_its_fields_can_be_changed_together_in_any_order(raw_config: Raw) -> None:
    changes: dict[str, Any] = {"training.optimizer.momentum": 0.5, "training.optimizer.name": "sgd"}

    for order in (changes, dict(reversed(changes.items()))):
        assert parse(with_values(raw_config, order), Settings()).training.optimizer.model_dump()["momentum"] == 0.5


def test_every_choice_of_a_variant_from_every_other_leaves_a_config_that_is_accepted(raw_config: Raw) -> None:
    for path in ("training.optimizer", "training.schedule"):
        variants = variants_at(path.split("."))
        for old in variants:
            full = dump(parse(with_values(raw_config, {f"{path}.name": old, "training.epochs": 5}), Settings()))
            for new in variants:
                assert check(with_values(full, {f"{path}.name": new}), Settings())[1] == []


def test_a_change_within_a_section_left_out_means_its_default_variant(raw_config: Raw) -> None:
    changed = with_values(raw_config, {"training.optimizer.learning_rate": 0.5})

    assert changed["training"]["optimizer"] == {"name": "adam", "learning_rate": 0.5}


def test_a_path_through_something_that_is_no_section_replaces_it(raw_config: Raw) -> None:
    assert with_values({"data": 3}, {"data.source": "xor"}) == {"data": {"source": "xor"}}


def test_a_name_with_dots_of_a_mapping_is_one_step_of_a_path() -> None:
    raw = {"arguments": {"model.lr": 0.1, "model": "wide"}, "training": {"epochs": 1}}
    changed = with_values(raw, {"arguments.model.lr": 0.2, "training.epochs": 2})
    assert changed == {"arguments": {"model.lr": 0.2, "model": "wide"}, "training": {"epochs": 2}}


def test_places_in_lists_are_set_counted_and_gone_into() -> None:
    raw: Raw = {"net": {"hidden": [64, 32], "layers": [{"inner": {"units": 3, "sizes": [2, 2]}}, {"rate": 0.1}]}}
    changes = {
        "net.hidden[2]": 7, "net.hidden[0]": 1, "net.hidden[count]": 3, "net.layers[0].inner.sizes[1]": 5,
        "net.layers[count]": 3, "net.layers[2].rate": 0.2,
    }  # fmt: skip
    assert with_values(raw, changes)["net"] == {
        "hidden": [1, 32, 7], "layers": [{"inner": {"units": 3, "sizes": [2, 5]}}, {"rate": 0.1}, {"rate": 0.2}],
    }  # fmt: skip
    assert with_values(raw, {"net.hidden[count]": 1})["net"]["hidden"] == [64]
    assert with_values(raw, {"net.hidden[4]": 1})["net"]["hidden"] == [64, 32, 32, 32, 1]
    assert with_values(raw, {"net.hidden[count]": 10**8})["net"]["hidden"] == 10**8  # which its check refuses
    assert with_values(raw, {"net.other[1]": 1})["net"]["other[1]"] == 1  # no list, so that it is told as unknown
    assert with_places(leaves(raw))["net.layers[0].inner.sizes[1]"] == 2
    assert {"net.hidden[count]": 2, "net.layers[1].rate": 0.1}.items() <= with_places(leaves(raw)).items()
