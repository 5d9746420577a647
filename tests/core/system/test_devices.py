"""Slots and cards. No GPU is needed: what NVML would report is given as records."""

from pathlib import Path
from types import SimpleNamespace

import pynvml
import pytest

from core.common.settings import Settings
from core.system import devices
from core.system.devices import Card

CARDS = [
    Card(0, "NVIDIA H200", "GPU-aaaa1111", "550.54", memory_used=2**30, memory_total=2**37),
    Card(1, "NVIDIA H200", "GPU-bbbb2222", "550.54", memory_used=0, memory_total=2**37),
]

without_gpu = pytest.mark.skipif(not devices.nvml_error(), reason="this host has a GPU")


@without_gpu
def test_a_host_without_the_nvml_library_has_no_gpu_and_that_is_no_error() -> None:
    assert devices.cards() == ()
    assert "Not Found" in devices.nvml_error() or devices.nvml_error()


@without_gpu
@pytest.mark.parametrize(("asked", "slots"), [(None, ("cpu:0",)), (2, ("cpu:0", "cpu:1")), (0, ())])
def test_the_cpu_has_one_slot_without_gpus_unless_the_settings_say_otherwise(
    tmp_path: Path, asked: int | None, slots: tuple[str, ...]
) -> None:
    assert devices.slots(Settings(home=tmp_path, cpu_slots=asked)) == slots


@without_gpu
def test_a_run_on_the_cpu_sees_no_card() -> None:
    assert devices.visible_devices(["cpu:0"]) == "-1"


@pytest.mark.parametrize(
    ("visible", "slots"),
    [
        (None, ["gpu:0", "gpu:1"]),
        ("1", ["gpu:1"]),
        ("0, 1", ["gpu:0", "gpu:1"]),
        ("GPU-bbbb", ["gpu:1"]),
        ("-1", []),
        ("", []),
        ("nonsense", []),
    ],
)
def test_cards_hidden_by_cuda_visible_devices_are_not_used(visible: str | None, slots: list[str]) -> None:
    assert [card.slot for card in devices.usable(CARDS, visible)] == slots


@pytest.mark.parametrize(("knows", "used"), [(True, 0), (False, 615)])
def test_memory_that_the_driver_keeps_is_not_in_use_where_it_tells_that_apart(
    monkeypatch: pytest.MonkeyPatch, knows: bool, used: int
) -> None:
    """As an idle H200 tells it: the first version of the call counts what is reserved, and nvidia-smi does not."""

    def told(_handle: object, version: int | None = None) -> SimpleNamespace:
        if version and not knows:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND)
        return SimpleNamespace(used=0 if version else 615, total=1000)

    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", lambda index: index + 1)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", told)
    for name in ("UtilizationRates", "ComputeRunningProcesses", "Name", "UUID", "PowerUsage", "EnforcedPowerLimit"):
        monkeypatch.setattr(pynvml, f"nvmlDeviceGet{name}", _unknown)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetTemperature", _unknown)
    monkeypatch.setattr(pynvml, "nvmlSystemGetDriverVersion", _unknown)
    card = devices.card(0)
    assert card is not None
    assert (card.memory_used, card.memory_total, card.power, card.processes) == (used, 1000, None, ())


def _unknown(*_asked: object) -> None:
    raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


def test_the_cpu_tells_its_name_threads_and_memory() -> None:
    cpu = devices.cpu()
    assert cpu.name
    assert 1 <= cpu.cores <= cpu.threads
    assert 0 <= cpu.utilisation <= 100
    assert 0 < cpu.memory_used <= cpu.memory_total
