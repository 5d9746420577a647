"""Local copies of downloadable sets."""

from core.data.base import DataInfo, Raw
from core.settings import Settings


def read_local(name: str, info: DataInfo, settings: Settings) -> Raw:
    raise NotImplementedError
