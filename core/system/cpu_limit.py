"""How much of the CPU this process may use."""

import math
import resource
from collections.abc import Iterator
from contextlib import contextmanager


def limit_cpu(seconds: float) -> None:
    """So much more from now on, on all cores together; past it, SIGXCPU ends this process, and nothing else."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


@contextmanager
def at_most_cpu(seconds: float) -> Iterator[None]:
    """The same within; after it, what was allowed before."""
    before = resource.getrlimit(resource.RLIMIT_CPU)
    limit_cpu(seconds)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)
