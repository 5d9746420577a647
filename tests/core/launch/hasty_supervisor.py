"""A supervisor that gives a silent host up after so many seconds: `python -m tests.core.launch.hasty_supervisor 5`."""

import sys

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.launch import supervisor

if __name__ == "__main__":
    supervisor.LOST_SECONDS = float(sys.argv[1])
    supervisor.Supervisor(Workspace.open(Settings())).serve()
