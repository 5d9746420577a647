"""Data sets that users added: one source for each kind, by the data set's name."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.base import DataInfo, Raw, Scaling, Source
from core.data.library import array_files, store
from core.data.library.manifest import KINDS, Manifest
from core.data.series_source import SeriesSource
from core.data.source_options import CorpusSource, ImageSource, TextSource, scaling_field
from core.data.vocabulary import RESERVED, Unit

NAME = Field(
    examples=["my-data"], max_length=64, title="Data set", description="Name of a data set from the Datasets page."
)


class Added(Source):
    """Base of the sources of added data sets; `source` is the kind that the data set must be of."""

    dataset: str = NAME

    def manifest(self, settings: Settings) -> Manifest:
        """Raises DataError: not there, or of another kind."""
        found = store.get(settings, self.dataset)
        if found.kind != self.source:
            raise DataError(
                f"The data set {quoted(self.dataset)} is of the kind {found.kind} ({KINDS[found.kind].lower()}), not "
                f"{self.source}. Take the source {found.kind}, or another data set."
            )
        return found

    def published(self, settings: Settings) -> DataInfo:
        return self.manifest(settings).info

    def read(self, settings: Settings) -> Raw:
        found = self.manifest(settings)
        return array_files.read(store.folder(settings, found.name), found.info)


class Parted(Added):
    """Base of those that may have a validation part of their author's; a running text is cut."""

    author_validation: bool = Field(
        True,
        title="Author's validation part",
        description="Validate on the part that the data came with, where there is one; without this, or with folds, it "
        "joins the training examples and the split applies.",
    )

    def uses_validation_part(self, info: DataInfo) -> bool:
        return self.author_validation and super().uses_validation_part(info)


class AddedTable(Parted):
    title: ClassVar[str] = "Table"
    summary: ClassVar[str] = "A table that was added on the Datasets page."

    source: Literal["table"] = "table"


class AddedImages(ImageSource, Parted):
    title: ClassVar[str] = "Images"
    summary: ClassVar[str] = "Pictures in classes that were added on the Datasets page."

    source: Literal["images"] = "images"
    # Where all pixels are positive and much alike, the first steps can push every ReLU of a layer below 0 for good.
    scaling: Scaling = scaling_field("symmetric")


class AddedText(TextSource, Parted):
    title: ClassVar[str] = "Labelled texts"
    summary: ClassVar[str] = "Texts in classes that were added on the Datasets page."

    source: Literal["text"] = "text"

    def published(self, settings: Settings) -> DataInfo:
        return _with_vocabulary(self.manifest(settings), self.tokens)


class AddedCorpus(CorpusSource, Added):
    title: ClassVar[str] = "Running text"
    summary: ClassVar[str] = "A text to continue that was added on the Datasets page."

    source: Literal["corpus"] = "corpus"

    def published(self, settings: Settings) -> DataInfo:
        found = self.manifest(settings)
        assert found.tokens is not None
        tokens = found.tokens.words if self.tokens == "word" else found.tokens.characters
        return replace(_with_vocabulary(found, self.tokens), tokens=tokens)


class AddedSeries(SeriesSource, Added):
    title: ClassVar[str] = "Time series"
    summary: ClassVar[str] = "Rows in the order of time that were added on the Datasets page."

    source: Literal["series"] = "series"


class AddedArrays(Parted):
    title: ClassVar[str] = "Rows of numbers"
    summary: ClassVar[str] = "Arrays of an npz file that was added on the Datasets page."

    source: Literal["arrays"] = "arrays"


def _with_vocabulary(found: Manifest, unit: Unit) -> DataInfo:
    assert found.tokens is not None
    distinct = found.tokens.distinct_words if unit == "word" else found.tokens.distinct_characters
    return replace(found.info, vocabulary=distinct + RESERVED)
