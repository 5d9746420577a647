"""What a sweep varies: fields of a config, each with choices or a range, perhaps only where another has a value."""

import json
import math
import re
import sys
from typing import Annotated, Any, Literal, Self, Union

from pydantic import Field, model_validator

from core.common.config_model import Config
from core.common.errors import ConfigError, Problem
from core.common.text import quoted
from core.config.files import value_from_text
from core.sweeps.cut_words import cut
from core.sweeps.same_values import as_told, is_among

MOST_CHOICES = 1000
_MOST_STEPS = 1_000_000_000
_LEAST, _MOST = -(2**63), 2**63 - 1  # of whole numbers, as the store has them
_FORMS = "1e-4..1e-1:log, 16..256:step=16 or 32,64,128, each perhaps followed by @other.field=value"
_IN_QUOTES = 'a choice that contains an @, a comma or .. stands in quotes: "a@b"'
_LONGEST = 300  # characters of a path


class Choices(Config):
    """One of several values"""

    kind: Literal["choices"] = "choices"
    values: tuple[Any, ...] = Field(min_length=1, max_length=MOST_CHOICES, title="Values", description="Any of these.")

    @model_validator(mode="after")
    def _are_values(self) -> Self:
        if not_finite := [each for each in self.values if isinstance(each, float) and not math.isfinite(each)]:
            raise ValueError(f"a choice is no {not_finite[0]}; leave it out")
        return self

    def at(self, share: float) -> Any:
        """The value at a share of the range, from 0 to below 1."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def place(self, value: Any) -> float:
        """Where it stands, for charts."""
        return float([*map(as_told, self.values)].index(as_told(value)))

    def has(self, value: Any) -> bool:
        return is_among(value, self.values)

    def meant(self, value: Any) -> Any:
        """The choice that a value is, as it is written there: 16 of 16.0."""
        return self.values[int(self.place(value))]

    def cells(self, _most: int) -> list[Any]:
        return list(self.values)

    @property
    def count(self) -> int | None:
        """How many values there are; None of a range that is no list of them."""
        return len(self.values)


class _Range(Config):
    low: float
    high: float
    log: bool = Field(False, title="Logarithmic", description="Equal steps multiply: for rates and sizes.")
    step: float | None = Field(None, gt=0, title="Step", description="Only low plus whole multiples of it.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.low >= self.high:
            told = "take the value alone to set it" if self.low == self.high else "turn them round"
            raise ValueError(f"low must be below high; received {self.low:g} and {self.high:g}: {told}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic range begins above 0; received {self.low:g}")
        if not math.isfinite(float(self.high) - float(self.low)) or (self.log and not self._times < math.inf):
            told = f"the range from {self.low:g} to {self.high:g} is too wide to draw from"
            raise ValueError(f"{told}: at most 1e308 lie between its ends, or as many times; bring them closer")
        if self.step is not None and not (float(self.high) - float(self.low)) / self.step < _MOST_STEPS:
            raise ValueError(f"a range has at most {_MOST_STEPS:,} steps; received a step of {self.step:g}")
        if self.log and self.step is not None:
            raise ValueError("a range is logarithmic or has steps, not both; leave one out")
        return self

    @property
    def _times(self) -> float:
        """How many times the low end the high one is; inf where that is no double."""
        return float(self.high) / float(self.low) if self.low >= sys.float_info.min else math.inf

    def _raw(self, share: float) -> float:
        if self.step is not None:
            count = math.floor((self.high - self.low) / self.step + 1e-9) + 1
            return self.low + self.step * min(int(share * count), count - 1)
        if self.log:
            return min(self.high, max(self.low, self.low * float((self.high / self.low) ** share)))
        return self.low + (self.high - self.low) * share

    def place(self, value: Any) -> float:
        return math.log(float(value)) if self.log else float(value)

    def _is_step(self, value: float) -> bool:
        steps = 0.0 if self.step is None else (value - self.low) / self.step
        return abs(steps - round(steps)) < 1e-8  # as Optuna has it


class Real(_Range):
    """Numbers from low to high"""

    kind: Literal["real"] = "real"

    def at(self, share: float) -> float:
        return float(f"{self._raw(share):.12g}")

    def has(self, value: Any) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.low <= value <= self.high and self._is_step(value)

    def cells(self, most: int) -> list[Any]:
        if (count := self.count) is not None:
            return [self.at((cell + 0.5) / count) for cell in range(count)]
        return list(dict.fromkeys(float(f"{self._raw(cell / (most - 1)):.6g}") for cell in range(most)))

    @property
    def count(self) -> int | None:
        """As of choices."""
        return None if self.step is None else math.floor((self.high - self.low) / self.step + 1e-9) + 1


class Whole(_Range):
    """Whole numbers from low to high, both included"""

    kind: Literal["whole"] = "whole"
    low: int = Field(ge=_LEAST, le=_MOST)
    high: int = Field(ge=_LEAST, le=_MOST)
    step: int | None = Field(None, ge=1, title="Step", description="Only low plus whole multiples of it.")

    def at(self, share: float) -> int:
        if self.log:  # each number has the share of the half around it
            low, high = self.low - 0.5, self.high + 0.5
            return int(min(self.high, max(self.low, round(low * (high / low) ** share))))
        if self.step is None:
            return self.low + min(int(share * (self.high - self.low + 1)), self.high - self.low)
        return round(self._raw(share))

    def has(self, value: Any) -> bool:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return is_whole and self.low <= value <= self.high and self._is_step(value)

    def cells(self, most: int) -> list[Any]:
        if self.step is not None:
            return list(range(self.low, self.high + 1, self.step))
        if self.high - self.low < most:
            return list(range(self.low, self.high + 1))
        return list(dict.fromkeys(round(self._raw(cell / (most - 1))) for cell in range(most)))

    @property
    def count(self) -> int:
        """As of choices."""
        return (self.high - self.low) // (self.step or 1) + 1


class When(Config):
    """Only where another field has one of these values"""

    field: str
    values: tuple[Any, ...] = Field(min_length=1)


Range = Annotated[Union[Choices, Real, Whole], Field(discriminator="kind")]  # noqa: UP007 - for pydantic


class Varied(Config):
    """A field that the search sets"""

    field: str = Field(min_length=1, max_length=300, title="Field", description="A param: training.batch_size.")
    range: Range
    when: When | None = None

    def each_once(self) -> "Varied":
        """With each of its choices once: 16 and 16.0 are one."""
        if not isinstance(self.range, Choices):
            return self
        values: dict[str, Any] = {}
        for each in self.range.values:
            values.setdefault(as_told(each), each)
        return self.model_copy(update={"range": Choices(values=tuple(values.values()))})

    def between(self) -> "Varied":
        """With all numbers between its ends, where a range of whole ones was told, and no step."""
        told = self.range
        if not isinstance(told, Whole) or told.step is not None:
            return self.each_once()
        return self.model_copy(update={"range": Real(low=told.low, high=told.high, log=told.log)})

    def whole(self) -> "Varied":
        """With the whole numbers between its ends, where they were told as 8.0..32.0."""
        told = self.range
        if isinstance(told, Choices):
            values = tuple(int(each) if isinstance(each, float) and each.is_integer() else each for each in told.values)
            return self.model_copy(update={"range": Choices(values=values)}).each_once()
        if not isinstance(told, Real) or not all(each.is_integer() for each in (told.low, told.high, told.step or 1.0)):
            return self
        step = None if told.step is None else int(told.step)
        return self.model_copy(update={"range": Whole(low=int(told.low), high=int(told.high), log=told.log, step=step)})


def from_words(text: str) -> Varied:
    """`training.optimizer.learning_rate=1e-4..1e-1:log`, as people type it.

    Raises:
        ConfigError: what is wrong with it, and what may be written.
    """
    field, equals, rest = text.partition("=")
    field = field.strip()
    if not field or not equals or not rest.strip():
        raise ConfigError([Problem("--vary", f"must look like FIELD={_FORMS}; received {quoted(text)}")])
    if len(field) > _LONGEST:
        told = f"a field has at most {_LONGEST} characters; received {quoted(field)}"
        raise ConfigError([Problem("--vary", told)])
    told, *conditions = cut(rest, "@", 1)
    try:
        when = _when(conditions[0]) if conditions else None
        return Varied(field=field, range=range_from_words(told), when=when)
    except ConfigError as error:
        raise ConfigError([Problem(field, problem.message) for problem in error.problems]) from error
    except ValueError as error:
        raise ConfigError([Problem(field, _reason(error))]) from error


def range_from_words(text: str) -> "Choices | Real | Whole":
    """Of `1e-4..1e-1:log`, `16..256:step=16` or `32,64,128`. Raises ConfigError, ValueError."""
    told = text.strip()
    if len(cut(told, "..", 1)) == 1:
        return Choices(values=tuple(map(value_from_text, filter(None, map(str.strip, cut(told, ","))))))
    ends, _, options = told.partition(":")
    low, high = (value_from_text(end) for end in ends.split("..", 1))
    given: dict[str, Any] = {}
    for option in filter(None, (each.strip() for each in re.split("[:,]", options))):
        name, _, value = option.partition("=")
        if name not in ("log", "step") or (name == "step") != bool(value):
            raise ValueError(f"{quoted(option)} is not known; accepted are log and step=NUMBER")
        given[name] = value_from_text(value) if value else True
    if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high)):
        raise ValueError(f"the ends of a range are numbers; received {quoted(ends)}; {_IN_QUOTES}")
    whole = all(isinstance(each, int) for each in (low, high, given.get("step", 1)))
    kind: type[Whole | Real] = Whole if whole else Real
    return kind.model_validate({"low": low, "high": high, **given})


def in_words(varied: "Choices | Real | Whole") -> str:
    """As `range_from_words` reads it."""
    if isinstance(varied, Choices):
        return ", ".join(map(_spelt, varied.values))
    more = ":log" if varied.log else f":step={_digits(varied.step)}" if varied.step is not None else ""
    return f"{_digits(varied.low)}..{_digits(varied.high)}{more}"


def _digits(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def written(varied: Varied) -> str:
    """As `from_words` reads it."""
    when = varied.when
    values = "|".join(map(_spelt, when.values)) if when else ""
    return f"{varied.field}={in_words(varied.range)}{f'@{when.field}={values}' if when else ''}"


def _when(text: str) -> When:
    field, equals, values = text.partition("=")
    if not field.strip() or not equals or not values.strip():
        raise ValueError(f"a condition looks like @optimizer=sgd; received {quoted(f'@{text}', 80)}; {_IN_QUOTES}")
    return When(field=field.strip(), values=tuple(map(value_from_text, cut(values, "|"))))


def _spelt(value: Any) -> str:
    """As `value_from_text` reads it, and no sign in it means anything."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        is_plain = value == value.strip() and value_from_text(value) == value
    except ConfigError:
        is_plain = False
    odd = any(len(cut(value, sign)) > 1 for sign in (",", "@", "..", "|", " of "))
    return value if is_plain and not odd else json.dumps(value, ensure_ascii=False)


def _reason(error: ValueError) -> str:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
    return str(error)
