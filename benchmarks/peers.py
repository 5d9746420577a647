"""Other tools in an environment of their own, and how their figures are shown beside ours."""

import json
import statistics
import subprocess
from pathlib import Path

from core.common.settings import PROJECT_ROOT

PYTHON = PROJECT_ROOT / ".peers" / "bin" / "python"
LONGEST = 600.0  # seconds of one call


def seconds_of(python: Path | str, module: str, *arguments: object) -> list[float] | str:
    """What a benchmark in another process measured, or why there is nothing."""
    command = [str(python), "-m", module, *map(str, arguments)]
    try:
        ended = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=LONGEST)
    except FileNotFoundError:
        return "not installed: make .peers/installed"
    except subprocess.TimeoutExpired:
        return f"no end within {LONGEST:.0f} s"
    if ended.returncode:
        return (ended.stderr.strip().splitlines() or ["failed without a word"])[-1][:100]
    measured: list[float] = json.loads(ended.stdout.splitlines()[-1])
    return measured


def spread(values: list[float], form: str) -> str:
    """Median, and lowest to highest, as two cells."""
    return f"{statistics.median(values):{form}} | {min(values):{form}} to {max(values):{form}}"
