"""A report as PDF, printed by the host's Chromium where it has one: what prints is the exported file, as it is."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from core.common.errors import StateError

_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"),
    *("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/snap/bin/chromium"),
)
_SECONDS = 60
MISSING = (
    "A PDF is printed by Chromium or Chrome, and none was found on this server. Install one (`chromium` in most "
    "distributions), or export the HTML file and print that in your browser: it is laid out for paper, too."
)
_ARGUMENTS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-extensions", "--no-pdf-header-footer", "--hide-scrollbars"),
    # The file asks for nothing, and would be given nothing.
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=20000", "--window-size=900,1200"),
)


def browser() -> str | None:
    """The Chromium that is there; None without one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def as_pdf(html: str) -> bytes:
    """Print a report's file.

    Raises StateError: there is no browser, or it printed nothing; says what to do.
    """
    path = browser()
    if path is None:
        raise StateError(MISSING)
    with tempfile.TemporaryDirectory(prefix="traindeck-pdf-") as folder:
        source, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(html, encoding="utf-8")
        own = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}"]
        if os.geteuid() == 0:  # its sandbox wants another user; what it opens is ours, and cannot reach anything
            own.append("--no-sandbox")
        command = [path, *_ARGUMENTS, *own, source.as_uri()]
        environment = {**os.environ, "HOME": folder}
        try:
            done = subprocess.run(  # noqa: S603 - a browser of this host, with a file of ours
                command, capture_output=True, timeout=_SECONDS, env=environment, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StateError(f"{path} could not print the report: {str(error)[:200]}. {_INSTEAD}") from error
        try:
            return printed.read_bytes()
        except OSError as error:
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            told = f" ({said[0][:200]})" if said else ""
            raise StateError(f"{path} printed nothing, exit status {done.returncode}{told}. {_INSTEAD}") from error


_INSTEAD = "Export the HTML file, and print that in your browser."
