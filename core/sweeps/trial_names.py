"""What the configs of a sweep and their runs are called, and tagged."""


def of_sweep(sweep_id: int) -> str:
    """The tag of its runs."""
    return f"sweep {sweep_id}"


def of_trial(sweep: str, number: int, *more: str) -> str:
    """A config that a sweep tried, also where its fresh seeds are meant, and runs of it: search · trial 16 · seed 42.

    Args:
        sweep: its name; "" where it is clear which one is meant.
        more: what tells a run from others of the config.
    """
    return " · ".join(filter(None, (sweep, f"trial {number}", *more)))
