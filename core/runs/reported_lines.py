"""What the package `traindeck` sends of a run: lines of its spool, each of which is stored once.

The client says where in its spool a piece begins, the store knows how far it has it, and both change in the transaction
of the points themselves: a piece that comes again adds nothing, one that leaves a gap is refused.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import db.media
import db.reported
import db.runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError
from core.common.text import quoted
from core.runs import logged
from core.runs.labels import told_labels
from core.runs.media_files import GivenMedia
from core.runs.organising import add_tags, annotate
from core.runs.reported_files import INCOMING, NamedFile, Placed, put_in_place, read_media
from core.runs.sent_files import OffsetError
from core.tracking.recorder import Recorder
from db.engine import Session
from db.records import RunRecord, RunState

MAX_NAME = 250  # characters of a metric
STATES = {"finished": RunState.FINISHED, "stopped": RunState.STOPPED, "failed": RunState.FAILED}
Column = tuple[list[int], list[float], list[float]]  # steps, values, wall times


@dataclass(frozen=True)
class Taken:
    """How far the spool is stored, in bytes, and what the script should know."""

    position: int
    state: RunState
    stop_requested: bool
    problems: tuple[str, ...] = ()


@dataclass
class Piece:
    """What lines say, gathered."""

    points: dict[str, Column] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # name, notes
    tags: list[str] = field(default_factory=list)
    keyed_tags: dict[str, str] = field(default_factory=dict)
    media: list[GivenMedia] = field(default_factory=list)  # of a file, by its key
    artifacts: list[NamedFile] = field(default_factory=list)
    checkpoints: list[NamedFile] = field(default_factory=list)
    end: tuple[RunState, str, float] | None = None


def by_uid(context: Context, uid: str) -> RunRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        ids = db.runs.find_ids(session, uid)
        run = db.runs.get(session, ids[0]) if len(ids) == 1 else None
    if run is None or run.uid != uid:
        raise NotFoundError(f"There is no run {quoted(uid)}. Begin it first: PUT /api/v1/runs/{uid[:40]}.")
    return run


def take(context: Context, uid: str, source: str, position: int, body: bytes) -> Taken:
    """Store a piece of a spool.

    Args:
        source: names the spool; one run may be reported by several.
        position: bytes of the spool that come before the piece.
        body: whole lines, each a JSON list: ["metrics", step, time, {name: value}], ["params", {…}], ["tags", […]],
            ["keyed_tags", {…}], ["labels", {"name": …, "notes": …}],
            ["media", step, time, kind, name, number, ending, caption, content],
            ["artifact", path, file], ["checkpoint", file, {…}], ["end", state, reason, time]. A file is what was sent
            before, {"file": key, "size": bytes}; content is that, or {"data": base64}.

    Raises:
        NotFoundError, ForbiddenError
        StateError: it is no logged run.
        StoreFullError
        OffsetError: what comes before is not here.
        DataError: a line that cannot be read; nothing was stored.
    """
    run = logged.hear(context, by_uid(context, uid).id)
    with context.workspace.read() as session:
        known = db.reported.position(session, run.id, source)
    if position > known:
        raise OffsetError(position, known)
    new = body[known - position :]
    piece = read_lines(new)
    if position < known and len(body) > len(new):
        _forget_again(context, run, body[: known - position])
    problems = []
    try:
        logged.add_params(context, run.id, piece.params)
    except logged.ParamChangedError as error:
        problems.append(str(error))
    if piece.tags:
        add_tags(context, [run.id], piece.tags)
    if piece.keyed_tags:
        logged.put_tags(context, run.id, piece.keyed_tags)
    if piece.labels:
        annotate(context, run.id, **piece.labels)
    placed = _placed(context, run, piece)
    problems += placed.problems

    def advance(session: Session) -> None:
        db.reported.advance(session, run.id, source, known, len(new))
        _note(session, run, placed)

    if piece.end is not None:
        logged.end(context, run.id, *piece.end)
    if new:
        try:
            _store(context, run, piece, advance)
        except db.reported.SpoolMovedError:  # the same piece came twice at once, and the other was quicker
            return take(context, uid, source, position, body)
    now = logged.hear(context, run.id, max((column[0][-1] for column in piece.points.values()), default=0))
    return Taken(known + len(new), now.state, bool(run.stop_requested), tuple(problems))


def _store(context: Context, run: RunRecord, piece: Piece, advance: Callable[[Session], None]) -> None:
    """The points, and in the same transaction how far the spool is stored."""
    if not piece.points:
        with context.workspace.write(notify=False) as session:
            advance(session)
        return
    recorder = Recorder(context.workspace, run.id, beside=advance)
    for name, columns in piece.points.items():
        recorder.log_series(name, *columns)
    recorder.flush()


def _forget_again(context: Context, run: RunRecord, stored: bytes) -> None:
    """Files that came anew with lines that are stored."""
    incoming = context.workspace.settings.run_dir(run.id) / INCOMING
    again = read_lines(stored)
    keys = [each.key for each in (*again.artifacts, *again.checkpoints)]
    for key in (*keys, *(str(item.content) for item in again.media if isinstance(item.content, Path))):
        (incoming / key).unlink(missing_ok=True)


def _placed(context: Context, run: RunRecord, piece: Piece) -> Placed:
    """Raises StoreFullError."""
    if not (piece.media or piece.artifacts or piece.checkpoints):
        return Placed()
    with context.workspace.read() as session:
        known = db.media.count(session, run.id)
    folder = context.workspace.settings.run_dir(run.id)
    files = (piece.media, piece.artifacts, piece.checkpoints)
    return put_in_place(folder, run.id, folder / INCOMING, *files, known=known)


def _note(session: Session, run: RunRecord, placed: Placed) -> None:
    db.media.put(session, placed.media)
    for file in placed.artifacts:
        db.reported.keep_file(session, file)
    if placed.facts:
        db.reported.describe(session, run.id, placed.facts)


def read_lines(lines: bytes) -> Piece:
    """What whole lines say, see `take`. Raises DataError."""
    piece = Piece()
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            _read_line(json.loads(line), piece)
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError, DataError) as error:
            accepted = 'a JSON list such as ["metrics", 10, 1767225600.0, {"loss": 0.5}]'
            received = quoted(line[:60].decode(errors="replace"))
            told = f"Line {number} of the piece cannot be read ({quoted(str(error), 80)}): {received}."
            raise DataError(f"{told} Accepted is {accepted}.") from error
    return piece


def _read_mapping(kind: str, told: dict[str, Any], piece: Piece) -> None:
    if kind == "params":
        piece.params |= {str(name): value for name, value in told.items()}
    elif kind == "keyed_tags":
        piece.keyed_tags |= {str(key): str(value) for key, value in told.items()}
    else:
        piece.labels |= told_labels(told)


def _read_line(found: Any, piece: Piece) -> None:
    """Raises ValueError, TypeError, KeyError, OverflowError, DataError."""
    kind, *rest = found
    if kind == "metrics":
        step, at, values = rest
        if not -(2**63) <= step < 2**63 or not math.isfinite(at):
            raise ValueError("a step of 64 bits and a time in seconds are needed")
        for name, value in values.items():
            if not 0 < len(name) <= MAX_NAME:
                raise ValueError(f"a metric's name has 1 to {MAX_NAME} characters")
            steps, numbers, times = piece.points.setdefault(name, ([], [], []))
            numbers.append(float(value))
            steps.append(int(step))
            times.append(float(at))
    elif kind == "tags":
        (tags,) = rest
        piece.tags += [str(tag) for tag in tags]
    elif kind in ("params", "keyed_tags", "labels"):
        (told,) = rest
        _read_mapping(kind, dict(told), piece)
    elif kind == "media":
        piece.media.append(read_media(rest))
    elif kind == "artifact":
        path, told = rest
        piece.artifacts.append(NamedFile.read(path, told))
    elif kind == "checkpoint":
        told, facts = rest
        piece.checkpoints.append(NamedFile.read("best.keras", told, facts))
    elif kind == "end":
        state, reason, at = rest
        piece.end = (STATES[state], str(reason)[:500], min(float(at), time.time()))
    else:
        raise ValueError(f"{kind!r} is no kind of line")
