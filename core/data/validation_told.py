"""What a run validates on, in a sentence."""

from core.common.text import plural
from core.data.base import DataInfo, Source


def validation_told(source: Source, info: DataInfo) -> str:
    """For people: on the Launch page, and among what a run leaves. `info` as the source knows it before loading."""
    own = plural(info.validation_examples, "example")
    if source.uses_validation_part(info):
        return f"Validation: the author's {own}; no split of the training examples."
    if source.folds:
        told = f"Validation: one of {source.folds} folds{' of whole groups' if info.split_by == 'group' else ''}"
    elif not source.validation_split:
        told = "Validation: none"
    elif info.split_by == "time":
        told = f"Validation: the last {source.validation_split:g} of the training examples in time"
    elif info.split_by == "group":
        told = f"Validation: about {source.validation_split:g} of the training examples, by whole groups"
    else:
        told = f"Validation: {source.validation_split:g} of the training examples, by seed"
    joined = f"; the author's {own} for validation are among the training examples" if info.validation_examples else ""
    return f"{told}{joined}."
