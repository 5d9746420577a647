"""What the run's process, its host and its GPUs are doing."""

import os
import time
from collections.abc import Callable
from typing import Any

import psutil

from core.tracking.families import INPUT_WAIT

MB = 2**20


class Telemetry:
    """Samples by name, `system/…`. A host without NVIDIA's library has no GPU values; that is no error."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._cards = _cards()
        self._waited, self._sampled_at = 0.0, time.monotonic()
        self._process.cpu_percent()  # the first call has no interval to measure and gives 0
        psutil.cpu_percent()

    def sample(self, waited: float = 0.0) -> dict[str, float]:
        """CPU shares since the last sample in % (100 is one core for the process), memory in MB, power in W.

        `waited` are the seconds in all that steps had to wait for their batches; of those since the last sample the
        share is told once there are any. A large one says that the input is the bottleneck, not the network.
        """
        values = {
            "system/process_cpu_percent": self._process.cpu_percent(),
            "system/process_memory_mb": self._process.memory_info().rss / MB,
            "system/host_cpu_percent": psutil.cpu_percent(),
        }
        now, before = time.monotonic(), self._sampled_at
        if waited:
            values[INPUT_WAIT] = 100 * max(0.0, waited - self._waited) / (now - before)
        self._waited, self._sampled_at = waited, now
        for number, card in enumerate(self._cards):
            values |= {f"system/gpu{number}_{name}": value for name, value in _card_values(card).items()}
        return values


def _cards() -> list[Any]:
    """NVML's handles of the cards that this process may use."""
    try:
        import pynvml

        pynvml.nvmlInit()
        count = pynvml.nvmlDeviceGetCount()
        visible = os.environ.get("CUDA_VISIBLE_DEVICES")
        names = list(map(str, range(count))) if visible is None else [name.strip() for name in visible.split(",")]
        return [
            pynvml.nvmlDeviceGetHandleByIndex(int(name)) if name.isdecimal() else pynvml.nvmlDeviceGetHandleByUUID(name)
            for name in names
            if name and name != "-1"
        ]
    except Exception:  # no library, no driver, no such card: NVML has an exception class for each
        return []


def _card_values(card: Any) -> dict[str, float]:
    import pynvml

    readings: dict[str, Callable[[], Any]] = {
        "percent": lambda: pynvml.nvmlDeviceGetUtilizationRates(card).gpu,
        "memory_mb": lambda: pynvml.nvmlDeviceGetMemoryInfo(card).used / MB,
        "power_w": lambda: pynvml.nvmlDeviceGetPowerUsage(card) / 1000,
        "temperature_c": lambda: pynvml.nvmlDeviceGetTemperature(card, pynvml.NVML_TEMPERATURE_GPU),
    }
    values = {}
    for name, read in readings.items():
        try:
            values[name] = float(read())
        except pynvml.NVMLError:  # not every card reports everything
            continue
    return values
