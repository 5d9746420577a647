"""Options that sources of one kind share: how images are resized, scaled and augmented, how text becomes numbers."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from core.common.config_model import Config
from core.common.settings import Settings
from core.data.base import DataInfo, Scaling, Source
from core.data.vocabulary import Unit
from core.data.windows import window_count


class Augmentation(Config):
    """Augmentation"""

    flip: Literal["none", "horizontal", "vertical", "both", "alternating"] = Field(
        "none",
        title="Flip",
        description=(
            "Mirror each image with a chance of one half; alternating mirrors it horizontally in every other epoch, so "
            "that two epochs show both (Jordan, 2024)."
        ),
    )
    crop: int = Field(
        0, ge=0, le=512, title="Crop", description="Pad by so many pixels, then cut a random window of the old size."
    )
    rotation: float = Field(0.0, ge=0, le=180, title="Rotation", description="Turn by up to so many degrees.")
    contrast: float = Field(0.0, ge=0, lt=1, title="Contrast", description="Change contrast by up to this share.")
    cutout: int = Field(0, ge=0, le=512, title="Cutout", description="Side of a random square made grey, in pixels.")
    mixup: float = Field(
        0.0, ge=0, le=10, title="MixUp", description="Mix pairs of images and labels; the alpha of Beta(alpha, alpha)."
    )


def scaling_field(usual: Scaling) -> Any:
    """The field of how pixels are scaled, with what is usual for a source's pictures."""
    return Field(
        usual,
        title="Scaling",
        description="Inside the network: unit to 0…1, symmetric to -1…1, standard to mean 0 and deviation 1.",
    )


class ImageSource(Source):
    """Base of sources of images."""

    resize: tuple[Annotated[int, Field(ge=1, le=2048)], ...] = Field(
        (), max_length=2, title="Resize", description="Height and width in pixels, such as 64, 64; empty leaves them."
    )
    scaling: Scaling = scaling_field("unit")
    augmentation: Augmentation | None = Field(
        None, title="Augmentation", description="Random changes to training images, new ones in every epoch."
    )

    def info(self, settings: Settings) -> DataInfo:
        published = self.published(settings)
        height, width = (*self.resize, *self.resize)[:2] if self.resize else published.shape[:2]
        return replace(published, shape=(height, width, published.shape[2]), scaling=self.scaling)


class TextSource(Source):
    """Base of sources of labelled texts."""

    tokens: Unit = Field(
        "word", title="Tokens", description="What the network reads one by one; in Chinese a word is a character, too."
    )
    vocabulary: int = Field(
        10_000, ge=3, le=1_000_000, title="Vocabulary", description="Most frequent tokens that are told apart."
    )
    length: int = Field(
        100, ge=1, le=100_000, title="Length", description="Tokens per text; longer ones lose their beginning."
    )

    def info(self, settings: Settings) -> DataInfo:
        published = self.published(settings)
        known = published.vocabulary or self.vocabulary  # distinct tokens, where they were counted
        return replace(published, shape=(self.length,), vocabulary=min(self.vocabulary, known))


class CorpusSource(Source):
    """Base of sources of one running text, cut into windows. Validation and test are its last parts."""

    tokens: Unit = Field("character", title="Tokens", description="What is predicted one by one.")
    vocabulary: int = Field(
        10_000, ge=3, le=1_000_000, title="Vocabulary", description="Most frequent tokens that are told apart."
    )
    length: int = Field(64, ge=2, le=100_000, title="Length", description="Tokens per window.")
    stride: int | None = Field(
        None,
        ge=1,
        title="Stride",
        description="Tokens between the starts of windows; empty for no overlap.",
        json_schema_extra={"empty": "no overlap"},
    )
    validation_split: float = Field(
        0.1, ge=0, le=0.9, title="Validation split", description="Share of the text before the test part."
    )
    test_split: float = Field(0.05, ge=0, le=0.9, title="Test split", description="Share of the text, from its end.")

    @property
    def step(self) -> int:
        """Tokens between the starts of windows."""
        return self.stride or self.length

    def info(self, settings: Settings) -> DataInfo:
        published = self.published(settings)
        cut = replace(published, shape=(self.length,), vocabulary=min(self.vocabulary, published.vocabulary))
        _, _, test_at = self.cuts(cut.tokens)
        test = window_count(cut.tokens - test_at, self.length, self.step)
        return replace(cut, train_examples=sum(self.sizes(cut)), test_examples=test)

    def cuts(self, tokens: int) -> tuple[int, int, int]:
        """Positions in a text of so many tokens: where training ends, where validation ends, where the test begins."""
        test_at = round(tokens * (1 - self.test_split))
        end = test_at if self.limit is None else min(test_at, self.limit * self.step + self.length)
        return round(end * (1 - self.validation_split)), end, test_at

    def sizes(self, info: DataInfo) -> tuple[int, int]:
        train, end, _ = self.cuts(info.tokens)
        return window_count(train, self.length, self.step), window_count(end - train, self.length, self.step)

    def total(self, info: DataInfo) -> int:
        return sum(self.sizes(info))
