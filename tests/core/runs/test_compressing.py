"""Configs of runs that make another run's network smaller."""

import pytest

from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.config.check import check
from core.config.edit import Raw
from core.runs.compressing import METHODS, compressed


@pytest.mark.parametrize("method", METHODS)
def test_each_method_makes_a_config_that_is_accepted(method: str, settings: Settings, raw_config: Raw) -> None:
    raw = compressed(raw_config, 3, method)
    config, problems = check(raw, settings)
    assert problems == []
    assert config is not None
    assert compressed(raw, 3, method, METHODS[method].usual) != raw_config


def test_another_method_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"'prun' is no way to compress a network.*prune.*accepted are prune"):
        compressed({}, 1, "prun")
