"""Scripts whose parameters are a class: HfArgumentParser, tyro, simple-parsing, pydantic's settings, jsonargparse."""

from dataclasses import replace
from typing import Any

from core.scripts.parameter import PARAMS_VARIABLE, Found, Reading
from core.scripts.parameters.class_fields import Spelling, fields_of
from core.scripts.source.operations import items
from core.scripts.source.things import NOTHING_KNOWN, Call, Class, Function, Instance

_HUGGING_FACE = Spelling(nested=False)
_TYRO = Spelling(hyphens=True, switches=True, by_member=True)
_SIMPLE = Spelling(nested=False)
_PYDANTIC = Spelling(several="repeated")
_JSONARGPARSE = Spelling()
_TRAINDECK = Spelling(variable=PARAMS_VARIABLE)
_DECLARES = (
    "field",
    "Field",
    "arg",
    "SettingsConfigDict",
    "choice",
    "flag",
    "subparsers",
    "mutable_field",
    "list_field",
)


class ModelReader:
    """A class is given to what parses the command line, or is one that reads it itself."""

    def __init__(self) -> None:
        self._found = Found("")
        self._plain: list[Class] = []  # dataclasses that are only made, so that nothing can be given

    def defined(self, thing: Function | Class) -> None:
        """What a class is used for is seen from calls."""

    def called(self, call: Call) -> Any:
        if call.method == "__init__" and isinstance(call.on, Instance):
            return self._made(call)
        root = call.name.partition(".")[0]
        if call.name and call.last in _DECLARES:
            return call
        if call.last in ("HfArgumentParser", "TrlParser"):
            given = call.get("dataclass_types", 0)
            for each in [given] if isinstance(given, Class) else items(given) or []:
                self._take("HfArgumentParser", each, _HUGGING_FACE)
        elif call.name == "tyro.cli" or (root == "tyro" and call.last in ("cli", "extras")):
            self._take("tyro", call.get("f", 0), _TYRO, call.options.get("default"))
        elif call.name in ("simple_parsing.parse", "simple_parsing.helpers.parse"):
            self._take("simple-parsing", call.get("config_class", 0), _SIMPLE, call.options.get("default"))
        elif call.method == "add_arguments" and any(isinstance(each, Class) for each in call.args):
            self._take("simple-parsing", call.args[0], _SIMPLE, call.options.get("default"))
            return None
        elif call.last == "CLI" and root in ("jsonargparse", "lightning", "pytorch_lightning"):
            self._take("jsonargparse", call.get("components", 0), _JSONARGPARSE)
        elif call.name == "traindeck.params":
            self._take("traindeck", call.get("model", 0), _TRAINDECK)
        elif call.name.startswith("pydantic_settings.") and call.method == "run" and call.args:
            self._take("pydantic", call.args[0], _pydantic_spelling(call.args[0], by_options=True))
        return NOTHING_KNOWN

    def _made(self, call: Call) -> Any:
        of = call.args[0]
        if of.is_a("BaseSettings"):
            by_options = call.options.get("_cli_parse_args") is True
            self._take("pydantic", of, _pydantic_spelling(of, by_options=by_options))
        elif of.is_a("Tap"):
            self._take("Tap", of, Spelling())
        elif any(getattr(each, "last", "") == "dataclass" for each in of.decorators) or of.is_a("BaseModel"):
            self._plain.append(of)
        return NOTHING_KNOWN

    def _take(self, way: str, of: Any, spelling: Spelling, given: Any = None) -> None:
        if isinstance(of, Instance):
            of, given = of.of, of
        if not isinstance(of, Class) or not of.all_fields():
            return
        self._found.way = self._found.way or way
        fits = {each.name for each in self._found.parameters}
        for each in fields_of(of, spelling, given):
            self._found.add(replace(each, group=of.node.name))
        if fits & {each.name for each in fields_of(of, spelling)}:
            self._found.limit("Fields of one name in several classes stand for one option.")
        if any(each.variable not in ("", PARAMS_VARIABLE) for each in self._found.parameters):
            self._found.limit("The values are given as variables of the environment, as its settings read them.")

    def reading(self) -> Reading | None:
        found = self._found
        if found.parameters:
            return Reading((found.way,), tuple(found.parameters), limits=tuple(found.limits))
        return None

    @property
    def unreachable(self) -> str:
        """Names of dataclasses that the script makes itself, without a way to give their values."""
        return ", ".join(dict.fromkeys(each.node.name for each in self._plain if each.all_fields()))


def _pydantic_spelling(of: Any, *, by_options: bool) -> Spelling:
    """By what the model's own configuration says."""
    options: dict[str, Any] = {}
    for each in reversed(list(of.lineage())) if isinstance(of, Class) else []:
        config = each.scope.names.get("model_config")
        options |= config.options if isinstance(config, Call) else config if isinstance(config, dict) else {}
    if options.get("cli_parse_args") or by_options:
        hyphens = options.get("cli_kebab_case") is True
        return replace(_PYDANTIC, hyphens=hyphens, switches=options.get("cli_implicit_flags") is True)
    prefix = options.get("env_prefix")
    return replace(_PYDANTIC, prefix=prefix if isinstance(prefix, str) and prefix else "*")
