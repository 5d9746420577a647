"""Which values of a goal tell with how many digits it is shown, wherever trials are listed."""

import math
from collections.abc import Sequence


def telling_values(values: Sequence[float | None], are_finished: Sequence[bool], *, is_min: bool) -> list[float]:
    """The better half of those that were trained to their end: beside a bad or a pruned trial, whose loss is ten times
    as large, the best ones would look the same.
    """
    known = [
        (float(value), finished)
        for value, finished in zip(values, are_finished, strict=True)
        if value is not None and math.isfinite(value)
    ]
    ended = [value for value, finished in known if finished] or [value for value, _ in known]
    ordered = sorted(ended, reverse=not is_min)
    return ordered[: max(2, (len(ordered) + 1) // 2)]
