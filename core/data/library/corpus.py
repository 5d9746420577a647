"""A running text: one text file, or the .txt files of a zip or folder one after the other."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.base import DataInfo, Raw
from core.data.library.content import Content
from core.data.library.decoding import Encoding, decode_together
from core.data.library.read_options import CorpusOptions, Progress
from core.data.library.trees import Tree, is_tree, opened

_LEAST = 1000  # characters; less gives no windows to speak of


def read(settings: Settings, path: Path, options: CorpusOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    texts, encoding = _texts(settings, path, name, options.encoding, progress)
    text = "\n".join(texts).replace("\r\n", "\n")
    if len(text.strip()) < _LEAST:
        raise DataError(
            f"{name} holds {len(text.strip()):,} characters; to continue a text, at least {_LEAST:,} are needed, "
            "and a hundred thousand give something to learn from."
        )
    joined = f"Joined {len(texts):,} files in the order of their names." if len(texts) > 1 else ""
    warnings = tuple(told for told in (joined, encoding.told) if told)
    info = DataInfo((len(text),), (), 1, 0, "generation", "corpus")
    return Content(Raw(np.array([text], object)), info, warnings)


def _texts(settings: Settings, path: Path, name: str, said: str, progress: Progress) -> tuple[list[str], Encoding]:
    progress(0.0, "reading the text")
    if not is_tree(path):
        try:
            return decode_together([(name, path.read_bytes())], said)
        except OSError as error:
            raise DataError(f"{name} cannot be read: {error.strerror}.") from error
    with opened(path, settings, name) as tree:
        entries = [entry for entry in sorted(tree.sizes) if entry.suffix.lower() == ".txt"]
        if not entries:
            raise DataError(f"{name} holds no .txt file. Put the text into one or more files that end in .txt.")
        return decode_together(_contents(tree, entries, progress), said)


def _contents(tree: Tree, entries: Sequence[PurePosixPath], progress: Progress) -> Iterator[tuple[str, bytes]]:
    for number, entry in enumerate(entries):
        progress(number / len(entries), f"{number:,} of {len(entries):,} files")
        yield f"{tree.name}, {entry}", tree.read(entry)
