"""What explains an answer of a network: asked with a question of core.jobs.prediction, answered by the same process."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.data.base import DataInfo, Kind

Method = Literal[
    "gradients",
    "smooth_gradients",
    "occlusion",
    "shapley",
    "grad_cam",
    "grad_cam_plus",
    "left_out",
    "dependence",
    "spans",
    "next_tokens",
]

# By the kind of the data, the one that is taken where none is chosen first.
METHODS: dict[Kind, tuple[Method, ...]] = {
    "image": ("gradients", "occlusion", "shapley", "smooth_gradients", "grad_cam", "grad_cam_plus"),
    "text": ("left_out", "gradients"),
    "table": ("shapley", "dependence"),
    "rows": ("shapley", "dependence"),
    "series": ("spans",),
    "corpus": ("next_tokens",),
}
TITLES: dict[Method, str] = {
    "gradients": "Integrated gradients",
    "smooth_gradients": "SmoothGrad",
    "occlusion": "Occlusion",
    "shapley": "Shapley values",
    "grad_cam": "Grad-CAM",
    "grad_cam_plus": "Grad-CAM++",
    "left_out": "Leaving out",
    "dependence": "Partial dependence",
    "spans": "Leaving spans out",
    "next_tokens": "Next tokens",
}
ASKING: tuple[Method, ...] = (
    "occlusion",
    "shapley",
    "left_out",
    "dependence",
    "spans",
)  # ask for answers, and nothing else
UNSIGNED: tuple[Method, ...] = ("smooth_gradients", "grad_cam", "grad_cam_plus")  # say where, and nothing of against


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Explain(_Frozen):
    """What is to be explained of an answer, and how."""

    method: Method | None = None  # None: the first of METHODS
    target: str = ""  # class or label; "" is the most probable


class Part(_Frozen):
    """A token, a feature, a span of a channel, or a token that may come next."""

    name: str
    value: float  # in the answer's unit, how much it speaks for it; of a next token its probability
    given: str = ""  # of a feature its value, of a span the mean of its values; as text


class Lines(_Frozen):
    """The answer over the values of one feature, of one class or number."""

    name: str
    mean: tuple[float, ...]  # over rows of the test set, which keep their other features: partial dependence
    others: tuple[tuple[float, ...], ...] = ()  # of some of these rows: individual conditional expectation
    own: tuple[float, ...] = ()  # of the row that is explained


class Dependence(_Frozen):
    """What the answer does over the values of one feature."""

    feature: str
    values: tuple[float | str, ...]  # that the feature is given; of numbers growing
    seen: tuple[float | str, ...]  # what the rows of the test set have
    lines: tuple[Lines, ...]
    at: float | str | None = None  # what the explained row has; None where it is missing


class Curves(_Frozen):
    """The answer while parts are removed or put in, in the order of an explanation and in random ones; and the areas.

    Each area is the mean answer on the way: of deletion the less the better, of insertion the more.
    """

    shares: tuple[float, ...]  # of the parts that are removed, or put in
    deletion: tuple[float, ...]
    insertion: tuple[float, ...]
    random_deletion: tuple[float, ...]
    random_insertion: tuple[float, ...]
    deletion_area: float
    insertion_area: float
    random_deletion_area: float
    random_insertion_area: float
    random_deletion_range: tuple[float, float] | None = None  # 5 % and 95 % quantile of the areas of random orders
    random_insertion_range: tuple[float, float] | None = None
    orders: int = 0  # random ones; 0 where they were not counted yet
    as_good: int = 0  # of them, whose gap between insertion and deletion is as wide as the explanation's, or wider
    better: int = 0  # of those, whose gap is clearly wider


class Explanation(_Frozen):
    """Why the network gave what it gave, and how far that is to be believed."""

    method: Method
    target: str = ""  # class, label or name of the number that is explained
    answer: float = 0.0  # of it: probability, or number in its unit
    baseline: float | None = None  # the answer for what the input is compared with
    heat: tuple[tuple[float, ...], ...] = ()  # of a picture, row by row: how much each place speaks for the answer
    parts: tuple[Part, ...] = ()  # of a text in its order, of a row or next tokens the largest first
    dependences: tuple[Dependence, ...] = ()  # of a row, in the order of its parts
    completeness: float | None = None  # of integrated gradients: |sum - (answer - baseline)|, as a share of that
    steps: int = 0  # of integrated gradients; of Shapley values the orders that were sampled
    standard_error: float | None = None  # of Shapley values, the largest
    rows: int = 0  # of the test set that a row is compared with
    rows_of: int = 0  # from how many they were drawn at random; 0 where they are the first ones
    rows_made: bool = False  # within the columns' ranges, as the data set was not there
    rows_error: float | None = None  # standard error of Shapley values, the largest, by which rows these happen to be
    curves: Curves | None = None
    sanity_error: float | None = None  # of the mean over such networks, its standard error
    sanity: float | None = None  # rank correlation with the same explanation of a network with random weights
    is_short: bool = False  # whether checks, or steps, were left out, as there was no time for them
    milliseconds: float = 0.0
    problem: str = ""  # why there is none of all this


def methods(info: DataInfo, architecture: str = "") -> tuple[Method, ...]:
    """Those that apply; none of numbers of which nobody knows what they mean, as files of networks take them."""
    found = () if info.kind == "series" and info.series is None else METHODS.get(info.kind, ())
    return tuple(each for each in found if not each.startswith("grad_cam") or architecture != "mlp")
