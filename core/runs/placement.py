"""Where a run can execute: which slots suit what it waits for, and whether any host that is known has them."""

import socket
import time
from collections.abc import Mapping, Sequence

import db.hosts
from core.common.context import Context
from core.common.errors import Problem
from core.common.text import plural
from core.config.resources import Resources

RECENT_SECONDS = 60.0  # since its supervisor was heard; before that, what a host has may be different by now


def usable(wish: Resources, slots: Sequence[str]) -> tuple[list[str], int]:
    """The slots that this run may have, and how many of them it needs."""
    if wish.slot:
        return [slot for slot in slots if slot == wish.slot], 1
    has_gpus = any(slot.startswith("gpu:") for slot in slots)
    kind = ("gpu" if has_gpus else "cpu") if wish.device == "auto" else wish.device
    return [slot for slot in slots if slot.startswith(f"{kind}:")], wish.gpus if kind == "gpu" else 1


def suits(wish: Resources, slots: Sequence[str]) -> bool:
    """Whether a host with these slots can execute the run once they are free."""
    found, count = usable(wish, slots)
    return len(found) >= count


def wanted(wish: Resources) -> str:
    """What it waits for, in words."""
    if wish.slot:
        return f"slot {wish.slot}"
    return plural(wish.gpus, "GPU") if wish.device != "cpu" else "a CPU slot"


def waits_for(wish: Resources, hosts: Mapping[str, Sequence[str]]) -> str:
    """That none of these hosts, given with their slots, can ever execute it; "" when one can.

    The same words on every host, so that their supervisors do not correct each other.
    """
    if any(suits(wish, slots) for slots in hosts.values()):
        return ""
    has = ", ".join(f"{name} has {', '.join(slots) or 'no slots'}" for name, slots in sorted(hosts.items()))
    return f"Waits for {wanted(wish)}; {has}."


def placement_problems(context: Context, wish: Resources) -> list[Problem]:
    """That no known host has what the run would wait for.

    Nothing is refused before this host has reported: it may be the one that has it. Raises StoreError.
    """
    with context.workspace.read() as session:
        hosts = db.hosts.all_hosts(session)
    here = next((host for host in hosts if host.name == socket.gethostname()), None)
    unknown = here is None or time.time() - here.heartbeat_at > RECENT_SECONDS
    if unknown or any(suits(wish, host.slots) for host in hosts):
        return []
    has = "; ".join(f"{host.name} has {', '.join(host.slots) or 'no slots'}" for host in hosts)
    field = "slot" if wish.slot else "gpus" if wish.device == "auto" or wish.gpus > 1 else "device"
    return [Problem(f"resources.{field}", f"no host has {wanted(wish)}: {has}. Take what a host has, or leave it open")]
