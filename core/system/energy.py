"""What the processors of this host have used so far, where the host tells: Linux's powercap (RAPL), by package."""

import contextlib
from pathlib import Path

_POWERCAP = Path("/sys/class/powercap")
_MICRO = 1e-6


class Meter:
    """Counts from its making on. All that runs on the host is in it, idle power as well."""

    def __init__(self, folder: Path = _POWERCAP) -> None:
        self._packages = [path for path in sorted(folder.glob("*-rapl:*")) if path.name.count(":") == 1]
        self._before = self._now()

    def joules(self) -> float | None:
        """None where the host does not tell, or only root may know."""
        after = self._now()
        if not after or after.keys() != self._before.keys():
            return None
        used = 0
        for path, count in after.items():
            less = count - self._before[path]
            used += less if less >= 0 else less + int((path / "max_energy_range_uj").read_text(encoding="ascii"))
        return used * _MICRO

    def _now(self) -> dict[Path, int]:
        found: dict[Path, int] = {}
        for path in self._packages:
            with contextlib.suppress(OSError, ValueError):
                found[path] = int((path / "energy_uj").read_text(encoding="ascii"))
        return found
