"""The address of Compare for some configs."""

from collections.abc import Sequence

from pages.parts.compare.choice import MOST, RUNS
from pages.parts.compare.controls import GROUP
from pages.shared.judged import BY


def of_configs(configs: Sequence[Sequence[int]], metric: str) -> dict[str, str]:
    """Judged by this metric, each config as one line where any has several runs, which are told by their numbers."""
    runs = [run for config in configs for run in config]
    grouped = {GROUP: "true"} if len(runs) > len(configs) else {}
    return {RUNS: ",".join(map(str, runs[:MOST])), BY: metric} | grouped
