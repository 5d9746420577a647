"""Data sets that users add: checked while they are read, stored once under the workspace, profiled.

Imports neither TensorFlow nor Streamlit. A run uses one by its source in `core.data.sources.added`:
`{"source": manifest.kind, "dataset": manifest.name}`.

Each adder takes a file or folder on this host and stores all of it or, whatever happens, nothing. `add` and the peeks
read in a process of their own with limits of memory and time, `add_table` and its like in this one. Uploads are files
in an `Inbox`. All raise DataError, which says what was received, what is accepted and what to do next.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from core.data.library.bounded import add, peek_corpus, peek_images, peek_series, peek_table, peek_text
from core.data.library.inbox import Inbox, Upload, receive
from core.data.library.manifest import KINDS, DatasetKind, Manifest, TokenCounts
from core.data.library.names import check_name, free_name, slug
from core.data.library.profile import Profile
from core.data.library.read_options import (
    ArrayOptions,
    ColumnGuess,
    CorpusOptions,
    CorpusPreview,
    ImageOptions,
    ImagesPreview,
    Options,
    Progress,
    TableOptions,
    TablePreview,
    TextOptions,
    TextPreview,
)
from core.data.library.renaming import Names, parse_names, read_names
from core.data.library.roots import on_host, shown_roots
from core.data.library.series_options import SeriesOptions, SeriesPreview
from core.data.library.store import get, listing, profile, remove, rename_classes, sample_file

if TYPE_CHECKING:
    from core.data.library.adding import add_arrays, add_corpus, add_images, add_series, add_table, add_text

__all__ = [
    "KINDS",
    "ArrayOptions",
    "ColumnGuess",
    "CorpusOptions",
    "CorpusPreview",
    "DatasetKind",
    "ImageOptions",
    "ImagesPreview",
    "Inbox",
    "Manifest",
    "Names",
    "Options",
    "Profile",
    "Progress",
    "SeriesOptions",
    "SeriesPreview",
    "TableOptions",
    "TablePreview",
    "TextOptions",
    "TextPreview",
    "TokenCounts",
    "Upload",
    "add",
    "add_arrays",
    "add_corpus",
    "add_images",
    "add_series",
    "add_table",
    "add_text",
    "check_name",
    "free_name",
    "get",
    "listing",
    "on_host",
    "parse_names",
    "peek_corpus",
    "peek_images",
    "peek_series",
    "peek_table",
    "peek_text",
    "profile",
    "read_names",
    "receive",
    "remove",
    "rename_classes",
    "sample_file",
    "shown_roots",
    "slug",
]

_ADDERS = ("add_arrays", "add_corpus", "add_images", "add_series", "add_table", "add_text")


def __getattr__(name: str) -> object:
    """The adders are imported when they are used: they bring all readers, which no launch and no page needs."""
    if name in _ADDERS:
        return getattr(import_module("core.data.library.adding"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
