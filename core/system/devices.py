"""What a host can train on: GPUs, as NVML sees them, and the CPU. A host without the NVML library has no GPU."""

import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pynvml

from core.common.settings import Settings

NO_CARDS = "-1"  # the value of CUDA_VISIBLE_DEVICES of a process without any
T = TypeVar("T")


@dataclass(frozen=True)
class CardProcess:
    """A process that computes on a card; `memory` in bytes on the card, None where the driver does not tell."""

    pid: int
    memory: int | None = None


@dataclass(frozen=True)
class Card:
    """One GPU at one moment. Memory in bytes, utilisation in percent, power in watts, temperature in degrees Celsius.

    None stands for what this card or driver does not report.
    """

    index: int  # NVML's, in the order of the PCI bus
    name: str
    uuid: str
    driver: str
    memory_used: int
    memory_total: int
    utilisation: float | None = None
    power: float | None = None
    power_limit: float | None = None
    temperature: float | None = None
    processes: tuple[CardProcess, ...] = ()

    @property
    def slot(self) -> str:
        return f"gpu:{self.index}"


@dataclass(frozen=True)
class Cpu:
    """The processors and the main memory; utilisation in percent of all threads, memory in bytes."""

    name: str
    cores: int
    threads: int
    utilisation: float
    memory_used: int
    memory_total: int


def slots(settings: Settings) -> tuple[str, ...]:
    """Places where one run each can execute on this host: "gpu:0", … and "cpu:0", …"""
    gpus = tuple(card.slot for card in usable(cards(), os.environ.get("CUDA_VISIBLE_DEVICES")))
    default = 0 if gpus else 1
    count = default if settings.cpu_slots is None else settings.cpu_slots
    return gpus + tuple(f"cpu:{number}" for number in range(count))


def visible_devices(run_slots: Iterable[str]) -> str:
    """The value of CUDA_VISIBLE_DEVICES under which a run sees its own cards only; NO_CARDS when it has none.

    Names cards by uuid: CUDA numbers them by speed unless told otherwise, NVML by their place on the bus.
    """
    wanted = set(run_slots)
    return ",".join(card.uuid for card in cards() if card.slot in wanted) or NO_CARDS


def usable(found: Iterable[Card], visible: str | None) -> list[Card]:
    """The cards that CUDA_VISIBLE_DEVICES, as given to this program by an administrator or a scheduler, allows."""
    if visible is None:
        return list(found)
    names = [name.strip() for name in visible.split(",") if name.strip()]
    return [card for card in found if any(name == str(card.index) or _is_uuid(name, card) for name in names)]


def _is_uuid(name: str, card: Card) -> bool:
    return name.startswith("GPU-") and card.uuid.startswith(name)


def cards() -> tuple[Card, ...]:
    """Every GPU of the host as it is now; none where there is no driver."""
    if nvml_error():
        return ()
    count = _reported(pynvml.nvmlDeviceGetCount) or 0
    return tuple(found for found in map(card, range(count)) if found)


def nvml_error() -> str:
    """Why the host's GPUs cannot be seen, in NVML's words; "" when they can."""
    return _start_nvml(os.getpid())


@lru_cache(maxsize=1)
def _start_nvml(pid: int) -> str:  # noqa: ARG001 - by process: what was opened before a fork is of no use after it
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return str(error)
    return ""


def card(index: int) -> Card | None:
    """One GPU as it is now, by NVML's number; None where it is no longer to be seen. After `cards` in this process."""
    handle = _reported(lambda: pynvml.nvmlDeviceGetHandleByIndex(index))
    memory = _memory(handle) if handle else None
    if memory is None:  # fallen off the bus, or not ours to see
        return None
    rates = _reported(lambda: pynvml.nvmlDeviceGetUtilizationRates(handle))
    processes = _reported(lambda: pynvml.nvmlDeviceGetComputeRunningProcesses(handle)) or []
    return Card(
        index=index,
        name=_reported(lambda: pynvml.nvmlDeviceGetName(handle)) or "GPU",
        uuid=_reported(lambda: pynvml.nvmlDeviceGetUUID(handle)) or str(index),
        driver=_reported(pynvml.nvmlSystemGetDriverVersion) or "",
        memory_used=int(memory.used),
        memory_total=int(memory.total),
        utilisation=None if rates is None else float(rates.gpu),
        power=_watts(_reported(lambda: pynvml.nvmlDeviceGetPowerUsage(handle))),
        power_limit=_watts(_reported(lambda: pynvml.nvmlDeviceGetEnforcedPowerLimit(handle))),
        temperature=_reported(lambda: pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU)),
        processes=tuple(CardProcess(process.pid, process.usedGpuMemory) for process in processes),
    )


def _memory(handle: Any) -> Any:
    """What is allocated, as nvidia-smi tells it; drivers before 510 count what they keep for themselves as well."""
    told = _reported(lambda: pynvml.nvmlDeviceGetMemoryInfo(handle, version=pynvml.nvmlMemory_v2))
    return told or _reported(lambda: pynvml.nvmlDeviceGetMemoryInfo(handle))


def _reported(read: Callable[[], T]) -> T | None:
    """None where this card or driver does not report the value."""
    try:
        return read()
    except pynvml.NVMLError:
        return None


def _watts(milliwatts: int | None) -> float | None:
    return None if milliwatts is None else milliwatts / 1000


def cpu() -> Cpu:
    """The CPU now; its utilisation is measured over a tenth of a second, which this call takes."""
    memory = psutil.virtual_memory()
    return Cpu(
        name=cpu_name(),
        cores=psutil.cpu_count(logical=False) or psutil.cpu_count() or 1,
        threads=psutil.cpu_count() or 1,
        utilisation=psutil.cpu_percent(interval=0.1),
        memory_used=memory.total - memory.available,
        memory_total=memory.total,
    )


@lru_cache(maxsize=1)
def cpu_name() -> str:
    """As the processor names itself."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
