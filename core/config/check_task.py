"""What fits the task that the data set: the loss, the weights of classes."""

from collections import Counter
from collections.abc import Iterator

from core.architectures.architecture import KIND_NAMES
from core.common.errors import Problem
from core.common.text import quoted, suggestion
from core.config.losses import LOSSES, CrossEntropy, Focal, Given
from core.config.run import RunConfig
from core.data.base import DataInfo

_SHOWN = 10  # class names in a message


def task_problems(config: RunConfig, info: DataInfo) -> Iterator[Problem]:
    yield from _loss_problems(config, info)
    yield from _weight_problems(config, info)
    yield from _threshold_problems(config, info)
    chosen = config.evaluation.test_time_augmentation
    if chosen != "none" and not info.is_image:
        message = f"{chosen} mirrors pictures, and this data set has {KIND_NAMES[info.kind]}; take none"
        yield Problem("evaluation.test_time_augmentation", message)


def fitting_losses(info: DataInfo) -> list[str]:
    """Names of the losses that fit the task."""
    return [name for name, loss in LOSSES.items() if info.task in loss.tasks]


def _loss_problems(config: RunConfig, info: DataInfo) -> Iterator[Problem]:
    loss = config.training.loss
    if info.task not in loss.tasks:
        accepted = ", ".join(fitting_losses(info))
        yield Problem("training.loss.name", f"{loss.name} is not for {info.task}; accepted are {accepted}")
    elif isinstance(loss, CrossEntropy) and loss.label_smoothing and info.task == "generation":
        message = "labels are not smoothed where a text is continued, as perplexity would mean nothing; take 0"
        yield Problem("training.loss.label_smoothing", message)
    elif isinstance(loss, Focal) and loss.alpha is not None and info.task != "binary":
        message = f"alpha weighs two classes, and here are {info.classes}; leave it empty, and weigh classes by name"
        yield Problem("training.loss.alpha", message)


def _threshold_problems(config: RunConfig, info: DataInfo) -> Iterator[Problem]:
    rule = config.evaluation.threshold.name
    if rule != "half" and info.task != "binary":
        task = f"{info.classes} classes" if info.is_classification else info.task
        yield Problem("evaluation.threshold.name", f"{rule} is between two classes, and here is {task}; take half")
    elif rule in ("f1", "youden") and not config.data.sizes(info)[1]:
        message = f"{rule} is chosen on validation examples, and there are none; hold some back, or give a threshold"
        yield Problem("evaluation.threshold.name", message)


def _weight_problems(config: RunConfig, info: DataInfo) -> Iterator[Problem]:
    chosen = config.training.class_weights
    if chosen.name != "none" and not info.is_classification:
        message = f"{chosen.name} weighs classes, and the task here is {info.task}; take none"
        yield Problem("training.class_weights.name", message)
    elif isinstance(chosen, Given):
        counts = Counter(each.class_name for each in chosen.weights)
        if not counts:
            yield Problem("training.class_weights.weights", "no class has a weight; name one a line, as in - cat: 3")
        for name, count in counts.items():
            if name not in info.class_names:
                names = ", ".join(info.class_names[:_SHOWN]) + (", …" if info.classes > _SHOWN else "")
                message = f"{quoted(name)} is no class{suggestion(name, info.class_names)}; there are {names}"
                yield Problem("training.class_weights.weights", message)
            elif count > 1:
                yield Problem("training.class_weights.weights", f"{quoted(name)} has {count} weights; give it one")
