"""What people do with reports: write, save as a version, add panels, go back to a version, delete."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import db.written_reports
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem, TraindeckError
from core.common.text import plural, quoted
from core.reports.drawn_panels import frozen
from core.reports.panel_specs import Panel, written
from core.reports.report_text import MAX_SOURCE, with_panels, with_plain_lines
from core.runs.events import note_change
from core.runs.labels import label_problems
from core.runs.organising import ChangedError
from core.runs.permissions import Action, require
from db.report_records import ReportRecord as ReportRecord
from db.report_records import VersionRecord as VersionRecord

KIND = "report"  # in the history
_TRIES = 20  # to append to a report that others write at the same time


def listing(context: Context) -> list[ReportRecord]:
    """Those that were changed last come first."""
    with context.workspace.read() as session:
        return db.written_reports.listing(session)


def get(context: Context, report_id: int) -> ReportRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        found = db.written_reports.get(session, report_id)
    if found is None:
        raise NotFoundError(f"There is no report {report_id}. It may have been deleted; the Reports page lists them.")
    return found


def find(context: Context, reference: str) -> ReportRecord:
    """By number or title, of several the one that was changed last. Raises NotFoundError."""
    for report in listing(context):
        if reference in (str(report.id), report.title):
            return report
    raise NotFoundError(f"There is no report {quoted(reference)}; `python -m core reports list` shows those there are.")


def version(context: Context, report_id: int, number: int | None = None) -> VersionRecord:
    """One version, the newest if no number is given. Raises NotFoundError."""
    newest = get(context, report_id).version
    with context.workspace.read() as session:
        found = db.written_reports.version(session, report_id, number or newest)
    if found is None:
        raise NotFoundError(f"Report {report_id} has no version {number}; it has 1 to {newest}.")
    return found


def versions(context: Context, report_id: int) -> list[VersionRecord]:
    """The newest first, without their sources."""
    with context.workspace.read() as session:
        return db.written_reports.versions(session, report_id)


def create(context: Context, title: str, source: str = "") -> ReportRecord:
    """Raises ForbiddenError, ConfigError: with every problem; nothing was stored."""
    require(context, Action.WRITE)
    text = _checked(context, title, source)
    with context.workspace.write() as session:
        db.written_reports.freeze(session, text.frozen)
        made = db.written_reports.insert(session, text.title, text.source, context.actor.name, time.time())
        note_change(context, session, KIND, made, {}, {"title": text.title}, Action.WRITE)
    return get(context, made)


def begin_with(context: Context, title: str, panel: Panel, *, as_it_is: bool = False) -> ReportRecord:
    """A report of one panel, which is its first version. Raises as `create`; `as_it_is` as in `add_panel`."""
    return create(context, title, written(panel.model_copy(update={"frozen": as_it_is})))


def save(context: Context, report_id: int, title: str, source: str, read: int, note: str = "") -> ReportRecord:
    """A new version; none where it would be the same as the newest.

    Args:
        read: the version that the change was made of.

    Raises:
        ForbiddenError, NotFoundError, ConfigError
        ChangedError: somebody saved another version meanwhile, which stays.
    """
    require(context, Action.WRITE)
    newest = version(context, report_id)
    if newest.number != read:
        raise ChangedError(
            f"{newest.created_by} saved version {newest.number} since you read version {read}. Yours is not saved: "
            "look at the other one, then save yours over it or take over what is new in it. No version is lost."
        )
    text = _checked(context, title, source)
    if (text.title, text.source) == (newest.title, newest.source):
        return get(context, report_id)
    found = get(context, report_id)
    with context.workspace.write() as session:
        db.written_reports.freeze(session, text.frozen)
        by, now = context.actor.name, time.time()
        if found.version != read or not db.written_reports.save(session, found, text.title, text.source, note, by, now):
            raise ChangedError(f"Somebody saved report {report_id} at the same moment. Read it again, and repeat it.")
        before = {"title": newest.title, "version": read}
        note_change(context, session, KIND, report_id, before, {"title": text.title, "version": read + 1}, Action.WRITE)
    return get(context, report_id)


def add_panel(context: Context, report_id: int, panel: Panel, *, as_it_is: bool = False) -> ReportRecord:
    """Append a panel to a report, whatever others write to it at the same time.

    Args:
        as_it_is: frozen, so that it shows for ever what it shows now.

    Raises:
        ForbiddenError, NotFoundError, ConfigError
    """
    block = written(panel.model_copy(update={"frozen": as_it_is}))

    def added(source: str) -> str:
        return f"{source.rstrip()}\n\n{block}".lstrip()

    return _changed(context, report_id, added, f"a panel of {panel.kind} was added")


def _changed(context: Context, report_id: int, change: Callable[[str], str], note: str) -> ReportRecord:
    for _ in range(_TRIES - 1):
        newest = version(context, report_id)
        try:
            return save(context, report_id, newest.title, change(newest.source), newest.number, note)
        except ChangedError:
            continue
    newest = version(context, report_id)
    return save(context, report_id, newest.title, change(newest.source), newest.number, note)


def restore(context: Context, report_id: int, number: int) -> ReportRecord:
    """An old version once more, as the newest. Raises ForbiddenError, NotFoundError."""
    old, newest = version(context, report_id, number), version(context, report_id)
    return save(context, report_id, old.title, old.source, newest.number, f"version {number} once more")


def delete(context: Context, report_id: int) -> None:
    """With all its versions. Raises ForbiddenError, NotFoundError."""
    require(context, Action.WRITE)
    found = get(context, report_id)
    with context.workspace.write() as session:
        db.written_reports.delete(session, report_id)
        note_change(context, session, KIND, report_id, {"title": found.title, "versions": found.version}, {}, "delete")


@dataclass(frozen=True)
class _Text:
    """What is stored. `frozen`: by key, what its panels showed."""

    title: str
    source: str
    frozen: dict[str, str]


def _checked(context: Context, title: str, source: str) -> _Text:
    """With what is to be frozen (`frozen: true`) frozen. Raises ConfigError: with every problem."""
    title, source = title.strip(), with_plain_lines(source)
    problems = label_problems("title", title)
    if not title:
        problems.append(Problem("title", "must not be empty; give the report one"))
    if len(source) > MAX_SOURCE:
        problems.append(Problem("source", f"must have at most {MAX_SOURCE:,} characters; received {len(source):,}"))
    if "\0" in source or any("\ud800" <= each <= "\udfff" for each in source):
        problems.append(Problem("source", "must be text; it holds a character that no text has"))
    if problems:
        raise ConfigError(problems)
    kept: dict[str, str] = {}

    def freeze(panel: Panel) -> Panel:
        if panel.frozen is not True:
            return panel
        try:
            key, content = frozen(context, panel)
        except TraindeckError as error:
            problems.append(Problem(f"panel of {panel.kind}", f"cannot be frozen: {error}"))
            return panel
        kept[key] = content
        return panel.model_copy(update={"frozen": key})

    source = with_panels(source, freeze)
    if problems:
        raise ConfigError(problems)
    return _Text(title, source, kept)


def told(report: ReportRecord) -> str:
    """Who wrote it, in a few words."""
    changed = f", last by {report.changed_by}" if report.changed_by != report.created_by else ""
    return f"By {report.created_by}{changed} · {plural(report.version, 'version')}"
