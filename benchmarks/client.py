"""What logging with the package `traindeck` costs a script, and how fast its values get into the store.

python -m benchmarks.client
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from core.common.settings import PROJECT_ROOT, Settings
from tests.server import Server

VALUES = 200_000
SCRIPT = """
import sys, time, traindeck
width, steps = int(sys.argv[1]), int(sys.argv[2]) // int(sys.argv[1])
values = {f"metric_{place}": place / 7 for place in range(width)}
run = traindeck.start("speed")
begun = time.perf_counter()
for step in range(steps):
    run.log(values, step)
logged = time.perf_counter() - begun
run.finish()
print(logged, time.perf_counter() - begun)
"""


def main() -> None:
    print("| values a call | µs a value on the caller's thread | values a second into the store |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "site"
        package.mkdir()
        (package / "traindeck").symlink_to(PROJECT_ROOT / "core" / "client")
        server = Server(Settings(home=Path(folder) / "home", standby=False))
        server.start(until_healthy=False)
        try:
            for width in (1, 10, 100):
                logged, whole = _run(server, package, width)
                print(f"| {width} | {1e6 * logged / VALUES:.2f} | {VALUES / whole:,.0f} |", flush=True)
        finally:
            server.close()


def _run(server: Server, package: Path, width: int) -> tuple[float, float]:
    """Seconds until all is logged, and until all is stored."""
    own = {"TRAINDECK_URL": server.url, "TRAINDECK_SPOOL": str(package.parent / "spool"), "PYTHONPATH": str(package)}
    command = [sys.executable, "-c", SCRIPT, str(width), str(VALUES)]
    told = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=True).stdout
    logged, whole = map(float, told.split())
    return logged, whole


if __name__ == "__main__":
    main()
