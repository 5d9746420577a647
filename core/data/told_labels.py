"""What an example is, for people to read: its class, its labels, or its number."""

from typing import Any

from core.data.base import DataInfo
from core.data.label_sets import names_of
from core.data.network_numbers import as_written


def told_label(label: Any, info: DataInfo) -> str:
    """`label` is an entry of y."""
    if info.task == "multilabel":
        return names_of(label, info.class_names)
    return info.class_names[int(label)] if info.is_classification else as_written(label)
