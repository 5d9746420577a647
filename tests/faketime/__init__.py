"""A clock for processes of a test that the test can set while they run, by the distribution's libfaketime.

Only the time of day is another; the monotonic clock goes on, as when somebody sets the clock of a real host.
"""

import time
from pathlib import Path

import pytest

from tests import calm

_LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
needs_faketime = pytest.mark.skipif(
    not _LIBRARIES, reason="libfaketime is not installed: tests/install_faketime.sh does so"
)


class HostClock:
    """Of all processes that are started with its `environment`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.ahead = 0.0
        self.set(0.0)

    def set(self, ahead: float) -> None:
        """So many seconds ahead of the real time; the processes see it within a second."""
        self.ahead = ahead
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead:+.0f}\n")
        new.rename(self._file)

    def shows(self, moment: float) -> bool:
        """Whether this is about the time that the clock shows now."""
        return abs(moment - time.time() - self.ahead) < 600

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1",
            "NO_FAKE_STAT": "1",  # a clock that is set leaves the times of files alone
            **calm.path(str(Path(__file__).parent / "site")),
        }
