"""Validation: every problem at once, each at its field. Knows nothing of any user interface."""

import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from core.architectures.architecture import Architecture
from core.common.errors import ConfigError, DataError, Problem
from core.common.settings import Settings
from core.common.text import quoted, shortened, suggestion
from core.config.check_shares import share_problems
from core.config.check_task import task_problems
from core.config.edit import Raw, model_of, variants_of
from core.config.network_paths import network_paths
from core.config.resources import Resources
from core.config.run import METRICS, AnyArchitecture, AnySource, RunConfig
from core.config.schedules import Cosine
from core.data.base import DataInfo, Source

_SHORT = 60  # characters of a value in a message that stands under its field
_MOST_PROBLEMS = 200  # that are told of one config: a file may have a hundred thousand unknown fields


def parse(raw: Raw, settings: Settings) -> RunConfig:
    """The config.

    Raises:
        ConfigError: with everything that is wrong.
    """
    config, problems = check(raw, settings)
    if config is None or problems:
        raise ConfigError(problems)
    return config


def read(raw: Raw) -> tuple[RunConfig | None, list[Problem]]:
    """The config, None when this version cannot read it, and why not; knows nothing of any host."""
    try:
        return RunConfig.model_validate(raw), []
    except ValidationError as error:
        return None, validation_problems(error)


def check(raw: Raw, settings: Settings) -> tuple[RunConfig | None, list[Problem]]:
    """The config, None when it cannot even be read, and all that is wrong with it on this host."""
    config, problems = read(raw)
    # What fits together is checked also where other parts are wrong: all problems at once.
    source = config.data if config else _part(AnySource, raw.get("data"))
    architecture = config.architecture if config else _part(AnyArchitecture, raw.get("architecture"))
    info: DataInfo | None = None
    if isinstance(source, Source):
        try:
            info = source.info(settings)
        except DataError as error:
            problems.append(Problem("data.dataset", str(error)))
    if isinstance(source, Source) and info is not None:
        problems += share_problems(source, info, tests=config is None or config.evaluation.test)
        if isinstance(architecture, Architecture):
            found = architecture.problems(info)
            problems += [Problem(f"architecture.{problem.field}", problem.message) for problem in found]
    if config is not None:
        problems += _monitor_problems(config, info)
        problems += [*_scaling_problems(config, info), *task_problems(config, info)] if info is not None else []
        problems += [*_engine_problems(config), *_optimizer_problems(config)]
        problems += _compression_problems(config)
        problems += _schedule_problems(config)
    return config, problems


def read_resources(raw: object) -> Resources:
    """What a run waits for, as its row says it, whatever the run's kind.

    Raises:
        ConfigError: this version does not accept it; with everything that is wrong.
    """
    try:
        return Resources.model_validate(raw)
    except ValidationError as error:
        under = [ErrorDetails(**{**details, "loc": ("resources", *details["loc"])}) for details in error.errors()]
        raise ConfigError([_problem(each, RunConfig) for each in under]) from error


def _part(annotation: Any, raw: Any) -> Any:
    try:
        return TypeAdapter(annotation).validate_python(raw)
    except ValidationError:
        return None


def _monitor_problems(config: RunConfig, info: DataInfo | None) -> Iterator[Problem]:
    monitor = config.evaluation.monitor
    if info is not None and monitor != "auto":
        known = METRICS[info.task]
        if monitor.removeprefix("val_") not in known:
            yield Problem(
                "evaluation.monitor",
                f"{monitor} is not measured for {info.task}; accepted are auto, {', '.join(known)}",
            )
    validates = config.data.validates or (info is not None and config.data.sizes(info)[1] > 0)
    if monitor.startswith("val_") and not validates:
        yield Problem(
            "evaluation.monitor",
            f"{monitor} needs validation examples, and the validation split is "
            f"{config.data.validation_split}; monitor loss, or hold some examples back",
        )


def _scaling_problems(config: RunConfig, info: DataInfo) -> Iterator[Problem]:
    chosen = config.training.target_scaling
    if chosen != "auto" and not info.predicts_numbers:
        message = f"{chosen} is for the target of a regression or forecast, and the task here is {info.task}; take auto"
        yield Problem("training.target_scaling", message)


def _engine_problems(config: RunConfig) -> Iterator[Problem]:
    engine, gpus = config.training.engine, config.resources.gpus
    if engine in ("xla", "stream", "fit") and gpus > 1:
        yield Problem("training.engine", f"{engine} executes on one device, not on {gpus} GPUs; take auto or graph")


def _compression_problems(config: RunConfig) -> Iterator[Problem]:
    gpus, taught = config.resources.gpus, config.distillation
    if taught is not None and (taught.run is None) == (not taught.model):
        received = f"both run {taught.run} and {taught.model}" if taught.model else "neither"
        message = f"one teacher is learned from, the number of a run or a version as NAME@NUMBER; received {received}"
        yield Problem("distillation.run", message)
    if taught is not None and gpus > 1:
        message = f"a teacher is asked on one device, not on {gpus} GPUs; take one"
        yield Problem("resources.gpus", message)


def _optimizer_problems(config: RunConfig) -> Iterator[Problem]:
    optimizer, gpus = config.training.optimizer, config.resources.gpus
    steps = optimizer.gradient_accumulation_steps
    if steps > 1 and gpus > 1:
        message = f"{steps} steps are accumulated on one device, not on {gpus} GPUs; take 1, and a larger batch"
        yield Problem("training.optimizer.gradient_accumulation_steps", message)
    if optimizer.lookahead is not None and optimizer.ema_momentum is not None:
        message = "lookahead has slow weights in the place of the mean that weight averaging keeps; take one of the two"
        yield Problem("training.optimizer.lookahead", message)
    if optimizer.name == "muon" and config.training.precision == "float64":
        yield Problem("training.precision", "muon computes in float32, as Keras has it; take another precision")


def _schedule_problems(config: RunConfig) -> Iterator[Problem]:
    schedule, epochs = config.training.schedule, config.training.epochs
    if isinstance(schedule, Cosine) and schedule.warmup >= epochs:
        yield Problem(
            "training.schedule.warmup", f"{schedule.warmup:g} leaves nothing of the {epochs} epochs; take less"
        )


def validation_problems(error: ValidationError, root: type[BaseModel] = RunConfig) -> list[Problem]:
    """What pydantic says of a config of any kind, at its fields. `root`: what was to be read."""
    found = error.errors(include_url=False)[:_MOST_PROBLEMS]
    # A list in which an item is wrong is also reported as too short: that follows, and is no problem of its own.
    around = {details["loc"][:end] for details in found for end in range(len(details["loc"]))}
    return [_problem(each, root) for each in found if not (each["type"] == "too_short" and each["loc"] in around)]


def _problem(details: ErrorDetails, root: type[BaseModel]) -> Problem:
    path, within, model = _field_path(details["loc"], root)
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            message = "is missing"
        case "extra_forbidden":
            names = sorted(model.model_fields) if model else []
            name = str(details["loc"][-1])
            ends = [each.rpartition(".")[2] for each in network_paths()] if model is RunConfig else []
            message = f"is not a known field{suggestion(name, [*names, *ends])}; accepted are {', '.join(names)}"
        case "union_tag_invalid":
            names = [name.strip("' ") for name in str(context["expected_tags"]).split(",")]
            tag = str(context["tag"])
            message = f"{quoted(tag)} is not known{suggestion(tag, names)}; accepted are {', '.join(names)}"
            path = [*path, str(context["discriminator"]).strip("'")]
        case "union_tag_not_found":
            path = [*path, str(context["discriminator"]).strip("'")]
            message = "is missing: it says which variant is meant"
        case "model_type" | "model_attributes_type" | "dict_type":
            message = f"must be a mapping of names to values; received {quoted(details['input'], _SHORT)}"
        case "tuple_type":
            message = f"must be a list; received {quoted(details['input'], _SHORT)}"
        case "value_error":  # a sentence of ours
            message = details["msg"].removeprefix("Value error, ")
        case _:
            text = details["msg"].replace("Input should", "must").replace("Tuple should", "must")
            text = text.partition(" after validation")[0].partition(", unable to")[0]
            message = f"{text[0].lower()}{shortened(text[1:])}; received {quoted(details['input'], _SHORT)}"
    return Problem(shortened(".".join(path)), f"{shortened(within)}{message}")


def _field_path(loc: tuple[int | str, ...], root: type[BaseModel]) -> tuple[list[str], str, Any]:
    """Pydantic's location without the tags of unions.

    Returns the path to the field, the place within a list ("item 2: arguments "), and the model around the place.
    """
    model: Any = root
    around = model
    path: list[str] = []
    field: FieldInfo | None = None
    rest = list(loc)
    while rest and isinstance(rest[0], str):
        name = rest.pop(0)
        path.append(str(name))
        around = model
        field = model.model_fields.get(name) if model else None
        variants = variants_of(field) if field else {}
        if variants and rest and rest[0] in variants:
            model = variants[str(rest.pop(0))]
        else:
            model = model_of(field) if field else None
    if not rest or field is None:
        return path, "", around
    inside = "".join(f"{name} " for name in rest[1:])
    items = [each for each in typing.get_args(field.annotation) if hasattr(each, "model_fields")]
    return path, f"item {int(rest[0]) + 1}: {inside}", items[0] if items else None
