"""What a reader of one kind hands on to be profiled and stored."""

from dataclasses import dataclass

from core.data.base import DataInfo, Raw


@dataclass(frozen=True)
class Content:
    raw: Raw  # arrays that are stored already are memory-mapped files of the data set's folder
    info: DataInfo
    warnings: tuple[str, ...] = ()
    original_sizes: tuple[tuple[str, int], ...] = ()  # of pictures
