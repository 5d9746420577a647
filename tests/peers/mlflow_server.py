"""Servers of our MLflow interface, each with a store of its own: `python -m tests.peers.mlflow_server`.

Reads a line for each, "PORT HOME" or "PORT HOME ARTIFACT_ROOT", and answers "ready PORT" once it listens; "stop PORT"
ends one.
"""

import sys
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.web.mlflow_routes import mlflow_routes
from core.web.security import AllowedHosts, SecurityHeaders


def build(home: Path, root: str) -> Starlette:
    workspace = Workspace.open(Settings(home=home, mlflow_artifact_root=root))
    middleware = [Middleware(SecurityHeaders, policy="default-src 'none'"), Middleware(AllowedHosts, names=())]
    return Starlette(routes=mlflow_routes(lambda: Context.of_shell(workspace)), middleware=middleware)


def main() -> None:
    servers: dict[str, uvicorn.Server] = {}
    for line in sys.stdin:
        port, home, *root = line.split()
        if port == "stop":
            servers.pop(home).should_exit = True
            continue
        servers[port] = server = uvicorn.Server(
            uvicorn.Config(build(Path(home), "".join(root)), host="127.0.0.1", port=int(port), log_level="warning")
        )
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            threading.Event().wait(0.01)
        sys.stdout.write(f"ready {port}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
