"""Data sets that users add: checked while they are read, stored once under the workspace, profiled.

Imports neither TensorFlow nor Streamlit. A run uses one by its source in `core.data.added`:
`{"source": manifest.kind, "dataset": manifest.name}`.

Each adder takes a file or folder on this host and stores all of it or, whatever happens, nothing. Uploads become files
in an `Inbox`. All raise DataError, which says what was received, what is accepted and what to do next.
"""

from core.datasets.adding import (
    add,
    add_arrays,
    add_corpus,
    add_images,
    add_table,
    add_text,
    peek_images,
    peek_table,
    peek_text,
)
from core.datasets.inbox import Inbox, Upload, receive
from core.datasets.manifest import KINDS, DatasetKind, Manifest, TokenCounts
from core.datasets.names import check_name, free_name, slug
from core.datasets.options import (
    ArrayOptions,
    ColumnGuess,
    CorpusOptions,
    ImageOptions,
    ImagesPreview,
    Options,
    Progress,
    TableOptions,
    TablePreview,
    TextOptions,
    TextPreview,
)
from core.datasets.profile import Profile
from core.datasets.store import (
    get,
    listing,
    profile,
    remove,
    sample_file,
)

__all__ = [
    "KINDS",
    "ArrayOptions",
    "ColumnGuess",
    "CorpusOptions",
    "DatasetKind",
    "ImageOptions",
    "ImagesPreview",
    "Inbox",
    "Manifest",
    "Options",
    "Profile",
    "Progress",
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
    "add_table",
    "add_text",
    "check_name",
    "free_name",
    "get",
    "listing",
    "peek_images",
    "peek_table",
    "peek_text",
    "profile",
    "receive",
    "remove",
    "sample_file",
    "slug",
]
