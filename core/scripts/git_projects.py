"""Code from a git address, at one commit: fetched without its history, read from git's objects, never checked out.

So nothing of the repository runs here: no hooks, filters or submodules, and links lead nowhere.
"""

import contextlib
import hashlib
import json
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.common.text import quoted
from core.common.whole_files import write_whole
from core.scripts import code_store
from core.scripts.code_store import Kept
from core.scripts.projects import ProjectError
from core.scripts.snapshots import MOST_BYTES, SnapshotError, Taken, too_large

PROTOCOLS = ("https", "ssh", "git", "file")
_SHORT = re.compile(r"[\w.-]+@[\w][\w.-]*:(?!//)[\w~/.][\w~/.+-]*")  # git@host:owner/name.git
_REVISION = re.compile(r"[A-Za-z0-9_][\w./+-]{0,199}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_MOST_FETCHED = 3 * MOST_BYTES
_MOST_FILES = 20_000
_SECONDS = 120.0
_TOLD = 20  # files that were left out
_FILE, _PROGRAM = "100644", "100755"  # modes of what is kept; others are links and submodules
# Whatever somebody's own configuration says: nothing else is spoken, and nothing is run.
_CONFIG = {"protocol.allow": "never", "core.hooksPath": "/dev/null", "core.fsmonitor": "false", "gc.auto": "0"}
_CONFIG |= {f"protocol.{each}.allow": "always" for each in PROTOCOLS}
_CONFIG |= {"fetch.recurseSubmodules": "false", "http.lowSpeedLimit": "1000", "http.lowSpeedTime": "20"}


def is_address(text: str) -> bool:
    """Whether it is meant for git, not a path of this host."""
    return "://" in text or bool(_SHORT.fullmatch(text.strip()))


def take_git(settings: Settings, address: str, revision: str = "", roots: tuple[Path, ...] | None = None) -> Taken:
    """Keep the code of a repository at a branch, a tag or a whole commit; at its own branch when none is named.

    Args:
        roots: folders that a `file://` address may lead into; any when None.

    Raises:
        ProjectError: an address or revision that is not taken, or nothing there; with what git said.
        SnapshotError: too much of it, or it cannot be kept.
    """
    address, revision = address.strip(), revision.strip()
    _check(address, revision, roots)
    known = _known(settings, address, revision)
    if known is not None:
        return known
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.cache_dir) as place:
        git = _Git(Path(place))
        git.say("init", "-q", "--bare", ".")
        git.fetch(address, revision or "HEAD")
        commit = git.say("rev-parse", "FETCH_HEAD^{commit}").decode().strip()
        facts = {"git": address, "commit": commit, **({"branch": revision} if revision != commit else {})}
        taken = _taken(settings, git, commit, facts)
    _remember(settings, address, commit, taken)
    return taken


def _check(address: str, revision: str, roots: tuple[Path, ...] | None) -> None:
    parts = urlsplit(address)
    received = f"received {quoted(address, 200)}"
    if parts.scheme not in PROTOCOLS and not _SHORT.fullmatch(address):
        taken = ", ".join(f"{each}://…" for each in PROTOCOLS)
        raise ProjectError(f"An address of git is {taken} or git@host:path; {received}.")
    host = parts.hostname or ""
    if (
        any(not each.isprintable() for each in address)
        or host.startswith("-")
        or (parts.username or "").startswith("-")
    ):
        raise ProjectError(f"This is no address of a host; {received}.")
    if parts.password is not None or (parts.scheme == "https" and parts.username):
        raise ProjectError(
            "An address is kept and shown with the run, so it must not hold a password or token. Give the one without, "
            "and let git know the password: git config credential.helper, or an ssh key."
        )
    if parts.scheme not in ("", "file") and not host:
        raise ProjectError(f"The address names no host; {received}.")
    if revision and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise ProjectError(f"Name a branch, a tag or a whole commit; received {quoted(revision)}.")
    if parts.scheme == "file" and roots is not None:
        path = Path(unquote(parts.path)).resolve()
        if not any(path.is_relative_to(root.resolve()) for root in roots):
            told = " or ".join(map(str, roots))
            raise ProjectError(f"Only repositories in {told} are fetched from here, see TRAINDECK_SCRIPT_ROOTS.")


@dataclass(frozen=True)
class _Git:
    """Of one bare repository, which is thrown away."""

    folder: Path

    def _command(self, *arguments: str) -> list[str]:
        return ["git", *(part for pair in _CONFIG.items() for part in ("-c", "=".join(pair))), *arguments]

    @property
    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return kept | {
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=20",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "LC_ALL": "C",
        }

    def say(self, *arguments: str, given: bytes | None = None) -> bytes:
        """Raises ProjectError."""
        try:
            done = subprocess.run(  # noqa: S603 - git, wherever it is installed
                self._command(*arguments),
                cwd=self.folder,
                input=given,
                capture_output=True,
                timeout=_SECONDS,
                check=True,
                env=self._environment,
            )
        except subprocess.CalledProcessError as error:
            raise ProjectError(f"git said: {_last(error.stderr)}") from error
        except (OSError, subprocess.SubprocessError) as error:
            raise ProjectError(f"git could not be run: {error}. Is it installed on this host?") from error
        return done.stdout

    def fetch(self, address: str, revision: str) -> None:
        """Raises ProjectError: what git said, or it took too long or too much."""
        until = time.monotonic() + _SECONDS
        command = self._command("fetch", "-q", "--depth=1", "--no-tags", "--", address, revision)
        with tempfile.TemporaryFile() as said:
            try:
                process = subprocess.Popen(  # noqa: S603 - git, wherever it is installed
                    command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=self._environment,
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise ProjectError(f"git could not be run: {error}. Is it installed on this host?") from error
            try:
                problem = self._watch(process, until)
            finally:
                _end(process)
            said.seek(0)
            if problem or process.returncode:
                told = problem or f"git said: {_last(said.read())}"
                raise ProjectError(f"{address} at {revision} could not be fetched. {told}")

    def _watch(self, process: "subprocess.Popen[bytes]", until: float) -> str:
        while True:
            try:
                process.wait(0.2)
                return ""
            except subprocess.TimeoutExpired:
                if _bytes(self.folder) > _MOST_FETCHED:
                    return f"It has more than {_MOST_FETCHED // 2**20} MB."
                if time.monotonic() > until:
                    return f"It took longer than {_SECONDS:g} s."


def _bytes(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):  # removed in the meantime
                total += Path(place, name).stat().st_size
    return total


def _end(process: "subprocess.Popen[bytes]") -> None:
    """With what it started: git fetches by other programs."""
    if process.poll() is None:
        os.killpg(process.pid, 9)
        process.wait()


def _last(said: bytes) -> str:
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "nothing")
    return told.partition(": ")[2][:300] or told[:300]


def _taken(settings: Settings, git: _Git, commit: str, facts: dict[str, Any]) -> Taken:
    wanted: dict[str, tuple[str, int, bool]] = {}  # by path: the object, its bytes, whether it can be executed
    left_out = []
    for line in filter(None, git.say("ls-tree", "-r", "-z", "--long", commit).split(b"\0")):
        head, _, path = line.partition(b"\t")
        mode, _, name, size = head.decode().split()
        if mode in (_FILE, _PROGRAM):
            wanted[os.fsdecode(path)] = name, int(size), mode == _PROGRAM
        else:
            left_out.append(os.fsdecode(path))
    sizes = {path: size for path, (_, size, _) in wanted.items()}
    if sum(sizes.values()) > MOST_BYTES or len(sizes) > _MOST_FILES:
        raise SnapshotError(too_large(sizes, None))
    if not wanted:
        raise ProjectError(f"{facts['git']} has no files at {commit[:10]}.")
    names = dict.fromkeys(name for name, _, _ in wanted.values())
    told = git.say("cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    try:
        hashes = {name: code_store.put(settings, content) for name, content in _contents(told)}
        files = {path: Kept(hashes[name], size, program) for path, (name, size, program) in wanted.items()}
        found = code_store.put_snapshot(settings, files)
    except OSError as error:
        raise SnapshotError(f"The code of {facts['git']} could not be kept: {error}.") from error
    facts |= {"snapshot": found.id, "files": len(files), "bytes": found.size}
    if left_out:
        facts["left_out"] = [f"{path} (a link or submodule)" for path in sorted(left_out)[:_TOLD]]
    return Taken(found, facts)


def _contents(told: bytes) -> list[tuple[str, bytes]]:
    """As `git cat-file --batch` writes them: a line with name, kind and bytes, then the bytes and a line's end."""
    found, at = [], 0
    while at < len(told):
        end = told.index(b"\n", at)
        name, _, size = told[at:end].decode().split()
        found.append((name, told[end + 1 : end + 1 + int(size)]))
        at = end + 2 + int(size)
    return found


def _place(settings: Settings, address: str, commit: str) -> Path:
    return settings.cache_dir / "git" / f"{hashlib.sha256(f'{address} {commit}'.encode()).hexdigest()}.json"


def _known(settings: Settings, address: str, revision: str) -> Taken | None:
    """What was taken before: a commit never changes."""
    if not _COMMIT.fullmatch(revision):
        return None
    try:
        facts = json.loads(_place(settings, address, revision).read_text(encoding="utf-8"))
        return Taken(code_store.snapshot(settings, facts["snapshot"]), facts)
    except (OSError, ValueError, KeyError, TypeError, NotFoundError):
        return None


def _remember(settings: Settings, address: str, commit: str, taken: Taken) -> None:
    path = _place(settings, address, commit)
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {name: value for name, value in taken.facts.items() if name != "branch"}
    write_whole(path, lambda file: file.write_text(json.dumps(facts), encoding="utf-8"))
