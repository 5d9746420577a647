"""Gates: what a version must pass before an alias may point at it, and who let one through that did not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import StateError, TraindeckError
from core.common.settings import Settings
from core.common.text import plural, quantity, suggestion
from core.evaluation.report_files import PREDICTIONS, present
from core.evaluation.verdict import judge, told
from core.inference.export_formats import FORMATS
from core.models import exports
from core.models.naming import ModelError, check_alias
from core.models.registered import get
from core.models.scores import figures, main_score, metric_name
from core.models.version_files import network_file
from core.runs.events import model_event
from core.runs.permissions import Action, require
from core.tracking.goals import goal_of
from db.records import RunRecord
from db.registry_records import ExportRecord, ModelRecord, VersionRecord

if TYPE_CHECKING:  # the command line starts without pandas
    import pandas as pd


class GateError(StateError):
    """A version did not pass, and nobody approved it."""

    version = ""  # digits@3


class Gate(BaseModel):
    """Rules; those that are not set say nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # a later version may have more

    metric: str = ""  # of the evaluation, such as test_accuracy
    bound: float = Field(0.0, allow_inf_nan=False)  # at least, or of errors at most
    not_worse: bool = False  # than the version that has the alias
    max_bytes: int | None = Field(None, ge=1)  # of the network, without its optimizer's state
    max_ms: float | None = Field(None, gt=0, allow_inf_nan=False)  # for a call of the export that answers, one thread
    percentile: Literal["p50", "p95"] = "p95"  # of its times
    batch: Literal[1, 32] = 1  # examples in the call
    max_export_bytes: int | None = Field(None, ge=1)  # of that export's network

    @property
    def rules(self) -> list[str]:
        """In words."""
        side = "at least" if goal_of(self.metric) == "max" else "at most"
        found = [f"{metric_name(self.metric)} {side} {quantity(self.bound, 4)}"] if self.metric else []
        found += ["not surely worse than the version that has it"] if self.not_worse else []
        found += [f"a network of at most {self.max_bytes:,} bytes"] if self.max_bytes else []
        found += [f"an export that answers within {self.max_ms:g} ms ({self.call})"] if self.max_ms else []
        return found + ([f"an export of at most {self.max_export_bytes:,} bytes"] if self.max_export_bytes else [])

    @property
    def call(self) -> str:
        """Which time is meant: "p95, 1 example, one thread"."""
        return f"{self.percentile}, {plural(self.batch, 'example')}, one thread"


@dataclass(frozen=True)
class Finding:
    passed: bool
    text: str


def gate(model: ModelRecord, alias: str) -> Gate | None:
    """None where there is none. Raises ModelError for one that cannot be read: it must not stand open for that."""
    rules = model.gates.get(alias)
    try:
        return None if rules is None else Gate.model_validate(rules)
    except ValidationError as error:
        raise ModelError(f"The gate of {alias} of {model.name} cannot be read. Set it again.") from error


def set_gate(context: Context, name: str, alias: str, new: Gate) -> None:
    """In the place of the one there is; one without rules is removed. Versions that have the alias keep it.

    Raises ModelError, NotFoundError, ForbiddenError.
    """
    require(context, Action.EDIT_MODEL)
    check_alias(alias)
    model = get(context, name)
    known = sorted({metric for version in model.versions for metric in figures(version)})
    if new.metric and known and new.metric not in known:
        raise ModelError(
            f"No version of {name} has {new.metric}{suggestion(new.metric, known)}; they have {', '.join(known)}."
        )
    label = f"gate of {alias}"
    try:
        old = gate(model, alias)
        before = old.rules if old else []
    except ModelError:  # the new one mends it
        before = ["rules that could not be read"]
    with context.workspace.write() as session:
        db.registry.set_gate(session, model.id, alias, new.model_dump(exclude_defaults=True) if new.rules else {})
        event = model_event(context, Action.EDIT_MODEL, name, {label: before}, {label: new.rules})
        db.events.add(session, [event])


def findings(context: Context, model: ModelRecord, version: VersionRecord, alias: str) -> list[Finding]:
    """What each rule of the alias's gate says of a version; none without a gate. Raises ModelError as `gate`."""
    rules = gate(model, alias)
    if rules is None:
        return []
    found = []
    if rules.metric:
        found.append(_metric(version, rules.metric, rules.bound))
    if rules.not_worse:
        found.append(_beside(context.workspace.settings, version, model.aliases.get(alias)))
    if rules.max_bytes:
        small = version.network_size <= rules.max_bytes
        verb = "is at most" if small else "is more than"
        found.append(Finding(small, f"Its network of {version.network_size:,} bytes {verb} {rules.max_bytes:,}."))
    if rules.max_ms or rules.max_export_bytes:
        found += _export(version, exports.answering(context, version), rules)
    return found


def require_passed(version: VersionRecord, alias: str, found: Sequence[Finding]) -> None:
    """Raises GateError."""
    if failed := [each.text for each in found if not each.passed]:
        error = GateError(
            f"{version.title} may not become {alias} yet. {' '.join(failed)} Register a better version, change the "
            "gate, or approve this one with a reason."
        )
        error.version = version.title
        raise error


def _metric(version: VersionRecord, metric: str, bound: float) -> Finding:
    value, name = figures(version).get(metric), metric_name(metric)
    if value is None:
        return Finding(False, f"It has no {name}, as it was not evaluated so.")
    rises = goal_of(metric) == "max"
    passed = value >= bound if rises else value <= bound
    words = ("is at least" if passed else "is less than") if rises else ("is at most" if passed else "is more than")
    its, wanted = _apart(value, bound, 4)
    return Finding(passed, f"Its {name} of {its} {words} {wanted}.")


def _apart(value: float, bound: float, digits: int) -> tuple[str, str]:
    """Both with so many digits, or as many as it takes to tell one from the other."""
    if value == bound:
        return quantity(value, digits), quantity(bound, digits)
    shown = ((quantity(value, count), quantity(bound, count)) for count in range(digits, 18))
    return next(pair for pair in shown if pair[0] != pair[1])


def _export(version: VersionRecord, export: ExportRecord | None, rules: Gate) -> Iterator[Finding]:
    """Of the export that answers when the version is served, as it was measured when it was made."""
    again = f"python -m core models export {version.title} --format"
    if export is None:
        what = " and ".join(["latency"] * bool(rules.max_ms) + ["size"] * bool(rules.max_export_bytes))
        yield Finding(False, f"It has no export that can answer, so its {what} cannot be told. Export it first: "
                             f"{again} {exports.ANSWERING[0]}, or on its tab Exports.")  # fmt: skip
        return
    title = FORMATS[export.name].title if export.name in FORMATS else export.name
    if rules.max_ms:
        known = exports.measured(export)
        taken = known.latency.get(f"one_batch_{rules.batch}_{rules.percentile}") if known else None
        if taken is None:
            yield Finding(False, f"The speed of its {title} export was not measured. Export it again: "
                                 f"{again} {export.name}, or on its tab Exports.")  # fmt: skip
        else:
            passed = taken <= rules.max_ms
            words = "is at most" if passed else "is more than"
            its, wanted = _apart(taken, rules.max_ms, 3)
            yield Finding(passed, f"Its {title} export takes {its} ms ({rules.call}), which {words} {wanted}.")
    if rules.max_export_bytes:
        small = export.size <= rules.max_export_bytes
        words = "is at most" if small else "is more than"
        told = f"Its {title} export of {export.size:,} bytes {words}"
        yield Finding(small, f"{told} {rules.max_export_bytes:,}.")


def _beside(settings: Settings, version: VersionRecord, holder: VersionRecord | None) -> Finding:
    """Of classifiers by McNemar's exact test on the same test examples; of others by their main figures."""
    if holder is None or holder.id == version.id:
        return Finding(True, "No other version has the alias.")
    prints = [each.facts.get("data_fingerprint") for each in (version, holder)]
    if prints[0] != prints[1] or not prints[0]:
        return Finding(False, f"It was not tested on the data of {holder.title}, so the two cannot be compared.")
    try:
        own, other = (answers(settings, each) for each in (version, holder))
    except (ModelError, OSError, ValueError, KeyError):  # no classes, or no files here
        return _by_figures(version, holder)
    if not own["label"].equals(other["label"]):
        return Finding(False, f"It was tested on other examples than {holder.title}, so the two cannot be compared.")
    if own["label"].dtype.kind == "f":  # numbers: none is right or wrong
        return _by_figures(version, holder)
    pair = {each.id: (answers["label"] == answers["predicted"]).to_numpy() for each, answers in
            ((version, own), (holder, other))}  # fmt: skip
    verdict = judge(pair)
    worse = verdict.best == holder.id and verdict.pairs[0].is_sure
    return Finding(not worse, " ".join(told(verdict, {each.id: each.title for each in (version, holder)})))


def surely_better(context: Context, run: RunRecord, holder: VersionRecord) -> str:
    """In a sentence, that a run's best network is better than a version on the same test examples by more than chance;
    "" where that is not sure, or cannot be told. Of classifiers only.
    """
    stamp, settings = run.facts.get("data_fingerprint"), context.workspace.settings
    if not stamp or stamp != holder.facts.get("data_fingerprint"):
        return ""
    try:
        file = present(settings, run.id, PREDICTIONS)
        own, other = _read(file, file.stat().st_mtime_ns), answers(settings, holder)
    except (TraindeckError, OSError, ValueError, KeyError):
        return ""
    if own["label"].dtype.kind == "f" or not own["label"].equals(other["label"]):
        return ""
    verdict = judge({n: (each["label"] == each["predicted"]).to_numpy() for n, each in enumerate((other, own))})
    is_sure = verdict.best == 1 and verdict.pairs[0].is_sure
    return " ".join(told(verdict, {1: f"Run {run.id}", 0: holder.title})) if is_sure else ""


def answers(settings: Settings, version: VersionRecord) -> "pd.DataFrame":
    """Its predictions for the test set, kept with it. Raises TraindeckError, OSError, ValueError: there are none."""
    file = network_file(settings, version).with_name(PREDICTIONS)
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(16)
def _read(file: Path, _written: int) -> "pd.DataFrame":
    """For reading only: a page asks for the same ones at each click."""
    import pandas as pd

    return pd.read_parquet(file, columns=["label", "predicted"])


def _by_figures(version: VersionRecord, holder: VersionRecord) -> Finding:
    own, other = main_score(version), main_score(holder)
    if own is None or other is None or own.metric != other.metric:
        return Finding(False, f"It has no figure that {holder.title} has, too, so the two cannot be compared.")
    as_good = own.value >= other.value if own.goal == "max" else own.value <= other.value
    both = f"{own.name} is {quantity(own.value, 4)}, that of {holder.title} {quantity(other.value, 4)}"
    return Finding(as_good, f"Its {both}.")
