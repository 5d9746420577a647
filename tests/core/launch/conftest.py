"""One warm host for all tests of this folder: the standby's import of TensorFlow is paid once."""

from collections.abc import Iterator

import pytest

from tests.host import Host, host_of


@pytest.fixture(scope="session")
def session_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with host_of(tmp_path_factory.mktemp("host")) as host:
        yield host


@pytest.fixture(scope="session")
def shared_host(session_host: Host) -> Host:
    """The host of all tests of this folder; some modules have others beside it."""
    return session_host


@pytest.fixture
def host(shared_host: Host) -> Iterator[Host]:
    """A host with a supervisor at work and nothing to do."""
    shared_host.ensure()
    yield shared_host
    shared_host.clear()
