"""What people do with sweeps: start, pause, go on, extend, stop, add a trial, confirm the best."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import db.runs
import db.sweeps
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem, StateError, TraindeckError
from core.common.text import as_typed
from core.runs.labels import label_problems
from core.runs.permissions import Action, require
from core.runs.script_launching import with_code
from core.scripts.spec import ScriptSpec
from core.sweeps import short_names
from core.sweeps.advancing import SupersededError, add_to
from core.sweeps.by_hand import HAND
from core.sweeps.check_sweep import check_definition, draft_of, draft_problems, seed_argument
from core.sweeps.earlier_runs import earlier_trials
from core.sweeps.fields import Varied
from core.sweeps.list_fields import by_places, of_base
from core.sweeps.setting import Setting
from core.sweeps.sweep_changes import change as change
from core.sweeps.sweep_changes import extend as extend
from core.sweeps.sweep_changes import go_on as go_on
from core.sweeps.sweep_changes import note
from core.sweeps.sweep_changes import pause as pause
from core.sweeps.sweep_changes import stop as stop
from core.sweeps.trial_names import of_sweep, of_trial
from core.sweeps.trials import CONFIRM, FIRST_CONFIRMATION, SweepView
from core.sweeps.trials import view as read_view
from db.engine import Session
from db.sweep_records import SweepRecord, SweepState, TrialRecord


def start(context: Context, raw: dict[str, Any], name: str = "", earlier: Sequence[int] = ()) -> int:
    """Begin a sweep; returns its number.

    Args:
        raw: its definition.
        earlier: numbers of runs that it takes as trials which it need not make again.

    Raises:
        ForbiddenError, ConfigError: with every problem; nothing was begun.
        SnapshotError: the code of a script cannot be kept.
    """
    require(context, Action.SWEEP)
    definition, problems = check_definition(raw, context)
    problems += label_problems("name", name.strip())
    if definition is None or problems:
        raise ConfigError(problems)
    if definition.kind == "script":  # all trials run the code as it is now
        spec, facts = with_code(context, ScriptSpec.model_validate(definition.base), definition.facts)
        definition = definition.model_copy(update={"base": spec.model_dump(mode="json"), "facts": facts})
    known = earlier_trials(context, definition, earlier)
    with context.workspace.write() as session:
        told = definition.model_dump(mode="json")
        record = SweepRecord(
            0, name.strip(), SweepState.RUNNING, told, created_by=context.actor.name, created_at=time.time()
        )
        number = db.sweeps.insert(session, record)
        if not name.strip():
            named = f"{definition.preset or 'sweep'}-{number}"
            made = db.sweeps.get(session, number)
            assert made is not None
            db.sweeps.change(session, made, name=named)
        trials = [
            TrialRecord(number, place, 0, run, params, origin="earlier") for place, (run, params) in enumerate(known)
        ]
        if trials:
            db.sweeps.add_trials(session, trials)
        note(session, context, number, Action.SWEEP, {}, {"name": name, "method": definition.method})
    return number


def add_trial(context: Context, sweep_id: int, params: dict[str, Any]) -> int:
    """A trial by hand, queued at once; returns its number.

    Args:
        params: of the fields that are varied, by path or the end of it, a list also as a whole; those not given are as
            in the base config.

    Raises:
        NotFoundError, ForbiddenError, StateError
        ConfigError: with every problem of the config.
    """
    require(context, Action.SWEEP)
    now = read_view(context, sweep_id)
    fields = [varied.field for varied in now.definition.fields]
    params = by_places(short_names.of_fields(params, fields), fields)
    unknown = [
        Problem(name, f"is not varied; accepted are {', '.join(fields)}") for name in params if name not in fields
    ]
    setting = Setting(now.definition)

    def value(varied: Varied, before: dict[str, Any]) -> Any:
        if varied.field in params:
            return params[varied.field]
        return of_base(setting.settings(before), varied.field)

    full = setting.params(value)
    unset = [_unset(varied) for varied in now.definition.fields if varied.field in params and varied.field not in full]
    draft = draft_of(now.definition, full)
    if problems := unknown + unset + draft_problems(now.definition, draft, context):
        raise ConfigError(problems)
    full = {field: setting.settings(full).get(field, value) for field, value in full.items()}  # 1 of true, as it has it
    while True:
        number = now.next_number
        named = replace(draft, name=of_trial(now.sweep.name, number))
        if _make(context, now, named, TrialRecord(sweep_id, number, 0, None, full, origin=HAND)):
            return number
        now = read_view(context, sweep_id)


def _unset(varied: Varied) -> Problem:
    """Told of a value for a field that a trial does not have."""
    assert varied.when is not None
    wanted = " or ".join(map(as_typed, varied.when.values))
    told = f"is set only where {varied.when.field} is {wanted}; give that, too, or leave {varied.field} out"
    return Problem(varied.field, told)


def confirm(context: Context, sweep_id: int, best: int = 3, seeds: int = 5) -> list[int]:
    """Launch the best configs again on seeds that the search has not seen; returns the numbers of the runs.

    Raises:
        NotFoundError, ForbiddenError
        StateError: no trial has finished, or the script has no seed.
    """
    trials = read_view(context, sweep_id).ranked[:best]
    return confirm_more(context, sweep_id, {trial.number: seeds for trial in trials})


def confirm_more(context: Context, sweep_id: int, seeds: Mapping[int, int]) -> list[int]:
    """As `confirm`, of these trials, by their numbers, so many further seeds each: the same ones, so that they are
    pairs, where they have the same ones until then.
    """
    require(context, Action.SWEEP)
    now = read_view(context, sweep_id)
    if not seeds:
        raise StateError(f"No trial of sweep {sweep_id} has finished yet, so that there is none to confirm.")
    if why := cannot_confirm(now, context):
        raise StateError(why)
    seed = seed_argument(now.definition, context)
    return [_one_more_seed(context, sweep_id, number, seed) for number, count in seeds.items() for _ in range(count)]


def cannot_confirm(view: SweepView, context: Context) -> str:
    """Why its configs cannot be confirmed on fresh seeds, whatever it finds; "" where they can."""
    try:
        if view.definition.kind == "script" and not seed_argument(view.definition, context):
            return "The script has no parameter that seeds it, such as --seed, so that it would only repeat."
    except (TraindeckError, OSError) as error:
        return str(error)
    return ""


def _one_more_seed(context: Context, sweep_id: int, number: int, seed: str) -> int:
    """Of a trial, one that nobody has asked for yet, also not at the same moment; returns its run.

    Raises:
        NotFoundError
    """
    while True:
        now = read_view(context, sweep_id)
        trial = next((each for each in now.trials if each.number == number), None)
        if trial is None:
            raise NotFoundError(f"Sweep {sweep_id} has no trial {number}; `python -m core sweep show` has its trials.")
        repeat = max((each.kept.repeat + 1 for each in trial.confirmations), default=FIRST_CONFIRMATION)
        draft = draft_of(now.definition, trial.params, repeat, "", seed)
        used = draft.config["arguments"][seed] if seed else draft.config["seed"]
        draft = replace(draft, name=of_trial(now.sweep.name, number, f"seed {used}"))
        record = TrialRecord(sweep_id, number, repeat, None, trial.params, origin=CONFIRM)
        if ids := _make(context, now, draft, record):
            return ids[0]


def remove(context: Context, sweep_id: int) -> None:
    """Forget a sweep that is over; its runs stay. Raises NotFoundError, ForbiddenError, StateError."""
    require(context, Action.SWEEP)
    now = read_view(context, sweep_id)
    if now.active or not now.sweep.state.is_over:
        raise StateError(f"Sweep {sweep_id} is {now.sweep.state}; stop it first.")
    with context.workspace.write() as session:
        db.sweeps.delete(session, sweep_id)
        note(session, context, sweep_id, "delete", {"name": now.sweep.name}, {})


def listing(context: Context) -> list[SweepRecord]:
    """The newest first."""
    with context.workspace.read() as session:
        return db.sweeps.listing(session)


def find(context: Context, reference: str) -> int:
    """A sweep by number or name, of several the newest. Raises NotFoundError."""
    for sweep in listing(context):
        if reference in (str(sweep.id), sweep.name):
            return sweep.id
    raise NotFoundError(f"There is no sweep {reference!r}; `python -m core sweep list` shows those there are.")


def _make(context: Context, now: SweepView, draft: runs.Draft, trial: TrialRecord) -> list[int]:
    """The number of the run of a trial; none where the sweep is no longer as it was read."""
    tagged = replace(draft, tags=(*draft.tags, of_sweep(now.sweep.id)))

    def within(session: Session, ids: list[int]) -> None:
        add_to(session, now.sweep, replace(trial, run_id=ids[0]))

    make = runs.create_script if now.definition.kind == "script" else runs.create
    try:
        return make(context, tagged, within=within)
    except SupersededError:
        return []
