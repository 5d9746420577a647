"""A parameter of a script, as the script itself declares it, whatever the way."""

import json
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.scripts.source.things import Member, Symbol, Unknown

ValueType = Literal["int", "float", "str", "bool", "json"]  # the last: a mapping, or lists within lists
# How several values are given: "--x 1 2", "--x 1 --x 2", "--x=1,2", "--x=1 2" as one word.
Several = Literal["", "spaces", "repeated", "commas", "words"]

PARAMS_VARIABLE = "TRAINDECK_PARAMS"  # of several: JSON by name, which `traindeck.params` reads
SEEDS = ("seed", "random_seed", "rng_seed", "random_state")  # what scripts call it, the likeliest first


@dataclass(frozen=True)
class Parameter:
    """What a person may set, and how the script wants to be given it."""

    name: str  # under which its value stands in a run's config
    type: ValueType = "str"
    flag: str = ""  # "--lr"; of a switch, what turns it on; "" of a positional one
    off: str = ""  # of a switch, what turns it off
    aliases: tuple[str, ...] = ()  # other flags that mean the same
    takes_value: bool = True  # else it is a switch, or is repeated so many times as its value says
    default: Any = None  # plain data; None where there is none, or it is not known
    default_text: str = ""  # its source, where that does not tell the value
    choices: tuple[Any, ...] = ()
    low: float | None = None  # bounds, themselves allowed
    high: float | None = None
    help: str = ""
    required: bool = False
    several: Several = ""
    count: int | None = None  # of several values: exactly so many
    false: str = "False"  # how that is written, of one that takes a value
    joined: bool = False  # "--lr=0.1" is the only way to give it
    variable: str = ""  # of one that comes from the environment: the variable's name
    group: str = ""  # title of the section that the script has it in
    command: str = ""  # the sub-command that takes it; "" of the script itself

    @property
    def positional(self) -> bool:
        return not (self.flag or self.off or self.variable)

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").replace("-", " ").replace(".", " · ").strip().capitalize()


@dataclass(frozen=True)
class Reading:
    """What was found of a script's parameters, and by which way it takes them."""

    ways: tuple[str, ...] = ()  # "argparse", "click", …
    parameters: tuple[Parameter, ...] = ()
    commands: tuple[str, ...] = ()  # sub-commands, of which one has to be chosen
    description: str = ""
    limits: tuple[str, ...] = ()  # sentences: what was not read, or how it differs from what the script does

    def of(self, command: str) -> tuple[Parameter, ...]:
        """Those that stand when this sub-command is chosen."""
        return tuple(each for each in self.parameters if each.command in ("", command))

    def meant(self, text: str) -> str:
        """The name of the parameter that a person calls so, by its name or any of its flags; else the text itself."""
        if any(each.name == text for each in self.parameters):
            return text
        plain = _plain(text)
        for each in self.parameters:
            if plain in map(_plain, (each.name, each.flag, *each.aliases)):
                return each.name
        return text

    @property
    def seed(self) -> str:
        """The name of the parameter that seeds the script; "" where it has none."""
        known = [each.name for each in self.parameters if each.type == "int" and not each.several]
        lasts = {name.rpartition(".")[2].replace("-", "_").lower(): name for name in reversed(known)}
        return next((lasts[name] for name in SEEDS if name in lasts), "")


def _plain(flag: str) -> str:
    return flag.lstrip("-").replace("-", "_")


@dataclass
class Found:
    """What a reader has found so far."""

    way: str
    parameters: list[Parameter] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    description: str = ""

    def add(self, parameter: Parameter) -> None:
        """One that is declared again replaces the one before, where it stands."""
        for place, each in enumerate(self.parameters):
            if (each.name, each.command) == (parameter.name, parameter.command):
                self.parameters[place] = parameter
                return
        self.parameters.append(parameter)

    def limit(self, sentence: str) -> None:
        if sentence not in self.limits:
            self.limits.append(sentence)

    def set_defaults(self, values: dict[str, Any]) -> None:
        for place, each in enumerate(self.parameters):
            if each.name in values:
                self.parameters[place] = replace(each, **default_of(values[each.name]))


def json_default(value: Any) -> dict[str, Any]:
    """As `default_of`, of a parameter of type "json", whose default may be a mapping."""
    try:
        if isinstance(value, dict | list) and json.loads(json.dumps(value)) == value:
            return {"default": value, "default_text": ""}
    except (TypeError, ValueError, RecursionError):
        pass
    return default_of(value)


def default_of(value: Any) -> dict[str, Any]:
    """`default` and `default_text` for something that was evaluated, of which only plain data are known."""
    if isinstance(value, Member):
        value = value.value if isinstance(value.value, str | int | float) else value.name
    if isinstance(value, Unknown):
        return {"default": None, "default_text": value.text}
    if isinstance(value, Symbol):
        return {"default": None, "default_text": value.name}
    if isinstance(value, set | frozenset | tuple):
        value = list(value)
    if isinstance(value, list):
        value = [default_of(each)["default"] for each in value]
    plain = value is None or isinstance(value, str | int | float | bool | list)
    return {"default": value if plain else None, "default_text": "" if plain else "of the script's own"}
