"""What the form offers beside the schema: data sets of this host, and which architectures take the chosen data."""

from collections.abc import Mapping

from pydantic import BaseModel, TypeAdapter, ValidationError

from core.architectures.architecture import KIND_NAMES
from core.architectures.architecture_registry import ARCHITECTURES
from core.architectures.fitting import misfits
from core.common.errors import DataError
from core.common.settings import Settings
from core.config.check_task import fitting_losses
from core.config.edit import Raw
from core.config.losses import LOSSES
from core.config.run import AnySource
from core.data import library
from core.data.base import DataInfo
from core.data.library.known import BUILT_IN
from core.data.source_registry import SOURCES

Choices = Mapping[str, Mapping[str, str]]  # by path of a field: its values in order, and how each is called


def choices(settings: Settings, raw: Raw) -> Choices:
    data = raw.get("data")
    data = data if isinstance(data, dict) else {}
    info = info_of(settings, data)
    offered = {"data.source": _sources(), "architecture.name": _architectures(info)}
    if info is not None:
        offered["training.loss.name"] = _losses(info)
    if data.get("source") in library.KINDS:
        offered["data.dataset"] = {name: name for name in datasets_of(settings, str(data["source"]))}
    return offered


def _losses(info: DataInfo) -> dict[str, str]:
    """Those that fit the task first, the others with what they are for."""
    fitting = fitting_losses(info)
    titles = {name: variant_title(loss) for name, loss in LOSSES.items()}
    return {name: titles[name] for name in fitting} | {
        name: f"{titles[name]} · not for {info.task}" for name in titles if name not in fitting
    }


def datasets_of(settings: Settings, source: str) -> list[str]:
    """Names of the added data sets of this kind, the newest first."""
    return [manifest.name for manifest in library.listing(settings) if manifest.kind == source]


def info_of(settings: Settings, data: object) -> DataInfo | None:
    """None where the data section is wrong, or the data set not there."""
    try:
        return TypeAdapter(AnySource).validate_python(data).info(settings)
    except (ValidationError, DataError):
        return None


def _sources() -> dict[str, str]:
    """Each with what it holds, or that it is the user's own."""
    labels = {}
    for source in SOURCES:
        name = str(source.model_fields["source"].default)
        labels[name] = f"{source.title} · {KIND_NAMES[source.facts.kind] if name in BUILT_IN else 'your own'}"
    return labels


def _architectures(info: DataInfo | None) -> dict[str, str]:
    """Those that take the data first, the others with the reason why not."""
    why = misfits(info) if info else {}
    titles = {str(each.model_fields["name"].default): each.title for each in ARCHITECTURES}
    ordered = sorted(titles, key=lambda name: name in why)
    return {name: f"{titles[name]} · {why[name]}" if name in why else titles[name] for name in ordered}


def variant_title(model: type[BaseModel]) -> str:
    """The class's own title, or the first words of its docstring."""
    text = str(getattr(model, "title", "") or (model.__doc__ or model.__name__))
    return text.partition("(")[0].partition(":")[0].strip().rstrip(".")
