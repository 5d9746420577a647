"""A supervisor whose standby has the small kinds of jobs, as a process that can be killed; or in the test's own."""

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.launch.local.standby_client import StandbyClient
from core.launch.supervisor import Supervisor
from tests.core.launch.local.small_job import register

MODULE = "tests.core.launch.local.small_standby"

if __name__ == "__main__":
    register()
    StandbyClient.MODULE = MODULE
    Supervisor(Workspace.open(Settings())).serve()
