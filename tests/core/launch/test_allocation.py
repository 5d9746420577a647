"""Slots go to runs first come, first served."""

from hypothesis import given
from hypothesis import strategies as st

from core.config.resources import Resources
from core.launch.allocation import allocate

GPUS = ("gpu:0", "gpu:1", "gpu:2", "gpu:3")


def test_the_first_in_the_queue_gets_the_free_slot_and_the_rest_wait() -> None:
    assert allocate([(1, Resources()), (2, Resources())], ["cpu:0"], []).given == {1: ("cpu:0",)}


def test_a_taken_slot_is_not_given_again() -> None:
    assert allocate([(1, Resources())], ["cpu:0"], ["cpu:0"]).given == {}


def test_a_run_for_two_gpus_gets_two() -> None:
    assert allocate([(1, Resources(gpus=2))], GPUS, ["gpu:0"]).given == {1: ("gpu:1", "gpu:2")}


def test_a_run_for_two_gpus_waits_for_both_and_is_not_overtaken() -> None:
    queue = [(1, Resources(gpus=2)), (2, Resources(gpus=1))]
    assert allocate(queue, GPUS, ["gpu:0", "gpu:1", "gpu:2"]).given == {}


def test_a_run_for_the_cpu_passes_one_that_waits_for_a_gpu() -> None:
    queue = [(1, Resources(device="gpu")), (2, Resources(device="cpu"))]
    assert allocate(queue, ["gpu:0", "cpu:0"], ["gpu:0"]).given == {2: ("cpu:0",)}


def test_a_run_that_waits_for_one_slot_holds_back_only_that_slot() -> None:
    queue = [(1, Resources(slot="gpu:1")), (2, Resources()), (3, Resources(slot="gpu:1"))]
    allocation = allocate(queue, ("gpu:0", "gpu:1"), ["gpu:1"])
    assert allocation.given == {2: ("gpu:0",)}


def test_any_device_means_the_cpu_only_where_there_is_no_gpu() -> None:
    assert allocate([(1, Resources(gpus=2))], ["cpu:0"], []).given == {1: ("cpu:0",)}
    assert allocate([(1, Resources())], ["cpu:0", "gpu:0"], []).given == {1: ("gpu:0",)}


def test_a_run_that_can_never_start_here_is_told_why_and_holds_nobody_back() -> None:
    queue = [(1, Resources(device="gpu", gpus=2)), (2, Resources(slot="gpu:7")), (3, Resources())]
    allocation = allocate(queue, ["cpu:0"], [])
    assert allocation.given == {3: ("cpu:0",)}
    assert allocation.impossible == {
        1: "Waits for 2 GPUs; this host has cpu:0.",
        2: "Waits for slot gpu:7; this host has cpu:0.",
    }


wishes = st.builds(
    Resources,
    device=st.sampled_from(["auto", "cpu", "gpu"]),
    gpus=st.integers(1, 5),
    slot=st.sampled_from(["", "gpu:0", "gpu:3", "cpu:0", "gpu:9"]),
)


@given(st.lists(wishes), st.sets(st.sampled_from([*GPUS, "cpu:0"])))
def test_no_slot_is_given_twice_or_while_taken_and_every_run_gets_all_it_asked_for(
    queue: list[Resources], taken: set[str]
) -> None:
    slots = [*GPUS, "cpu:0"]
    allocation = allocate(enumerate(queue), slots, taken)
    handed_out = [slot for given_slots in allocation.given.values() for slot in given_slots]
    assert len(handed_out) == len(set(handed_out))
    assert not set(handed_out) & taken
    for run_id, given_slots in allocation.given.items():
        if queue[run_id].slot:
            assert given_slots == (queue[run_id].slot,)
        elif given_slots[0].startswith("gpu"):
            assert len(given_slots) == queue[run_id].gpus
