"""The import of TensorFlow is paid once for all tests of what happens inside a trainer."""

from collections.abc import Iterator

import pytest

from tests.core.warm import Warm


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """`warm.call("module:function", arguments…)` runs a function in a process with TensorFlow imported."""
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()
