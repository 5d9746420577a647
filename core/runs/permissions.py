"""Who may do what. Everybody may do everything, today; every use case that changes something asks here first."""

from enum import StrEnum

from core.common.context import Context
from core.common.errors import ForbiddenError
from db.records import RunRecord


class Action(StrEnum):
    """What a use case does, under the name that it has in the history."""

    LAUNCH = "launch"
    SWEEP = "sweep"  # search over configs: start, pause, extend, stop a search
    STOP = "stop"
    RESUME = "resume"
    IMPORT = "import"  # runs of other tools, or of another Traindeck
    REPORT = "report"  # params, metrics and the end of a run that has no process of ours
    EVALUATE = "evaluate"  # once it is at rest
    EDIT = "edit"  # name, notes, tags
    MOVE = "move"  # to another experiment
    DELETE = "delete"  # into the trash
    RESTORE = "restore"
    PURGE = "purge"  # what is in the trash, for good
    ADD_DATA = "add"
    REMOVE_DATA = "remove"
    EDIT_DATA = "rename"  # names of classes
    REGISTER = "register"  # a model's version, of a run
    EXPORT = "export"  # a model's version, in a format
    POINT = "point"  # an alias at a version, or at none
    EDIT_MODEL = "describe"  # description, stage, note, card
    SERVE = "serve"  # a model, or no more
    DELETE_MODEL = "unregister"  # a model, or a version
    WRITE = "write"  # a report: make, change, delete one
    SAVE_VIEW = "save"  # of a page: make, change, delete one


_WORDS = {
    Action.LAUNCH: "launch {}",
    Action.SWEEP: "start or change sweeps",
    Action.STOP: "stop {}",
    Action.RESUME: "resume {}",
    Action.IMPORT: "import {}",
    Action.REPORT: "report to {}",
    Action.EVALUATE: "evaluate {}",
    Action.EDIT: "change name, notes or tags of {}",
    Action.MOVE: "move {} to another experiment",
    Action.DELETE: "put {} into the trash",
    Action.RESTORE: "take {} out of the trash",
    Action.PURGE: "empty the trash",
    Action.ADD_DATA: "add data sets",
    Action.REMOVE_DATA: "remove data sets",
    Action.EDIT_DATA: "rename classes of data sets",
    Action.REGISTER: "register models of {}",
    Action.EXPORT: "export models",
    Action.POINT: "move aliases of models",
    Action.EDIT_MODEL: "change descriptions, stages, notes or cards of models",
    Action.SERVE: "serve models",
    Action.DELETE_MODEL: "delete models",
    Action.WRITE: "write or delete reports",
    Action.SAVE_VIEW: "save, change or delete views of pages",
}


def allows(context: Context, action: Action, run: RunRecord | None) -> bool:  # noqa: ARG001 - the policy of today
    """The policy. `run` is the one that it is about, None where it is about none or not about a single one."""
    return True


def require(context: Context, action: Action, run: RunRecord | None = None) -> None:
    """To be called before anything is changed.

    Raises:
        ForbiddenError: who may not do what, and whom to ask.
    """
    if allows(context, action, run):
        return
    what = _WORDS[action].format(f"run {run.id}" if run else "runs")
    owner = f"{run.created_by}, who launched it, or " if run and run.created_by != context.actor.name else ""
    raise ForbiddenError(
        f"{context.actor.name} may not {what}. Ask {owner}whoever looks after {context.workspace.settings.home}."
    )
