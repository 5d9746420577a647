"""Make it small: all ways that apply to a version, by export and by training, within a time and a loss.

Each training is a run; the job that waits for its end (core.jobs.new_version) makes a version of it, unless it lost too
much, and has that exported as well.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace

import db.jobs
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, StateError, TraindeckError
from core.config.edit import Raw
from core.jobs import export, job_queue, new_version
from core.jobs.new_version import Request, Smaller
from core.models import exports, origin, registering
from core.models.gates import answers
from core.models.naming import ModelError
from core.models.registered import find, get
from core.models.trade_off import UNCHANGED, Flipped, SmallerVersion, lost, lost_in_words, own_figure
from core.runs.compressing import METHODS, compressed, in_words
from core.runs.permissions import Action, require
from core.runs.queueing import BEGIN_BEFORE
from db.engine import Session
from db.records import RunRecord, RunState
from db.registry_records import VersionRecord


class UnfinishedError(ModelError):
    """A run did not finish of which a version was to be made; it may be resumed."""


@dataclass(frozen=True)
class Way:
    """A method of core.runs.compressing, and how much of it."""

    method: str
    amount: float

    @property
    def title(self) -> str:
        return f"{METHODS[self.method].title}, {100 * self.amount:g} %"


# As they are tried, what most often pays first.
WAYS = {
    "units": Way("units", 0.5),
    "prune": Way("prune", 0.8),
    "factorise": Way("factorise", 0.3),
    "distil": Way("distil", 0.5),
    "prune-more": Way("prune", 0.9),
    "prune-less": Way("prune", 0.5),
}


def applying(context: Context, version: VersionRecord) -> dict[str, str]:
    """Of each way, why it does not apply to a version; "" where it does."""
    found = {}
    for name, way in WAYS.items():
        try:
            _config(context, version, way)
            found[name] = ""
        except (StateError, NotFoundError) as error:
            found[name] = str(error)
    return found


def ask(
    context: Context,
    version: VersionRecord,
    made: Collection[str],
    ways: Collection[str],
    *,
    within: float = 0.01,
    minutes: float = export.BUDGET_MINUTES,
) -> list[str]:
    """Have every small format made that is not there, and a run begun for each way; what was left out, in sentences.

    Trainings are taken one after the other to last as long as the version's own run did, and those that would not be
    over in time are left out.

    Args:
        made: formats that are there.
        ways: of `WAYS`.
        within: what may be lost: of a share, 0.01 is a point; of an error, relative.
        minutes: after which nothing is begun.

    Raises:
        ForbiddenError, StateError, StoreError
    """
    export.ask_compact(context, version, made, minutes)
    is_keras = version.checkpoint != origin.LOGGED and origin.uploaded(version).get("format", "keras") == "keras"
    if is_keras and not {*UNCHANGED} & {*made}:  # by which the speed of the original is known
        export.ask(context, version, "keras", time.time() + 60 * minutes)
    return ask_trainings(context, version, ways, within=within, minutes=minutes)


def ask_trainings(
    context: Context, version: VersionRecord, ways: Collection[str], *, within: float, minutes: float
) -> list[str]:
    """The part of `ask` that is done by runs."""
    if ways:
        require(context, Action.LAUNCH)
        require(context, Action.REGISTER)
    begun, spent, left_out = time.time(), 0.0, []
    for name in [each for each in WAYS if each in ways]:
        way = WAYS[name]
        job = _key(version, name)
        done = job_queue.look_if_asked(context, new_version.KIND, job, keep=True)
        if done is None and job_queue.is_asked(context, job):
            left_out.append(f"{way.title} is being tried already.")
            continue
        try:
            run, config = _config(context, version, way)
            if spent + run.trained_seconds > 60 * minutes:
                took = f"the training of run {run.id} took {run.trained_seconds / 60:.1f} minutes"
                left_out.append(f"{way.title} is not tried: {took}, and it would not be over within {minutes:g}.")
                continue
            spent += run.trained_seconds
            until = begun + 60 * minutes
            made_of = Smaller(run=0, of=version.title, within=within, until=until, title=way.title)
            if done is not None:  # what came of it before; what somebody asks for meanwhile stays
                job_queue.forget(context, job)
            _launch(context, version, run, config, way, made_of, job)
        except (StateError, NotFoundError, ConfigError) as error:
            left_out.append(f"{way.title} is not tried. {error}")
    return left_out


def _config(context: Context, version: VersionRecord, way: Way) -> tuple[RunRecord, Raw]:
    """The version's run, and what makes a smaller network of it. Raises StateError, NotFoundError."""
    teaches = way.method == "distil" and version.checkpoint in (origin.ENSEMBLE, origin.AVERAGED)
    if not teaches and (problem := origin.not_begun_from(version)):
        raise StateError(problem)
    run = next((each for each in runs.get_many(context, [version.run_id]) if each.uid == version.run_uid), None)
    if run is None or not (teaches or runs.has_checkpoint(context, run)):
        raise NotFoundError(
            f"Run {version.run_id}, of which {version.title} was made, or its checkpoint was deleted; no run can begin "
            "from its weights. Make a version of another run, or export this one."
        )
    return run, compressed(run.config, run.id, way.method, way.amount, version.title if teaches else "")


def _key(version: VersionRecord, way: str) -> str:
    return f"{new_version.KIND.name}-{version.id}-{way}"


def _launch(
    context: Context, version: VersionRecord, run: RunRecord, config: Raw, way: Way, made_of: Smaller, job: str
) -> None:
    """With the job that waits for it, or neither. Raises ConfigError."""
    draft = runs.Draft(
        config, "", run.experiment, run.preset, parent_id=run.id, tags=(*run.tags, way.method),
        facts={BEGIN_BEFORE: made_of.until},
    )  # fmt: skip

    def within(session: Session, ids: list[int]) -> None:
        asked = Request(
            made_of=made_of.model_copy(update={"run": ids[0]}),
            model=version.model,
            note=f"{way.title}, of {version.title}",
            actor=context.actor.name,
            actor_kind=context.actor.kind,
        )
        kind = new_version.KIND.name
        if not db.jobs.put(session, job, kind, asked.model_dump(mode="json"), after_run=ids[0]):
            raise StateError("Somebody else has just begun it.")

    runs.create(context, draft, within=within)


def again(context: Context, asked: new_version.Asked) -> None:
    """Resume the run of one that did not finish, or launch it anew where it cannot be, and wait for it again.

    Raises:
        NotFoundError: the run was deleted.
        StateError, ConfigError, ForbiddenError
    """
    made_of = asked.request.made_of
    assert isinstance(made_of, Smaller)
    run = runs.get(context, made_of.run)
    if run.state is not RunState.FINISHED:
        if runs.can_resume(context, run):
            runs.resume(context, run.id)
        else:
            run = runs.get(context, runs.relaunch(context, run.id))
    renewed = asked.request.model_copy(update={"made_of": made_of.model_copy(update={"run": run.id, "until": None})})
    job_queue.forget(context, asked.key)
    job_queue.put(context, new_version.KIND, asked.key, renewed, after_run=run.id)


def kept(context: Context, asked: Request, made_of: Smaller) -> VersionRecord:
    """Make a version of a run that is at rest, and ask for its exports.

    Raises:
        ModelError: it lost too much.
        UnfinishedError: the run did not finish.
        NotFoundError: the run, or what it is to be smaller than, was deleted.
        StateError, GateError, ForbiddenError
    """
    run = next(iter(runs.get_many(context, [made_of.run])), None)
    if run is None:
        raise NotFoundError(f"Run {made_of.run} was deleted before a version could be made of it.")
    if run.state is not RunState.FINISHED:
        why = f" ({run.reason})" if run.reason else ""
        raise UnfinishedError(f"{made_of.title}: run {run.id} is {run.state.value}{why}, so no version is made of it.")
    before = find(context, made_of.of)
    source = registering.source_of(context, run, "best")
    after = replace(source.draft, metrics=source.report.metrics() if source.report else {})
    metric, was = own_figure(before)
    if was is not None and (now := own_figure(after)[1]) is not None and own_figure(after)[0] == metric:
        loss = lost(metric, was, now)
        if loss > made_of.within + 1e-9:
            raise ModelError(
                f"{made_of.title}: {metric} of run {run.id} is {now:.4g}, of {before.title} {was:.4g}. That loses "
                f"{lost_in_words(metric, loss)}, and at most {lost_in_words(metric, made_of.within)} was to be lost, "
                f"so no version is made of it. The run stays: python -m core models register {run.id} {asked.model}."
            )
    version = registering.keep(context, source, asked.model, note=asked.note)
    minutes = export.BUDGET_MINUTES if made_of.until is None else (made_of.until - time.time()) / 60
    if minutes > 0:
        export.ask_compact(context, version, (), minutes, after_run=run.id)
    return version


def on_the_way(context: Context, version: VersionRecord) -> list[str]:
    """In sentences, which smaller networks of a version are awaited, and why others are no versions."""
    told = []
    for each in new_version.asked(context):
        made_of = each.request.made_of
        if isinstance(made_of, Smaller) and made_of.of == version.title:
            if each.made is None:
                run = next(iter(runs.get_many(context, [made_of.run])), None)
                told.append(f"{made_of.title}: run {made_of.run} is {run.state.value if run else 'deleted'}.")
            elif each.made.problem:
                told.append(each.made.problem)
    return told


def smaller_versions(context: Context, version: VersionRecord) -> list[SmallerVersion]:
    """Versions of the same model that a run made smaller from this one, the oldest first."""
    found = [each for each in get(context, version.model).versions if each.id != version.id and _is_of(each, version)]
    return [
        SmallerVersion(
            each,
            in_words(each.config, version.config),
            exports.listing(context, each),
            _flipped(context, version, each),
        )
        for each in sorted(found, key=lambda each: each.number)
    ]


def _flipped(context: Context, before: VersionRecord, after: VersionRecord) -> Flipped | None:
    """Of classifiers asked about the same test examples; None of others."""
    try:
        one, other = (answers(context.workspace.settings, each) for each in (before, after))
        labels = one["label"]
        if labels.dtype.kind == "f" or not labels.equals(other["label"]):
            return None
        was, now = one["predicted"], other["predicted"]
    except (TraindeckError, OSError, ValueError, KeyError):
        return None
    gained, lost_now = ((now == labels) & (was != labels)).sum(), ((was == labels) & (now != labels)).sum()
    return Flipped(int((was != now).sum()), int(gained), int(lost_now), len(labels))


def _is_of(version: VersionRecord, origin_of: VersionRecord) -> bool:
    if not in_words(version.config):
        return False
    taught, begun = (version.config.get(each) or {} for each in ("distillation", "fine_tune"))
    if taught.get("model"):
        return bool(taught["model"] == origin_of.title)
    source = taught.get("run") or begun.get("run")
    return source == origin_of.run_id and origin_of.checkpoint == "best"
