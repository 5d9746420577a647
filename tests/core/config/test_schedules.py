import pytest

from core.config.schedules import Constant, Cosine, Exponential, Plateau, Step, Triangular


def test_a_constant_rate_and_one_that_waits_for_a_plateau_stay() -> None:
    assert Constant().factor(7, 10) == Plateau().factor(7, 10) == 1.0


def test_steps_go_down_at_whole_multiples() -> None:
    schedule = Step(every=3, gamma=0.1)

    assert [schedule.factor(epoch, 9) for epoch in (0, 2.99, 3, 6)] == pytest.approx([1, 1, 0.1, 0.01])


def test_an_exponential_multiplies_each_epoch_and_in_between() -> None:
    schedule = Exponential(gamma=0.25)

    assert [schedule.factor(epoch, 9) for epoch in (0, 0.5, 1, 2)] == pytest.approx([1, 0.5, 0.25, 0.0625])


def test_a_cosine_warms_up_then_falls_to_its_floor_and_stays_there() -> None:
    schedule = Cosine(warmup=2, floor=0.1)

    found = [schedule.factor(epoch, 10) for epoch in (0, 1, 2, 6, 10, 12)]

    assert found == pytest.approx([0, 0.5, 1, 0.55, 0.1, 0.1])


def test_a_triangle_rises_to_its_peak_and_falls_to_its_floor() -> None:
    schedule = Triangular(start=0.2, peak=0.25, floor=0.1)

    found = [schedule.factor(epoch, 8) for epoch in (0, 1, 2, 5, 8, 9)]

    assert found == pytest.approx([0.2, 0.6, 1, 0.55, 0.1, 0.1])
    assert Triangular(peak=0).factor(0, 8) == 1
    assert Triangular(peak=1, start=0).factor(8, 8) == 1
