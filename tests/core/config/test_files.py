import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.common.errors import ConfigError
from core.config.files import MAX_BYTES, from_text, to_yaml
from core.config.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_config_comes_back_from_json_and_from_yaml(name: str) -> None:
    raw = PRESETS[name].raw

    assert from_text(json.dumps(raw)) == from_text(to_yaml(raw)) == from_text(to_yaml(raw).encode("utf-8-sig")) == raw


def test_yaml_as_people_write_it() -> None:
    text = "a: 1e-3  # a rate\nb: -2.5E+7\nc: 2026-01-31\nd: [64, 64]\n1: {2: é}\ne: 12\n"

    assert from_text(text) == {"a": 0.001, "b": -2.5e7, "c": "2026-01-31", "d": [64, 64], "1": {"2": "é"}, "e": 12}


BOMB = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds nothing"),
        ("- 1", "holds a list; a config is a mapping"),
        ("just text", "holds a str"),
        ("[[", "neither JSON nor YAML at the end of line 1"),
        ('{"data": ', "neither JSON nor YAML"),
        ("a: b: c", "neither JSON nor YAML at line 1"),
        (BOMB, "an alias at line 2"),
        ("a: !!python/object/apply:os.system [ls]", "the tag '!!python/object/apply:os.system' at line 1"),
        ("a: !!set {x}", "the tag '!!set' at line 1"),
        ("a: " + "9" * 5_000, "a number of 5,000 digits; at most 300 are read"),
        ("[" * 100_000, "nests values more than 50 deep"),
        ('{"a":' * 60 + "1" + "}" * 60, "nests values more than 50 deep"),
        ("x" * (MAX_BYTES + 1), "has 300,001 bytes; a config has at most 300,000"),
        (b"\x89PNG\r\n\x1a\n\xff", "not text in UTF-8"),
        (b"PK\x03\x04", "neither JSON nor YAML"),
        (b"SQLite format 3\x00", "neither JSON nor YAML"),
        ("a: 1\n\nb: 2\na: 3\n", "a: is given twice, at lines 1 and 4"),
        ('{"a": {"b": 1, "b": 1}}', "a.b: is given twice, in line 1"),
        ('{"a": "\\ud800"}', "not text in UTF-8"),
    ],
)
def test_a_file_that_is_no_config_is_refused_with_its_reason(content: str | bytes, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_text(content)

    assert message in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=80) | st.binary(max_size=80))
@example("? [1, 2]\n: 3")
@example("a: !!int x")
@example("a: !!timestamp x")
@example("<<: 3")
def test_whatever_a_file_holds_it_is_read_or_refused(content: str | bytes) -> None:
    try:
        raw = from_text(content)
    except ConfigError:
        return
    assert json.loads(json.dumps(raw)) == raw or "NaN" in json.dumps(raw)
