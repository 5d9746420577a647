"""Networks of several runs made one: loaded, joined, judged on the test set, and written as a checkpoint is."""

import errno
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras

from core import runs
from core.common.context import Context
from core.common.errors import StateError
from core.common.text import plural
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.number_scaling import Numbers, restored
from core.data.vocabulary import Vocabulary
from core.engine import setup
from core.engine.ensemble import EnsembleError, Member, ensemble
from core.engine.own_unit import in_own_unit
from core.evaluation.outputs import BATCH
from core.evaluation.report import Report
from core.evaluation.report_files import FOLDER, PREDICTIONS, REPORT
from core.jobs.new_version import Averaged, Ensemble
from core.models import making, version_files
from core.models.naming import ModelError
from core.models.origin import AVERAGED, ENSEMBLE
from core.models.registering import CHECKPOINTS
from core.models.version_source import Source, of_run
from core.runs.kept_weights import kept_weights
from core.training.checkpoints import NOTE, Position, load_network, read_position
from core.training.final_evaluation import baseline_facts, final_evaluation
from core.training.kept_epochs import mean_of, renew_statistics
from core.training.prepared import load_for
from core.training.smaller import PRUNED
from db.records import RunRecord

Progress = Callable[[str, float], object]  # what is being done, and how much of all is done


def joined(progress: Progress, context: Context, asked: Ensemble, folder: Path) -> Source:
    """Raises TraindeckError, OSError."""
    members = [runs.get(context, number) for number in asked.runs]
    if problem := making.ensemble_problem(context, members, asked.checkpoint):  # they may have changed since
        raise StateError(problem)
    first = members[0]
    known = []
    for place, run in enumerate(members):
        progress(f"loading the network of run {run.id}", 0.3 * place / len(members))
        known.append(_member(context, run, CHECKPOINTS[asked.checkpoint]))
    if first.facts.get("task") == "generation" and len({each.vocabulary for each in known}) > 1:
        raise EnsembleError("The runs have different vocabularies, so their answers are about different tokens.")
    model = ensemble(known)
    path = written(model, known[0].numbers, first.uid, folder)
    notices = _notices(members)
    report = judged(progress, context, first, model, folder, notices)
    told = [
        {
            "run": run.id,
            "uid": run.uid,
            "name": run.name,
            "checkpoint": asked.checkpoint,
            "seed": run.config.get("seed"),
        }
        for run in members
    ]
    facts = {**first.facts, "members": told, "parameters": int(model.count_params())}
    return _source(context, first, ENSEMBLE, path, facts, report)


def averaged(progress: Progress, context: Context, asked: Averaged, folder: Path) -> Source:
    """Raises TraindeckError, OSError."""
    run = runs.get(context, asked.run)
    if problem := making.average_problem(context, run, asked.last):
        raise StateError(problem)
    kept = dict(list(kept_weights(context.workspace.settings, run).items())[-asked.last :])
    progress("loading the network", 0.0)
    member = _member(context, run, runs.LAST_CHECKPOINT)
    model = member.model
    weights = mean_of(list(kept.values()))
    if [each.shape for each in weights] != [tuple(each.shape) for each in model.weights]:
        raise ModelError(f"The epochs that run {run.id} kept are of another network. Launch it again.")
    model.set_weights(weights)
    config, data = known_data(progress, context, run)
    progress("computing statistics anew", 0.38)
    layers = renew_statistics(model, data.x_train, config.training.batch_size)
    path = written(model, member.numbers, run.uid, folder)
    notices = [f"Statistics of {plural(layers, 'batch normalisation')} were computed anew on the training part."]
    report = judged_by(progress, context, model, config, data, run.facts, folder, notices if layers else [])
    facts = {**run.facts, "averaged": {"epochs": list(kept), "renewed": layers}}
    return _source(context, run, AVERAGED, path, facts, report)


def _member(context: Context, run: RunRecord, checkpoint: str) -> Member:
    settings = context.workspace.settings
    path = settings.run_dir(run.id) / "checkpoints" / checkpoint
    position = read_position(path, run.uid)
    if position is None:
        raise ModelError(f"The checkpoint {path} is of another run. Relaunch run {run.id} to get one of its own.")
    words = settings.run_dir(run.id) / FOLDER / "vocabulary.json"
    try:
        vocabulary = Vocabulary.load(words) if words.is_file() else None
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"The vocabulary {words} cannot be read ({error}). Relaunch run {run.id}.") from error
    numbers = restored(position.numbers) if position.numbers else Numbers()
    return Member(f"run {run.id}", load_network(path, position), numbers, vocabulary)


def written(model: keras.Model, numbers: Numbers | None, uid: str, folder: Path) -> Path:
    """As a checkpoint is, so that it is loaded as one. Raises OSError.

    Args:
        numbers: None of a network that gives its target's own unit whoever asks it.
    """
    path = folder / "model.keras"
    try:
        with in_own_unit(model, numbers.target if numbers else None):
            model.save(path)
    except RuntimeError as error:  # HDF5's own for a full disk
        raise OSError(errno.ENOSPC, str(error)) from error
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(NOTE, json.dumps(asdict(Position(uid, numbers=numbers.raw() if numbers else None))))
    return path


def judged(
    progress: Progress, context: Context, run: RunRecord, model: keras.Model, folder: Path, notices: Sequence[str]
) -> Report | None:
    """On the test set of the run, its report and predictions written to the folder; None where that set is empty.

    Raises:
        TraindeckError: its data are gone, or others now.
    """
    config, data = known_data(progress, context, run)
    return judged_by(progress, context, model, config, data, run.facts, folder, notices)


def known_data(progress: Progress, context: Context, run: RunRecord) -> tuple[RunConfig, Dataset]:
    """As its network takes them. Raises TraindeckError: they are gone, or others now."""
    settings = context.workspace.settings
    config = runs.checked_spec(run, settings)
    setup.fix_numbers(config)
    progress("loading the data", 0.35)
    checkpoints = settings.run_dir(run.id) / "checkpoints"
    data = load_for(config, settings, checkpoints, run.uid, runs.attempts(context, run.id))
    if data.fingerprint != run.facts.get("data_fingerprint"):
        raise StateError(f"The data set of run {run.id} is another now than it was trained on. Put it back first.")
    return config, data


def judged_by(
    progress: Progress, context: Context, model: keras.Model, config: RunConfig, data: Dataset,
    facts: Mapping[str, Any], folder: Path, notices: Sequence[str],
) -> Report | None:  # fmt: skip
    """The same of data as the network takes them."""
    if not len(data.y_test):
        return None
    setup.compile_model(model, config, data)
    done, batches = 0, -(-len(data.y_test) // BATCH)

    def heed() -> None:
        nonlocal done
        done += 1
        text = "predicting the test set" if done <= batches else "fitting baselines to have beside it"
        progress(text, min(0.95, 0.4 + 0.55 * done / batches))

    report, predictions = final_evaluation(model, data, config, facts, context.workspace.settings, heed)
    report = report.model_copy(update={"notices": (*report.notices, *notices)})
    predictions.to_parquet(folder / PREDICTIONS, index=False)
    (folder / REPORT).write_text(report.model_dump_json(), encoding="utf-8")
    return report


def _notices(members: Sequence[RunRecord]) -> list[str]:
    """Of what is the first one's only."""
    told = []
    first = members[0]
    splits = [(run.config.get("seed"), run.config.get("data")) for run in members]
    if any(each != splits[0] for each in splits) and first.facts.get("task") in ("binary", "multilabel"):
        told.append(
            f"Thresholds are chosen on the validation part of run {first.id}; other members may have learned from it."
        )
    views = {run.id: runs.need_spec(run).evaluation.test_time_augmentation for run in members}
    if len(set(views.values())) > 1:
        told.append(f"It is asked in the views of run {first.id} ({views[first.id]}); other members were in others.")
    return told


def _source(
    context: Context, run: RunRecord, made: str, network: Path, facts: dict[str, Any], report: Report | None
) -> Source:
    beside = version_files.beside(context.workspace.settings.run_dir(run.id), evaluated=False)
    beside += [path for name in (REPORT, PREDICTIONS) if (path := network.with_name(name)).is_file()]
    source = of_run(run, made, network, beside, report)
    facts |= baseline_facts(report) if report else {}
    facts.pop(PRUNED, None)  # which weights are zero is of one network
    return replace(source, draft=replace(source.draft, facts=facts), seconds=0.0)
