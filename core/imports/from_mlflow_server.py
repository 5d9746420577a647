"""Runs of a server of MLflow, or of another that speaks its protocol, Traindeck among them: asked over HTTP."""

import base64
import json
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from core.common.errors import DataError
from core.common.text import quoted
from core.imports.found_run import (
    MOST_BYTES,
    MOST_FILES,
    MOST_POINTS,
    FetchedFile,
    FoundFile,
    FoundRun,
    Progress,
    series,
)
from core.imports.mlflow_inputs import dicts, pairs, take_data_sets, take_models
from core.imports.mlflow_run import STATES, number, seconds, take_tags, typed

_SECONDS = 60  # without a byte
_MOST_ANSWER = 256 * 2**20  # bytes
_EXPERIMENTS, _RUNS, _POINTS = 1000, 100, 25_000  # in an answer
_MOST_DEEP = 50  # folders
_BELOW, _FILES = "/api/2.0/mlflow", "/api/2.0/mlflow-artifacts/artifacts"
_SIGN_IN = (
    "Give a user and a password, or a token: on the Import page, or to the command as MLflow's client takes them, in "
    "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN."
)
_ACCEPTED = "Accepted is the address of a server of MLflow, such as http://host:5000."


def address_of(path: Path | str) -> str:
    """The address that was given; "" of what is a path. A `Path` has lost one of the two slashes."""
    found = re.fullmatch(r"(https?):/+(.+)", str(path), re.IGNORECASE)
    return f"{found[1].lower()}://{found[2].rstrip('/')}" if found else ""


@dataclass(frozen=True)
class Credentials:
    """By which a server knows who asks; never shown."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of_environment(cls) -> "Credentials":
        """As MLflow's own client takes them: for who sits at the shell, not for whoever names an address on a page."""
        told = (os.environ.get(f"MLFLOW_TRACKING_{name}", "") for name in ("USERNAME", "PASSWORD", "TOKEN"))
        return cls(*told)

    def header(self) -> dict[str, str]:
        if self.user:
            told = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return {"Authorization": f"Basic {told}"}
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def parted(address: str) -> tuple[str, Credentials]:
    """An address without what stands before its host, and that, whatever signs a password has as it is typed."""
    found = re.fullmatch(r"(https?:/+)(.*)@(.*)", address.strip(), re.IGNORECASE | re.DOTALL)
    if found is None:
        return address, Credentials()
    user, _, password = found[2].partition(":")
    return f"{found[1]}{found[3]}", Credentials(unquote(user), unquote(password))


def read_mlflow_server(
    address: str, progress: Progress, deleted: bool = False, credentials: Credentials | None = None
) -> Iterator[FoundRun]:
    """Every run of a server, an experiment after the other, the oldest first; their files are fetched when stored.

    Args:
        address: `http://host:5000`; `user:password@` before the host is taken, and told nobody else.
        deleted: also those that were deleted there.
        credentials: where the address has none.

    Raises:
        DataError: nobody answers there, or no such server does.
    """
    server = _Server(address, credentials or Credentials())
    view = "ALL" if deleted else "ACTIVE_ONLY"
    experiments = list(server.pages("/experiments/search", "experiments", max_results=_EXPERIMENTS, view_type=view))
    for done, experiment in enumerate(experiments):
        asked = {"experiment_ids": [experiment.get("experiment_id")], "order_by": ["attributes.start_time ASC"]}
        for run in server.pages("/runs/search", "runs", **asked, max_results=_RUNS, run_view_type=view):
            found = _found(run, str(experiment.get("name", "")))
            found.experiment_tags = pairs(experiment.get("tags"))
            progress(done / len(experiments), found.name)
            _take_metrics(server, found, run)
            _take_files(server, found)
            take_models(found, run, lambda key: server.asked(f"/logged-models/{key}"), server.files_at)
            yield found


class _Server:
    def __init__(self, address: str, credentials: Credentials) -> None:
        """Raises DataError: it is no address."""
        shown, own = parted(address)
        try:
            parts = urlsplit(shown)
            if not parts.hostname or parts.query or parts.fragment or (parts.port is not None and not parts.port):
                raise ValueError
        except ValueError:
            raise DataError(f"{quoted(shown)} is no address. {_ACCEPTED}") from None
        self.shown = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._headers = {"Content-Type": "application/json"} | (own if own.user else credentials).header()
        self._opener = urllib.request.build_opener(_NoRedirect)

    def pages(self, path: str, name: str, **fields: Any) -> Iterator[dict[str, Any]]:
        """What is listed under a name, page after page. Raises DataError."""
        yield from _paged(lambda more: self.asked(path, {**fields, **more}), name)

    def histories(self, **fields: Any) -> Iterator[dict[str, Any]]:
        """Raises DataError."""
        yield from _paged(lambda more: self.asked(f"/metrics/get-history?{urlencode({**fields, **more})}"), "metrics")

    def asked(self, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        """Raises DataError."""
        return self._json(_BELOW + path, None if fields is None else json.dumps(fields).encode())

    def _json(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        with self._opened(path, body) as answer:
            try:
                content = answer.read(_MOST_ANSWER + 1)
                if len(content) > _MOST_ANSWER:
                    raise DataError(f"{self.shown} answered {path} with more than {_MOST_ANSWER // 2**20} MB.")
                found = json.loads(content)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{self.shown} is no server of MLflow: its answer is no JSON. {_ACCEPTED}") from error
            except OSError as error:
                raise DataError(f"{self.shown} broke off its answer to {path}: {error}.") from error
        return found if isinstance(found, dict) else {}

    def fetch(self, run: str, path: str, target: Path) -> None:
        """A file of a run. Raises DataError."""
        self._fetch(f"/get-artifact?{urlencode({'run_id': run, 'run_uuid': run, 'path': path})}", path, target)

    def files_at(self, uri: str) -> Iterator[FoundFile]:
        """What the server itself gives out below an address. Raises DataError."""
        scheme, _, rest = uri.partition(":")
        if scheme != "mlflow-artifacts":
            raise DataError(f"The files are at {scheme}:, which the server does not give out.")
        root = urlsplit(rest).path.strip("/")
        folders = [("", 0)]
        while folders:
            folder, depth = folders.pop()
            below = f"{root}/{folder}".rstrip("/")
            for each in dicts(self._json(f"{_FILES}?{urlencode({'path': below})}").get("files")):
                path = f"{folder}/{str(each.get('path') or '').rpartition('/')[2]}".strip("/")
                if each.get("is_dir") and depth < _MOST_DEEP and path != folder:
                    folders.append((path, depth + 1))
                elif path and not each.get("is_dir"):
                    where = f"{_FILES}/{quote(f'{root}/{path}')}"
                    content = FetchedFile(_whole(each.get("file_size")) or 0, partial(self._fetch, where, path))
                    yield FoundFile(path, "artifact", content)

    def _fetch(self, where: str, path: str, target: Path) -> None:
        with self._opened(where) as answer, target.open("wb") as file:
            try:
                shutil.copyfileobj(answer, file, 2**20)
            except OSError as error:
                raise DataError(f"{self.shown} broke off {quoted(path)}: {error}.") from error

    def _opened(self, path: str, body: bytes | None = None) -> Any:
        """Raises DataError."""
        request = urllib.request.Request(self.shown + path, body, self._headers)  # noqa: S310 - http only, see address_of
        try:
            return self._opener.open(request, timeout=_SECONDS)
        except urllib.error.HTTPError as error:
            with error:
                told = error.read(2000).decode(errors="replace").strip()
            hint = f" {_SIGN_IN}" if error.code == 401 else ""
            raise DataError(f"{self.shown} answered {path[:200]} with {error.code}: {told[:300]}.{hint}") from error
        except (OSError, ValueError) as error:
            raise DataError(f"Nobody answers at {self.shown}: {error}. {_ACCEPTED}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Who names one server is not sent to another, which gets what the first was to know."""

    def redirect_request(self, *_told: Any) -> None:
        return None


def _paged(ask: Callable[[dict[str, Any]], dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    token, seen = "", set()
    while token not in seen:  # a server that tells the same place again would never end
        seen.add(token)
        answer = ask({"page_token": token} if token else {})
        listed = answer.get(name)
        yield from (each for each in (listed if isinstance(listed, list) else ()) if isinstance(each, dict))
        token = str(answer.get("next_page_token") or "")
        if not token:
            return


def _found(run: dict[str, Any], experiment: str) -> FoundRun:
    info, data = run.get("info") or {}, run.get("data") or {}
    uid = str(info.get("run_id") or info.get("run_uuid") or "")
    if not re.fullmatch(r"[0-9a-f]{32}", uid):  # as ours are; another server's may be otherwise
        uid = ""
    told = str(info.get("run_id") or info.get("run_uuid"))
    found = FoundRun(f"mlflow {told}", str(info.get("run_name") or ""), experiment, uid)
    found.facts["run there"] = told
    found.state = STATES.get(str(info.get("status")), found.state)
    found.began_at, found.ended_at = (seconds(_whole(info.get(name))) for name in ("start_time", "end_time"))
    found.created_by = str(info.get("user_id") or "")
    found.params = typed(pairs(data.get("params")))
    take_tags(found, pairs(data.get("tags")))
    take_data_sets(found, run)
    return found


def _whole(value: Any) -> int | None:
    """Of 64 bits, which may come as text."""
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"-?\d{1,20}", str(value)) else None


def _take_metrics(server: _Server, found: FoundRun, run: dict[str, Any]) -> None:
    """All values, by step, then time, then size, as MLflow says which is the last. Raises DataError."""
    count = 0
    for key in sorted(str(each["key"]) for each in (run.get("data") or {}).get("metrics") or () if "key" in each):
        points = []
        for told in server.histories(run_id=found.facts["run there"], metric_key=key, max_results=_POINTS):
            try:
                value = number(told.get("value", 0))
                points.append((int(told.get("step") or 0), float(told.get("timestamp") or 0) / 1000, value))
            except (ValueError, TypeError, OverflowError):
                found.left_out["values of metrics that are no numbers"] += 1
            count += 1
            if count > MOST_POINTS:
                raise DataError(
                    f"Run {quoted(found.name)} has more than {MOST_POINTS:,} values, the most that are read."
                )
        points.sort(key=lambda point: (*point[:2], 0.0 if point[2] != point[2] else point[2]))
        if points:
            steps, times, values = zip(*points, strict=True)
            found.metrics[key[:250]] = series(steps, values, times)


def _take_files(server: _Server, found: FoundRun) -> None:
    """What the server lists; it is fetched only when it is stored."""
    run, total, folders = found.facts["run there"], 0, [("", 0)]
    while folders:
        folder, depth = folders.pop()
        for each in _listed(server, found, run, folder):
            path, size = str(each.get("path") or ""), _whole(each.get("file_size")) or 0
            if each.get("is_dir") and path != folder and depth < _MOST_DEEP:
                folders.append((path, depth + 1))
            elif each.get("is_dir") or not path:
                continue
            elif len(found.files) >= MOST_FILES or total + size > MOST_BYTES:
                found.left_out["files past the most that a run may bring"] += 1
            else:
                total += size
                content = FetchedFile(size, partial(server.fetch, run, path))
                found.files.append(FoundFile(f"artifacts/{path}", "artifact", content))


def _listed(server: _Server, found: FoundRun, run: str, folder: str) -> list[dict[str, Any]]:
    try:
        told = server.asked(f"/artifacts/list?{urlencode({'run_id': run, **({'path': folder} if folder else {})})}")
    except DataError:
        found.left_out["folders of artifacts that the server does not list"] += 1
        return []
    return [each for each in told.get("files") or () if isinstance(each, dict)]
