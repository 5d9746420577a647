"""One warm host for all tests of this folder: the standby's import of TensorFlow is paid once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.host import Host


@pytest.fixture(scope="session")
def shared_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    home: Path = tmp_path_factory.mktemp("host")
    workspace = Workspace.open(Settings(home=home, user="ada"))
    host = Host(workspace)
    yield host
    host.close()
    workspace.close()


@pytest.fixture
def host(shared_host: Host) -> Iterator[Host]:
    """A host with a supervisor at work and nothing to do."""
    shared_host.ensure()
    yield shared_host
    shared_host.clear()
