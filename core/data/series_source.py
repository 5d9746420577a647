"""Options that sources of series share: how they are cut into windows, and where validation and test begin."""

from dataclasses import replace

from pydantic import Field

from core.common.settings import Settings
from core.data.base import DataInfo, Source
from core.data.series_facts import SeriesFacts, WindowScaling
from core.data.series_times import calendar_of, lengths_of, season_of
from core.data.series_windows import Cuts, channels, count, cuts_of


class SeriesSource(Source):
    """Base of sources of time series. Parts follow each other in time: training, validation, test."""

    horizon: int | None = Field(
        None,
        ge=1,
        le=10_000,
        title="Horizon",
        description="Steps to forecast; empty takes about a season: 7 days.",
        json_schema_extra={"empty": "automatic"},
    )
    window: int | None = Field(
        None,
        ge=1,
        le=100_000,
        title="Window",
        description="Steps that are seen before; empty takes some seasons.",
        json_schema_extra={"empty": "automatic"},
    )
    season: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        title="Season",
        description="Steps after which it begins anew, for the seasonal naive forecast; empty is by the frequency.",
        json_schema_extra={"empty": "automatic"},
    )
    calendar: bool = Field(
        True, title="Calendar", description="Learn from hour, weekday and time of the year, too, known ahead."
    )
    window_scaling: WindowScaling = Field(
        "level",
        title="Window scaling",
        description="What each window is measured by inside the network: level takes its mean off the target and puts "
        "it back on the forecast; level and spread divides by its deviation, too; none leaves it.",
    )
    stride: int = Field(
        1, ge=1, le=100_000, title="Stride", description="Steps between the starts of windows to train on."
    )
    validation_split: float = Field(
        0.2, ge=0, le=0.9, title="Validation split", description="Share of the time before the test part, from its end."
    )
    test_split: float = Field(0.2, ge=0, le=0.9, title="Test split", description="Share of the time, from its end.")
    limit: int | None = Field(
        None,
        ge=1,
        title="Limit",
        description="Learn from so many windows only, the latest; empty uses all.",
        json_schema_extra={"empty": "all"},
    )

    def info(self, settings: Settings) -> DataInfo:
        published = self.published(settings)
        facts = self.facts_of(published)
        window, horizon = self.lengths(facts)
        names = [feature.name for feature in published.features]
        width = len(channels(facts, names, published.target))
        test = count(facts.spans, self.cuts(facts).parts()[2], window, horizon)
        found = replace(published, shape=(window, width), series=facts, test_examples=test)
        return replace(found, train_examples=sum(self.sizes(found)))

    def facts_of(self, published: DataInfo) -> SeriesFacts:
        """With what these options say."""
        facts = published.series
        assert facts is not None
        _, horizon = self.lengths(facts)
        parts = calendar_of(facts.frequency, facts.dated, facts.clock, facts.seconds) if self.calendar else ()
        season = self.season or season_of(facts.frequency)
        return replace(facts, horizon=horizon, season=season, scaling=self.window_scaling, calendar=parts)

    def lengths(self, facts: SeriesFacts) -> tuple[int, int]:
        """Window and horizon, in steps."""
        window, horizon = lengths_of(facts.frequency, max((end - first for first, end in facts.spans), default=0))
        horizon = self.horizon or horizon
        return self.window or max(window, horizon), horizon

    def cuts(self, facts: SeriesFacts) -> Cuts:
        return cuts_of(facts.length, self.validation_split, self.test_split)

    def sizes(self, info: DataInfo) -> tuple[int, int]:
        """Windows to train and to validate on; where there are gaps, fewer."""
        facts = info.series
        assert facts is not None
        window, horizon = self.lengths(facts)
        train, validation, _ = self.cuts(facts).parts()
        found = count(facts.spans, train, window, horizon, self.stride)
        return min(self.limit or found, found), count(facts.spans, validation, window, horizon)

    def total(self, info: DataInfo) -> int:
        return sum(self.sizes(info))
