"""Events as TensorBoard's writers have them, for tests."""

from typing import Any

from core.tracking.event_files.event_messages import Event


def simple(tag: str, step: int, value: float, wall_time: float = 1e9) -> Any:
    """As PyTorch's and TensorFlow 1's writers have a scalar."""
    event = Event(wall_time=wall_time, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def tensor(tag: str, step: int, plugin: str = "", shape: tuple[int, ...] = (), **values: Any) -> Any:
    """As TensorFlow 2's writers have anything; `values` are fields of TensorProto."""
    event = Event(wall_time=1e9 + step, step=step)
    value = event.summary.value.add(tag=tag)
    value.metadata.plugin_data.plugin_name = plugin
    for name, given in values.items():
        if isinstance(given, list):
            getattr(value.tensor, name).extend(given)
        else:
            setattr(value.tensor, name, given)
    for size in shape:
        value.tensor.tensor_shape.dim.add(size=size)
    return event
