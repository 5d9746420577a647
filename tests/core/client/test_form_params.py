"""`traindeck.params`: a script's own class, read as a form, and filled with what that held."""

import enum
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from core.client import params
from core.scripts.command_line import environment
from tests.core.scripts.test_parameters import reading_of


class Kind(enum.Enum):
    ADAM = "adam"
    FIRST = 1


@dataclass(frozen=True)
class Inner:
    lr: float = 0.1
    steps: tuple[int, int] = (1, 2)


@dataclass(frozen=True)
class Settings:
    data: str
    rate: float | None = None
    units: list[int] = field(default_factory=list)
    mode: Literal["a", 8] = "a"
    kind: Kind = Kind.ADAM
    deep: Annotated[bool, "said"] = False
    epochs: int = 1
    place: Path = Path()
    inner: Inner = Inner()
    names: "dict[str, float]" = field(default_factory=dict)
    any: Any = None


class Model(BaseModel):
    data: str
    rate: float | None = Field(None, ge=0)
    units: list[int] = []


def filled(monkeypatch: pytest.MonkeyPatch, model: type[Any], **values: Any) -> Any:
    named = {name.replace("__", "."): value for name, value in values.items()}
    monkeypatch.setenv("TRAINDECK_PARAMS", json.dumps({"data": "digits", **named}))
    return params(model)


def test_values_become_what_the_fields_say(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {"rate": 1, "units": [8, 4.0], "mode": 8, "kind": "FIRST", "deep": True, "epochs": 3.0}
    more: dict[str, Any] = {"place": "a/b", "inner__lr": 2, "inner__steps": [3, 4], "names": {"x": 1}, "any": [None]}
    found = filled(monkeypatch, Settings, **given, **more)
    wanted = Settings(
        "digits", 1.0, [8, 4], 8, Kind.FIRST, True, 3, Path("a/b"), Inner(2.0, (3, 4)), {"x": 1.0}, [None]
    )
    assert found == wanted
    assert [type(each) for each in (found.rate, found.epochs, found.inner.lr)] == [float, int, float]
    assert filled(monkeypatch, Settings) == Settings("digits")
    assert filled(monkeypatch, Model, rate=None, units=[1]) == Model(data="digits", units=[1])


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {"rate": "x", "units": [True, 1.5], "mode": True, "kind": "sgd", "deep": 1, "epochs": True}
    with pytest.raises(ValueError, match="Settings cannot be filled: ") as raised:
        filled(monkeypatch, Settings, **given, inner__steps=[1], inner__other=2, lrr=1, names=3)
    for sentence in (
        "lrr is not known; accepted are data, rate, units",
        "rate is a number or none; received 'x'",
        "units[0] is a whole number; received True",
        "units[1] is a whole number; received 1.5",
        "mode is one of 'a', 8; received True",
        "kind is one of 'adam', 1; received 'sgd'",
        "deep is true or false; received 1",
        "epochs is a whole number; received True",
        "inner.other is not known; accepted are lr, steps",
        "inner.steps is a list of a whole number, a whole number; received [1]",
        "names is a mapping; received 3",
    ):
        assert sentence in str(raised.value)
    with pytest.raises(ValueError, match=r"lrr is not known; .*rate: Input should be greater.* received -1"):
        filled(monkeypatch, Model, rate=-1, lrr=2)
    monkeypatch.delenv("TRAINDECK_PARAMS")
    for model, told in ((Settings, "data is needed: a text"), (Model, "data: Field required")):
        with pytest.raises(ValueError, match=told):
            params(model)
    with pytest.raises(TypeError, match="neither a dataclass nor a pydantic model"):
        params(int)


@pytest.mark.parametrize(
    "text", ["{", "[]", "7", '"x"', "[" * 100_000, '{"data": "x", "data.y": 1}', '{"a.b": 1, "a": 2}']
)
def test_a_variable_that_says_nothing_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRAINDECK_PARAMS", text)
    with pytest.raises(ValueError, match=r"TRAINDECK_PARAMS is .*; accepted is a JSON object of values by dotted name"):
        params(Settings)


def test_the_form_has_the_fields_and_the_variable_what_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
        from dataclasses import dataclass, field
        import traindeck

        @dataclass
        class Inner:
            lr: float = 0.1

        @dataclass
        class Settings:
            data: str
            seed: int = 0
            units: list[int] = field(default_factory=lambda: [8])
            inner: Inner = field(default_factory=Inner)

        settings = traindeck.params(Settings)
    """
    reading = reading_of(tmp_path, source)
    assert (reading.ways, reading.seed, reading.limits) == (("traindeck",), "seed", ())
    assert {each.name: (each.type, each.default, each.required) for each in reading.parameters} == {
        "data": ("str", None, True),
        "seed": ("int", 0, False),
        "units": ("int", [8], False),
        "inner.lr": ("float", 0.1, False),
    }
    told = environment(reading, "", {"data": "digits", "seed": 0, "units": [8], "inner.lr": 0.5})
    assert {name: json.loads(value) for name, value in told.items()} == {
        "TRAINDECK_PARAMS": {"data": "digits", "inner.lr": 0.5}
    }
    monkeypatch.setenv("TRAINDECK_PARAMS", told["TRAINDECK_PARAMS"])
    assert params(Settings) == Settings("digits", inner=Inner(0.5))
