"""The definition of a sweep: what is searched, for what, how, and how long. All of it is data that the store keeps."""

from typing import Annotated, Any, Literal, Self, Union

from pydantic import Field, model_validator

from core.common.config_model import Config
from core.config.edit import leaves
from core.config.list_paths import with_places
from core.sweeps.fields import Varied
from core.tracking.goals import goal_of

Method = Literal["random", "grid", "qmc", "tpe", "cmaes", "nsga2", "gp"]
METHODS: dict[str, str] = {
    "random": "Each config is drawn by itself; the honest baseline.",
    "grid": "Every combination of choices and steps, once.",
    "qmc": "Spread evenly over the space, more so than by chance (Sobol).",
    "tpe": "Draws where good configs are denser than bad ones; the one to begin with.",
    "cmaes": "Evolves a normal distribution; for numbers that act together, from about 50 trials.",
    "nsga2": "Evolves a population; for two or three goals.",
    "gp": "A Gaussian process; for few, long trials. Needs torch.",
}
# As they are called.
METHOD_TITLES: dict[str, str] = {
    "random": "random", "grid": "grid", "qmc": "Sobol", "tpe": "TPE", "cmaes": "CMA-ES", "nsga2": "NSGA-II", "gp": "GP"
}  # fmt: skip
PRUNING_TITLES: dict[str, str] = {
    "none": "none", "asha": "ASHA", "hyperband": "Hyperband", "median": "median", "wilcoxon": "Wilcoxon"
}  # fmt: skip
OWN = ("random", "grid", "qmc")  # which need no Optuna
# Not metrics, but what a run is known to have cost.
PARAMETERS, SECONDS = "parameters", "trained_seconds"


class Goal(Config):
    """Goal"""

    metric: str = Field(min_length=1, max_length=200, title="Metric", description="As runs record it: val_accuracy.")
    direction: Literal["auto", "min", "max"] = Field("auto", title="Direction", description="auto goes by its name.")
    kind: Literal["best", "last"] = Field(
        "best", title="Value", description="best is that of the best epoch, last that of the last one."
    )

    @property
    def is_min(self) -> bool:
        known = "min" if self.metric in (PARAMETERS, SECONDS) else goal_of(self.metric)
        return (known if self.direction == "auto" else self.direction) == "min"

    @property
    def told(self) -> str:
        """Its metric, with what of it is not as usual: val_accuracy (min, last)."""
        direction = "min" if self.is_min else "max"
        usual = self.model_copy(update={"direction": "auto"}).is_min == self.is_min
        more = [*([] if usual else [direction]), *(["last"] if self.kind == "last" else [])]
        return f"{self.metric} ({', '.join(more)})" if more else self.metric


class Unpruned(Config):
    """No pruning: every trial trains to its end"""

    name: Literal["none"] = "none"


class Median(Config):
    """Median: stop what is worse than half of the others were by then"""

    name: Literal["median"] = "median"
    first: int = Field(1, ge=1, title="First", description="No trial is stopped before so many values of its metric.")
    others: int = Field(5, ge=1, title="Others", description="Nor before so many trials came that far.")


class Halving(Config):
    """ASHA: at each rung only the best part goes on, and what gains no more stops early"""

    name: Literal["asha"] = "asha"
    first: int | None = Field(
        None,
        ge=1,
        title="First rung",
        description="Values of the metric, usually epochs. Left empty there are two rungs: of 27 epochs 3 and 9.",
    )
    factor: int = Field(3, ge=2, le=10, title="Factor", description="One in so many goes on; rungs lie as far apart.")


class Hyperband(Config):
    """Hyperband: ASHA, with later first rungs for a part of the trials"""

    name: Literal["hyperband"] = "hyperband"
    first: int = Field(1, ge=1, title="First rung", description="Of the bracket that prunes earliest.")
    factor: int = Field(3, ge=2, le=10, title="Factor", description="One in so many goes on; rungs lie as far apart.")
    brackets: int = Field(3, ge=1, le=10, title="Brackets", description="Trials are dealt to them in turn.")


class Wilcoxon(Config):
    """Wilcoxon: further repeats of a config are left out once it is worse than the best one, seed by seed"""

    name: Literal["wilcoxon"] = "wilcoxon"
    p: float = Field(0.1, gt=0, lt=0.5, title="p", description="One-sided; of repeats that are pairs by their seed.")


Pruning = Annotated[
    Union[Unpruned, Median, Halving, Hyperband, Wilcoxon],  # noqa: UP007 - for pydantic
    Field(discriminator="name"),
]


class Budget(Config):
    """Budget: whatever is spent first ends the sweep"""

    trials: int | None = Field(None, ge=1, le=100_000, title="Trials", description="Configs that are tried.")
    hours: float | None = Field(None, gt=0, title="Hours", description="Of training, of all trials together.")
    no_gain: int | None = Field(None, ge=1, title="No gain", description="Trials in a row without a better one.")


class Definition(Config):
    """What a sweep searches, for what, how, and how long."""

    kind: Literal["network", "script"] = "network"
    base: dict[str, Any]  # the config that the varied fields are set in
    preset: str = ""
    experiment: str = "default"
    fields: tuple[Varied, ...] = Field(min_length=1, max_length=100)
    goals: tuple[Goal, ...] = Field((Goal(metric="val_loss"),), min_length=1, max_length=3)
    method: Method = "tpe"
    grid_cells: int = Field(5, ge=2, le=100, description="Of a grid: values of a range that has no step.")
    pruning: Pruning = Unpruned()
    budget: Budget = Budget(trials=50)
    repeats: int = Field(1, ge=1, le=50, description="Runs of each config, of other seeds; their mean counts.")
    at_once: int = Field(1, ge=1, le=256, description="Runs that are queued or at work at the same time.")
    seed: int = Field(0, ge=0, lt=2**31, description="Of the search.")
    tags: tuple[str, ...] = ()
    facts: dict[str, Any] = Field(
        {}, description="Of each run, known before it starts: of a script, where its code is."
    )

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if self.budget == Budget() and self.method != "grid":
            raise ValueError("a sweep ends with its budget; give trials, hours or no_gain")
        return self

    @property
    def told(self) -> str:
        """What searches, what prunes, and for what: TPE with ASHA, for val_loss."""
        pruning = "" if self.pruning.name == "none" else f" with {PRUNING_TITLES[self.pruning.name]}"
        return f"{METHOD_TITLES[self.method]}{pruning}, for {', '.join(goal.told for goal in self.goals)}"

    @property
    def settings_of_base(self) -> dict[str, Any]:
        """With the places of its lists."""
        return with_places(leaves(self.base))


def read_definition(raw: dict[str, Any]) -> Definition:
    """As stored, which was checked when it was made. Raises pydantic's ValidationError."""
    return Definition.model_validate(raw)
