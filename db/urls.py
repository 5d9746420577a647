"""Addresses of databases: made of paths, and shown without passwords."""

from pathlib import Path
from urllib.parse import unquote

import sqlalchemy as sa

_SECRETS = ("password", "sslpassword")  # of libpq's, which a URL may have behind its question mark


def sqlite_url(file: Path) -> str:
    """Whatever the path is made of: question marks, hashes, per cent signs, blanks."""
    return sa.URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for a server's, one in memory, and what is no URL."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return None
    name = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or name in ("", ":memory:"):
        return None
    return Path(unquote(name.removeprefix("file:"))) if "uri" in parsed.query else Path(name)


def shown(url: str) -> str:
    """The URL without a password, wherever it stands in it; a file's as it is read by people."""
    file = sqlite_file(url)
    if file is not None:
        return f"sqlite:///{file}"
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return "of TRAINDECK_DB_URL, which is no URL of a database"  # it may hold a password all the same
    if parsed.host and "@" in parsed.host:  # a password with an "@" that should have been written as %40
        parsed = parsed.set(host=parsed.host.rpartition("@")[2])
    hidden = {name: "***" for name in parsed.query if name in _SECRETS}
    return parsed.update_query_dict(hidden).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")
