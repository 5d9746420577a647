"""One warm host for all tests of this folder: the standby's import of TensorFlow is paid once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.host import Host


@contextmanager
def host_of(home: Path, url: str | None = None, environment: Mapping[str, str] | None = None) -> Iterator[Host]:
    """A host on a workspace of its own, which ends with what it runs."""
    workspace = Workspace.open(Settings(home=home, user="ada", db_url=url))
    host = Host(workspace, environment)
    try:
        yield host
    finally:
        host.close()
        workspace.close()


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
