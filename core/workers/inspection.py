"""What a config builds and what its data hold, asked of Keras and of the files themselves."""

from typing import Any

import keras

from core.architectures.build.architecture_summary import check_parameters, summary_model
from core.architectures.layers import Layers
from core.common.errors import Problem, TraindeckError
from core.common.settings import Settings
from core.config.check import check
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.data.prepare import load
from core.data.preview import Augmented, describe
from core.data.source_options import ImageSource
from core.engine.keras_internals import parents_of
from core.engine.memory import data_problem
from core.engine.setup import precision
from core.jobs.inspection import Inspection, LayerRow, Question
from core.workers.work import Work


def answer(work: Work, question: Question) -> Inspection:
    """Whatever is wrong stands among its problems; nothing is raised for it."""
    settings = work.settings
    config, problems = check(question.config, settings)
    if config is None:
        return Inspection(problems=_pairs(problems))
    try:
        info = config.data.info(settings)
    except TraindeckError as error:
        return Inspection(problems=(("data.dataset", str(error)),))
    network, network_problems = _network(config, info)
    data, data_problems = _data(settings, config, info)
    found = _pairs([*problems, *network_problems, *data_problems])
    return Inspection(layers=network, problems=tuple(dict.fromkeys(found)), **data)


def _pairs(problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    return tuple((problem.field, problem.message) for problem in problems)


def _network(config: RunConfig, info: DataInfo) -> tuple[tuple[LayerRow, ...], list[Problem]]:
    field = "architecture.layers" if isinstance(config.architecture, Layers) else "architecture"
    if config.architecture.problems(info):
        return (), []  # the check has told them, in better words than Keras's
    keras.config.set_dtype_policy(precision(config))
    try:
        model = summary_model(config.architecture, info)
    except (ValueError, TypeError) as error:
        return (), [Problem(field, str(error))]
    columns = {f"category_{place}": column.name for place, column in enumerate(info.categories, start=1)}
    rows = tuple(_row(layer, columns.get(layer.name, "")) for layer in model.layers)
    try:
        check_parameters(model)
    except TraindeckError as error:
        return rows, [Problem(field, str(error))]
    return rows, []


def _row(layer: keras.Layer, column: str) -> LayerRow:
    """`column`: of a table, that this layer is of."""
    return LayerRow(
        name=layer.name,
        kind=type(layer).__name__,
        output_shape=tuple(layer.output.shape[1:]),
        params=layer.count_params(),
        trainable=bool(layer.trainable_variables),
        inputs=parents_of(layer),
        detail=column or _detail(layer.get_config()),
    )


_TOLD = (
    *("units", "filters", "kernel_size", "pool_size", "size", "strides", "padding", "rate", "scale", "target_shape"),
    *("input_dim", "output_dim", "activation"),
)
_USUAL = {"strides": (1, 1), "padding": "valid", "activation": "linear"}


def _detail(arguments: dict[str, Any]) -> str:
    """What matters of a layer's arguments: "64, 3 x 3, same, relu"."""
    if "pool_size" in arguments and arguments.get("strides") == arguments["pool_size"]:
        arguments = {**arguments, "strides": None}
    told = {name: arguments[name] for name in _TOLD if name in arguments}
    return ", ".join(
        text
        for name, value in told.items()
        if value is not None and value != _USUAL.get(name) and (text := _text(value))
    )


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " x ".join(map(str, value))
    return f"{value:.4g}" if isinstance(value, float) else value if isinstance(value, str) else str(value)


def _data(settings: Settings, config: RunConfig, info: DataInfo) -> tuple[dict[str, Any], list[Problem]]:
    problem = data_problem(info, config)
    if problem is not None:
        return {}, [problem]
    try:
        data = load(config.data, settings, config.seed)
    except TraindeckError as error:
        return {}, [Problem("data.source", str(error))]
    except MemoryError:
        return {}, [Problem("data.limit", "the data do not fit into the free memory; take fewer or smaller examples")]
    return describe(data, _augmented(config)), []


def _augmented(config: RunConfig) -> Augmented | None:
    augmentation = config.data.augmentation if isinstance(config.data, ImageSource) else None
    if augmentation is None:
        return None
    from core.engine.augment import preview

    return lambda pictures, versions: preview(pictures, augmentation, config.seed, versions)
