"""Whose a claim is, and whether whoever has it is still there."""

import socket
from collections.abc import Mapping

from core.system.process import ProcessId
from db.records import HostRecord, JobClaim

# A host that was not heard for so long has its jobs done by another. They can be done twice without harm, as the first
# result to come is taken, so this is far shorter than what a run is given.
SILENT_HOST_SECONDS = 60.0


def claimant(host: str, process: ProcessId) -> str:
    """How a supervisor names itself in its claims."""
    return f"{host} {process.pid} {process.boot}:{process.started!r}"


def is_gone(claim: JobClaim, hosts: Mapping[str, HostRecord], now: float) -> bool:
    """Whether the supervisor with this claim has ended, or its host was not heard for long; of what nobody wrote: yes.

    Args:
        hosts: what the supervisors reported of themselves, by name.
        now: seconds since 1970.
    """
    try:
        name, pid, start = claim.by.rsplit(" ", 2)
        boot, _, started = start.rpartition(":")
        process = ProcessId(int(pid), float(started), boot)
    except ValueError:
        return True
    if name == socket.gethostname():
        return not process.is_alive()
    if abs(now - claim.at) < SILENT_HOST_SECONDS:  # it may have claimed before its first report
        return False
    record = hosts.get(name)
    return record is None or record.pid != process.pid or is_silent(record, now)


def is_silent(record: HostRecord | None, now: float) -> bool:
    # A time far in the future tells of a clock that is wrong, and nothing else; a job that is done twice is no harm.
    return record is None or abs(now - record.heartbeat_at) > SILENT_HOST_SECONDS
