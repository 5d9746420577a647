"""A real PostgreSQL server for tests: the distribution's, in a temporary folder, as an unprivileged user.

Tests of a folder run on both stores where its conftest says

    from tests.postgres import each_database as database_url

and with `only_sqlite` those of them that look at what only SQLite has, with `only_postgres` the others.
"""

import contextlib
import ctypes
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from db.engine import open_database

BACKENDS = ("sqlite", "postgresql")
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
_SECONDS = 60  # to begin or to end
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl
_LIBC = ctypes.CDLL(None)
_SETTINGS = {
    "fsync": "off",  # nothing of a test has to outlive a power cut
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
}


def programs() -> Path | None:
    """The folder of the newest server that the distribution has installed, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


class Postgres:
    """One server, with a database of our schema that others are copied from."""

    def __init__(
        self, folder: Path, binaries: Path, settings: Mapping[str, str] = _SETTINGS, network: str = ""
    ) -> None:
        """`network`, such as 10.0.0.0/8, is let in, too."""
        self._folder = folder
        self._network = network
        self._settings = {**settings, "listen_addresses": "*"} if network else settings
        self._binaries = binaries
        self._user = "postgres" if os.getuid() == 0 else getpass.getuser()  # root may not run a server
        self._made = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> None:
        if os.getuid() == 0:
            shutil.chown(self._folder, self._user, self._user)
        locale = ("--encoding=UTF8", "--locale=C.UTF-8")
        made = self._run("initdb", "--no-sync", "--auth=trust", "--username=traindeck", *locale, "-D", "data")
        output, _ = made.communicate(timeout=_SECONDS)
        assert made.returncode == 0, output.decode()
        if self._network:
            with (self._folder / "data" / "pg_hba.conf").open("a") as allowed:
                allowed.write(f"host all all {self._network} trust\n")
        self.serve()
        self.execute("CREATE DATABASE migrated")
        open_database(self.url("migrated")).dispose()

    def serve(self) -> None:
        """Begin, or begin again on the same port, and wait until it answers."""
        self.port = self.port or _free_port()
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self.process = self._run("postgres", "-D", "data", "-p", str(self.port), "-k", str(self._folder), *options)
        deadline = time.monotonic() + _SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self.execute("SELECT 1")
                return
            assert self.process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < deadline, f"PostgreSQL did not answer within {_SECONDS} s"
            time.sleep(0.05)

    def end(self) -> None:
        """Without waiting for those who are connected."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(_SECONDS)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://traindeck@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Outside of any transaction."""
        at = f"host=127.0.0.1 port={self.port} user=traindeck dbname={database}"
        with psycopg.connect(at, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def database(self, template: str = "migrated") -> Iterator[str]:
        """The URL of a new one, a copy of one that nobody is connected to; it goes at the end with whoever uses it."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            if self.process is not None and self.process.poll() is None:
                self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        def die_with_parent() -> None:
            _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGINT)  # tests that are killed leave no server behind

        as_user = {"user": self._user, "group": self._user, "extra_groups": []} if os.getuid() == 0 else {}
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
                [self._binaries / program, *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log if program == "postgres" else subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(self._folder)},
                preexec_fn=die_with_parent,
                **as_user,
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole session; ended with it, whatever happens."""
    with serving() as server:
        yield server


@contextlib.contextmanager
def serving(network: str = "") -> Iterator[Postgres]:
    """A server of one's own; see Postgres for the network."""
    binaries = programs()
    if binaries is None:
        pytest.skip("needs PostgreSQL's server: install the distribution's package `postgresql`")
    folder = Path(tempfile.mkdtemp(prefix="traindeck-postgres-"))  # short: the path of a socket has a limit
    server = Postgres(folder, binaries, network=network)
    try:
        server.start()
        yield server
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def database_of(request: pytest.FixtureRequest, backend: str, copied: str | None = None) -> Iterator[str | None]:
    """The URL of a new database, empty or a copy of the one at the URL `copied`; None for SQLite's in its workspace."""
    if backend == "sqlite":
        yield None
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(copied.rpartition("/")[2] if copied else "migrated") as url:
        yield url


@pytest.fixture(params=BACKENDS)
def each_database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """As `database_of`, one after the other."""
    with database_of(request, request.param) as url:
        yield url
