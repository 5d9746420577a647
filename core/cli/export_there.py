"""`export` of a server somewhere else: its zip file, or what is in it."""

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from core.cli.remote_runs import RunsThere
from core.common.errors import DataError

_MOST_NUMBERS = 900  # an address has an end


def fetch_export(server: RunsThere, form: str, chosen: Sequence[int], out: Path) -> list[Path]:
    """A bundle becomes the file `out`, other forms a folder of that name; returns what was written.

    Raises:
        DataError: too many runs at once.
        OSError: nothing is left of a file that was not complete.
    """
    if len(chosen) > _MOST_NUMBERS:
        raise DataError(
            f"{len(chosen):,} runs were chosen; at most {_MOST_NUMBERS} leave a server at once. Choose fewer."
        )
    query = {"runs": ",".join(map(str, chosen)), "form": form}
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
        fetched = Path(folder) / "runs.zip"
        server.client.save("/api/exports", query, fetched)
        if form == "bundle":
            fetched.replace(out)
            return [out]
        with zipfile.ZipFile(fetched) as files:  # which keeps to the folder, whatever names say
            files.extractall(out)
            return [out / name for name in files.namelist() if not name.endswith("/")]
