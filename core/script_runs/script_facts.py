"""What is needed to do a script's run again: its interpreter, the versions in it, the command."""

import json
import os
import shlex
import socket
import subprocess
from pathlib import Path
from typing import Any

from core.script_runs.script_process import Order
from core.scripts.spec import ScriptSpec
from core.system import devices
from core.system.program import program

_ASKED = """
import json, platform
from importlib.metadata import PackageNotFoundError, version
found = {"python": platform.python_version()}
for name in ("tensorflow", "keras", "numpy", "torch", "jax", "scikit-learn"):
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def facts_of(spec: ScriptSpec, order: Order) -> dict[str, Any]:
    """As JSON data. Asking another interpreter for its versions takes a tenth of a second."""
    own = program()
    shown = [order.script or f"-m {order.module}", *map(shlex.quote, order.arguments)]
    facts = {
        "host": socket.gethostname(),
        "device": _device(),
        "cpus": len(os.sched_getaffinity(0)),
        "command": " ".join(each.replace(f"{order.folder}/", "") for each in shown),
        "platform": own["platform"],
        "versions": own["versions"],
    }
    if order.interpreter:
        facts["interpreter"] = order.interpreter
        facts["versions"] = _versions(order.interpreter) | {"traindeck": own["versions"]["traindeck"]}
    if spec.environment:
        facts["environment"] = dict(spec.environment)
    return facts


def _device() -> str:
    """The cards that the script may use, whether it does or not; else the processor."""
    given = devices.usable(devices.cards(), os.environ.get("CUDA_VISIBLE_DEVICES"))
    return ", ".join(card.name for card in given) or devices.cpu_name()


def _versions(interpreter: str) -> dict[str, str]:
    try:
        told = subprocess.run(  # noqa: S603 - the one that was chosen
            [interpreter, "-I", "-c", _ASKED],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            cwd=Path(interpreter).parent,
        )
        found = json.loads(told.stdout)
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
