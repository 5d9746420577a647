"""The config that a session is editing: where it came from, how it changes, what is wrong with it."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core import runs
from core.architectures.fitting import FIRST, misfits
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem
from core.common.settings import Settings
from core.common.text import quoted
from core.config.assignments import parse_settings
from core.config.check import check
from core.config.complete import complete, nested_model, unknown
from core.config.edit import Raw, differences, dump, from_text, with_values
from core.config.presets import PRESETS, get_preset
from core.config.run import RunConfig
from core.runs.compressing import compressed
from core.runs.param_names import by_paths
from core.runs.starting import for_dataset
from core.sweeps.sweep_goals import goal_of, sweep_of
from core.sweeps.trial_names import of_sweep
from pages.parts.launch import varying
from pages.parts.launch.choices import datasets_of, info_of
from pages.parts.launch.fields import Kind, leaf
from pages.parts.launch.items import trouble
from pages.shared import state
from pages.shared.data import workspace as open_workspace

CLONE, FINE_TUNE, COMPRESS = "from", "finetune", "compress"  # what the page's address calls a run to start from
METHOD = "method"  # and how it is to become smaller
DATASET = "dataset"  # and a data set to learn from
CHANGED = "set"  # and what is to be changed of the run that is cloned: param=value, several with ;
VARIED = "vary"  # and what a sweep is to vary: field=range, several with ;
ORIGINS = ("preset", CLONE, FINE_TUNE, COMPRESS, METHOD, DATASET, CHANGED, VARIED)


@dataclass(frozen=True)
class Origin:
    """What a draft started from, and what its differences are told against."""

    preset: str
    run_id: int | None
    base: Raw
    experiment: str = ""
    tags: tuple[str, ...] = ()
    fine_tunes: bool = False  # begins from the run's weights, not only from its config
    dataset: str = ""  # by its name, for a config made for it
    method: str = ""  # of core.runs.compressing, by which the run's network is to become smaller
    changed: str = ""  # as the address has it: what the draft begins with that the run did not have
    varied: str = ""  # as the address has it: which fields begin as marked to vary
    goal: str = ""  # of the sweep that the run is of

    @property
    def title(self) -> str:
        if self.run_id is not None:
            return f"run {self.run_id}"
        return f"data set {self.dataset}" if self.dataset else f"preset {self.preset}"

    @property
    def address(self) -> dict[str, str]:
        """The query of the page's address that leads back here."""
        return self._place | ({VARIED: self.varied} if self.varied else {})

    @property
    def _place(self) -> dict[str, str]:
        if self.run_id is None:
            return {DATASET: self.dataset} if self.dataset else {"preset": self.preset}
        if self.method:
            return {COMPRESS: str(self.run_id), METHOD: self.method}
        told = {FINE_TUNE if self.fine_tunes else CLONE: str(self.run_id)}
        return told | ({CHANGED: self.changed} if self.changed else {})


def asked_origin(context: Context, asked: dict[str, str]) -> Origin:
    """Raises as the one that it names."""
    return replace(_asked_origin(context, asked), varied=asked.get(VARIED, ""))


def _asked_origin(context: Context, asked: dict[str, str]) -> Origin:
    if FINE_TUNE in asked:
        return to_fine_tune(context, asked[FINE_TUNE])
    if COMPRESS in asked:
        return to_compress(context, asked[COMPRESS], asked.get(METHOD, ""))
    if DATASET in asked:
        return from_dataset(context, asked[DATASET])
    if CLONE in asked:
        return replace(from_run(context, asked[CLONE]), changed=asked.get(CHANGED, ""))
    return from_preset(asked.get("preset", next(iter(PRESETS))))


def from_preset(name: str) -> Origin:
    """Raises NotFoundError."""
    return Origin(name, None, get_preset(name).raw)


def from_dataset(context: Context, name: str) -> Origin:
    """A config of the defaults that fit this data set. Raises NotFoundError."""
    return Origin("", None, for_dataset(context.workspace.settings, name), dataset=name)


def from_run(context: Context, number: str) -> Origin:
    """To clone and edit a run.

    Raises:
        NotFoundError
        SpecError: the run is of another kind, which this form cannot show.
        ConfigError: the run was launched by a version whose fields this form cannot show.
    """
    if not (number.isdecimal() and len(number) < 19):  # longer ones are no run's, and slow to read
        raise NotFoundError(f"There is no run {quoted(number)}. Accepted is a run's number, such as 12.")
    run = runs.get(context, int(number))
    if run.kind != runs.NETWORK.name:
        raise runs.SpecError(runs.spec_problem(run))
    _refuse_unknown(run.config, context.workspace.settings)
    sweep = sweep_of(context, run.id)
    tags = tuple(tag for tag in run.tags if sweep is None or tag != of_sweep(sweep.id))  # which is that one's alone
    return Origin(run.preset, run.id, complete(run.config), run.experiment, tags, goal=goal_of(sweep) if sweep else "")


def to_fine_tune(context: Context, number: str) -> Origin:
    """To begin from a run's weights, with its config. Raises as `from_run`."""
    cloned = from_run(context, number)
    return replace(cloned, base={**cloned.base, "fine_tune": {"run": cloned.run_id, "freeze": []}}, fine_tunes=True)


def to_compress(context: Context, number: str, method: str) -> Origin:
    """To make its network smaller. Raises as `from_run`, and NotFoundError for another method."""
    cloned = from_run(context, number)
    assert cloned.run_id is not None
    return replace(cloned, base=compressed(cloned.base, cloned.run_id, method), method=method)


def start(new: Origin) -> None:
    """Edit a copy of the origin's config; what was edited before is left behind.

    Raises:
        ConfigError: what is to be changed of it, or varied, is not written as that is; nothing was left behind.
    """
    raw = _changed(new) if new.changed else new.base
    varying.begin(new.varied, raw, new.goal, is_again=st.session_state.get(state.LAUNCH_ORIGIN) is new)
    st.session_state[state.LAUNCH_ORIGIN] = new
    st.session_state[state.LAUNCH_RAW] = raw
    _forget_messages()


def _changed(new: Origin) -> Raw:
    """The run's config with what the address changes of it. Raises ConfigError."""
    values = parse_settings((part for part in new.changed.split(";") if part.strip()), "set, in the address,")
    return complete(with_values(new.base, by_paths(new.base, values)))


def take_file(content: bytes, settings: Settings) -> None:
    """Edit the config that a file holds; the origin stays, so that the differences to it are seen.

    Raises:
        ConfigError: not a config, or one with fields that this form cannot show.
    """
    raw = from_text(content)
    _refuse_unknown(raw, settings)
    st.session_state[state.LAUNCH_RAW] = complete(raw)
    _forget_messages()


def _refuse_unknown(raw: Raw, settings: Settings) -> None:
    paths = unknown(raw)
    if paths:
        _, problems = check(raw, settings)
        about = [problem for problem in problems if any(_concerns(path, problem.field) for path in paths)]
        raise ConfigError(about or problems)


def _concerns(path: str, field: str) -> bool:
    return field == path or field.startswith(f"{path}.")


def _forget_messages() -> None:
    for key in (
        state.LAUNCH_UPLOAD_ERROR,
        state.LAUNCH_REFUSED,
        state.LAUNCH_RUNS,
        state.LAUNCH_SWEPT,
        state.LAUNCH_SWITCHED,
        state.LAUNCH_WRONG,
    ):
        st.session_state.pop(key, None)


def origin() -> Origin:
    found: Origin = st.session_state[state.LAUNCH_ORIGIN]
    return found


def raw() -> Raw:
    found: Raw = st.session_state[state.LAUNCH_RAW]
    return found


def folds() -> int:
    """Into which the draft's training data are cut, right or wrong."""
    data = raw().get("data")
    found = data.get("folds") if isinstance(data, dict) else 0
    return found if isinstance(found, int) else 0


def edit(path: str, value: Any) -> None:
    """Another value at a path; choosing another variant there keeps what fits."""
    changed = complete(with_values(raw(), {path: value}), examples=True)
    if path.startswith("architecture."):
        st.session_state.pop(state.LAUNCH_SWITCHED, None)
    if path in ("data.source", "data.dataset"):
        changed = _fitting(changed, path, open_workspace().settings)
    st.session_state[state.LAUNCH_RAW] = changed
    st.session_state.pop(state.LAUNCH_REFUSED, None)


def _fitting(changed: Raw, path: str, settings: Settings) -> Raw:
    """Other data: a data set that exists, and an architecture that takes it in place of one that does not."""
    data = changed["data"]
    if path == "data.source" and "dataset" in data:
        known = datasets_of(settings, data["source"])
        if known and data["dataset"] not in known:
            changed = with_values(changed, {"data.dataset": known[0]})
    info = info_of(settings, changed["data"])
    architecture = changed.get("architecture")
    name = architecture.get("name") if isinstance(architecture, dict) else None
    why = misfits(info).get(str(name), "") if info else ""
    if info is None or not why:
        return changed
    st.session_state[state.LAUNCH_SWITCHED] = f"Was {name}, which is {why}."
    return complete(with_values(changed, {"architecture.name": FIRST[info.kind]}), examples=True)


def readable(problem: Problem) -> Problem:
    """The problem, in better words for a list whose text cannot be read: validation only sees that it is text."""
    model: type[BaseModel] | None = RunConfig
    value: Any = raw()
    info: FieldInfo | None = None
    for name in problem.field.split("."):
        info = model.model_fields.get(name) if model else None
        value = value.get(name) if isinstance(value, dict) else None
        model = nested_model(info, value) if info else None
    if info and model is None and isinstance(value, str) and leaf("", info).kind is Kind.ITEMS:
        return Problem(problem.field, trouble(value))
    return problem


def changes(config: RunConfig | None) -> dict[str, tuple[Any, Any]]:
    """Params that differ from the origin."""
    return differences(origin().base, dump(config) if config else raw())
