"""The same again: a new run with the config of an old one, by the old one's kind."""

from core.common.context import Context
from core.runs.kinds import SCRIPT
from core.runs.launching import Draft, create
from core.runs.reading import get
from core.runs.script_launching import relaunch_script
from core.runs.specs import need_spec


def relaunch(context: Context, run_id: int) -> int:
    """A new run with the same config, in the same experiment; its parent is the old one.

    Raises:
        NotFoundError: no such run.
        SpecError: this version cannot read the config.
        ConfigError: this version, or this host, does not accept it.
    """
    run = get(context, run_id)
    if run.kind == SCRIPT.name:
        return relaunch_script(context, run)
    need_spec(run)
    draft = Draft(run.config, "", run.experiment, run.preset, parent_id=run.id, tags=run.tags)
    return create(context, draft)[0]
