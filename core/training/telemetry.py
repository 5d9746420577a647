"""What the run's process, its host and its GPUs are doing."""

import os
import time

import psutil

from core.system import devices
from core.tracking.families import INPUT_WAIT

MB = 2**20


class Telemetry:
    """Samples by name, `system/…`. A host without NVIDIA's library has no GPU values; that is no error."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        visible = devices.usable(devices.cards(), os.environ.get("CUDA_VISIBLE_DEVICES"))
        self._cards = [card.index for card in visible]
        self._waited, self._sampled_at = 0.0, time.monotonic()
        self._process.cpu_percent()  # the first call has no interval to measure and gives 0
        psutil.cpu_percent()

    def usage(self) -> tuple[float, float]:
        """CPU share since the last call in %, and bytes of memory, of the processes that do the run's work."""
        return self._process.cpu_percent(), self._process.memory_info().rss

    def sample(self, waited: float = 0.0) -> dict[str, float]:
        """CPU shares since the last sample in % (100 is one core for the process), memory in MB, power in W.

        `waited` are the seconds in all that steps had to wait for their batches; of those since the last sample the
        share is told once there are any. A large one says that the input is the bottleneck, not the network.
        """
        share, held = self.usage()
        values = {
            "system/process_cpu_percent": share,
            "system/process_memory_mb": held / MB,
            "system/host_cpu_percent": psutil.cpu_percent(),
        }
        now, before = time.monotonic(), self._sampled_at
        if waited:
            values[INPUT_WAIT] = 100 * max(0.0, waited - self._waited) / (now - before)
        self._waited, self._sampled_at = waited, now
        for number, index in enumerate(self._cards):
            values |= _card_values(number, index)
        return values


def _card_values(number: int, index: int) -> dict[str, float]:
    """Of one of the run's cards; not every card reports everything."""
    card = devices.card(index)
    if card is None:
        return {}
    values = {
        "percent": card.utilisation,
        "memory_mb": card.memory_used / MB,
        "power_w": card.power,
        "temperature_c": card.temperature,
    }
    return {f"system/gpu{number}_{name}": float(value) for name, value in values.items() if value is not None}
