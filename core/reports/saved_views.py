"""Views of pages that people saved under a name: the page as its address says, to come back to and to pass on."""

import time
from urllib.parse import parse_qsl, urlencode

import db.saved_views
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem, StateError
from core.common.text import quoted
from core.runs.events import note_change
from core.runs.labels import label_problems
from core.runs.permissions import Action, require
from db.report_records import ViewRecord as ViewRecord

KIND = "view"  # in the history
MAX_QUERY = 8000  # characters; browsers and proxies take no longer address
_MOST_PARTS = 200


def listing(context: Context, page: str | None = None) -> list[ViewRecord]:
    """Of one page or of all, by page and name."""
    with context.workspace.read() as session:
        return db.saved_views.listing(session, page)


def get(context: Context, view_id: int) -> ViewRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        found = db.saved_views.get(session, view_id)
    if found is None:
        raise NotFoundError(f"There is no view {view_id}. It may have been deleted; the Reports page lists all views.")
    return found


def find(context: Context, page: str, reference: str) -> ViewRecord:
    """A view of the page by its number or its name. Raises NotFoundError."""
    for view in listing(context, page):
        if reference in (str(view.id), view.name):
            return view
    raise NotFoundError(f"There is no view {quoted(reference, 80)} of this page. It may have been deleted.")


def save(context: Context, page: str, name: str, query: dict[str, list[str]]) -> ViewRecord:
    """A new one. Raises ForbiddenError, ConfigError, StateError: the page has one of this name."""
    require(context, Action.SAVE_VIEW)
    name, text = _name(name), _query(query)
    with context.workspace.write() as session:
        if any(view.name == name for view in db.saved_views.listing(session, page)):
            raise StateError(
                f"There is a view {quoted(name)} already. Take another name, or open that one and update it."
            )
        made = db.saved_views.insert(session, page, name, text, context.actor.name, time.time())
        note_change(context, session, KIND, made, {}, {"page": page, "name": name, "query": text}, Action.SAVE_VIEW)
    return get(context, made)


def update(context: Context, view_id: int, query: dict[str, list[str]]) -> ViewRecord:
    """It shows something else from now on. Raises ForbiddenError, NotFoundError, ConfigError."""
    require(context, Action.SAVE_VIEW)
    view, text = get(context, view_id), _query(query)
    with context.workspace.write() as session:
        db.saved_views.change(session, view_id, query=text, changed_at=time.time())
        note_change(context, session, KIND, view_id, {"query": view.query}, {"query": text}, Action.SAVE_VIEW)
    return get(context, view_id)


def rename(context: Context, view_id: int, name: str) -> ViewRecord:
    """Its address stays. Raises ForbiddenError, NotFoundError, ConfigError, StateError."""
    require(context, Action.SAVE_VIEW)
    view, name = get(context, view_id), _name(name)
    with context.workspace.write() as session:
        if any(each.name == name and each.id != view_id for each in db.saved_views.listing(session, view.page)):
            raise StateError(f"There is a view {quoted(name)} already. Take another name.")
        db.saved_views.change(session, view_id, name=name, changed_at=time.time())
        note_change(context, session, KIND, view_id, {"name": view.name}, {"name": name}, Action.SAVE_VIEW)
    return get(context, view_id)


def delete(context: Context, view_id: int) -> None:
    """Raises ForbiddenError, NotFoundError."""
    require(context, Action.SAVE_VIEW)
    view = get(context, view_id)
    with context.workspace.write() as session:
        db.saved_views.delete(session, view_id)
        note_change(
            context, session, KIND, view_id, {"page": view.page, "name": view.name, "query": view.query}, {}, "delete"
        )


def query_of(view: ViewRecord) -> dict[str, list[str]]:
    """What its address says, by name."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(view.query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _name(name: str) -> str:
    name = name.strip()
    problems = label_problems("name", name)
    if not name:
        problems.append(Problem("name", "must not be empty; give the view one"))
    elif name.isdecimal():
        problems.append(Problem("name", f"must not be a number, by which addresses call views; received {name}"))
    if problems:
        raise ConfigError(problems)
    return name


def _query(query: dict[str, list[str]]) -> str:
    pairs = [(name, value) for name, values in query.items() for value in values]
    text = urlencode(pairs)
    if len(text) > MAX_QUERY or len(pairs) > _MOST_PARTS:
        raise ConfigError([Problem("query", f"must have at most {MAX_QUERY:,} characters; it has {len(text):,}")])
    return text
