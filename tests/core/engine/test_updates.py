"""Lookahead, shifts that learn faster, weight decay, alternating flips and whitening; see `inside_updates`."""

import numpy as np
import pytest

from tests.core.warm import Warm

MODES = ["graph", "step", "stream", "fit", "xla"]


def test_lookahead_goes_back_to_slow_weights_in_every_mode(warm: Warm) -> None:
    found = warm.call("tests.core.inside_updates:looked_back", MODES)
    assert {mode: apart < 1e-5 for mode, apart in found.items()} == dict.fromkeys(MODES, True)


def test_two_devices_look_back_as_one_does(warm: Warm) -> None:
    one, two = (warm.call("tests.core.inside_updates:looked_back_on", devices) for devices in (1, 2))
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(one, two, strict=True))


def test_shifts_of_normalisations_learn_by_their_factor_and_nothing_else_does(warm: Warm) -> None:
    found = warm.call("tests.core.inside_updates:shifts_and_others")
    assert len(found) == 6
    for path, moved in found.items():
        assert moved == pytest.approx(0.25 * (16 if path.endswith("/beta") else 1), rel=1e-4), path


def test_what_is_pruned_stays_zero_in_every_mode_and_in_the_means_of_weights(warm: Warm) -> None:
    found = warm.call("tests.core.inside_updates:pruned", MODES)
    first = found["graph"]
    assert first["shares"] == sorted(first["shares"])
    assert 0 < first["shares"][0] < first["shares"][2] < 0.75
    assert first["shares"][6:] == [0.75] * 4
    assert first["layers"] == [0.75, 0.75]
    for name, each in found.items():
        assert (each["mean"], each["biases"]) == (0.75, True), name
    for mode in MODES:
        pairs = zip(first["weights"], found[mode]["weights"], strict=True)
        assert all(np.allclose(a, b, atol=1e-5) for a, b in pairs), mode
    assert found["network"]["layers"] != [0.75, 0.75]


def test_adam_changes_weights_as_keras_does_to_the_last_bit_by_fewer_operations(warm: Warm) -> None:
    both = {"ema_momentum": 0.8, "gradient_accumulation_steps": 2, "clip_norm": 0.5}
    options = [{"name": "adam"}, {"name": "adamw", "weight_decay": 0.1}, {"name": "adam", **both}]
    for chosen, (same, ours, own) in zip(
        options, warm.call("tests.core.inside_updates:adam_and_keras_own", options), strict=True
    ):
        assert same, chosen
        assert ours < 0.9 * own, chosen  # the embedding is updated as Keras does


def test_sgd_takes_its_share_off_each_weight(warm: Warm) -> None:
    before, after = warm.call("tests.core.inside_updates:decayed")
    assert abs(after - before * (1 - 0.5 * 0.1)) < 1e-6


def test_alternating_flips_show_each_picture_both_ways_in_two_epochs(warm: Warm) -> None:
    found = warm.call("tests.core.inside_updates:alternating")
    steps, another = np.array(found["steps"]), np.array(found["another"])
    assert (steps[0] == steps[1]).all()  # by the epoch, not by the step
    assert (steps[0] != steps[2]).all()
    assert (steps[0] == steps[4]).all()
    assert 60 < steps[0].sum() < 140
    assert 40 < (steps[0] != another).sum() < 160


def test_patches_are_whitened_and_blocks_begin_as_identities(warm: Warm, environment: dict[str, str]) -> None:
    found = warm.call("tests.core.inside_updates:whitened", environment)
    assert found["whitens"]
    assert found["trained"] == ["whiten/bias"]
    assert found["opposite"] < 1e-4
    assert np.allclose(found["products"], np.eye(4), atol=0.1)
    assert np.allclose(found["identity"], np.eye(8))
    assert found["elsewhere"] == 0
