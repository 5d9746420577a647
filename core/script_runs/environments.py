"""Environments with the packages of a requirements.txt: built by the first run that needs one, and kept by its content.

Beside one in cache/environments is a file that says it is complete; what was cut short is built anew.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.scripts.projects import interpreter_file
from core.scripts.spec import ScriptSpec
from core.tracking.run_log import log_line

_TOLD = 5  # last lines of what the installer said, in the reason
_BESIDE = ("WARNING:", "DEPRECATION:", "[notice]", "Looking in ")  # what pip says beside why
_LOOK_SECONDS = 0.2
_INCLUDES = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)", re.MULTILINE)
_OF_THE_CODE = re.compile(r"^\s*(?:-e\b|--editable\b|\.|/|file:|[^#\n]*@\s*file:)", re.MULTILINE)
_DEEPEST = 5  # files that name files


class PackagesError(TraindeckError):
    """The packages could not be installed."""


def python_of(
    settings: Settings, spec: ScriptSpec, code: Path, heed: Callable[[], None], tell: Callable[[str], None]
) -> Path:
    """The Python that has the packages, built where it is not there yet: its progress is in the run's log.

    Args:
        code: the working folder, with the code unpacked.
        tell: takes a sentence that is shown with the run.
        heed: called again and again while it is built; what it raises ends that.

    Raises:
        PackagesError: with the last lines of what the installer said.
    """
    base = str(interpreter_file(spec.interpreter)) if spec.interpreter else sys.executable
    name = _key(spec, code, base)
    folder = settings.cache_dir / "environments" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.with_suffix(".complete")
    if not done.exists():
        tell(f"The packages of {spec.requirements} are installed: the log says how far that is.")
        with _alone(folder.with_suffix(".lock"), heed):
            if not done.exists():  # else another run was quicker
                shutil.rmtree(folder, ignore_errors=True)
                for command in _commands(base, folder, spec.requirements):
                    _run(command, code, heed)
                done.touch()
    log_line(f"The packages of {spec.requirements} are in {folder}.")
    return folder / "bin" / "python"


def _key(spec: ScriptSpec, code: Path, base: str) -> str:
    parts = [base, str(Path(base).resolve()), *_texts(code, spec.requirements)]
    if any(_OF_THE_CODE.search(part) for part in parts[2:]):  # the project is a package of its own
        parts.append(spec.project.snapshot)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _texts(code: Path, file: str, depth: int = 0) -> Iterator[str]:
    """Of the file, and of those that it names."""
    try:
        text = (code / file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    yield text
    if depth < _DEEPEST:
        for each in _INCLUDES.findall(text):
            yield from _texts(code, os.path.normpath(Path(file).parent / each), depth + 1)


def _commands(base: str, folder: Path, file: str) -> list[list[str]]:
    python = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        return [
            [uv, "venv", "--python", base, str(folder)],
            [uv, "pip", "install", "--python", python, "-r", file],
        ]
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", "-r", file]
    return [[base, "-m", "venv", str(folder)], pip]


def _run(command: Sequence[str], code: Path, heed: Callable[[], None]) -> None:
    said: deque[str] = deque(maxlen=_TOLD)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = subprocess.Popen(  # noqa: S603 - an installer
        command,
        cwd=code,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    try:
        for line in _lines(process, heed):
            log_line(line)
            said.append(line)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
            process.wait()
    if process.returncode:
        why = [line for line in said if not line.startswith(_BESIDE)] or said
        raise PackagesError("The packages could not be installed: " + " / ".join(why))


def _lines(process: "subprocess.Popen[bytes]", heed: Callable[[], None]) -> Iterator[str]:
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    rest = b""
    while True:
        ended = process.poll() is not None
        data = process.stdout.read() or b""
        *lines, rest = (rest + data).split(b"\n")
        for line in (*lines, *([rest] if ended else [])):
            if line.strip():
                yield line.decode(errors="replace").rstrip()
        if ended:
            return
        heed()
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def _alone(path: Path, heed: Callable[[], None]) -> Iterator[None]:
    """Until nobody else is within; several runs may need the same one at once."""
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                heed()
                time.sleep(_LOOK_SECONDS)
        yield
