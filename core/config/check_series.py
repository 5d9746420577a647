"""Windows of series checked before anything is loaded: does each part of the time hold one?"""

from collections.abc import Iterator

from core.common.errors import Problem
from core.data.base import DataInfo
from core.data.series_source import SeriesSource


def series_problems(source: SeriesSource, info: DataInfo, *, tests: bool) -> Iterator[Problem]:
    """`tests`: the run is to be tested at its end."""
    facts = info.series
    assert facts is not None
    window, horizon = source.lengths(facts)
    if window < horizon and (facts.calendar or len(info.features) > facts.past):
        yield Problem(
            "data.window",
            f"{window:,} steps are fewer than the {horizon:,} of the horizon, and what is known ahead is seen beside "
            f"the steps of the window; take at least {horizon:,}, or no calendar and no features known ahead",
        )
    train, validation = source.sizes(info)
    if train < 1:
        taken = f"a window takes {window:,} steps and {horizon:,} to forecast"
        yield Problem(
            "data.window",
            f"{taken}, and none fits the part to train on, of the {facts.length:,} times the first "
            f"{source.cuts(facts).validation:,}; take a smaller window or horizon, smaller shares, or more data",
        )
        return
    cuts = source.cuts(facts)
    parts = [("data.validation_split", "validation", source.validation_split, validation, cuts.test - cuts.validation)]
    if tests:
        parts.append(("data.test_split", "the test", source.test_split, info.test_examples, cuts.end - cuts.test))
    for field, name, share, windows, times in parts:
        if share and not windows:
            yield Problem(
                field,
                f"{times:,} of the times are left for {name}, and {horizon:,} are forecast at once; take a larger "
                f"share, a smaller horizon, or 0 for no {name.removeprefix('the ')}",
            )
