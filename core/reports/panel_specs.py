"""What a panel of a report is asked to show: a fenced block of the Markdown, read into one of these.

```panel curves
runs: [12, 13]
metrics: [val_accuracy]
```
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from core.common.config_model import Config
from core.common.errors import ConfigError, Problem
from core.common.strict_reader import read
from core.common.strict_reader import write as as_yaml
from core.common.text import quoted, suggestion
from core.comparison import AXES, BANDS, Axis, Centre
from core.config.check import validation_problems
from core.evaluation.flips import PARTS

FENCE = "panel"
MOST_METRICS = 12
_MOST_RUNS = 200


def _several(value: Any) -> Any:
    """Lists as people write them: [3, 4], or 3, 4."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return (value,) if isinstance(value, int | float) else value


Numbers = Annotated[tuple[Annotated[int, Field(ge=1, lt=2**31)], ...], BeforeValidator(_several)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...], BeforeValidator(_several)]


class Panel(Config):
    """`frozen`: the key of what it showed when it was frozen; true, to be frozen with the next save."""

    kind: ClassVar[str] = ""

    title: str = Field("", max_length=200)
    frozen: bool | Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] = False


class OfRuns(Panel):
    """Which runs: their numbers, a search as on the Runs page, those of an experiment, or the trials of a sweep."""

    runs: Annotated[Numbers, Field(max_length=_MOST_RUNS)] = ()
    search: str = Field("", max_length=2000)
    experiment: str = Field("", max_length=200)
    sweep: int | None = Field(None, ge=1, lt=2**31)

    @model_validator(mode="after")
    def _one_of(self) -> "OfRuns":
        given = [name for name in ("runs", "search", "experiment", "sweep") if getattr(self, name)]
        if len(given) != 1:
            told = f"it has {' and '.join(given)}" if given else "it has none"
            raise ValueError(f"needs one of runs, search, experiment and sweep; {told}")
        return self


class Curves(OfRuns):
    kind: ClassVar[str] = "curves"

    metrics: Annotated[Names, Field(max_length=MOST_METRICS)] = ()
    axis: Axis = Field("epoch", description=", ".join(AXES))
    smoothing: float = Field(0.0, ge=0, le=0.99)
    log: bool = False
    grouped: bool = False
    by: Annotated[Names, Field(max_length=MOST_METRICS, description="params that groups are by")] = ()
    centre: Centre = "mean"
    band: Literal[BANDS] = BANDS[0]  # type: ignore[valid-type]


class RunTable(OfRuns):
    kind: ClassVar[str] = "table"

    metrics: Annotated[Names, Field(max_length=MOST_METRICS)] = ()
    params: Annotated[Names, Field(max_length=MOST_METRICS)] = ()
    grouped: bool = False
    by: Annotated[Names, Field(max_length=MOST_METRICS, description="params that groups are by")] = ()


class VerdictPanel(OfRuns):
    kind: ClassVar[str] = "verdict"

    metric: str = Field("", max_length=1000)


class OfConfigs(OfRuns):
    """Of runs on several data sets those on one: the one named, else the most frequent."""

    data_set: str = Field("", max_length=200)
    metric: str = Field("", max_length=1000)
    most: int = Field(10, ge=1, le=50)


class Leaderboard(OfConfigs):
    kind: ClassVar[str] = "leaderboard"


class Effects(OfConfigs):
    kind: ClassVar[str] = "effects"


class Ranks(OfRuns):
    kind: ClassVar[str] = "ranks"

    metric: str = Field("", max_length=1000)


SweepPicture = Literal[
    "confirmation",
    "best so far",
    "parallel",
    "slices",
    "landscape",
    "importance",
    "pareto front",
    "rungs",
    "slots",
    "trials",
]


class SweepPanel(Panel):
    kind: ClassVar[str] = "sweep"

    sweep: int = Field(ge=1, lt=2**31)
    show: SweepPicture = "confirmation"
    goal: str = Field("", max_length=1000)
    fields: Annotated[Names, Field(max_length=2)] = ()


class EvaluationPanel(Panel):
    kind: ClassVar[str] = "evaluation"

    run: int = Field(ge=1, lt=2**31)


class FlipsPanel(Panel):
    kind: ClassVar[str] = "flips"

    run: int = Field(ge=1, lt=2**31)
    other: int = Field(ge=1, lt=2**31)
    examples: Literal[PARTS] = PARTS[0]  # type: ignore[valid-type]
    most: int = Field(12, ge=1, le=50)


class FoldsPanel(Panel):
    kind: ClassVar[str] = "folds"

    run: int = Field(ge=1, lt=2**31, description="any fold of the cross-validation")
    metric: str = Field("", max_length=1000)


class MediaPanel(Panel):
    kind: ClassVar[str] = "media"

    run: int = Field(ge=1, lt=2**31)
    media: str = Field("image", max_length=20, description="image, figure, table, text or histogram")
    name: str = Field(min_length=1, max_length=2000)
    step: int | None = Field(None, description="the newest up to it; the newest of all where left out")


class NotePanel(Panel):
    kind: ClassVar[str] = "note"

    text: str = Field(min_length=1, max_length=5000)


KINDS: dict[str, type[Panel]] = {
    each.kind: each
    for each in (
        *(Curves, RunTable, VerdictPanel, Leaderboard, Effects, Ranks, SweepPanel),
        *(EvaluationPanel, FlipsPanel, FoldsPanel, MediaPanel, NotePanel),
    )
}


def read_panel(kind: str, text: str) -> Panel:
    """Raises ConfigError: with every problem, in the words of the report's language."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise ConfigError(
            [Problem("", f"{quoted(kind, 40)} is no kind of panel{suggestion(kind, KINDS)}; {known} are")]
        )
    raw = read(text) if text.strip() else {}
    if not isinstance(raw, dict):
        raise ConfigError([Problem("", "a panel's settings are lines such as `runs: [12, 13]`")])
    try:
        return KINDS[kind].model_validate(raw)
    except ValidationError as error:
        raise ConfigError(validation_problems(error, KINDS[kind])) from error


def written(panel: Panel) -> str:
    """The fenced block that is read as this panel."""
    told = panel.model_dump(mode="json", exclude_defaults=True)
    told |= {"frozen": told.pop("frozen")} if "frozen" in told else {}  # the last line
    body = "".join(
        as_yaml({name: value}, in_one_line=isinstance(value, list)).strip("{}\n") + "\n" for name, value in told.items()
    )
    fence = "`" * max(3, _longest_run(body) + 1)
    return f"{fence}{FENCE} {panel.kind}\n{body}{fence}\n"


def _longest_run(text: str) -> int:
    longest = here = 0
    for character in text:
        here = here + 1 if character == "`" else 0
        longest = max(longest, here)
    return longest
