"""A standby as any, but without TensorFlow, so that it is there at once, and with the small kinds of jobs."""

import sys

from core.common.settings import Settings
from core.launch.local.standby import serve
from core.system.channel import Channel
from tests.core.launch.local.small_job import register

if __name__ == "__main__":
    register()
    serve(Settings(), Channel(int(sys.argv[1])))
