"""The model card: what a version is, how good and how sure, where it ends, and how it was made; written from facts.

Its parts follow Mitchell et al., "Model Cards for Model Reporting" (2019), as far as the facts of a run tell them.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from core.architectures.architecture_registry import ARCHITECTURES
from core.common.context import Context
from core.common.text import quantity
from core.config.edit import flatten
from core.evaluation.baseline_scores import of_facts, tested_on
from core.evaluation.report import Report
from core.inference.export_formats import FORMATS
from core.models import exports, origin
from core.models.gates import findings
from core.models.naming import ModelError
from core.models.registered import get
from core.models.scores import beside_baselines, figures, main_score, metric_name
from core.runs.highlights import loss_note
from db.registry_records import ExportRecord, VersionRecord

_FEW = 1000  # test examples, below which an accuracy is uncertain by several points
_WEAKEST = 3  # classes that are named
_TASKS = {
    "binary": "which of two classes",
    "multiclass": "the class",
    "multilabel": "the labels",
    "regression": "a number",
    "generation": "how a text goes on",
    "forecast": "what follows a series",
}
_KINDS = {"image": "pictures", "rows": "rows of numbers", "table": "rows of a table", "text": "texts"}
_TIMES = ((1, "p50"), (1, "p95"), (32, "p50"), (32, "p95"))  # examples in a call, and which of its times
_TRAINING = (
    ("training.epochs", "epochs at most"),
    ("training.batch_size", "batch size"),
    ("training.optimizer.name", "optimizer"),
    ("training.optimizer.learning_rate", "learning rate"),
    ("seed", "seed"),
)


def write(version: VersionRecord, report: Report | None, trained_seconds: float) -> str:
    """As Markdown. `version` may lack its number; `report`: of this checkpoint on the test set."""
    parts = [
        f"# {version.model}",
        "\n\n".join(_about(version, report)),
        "## Data",
        "\n".join(f"- {line}" for line in _data(version)),
        "## How good it is",
        "\n\n".join(_figures(version, report)),
        "## Where it ends",
        "\n".join(f"- {line}" for line in _limits(version, report)),
        "## How it was trained",
        "\n".join(f"- {line}" for line in _training(version, trained_seconds)),
    ]
    return "\n\n".join(parts) + "\n"


def _about(version: VersionRecord, report: Report | None) -> Iterator[str]:
    task = _TASKS.get(str(version.facts.get("task")), "")
    kind = f" of {_KINDS[report.kind]}" if report and report.kind in _KINDS and task else ""
    target = f" ({_line(version.facts['target'])})" if version.facts.get("target") else ""
    if task:
        yield f"It tells {task}{kind}{target}."
    size = version.facts.get("parameters")
    if version.checkpoint == origin.UPLOADED:
        yield from _about_file(version, f"{size:,}" if isinstance(size, int) else "")
        return
    name = flatten(version.config).get("architecture.name", "network")
    title = next((each.title for each in ARCHITECTURES if each.model_fields["name"].default == name), str(name))
    parameters = f" of {size:,} parameters" if isinstance(size, int) else ""
    yield (
        f"{title}{parameters}: {_of(version)}, registered by {_line(version.created_by)} on "
        f"{datetime.now(UTC):%Y-%m-%d}. SHA-256 of the file: `{version.sha256}`."
    )


def _about_file(version: VersionRecord, parameters: str) -> Iterator[str]:
    told = origin.uploaded(version)
    of = f" of {parameters} parameters" if parameters else ""
    like = told.get("like")
    takes = f"It takes inputs prepared like those of {_line(like)}." if like else "It takes numbers as they are."
    if like and told.get("asked"):
        takes += f" It is asked with {_line(told['asked'])}."
    if told.get("logits"):
        takes += " It gave logits; what makes probabilities of them was put behind it here."
    yield (
        f"A network{of} in the file {_line(told.get('file'))} ({told.get('bytes', 0):,} bytes, SHA-256 "
        f"`{_line(told.get('sha256'))}`), uploaded by {_line(version.created_by)} on "
        f"{datetime.now(UTC):%Y-%m-%d}. {takes}"
    )


def _of(version: VersionRecord) -> str:
    text = origin.sentence(version)
    named = "" if origin.members(version) or not version.run_id else f", {_line(version.run_name)}"
    return f"{text[:1].lower()}{_line(text[1:])}{named}"


def _data(version: VersionRecord) -> Iterator[str]:
    data = version.config.get("data")
    data = data if isinstance(data, dict) else {}
    yield f"Data set: {_line(data.get('dataset') or data.get('source') or 'not known')}"
    if fingerprint := version.facts.get("data_fingerprint"):
        yield f"Fingerprint over its content: `{_line(fingerprint)}`"
    examples = version.facts.get("examples")
    if isinstance(examples, dict):
        yield f"Examples: {', '.join(f'{count:,} for {part}' for part, count in examples.items() if count)}"
    if chosen := {key: value for key, value in data.items() if key not in ("source", "dataset") and value}:
        yield f"Options: {', '.join(f'{key} {_line(value)}' for key, value in flatten(chosen).items() if value)}"


def _figures(version: VersionRecord, report: Report | None) -> Iterator[str]:
    score = main_score(version)
    if score is None:
        why = origin.uploaded(version).get("unmeasured")
        yield f"Nothing was measured: {_line(why)}." if why else "It was not evaluated on a test set."
        return
    told = f"**{score.name} {quantity(score.value, 4)}**"
    if score.interval:
        low, high = score.interval
        told += f" (95 % interval {low:.3f} to {high:.3f})"
    yield f"{told} on {score.examples:,} test examples." if score.examples else f"{told} on the test set."
    if found := beside_baselines(version):
        yield found.text
    known = figures(version)
    others = {each.name: each.metrics for each in of_facts(version.facts)}
    head = ["", "this network", *others]
    rows = [
        [metric_name(name), quantity(value, 4), *(_cell(values.get(name)) for values in others.values())]
        for name, value in known.items()
    ]
    yield "\n".join(["| " + " | ".join(each) + " |" for each in (head, ["---"] * len(head), *rows)])
    if note := loss_note(version.facts):
        yield note
    if report is not None and report.made_of:
        yield f"Evaluated later, of {report.made_of}."
    if report is not None and report.views_note:
        yield f"{report.views_note} The file by itself answers for the picture alone."


def _limits(version: VersionRecord, report: Report | None) -> Iterator[str]:
    yield (
        "The figures hold for data like its test set. On data from elsewhere, or of a later time, it can be worse, and "
        "it does not say so by itself."
    )
    count = tested_on(version.facts)
    if count and count < _FEW:
        yield f"{count:,} test examples are few: on others like them the figures will differ, see the interval."
    if version.checkpoint == origin.UPLOADED:
        yield "How it was trained, and on what, is not known here."
    elif version.checkpoint == origin.ENSEMBLE:
        yield "It asks every member for each answer, which takes their time and memory together."
    else:
        yield "They are of one training with one seed; another seed gives other figures."
    found = beside_baselines(version)
    if found and found.standing != "above":
        lead = "A plain model is better" if found.standing == "below" else "It is not surely better than a plain model"
        yield f"{lead}: {found.short}."
    if report is not None and report.classification is not None:
        scored = [each for each in report.classification.classes if each.f1 is not None and each.support]
        if len(scored) > _WEAKEST:
            weakest = sorted(scored, key=lambda each: each.f1 or 0.0)[:_WEAKEST]
            yield f"Weakest classes (F1): {', '.join(f'{_line(each.name)} {each.f1:.3f}' for each in weakest)}."
    for notice in report.notices if report else ():
        yield _line(notice)


def _training(version: VersionRecord, seconds: float) -> Iterator[str]:
    if version.checkpoint == origin.UPLOADED:
        yield "Elsewhere; only the file was given"
        return
    params, facts = flatten(version.config), version.facts
    told = [f"{label} {_line(params[key])}" for key, label in _TRAINING if params.get(key) is not None]
    for each in origin.members(version):
        seed = "" if each.seed is None else f", seed {each.seed}"
        yield f"Member: the {each.checkpoint} checkpoint of run {each.run}, {_line(each.name)}{seed}"
    if told:
        yield f"{', '.join(told)}; the whole config is kept with this version.".capitalize()
    if seconds:
        yield f"Trained {seconds:,.1f} s on {_line(facts.get('device') or 'an unknown device')}"
    begun = facts.get("fine_tuned_from")
    if isinstance(begun, dict):
        yield f"Began from the weights of run {begun.get('run')}"
    yield from _compressed(facts)
    versions = facts.get("versions")
    if isinstance(versions, dict):
        yield f"Versions: {', '.join(f'{name} {number}' for name, number in versions.items() if number)}"
    if commit := facts.get("git_commit"):
        changed = ", with changes that were not committed" if str(commit).endswith("+") else ""
        yield f"Code: commit `{str(commit).rstrip('+')[:12]}`{changed}"


def _compressed(facts: Mapping[str, Any]) -> Iterator[str]:
    begun, taught = (facts.get(name) for name in ("fine_tuned_from", "distilled_from"))
    if isinstance(begun, dict) and begun.get("reduced"):
        yield f"Reduced: {_line('; '.join(map(str, begun['reduced'])))}"
    if isinstance(taught, dict):
        who = f"run {taught['run']}" if "run" in taught else _line(taught.get("version"))
        yield f"Learned from the answers of {who}, too"
    if sparse := origin.sparsity(facts):
        yield f"Pruned: {sparse}"


def _cell(value: float | None) -> str:
    return "" if value is None else quantity(value, 4)


def _line(value: Any) -> str:
    """Of others' texts, on one line, in which Markdown finds no marks of its own."""
    text = " ".join(str(value).split())
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|~$" else each for each in text[:200])


def shown(version: VersionRecord) -> str:
    """The card as people left it, or as it was written."""
    return version.edited_card or version.card


def in_use(context: Context, version: VersionRecord) -> str:
    """What is known by now and was not when the card was written, to stand below it: speed and size, and its gates."""
    lines = [_speed(exports.answering(context, version))]
    model = get(context, version.model)
    for alias in model.gates:
        with suppress(ModelError):  # a gate that cannot be read is told where it is set
            lines += [f"Gate of {alias}: {each.text}" for each in findings(context, model, version, alias)]
    return "\n\n".join(["## When it answers", "\n".join(f"- {line}" for line in lines)]) + "\n"


def _speed(export: ExportRecord | None) -> str:
    found = exports.measured(export) if export else None
    if export is None:
        return "It was not exported yet, so its speed is not known."
    title = FORMATS[export.name].title if export.name in FORMATS else export.name
    times = [(found.latency.get(f"one_batch_{batch}_{of}") if found else None) for batch, of in _TIMES]
    told = [f"{time:.3g} ms ({of}, batch {batch})" for time, (batch, of) in zip(times, _TIMES, strict=True) if time]
    speed = f": {', '.join(told)} on one thread of {export.host}" if told else ", whose speed was not measured"
    return f"Served as {title}, {export.size:,} bytes{speed}."
