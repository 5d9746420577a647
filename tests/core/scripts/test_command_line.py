"""What a form's values become on a command line, and what is refused before."""

import importlib.util
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from absl import flags

from core.script_runs.script_process import Order
from core.scripts.command_line import command_line, defaults, environment, value_problems
from core.scripts.entry_points import entry_points, find, package
from core.scripts.field_text import text_of, value_given, value_of
from core.scripts.parameter import Parameter, Reading
from core.scripts.read_parameters import read
from tests.core.scripts.test_parameters import SAMPLES, reading_of

FOLDER = SAMPLES / "keras_argparse"


@pytest.fixture
def parse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The sample's own parser."""
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("sample_train", FOLDER / "train.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def parsed(arguments: list[str]) -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", ["train.py", *arguments])
        return dict(vars(module.parse()))

    yield parsed
    sys.modules.pop("options", None)


@pytest.mark.parametrize(
    ("value", "texts"), [(3.0, ["3"]), ([3.0, 4], ["3", "4"]), (3.5, ["3.5"]), (float("inf"), ["inf"])]
)
def test_a_whole_number_is_written_without_a_point(value: Any, texts: list[str]) -> None:
    parameter = Parameter("epochs", "int", "--epochs", several="spaces" if isinstance(value, list) else "")
    assert command_line(Reading(parameters=(parameter,)), "", {"epochs": value}) == ["--epochs", *texts]


def test_absl_reads_back_lists_with_commas_and_words_with_none(tmp_path: Path) -> None:
    source = """
        from absl import app, flags
        flags.DEFINE_list("names", ["a", "b"], "")
        flags.DEFINE_spaceseplist("words", "x y", "")
        if __name__ == "__main__":
            app.run(print)
    """
    (tmp_path / "train.py").write_text(textwrap.dedent(source))
    reading = read(tmp_path, tmp_path / "train.py")
    assert defaults(reading) == {"names": ["a", "b"], "words": ["x", "y"]}
    values = {"names": ["q,r", 'say "so"', " s"], "words": ["x,1", "z"]}
    taken = flags.FlagValues()  # type: ignore[no-untyped-call]
    flags.DEFINE_list("names", None, "", flag_values=taken)
    flags.DEFINE_spaceseplist("words", None, "", flag_values=taken)
    taken(["train.py", *command_line(reading, "", values)])
    assert (taken["names"].value, taken["words"].value) == (["q,r", 'say "so"', "s"], values["words"])
    problems = value_problems(reading, "", {"words": ["y z"]})
    assert [(each.field, each.message) for each in problems] == [
        ("arguments.words", "takes words without blanks; received 'y z'")
    ]


def test_a_command_is_shown_as_a_shell_would_take_it() -> None:
    place = Order("/a b/work", ["--note", "two words"], script="/a b/work/my train.py")
    assert place.shown() == "python 'my train.py' --note 'two words'"
    assert Order("/w", ["-n", "5"], module="pkg", interpreter="/v/bin/python").shown() == "/v/bin/python -m pkg -n 5"


def test_the_scripts_own_parser_reads_back_what_the_form_held(parse: Any) -> None:
    reading = read(FOLDER, FOLDER / "train.py")
    own = defaults(reading)

    assert command_line(reading, "", own) == []
    assert parse([]) == own
    changed = {
        "epochs": 3,
        "units": [4],
        "activation": "tanh",
        "shuffle": False,
        "quiet": True,
        "save": False,
        "lr": -1e-5,
        "train_examples": 10,
    }
    assert value_problems(reading, "", own | changed) == []
    assert parse(command_line(reading, "", own | changed)) == own | changed


def test_every_value_that_the_script_would_refuse_is_told_at_once() -> None:
    reading = read(FOLDER, FOLDER / "train.py")

    problems = value_problems(reading, "", {"epochs": 1.5, "units": 3, "activation": "rlu", "quiet": "yes", "lrr": 1})
    assert {problem.field for problem in problems} == {
        "arguments.epochs",
        "arguments.units",
        "arguments.activation",
        "arguments.quiet",
        "arguments.lrr",
    }
    assert "did you mean lr?" in str(problems[0])
    assert "must be a list, such as [1, 2]; received 3" in " ".join(map(str, problems))


def test_the_ways_of_giving_several_values_switches_places_and_variables() -> None:
    reading = Reading(
        parameters=(
            Parameter("files", several="spaces", required=True),
            Parameter("verbose", "int", "-v", takes_value=False, default=0),
            Parameter("tag", flag="--tag", several="repeated"),
            Parameter("start", flag="--start", several="commas", default=["1"]),
            Parameter("size", "float", "--size", several="spaces", command="fit"),
            Parameter("flag", "bool", "--flag", false="", default=True, command="fit"),
            Parameter("key", variable="APP_KEY"),
        ),
        commands=("fit", "test"),
    )
    values = {
        "files": ["a", "b"],
        "verbose": 2,
        "tag": ["x", "-y"],
        "start": ["2", "3"],
        "size": [1.5, 2],
        "flag": False,
    }
    assert command_line(reading, "fit", values | {"key": "k"}) == [
        *("-v", "-v", "--tag", "x", "--tag=-y", "--start=2,3", "a", "b"),
        *("fit", "--size", "1.5", "2", "--flag="),
    ]
    assert environment(reading, "fit", {"key": "k"}) == {"APP_KEY": "k"}
    assert [str(each) for each in value_problems(reading, "fit", {})] == ["arguments.files: is needed"]
    assert "must be one of fit, test" in str(value_problems(reading, "tset", values)[0])


SEVERAL = """
    import argparse

    def made():
        parser = argparse.ArgumentParser()
        parser.add_argument("files", nargs="*")
        parser.add_argument("--xs", nargs="+", type=float)
        parser.add_argument("--words", nargs="*", default=[])
        parser.add_argument("-n", type=float, default=1.0)
        parser.add_argument("--pair", nargs=2)
        commands = parser.add_subparsers(dest="command")
        fit = commands.add_parser("fit")
        fit.add_argument("--names", nargs="+")
        return parser

    if __name__ == "__main__":
        made().parse_args()
"""


def test_what_takes_several_values_takes_neither_the_sub_command_nor_options_for_its_own(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, SEVERAL)
    names: dict[str, Any] = {}
    exec(textwrap.dedent(SEVERAL), names)  # noqa: S102 - our own
    for given in (
        {"xs": [1, 2], "names": ["a", "b"]},
        {"xs": [-1e-7], "files": ["a", "b"], "names": ["-a"]},
        {"xs": [-1.5, -2e-9, -3], "n": -1e-5, "words": ["-w"], "files": ["a"], "names": ["a"]},
        {"xs": [0.5, 1], "words": ["x", "y"], "files": ["a", "b"], "pair": ["1", "-2"]},
    ):
        assert value_problems(reading, "fit", given) == []
        asked = command_line(reading, "fit", given)
        told = vars(names["made"]().parse_args(asked))
        assert {name: told[name] for name in given} == given, asked
        assert told["command"] == "fit"
    wrong = value_problems(reading, "fit", {"words": ["a", "-b"], "pair": ["-x", "y"], "xs": [1, float("-inf")]})
    assert [problem.field for problem in wrong] == ["arguments.xs", "arguments.words", "arguments.pair"]
    assert "a hyphen only alone; received '-b' beside others" in str(wrong[1])
    assert "sub-commands such as 'fit'" in str(value_problems(reading, "fit", {"files": ["-a"]})[0])
    alone = replace(reading, parameters=tuple(each for each in reading.parameters if each.name == "xs"))
    assert "would take 'fit' for one more" in str(value_problems(alone, "fit", {"xs": [1, 2]})[0])
    assert command_line(alone, "fit", {"xs": [1]}) == ["--xs=1", "fit"]


def test_entries_are_scripts_packages_and_installed_commands_the_likely_ones_first(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "p"\n[project.scripts]\nteach = "p.cli:main"\nother = "elsewhere:main"\n',
        "src/p/__init__.py": "",
        "src/p/__main__.py": "print(1)",
        "src/p/cli.py": "def main(): pass",
        "tools/prepare.py": "if __name__ == '__main__':\n    pass",
        "train.py": "import argparse\nargs = argparse.ArgumentParser().parse_args()",
        "lib.py": "def f(): pass",
        "test_it.py": "if __name__ == '__main__':\n    pass",
        ".venv/pyvenv.cfg": "",
        ".venv/lib/run.py": "if __name__ == '__main__':\n    pass",
        "broken.py": "if",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert [each.name for each in entry_points(tmp_path)] == ["train.py", "tools/prepare.py", "-m p", "p.cli:main"]
    (tmp_path / "__main__.py").write_text("import lib")
    assert [each.name for each in entry_points(tmp_path)][1:3] == ["__main__.py", "tools/prepare.py"]
    command = find(tmp_path, "p.cli:main")
    assert command is not None
    assert (command.file, package(command)) == ("src/p/cli.py", "p.cli")
    assert find(tmp_path, "lib.py") is not None
    assert [find(tmp_path, name) for name in ("../train.py", "nothing.py", "-m os", "p.cli:a b", "/etc/passwd")] == [
        None
    ] * 5


def test_a_parameter_is_meant_by_any_of_its_flags(tmp_path: Path) -> None:
    source = """
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("-l", "--lr", "--learning-rate", dest="rate", type=float, default=0.1)
        parser.add_argument("--l", type=int, default=1)
        parser.parse_args()
    """
    reading = reading_of(tmp_path, source)
    names = ("rate", "lr", "learning-rate", "learning_rate", "--learning-rate", "l", "other")
    assert [reading.meant(each) for each in names] == [*["rate"] * 5, "l", "other"]


def test_mappings_are_json_in_forms_and_on_command_lines(tmp_path: Path) -> None:
    source = """
        import argparse, json
        from dataclasses import dataclass, field
        import traindeck

        @dataclass
        class Settings:
            extra: dict[str, float] = field(default_factory=dict)
            known: dict | None = field(default_factory=lambda: {"a": [1]})
            rows: list[dict] = field(default_factory=list)

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--weights", type=json.loads, default={"a": 1}, help="by class (%(default)s)")
            {}
    """
    cases = {"parser.parse_args()": ["weights"], "traindeck.params(Settings)": ["extra", "known", "rows"]}
    for last, names in cases.items():
        (tmp_path / "train.py").write_text(textwrap.dedent(source.replace("{}\n", last + "\n")))
        reading = read(tmp_path, tmp_path / "train.py")
        known = {each.name: each for each in reading.parameters}
        assert [known[name].type for name in names] == ["json"] * len(names)
        for name in names:
            for value in ({"b": [0.5, {"c": None}]}, [{"a": 1}]):
                assert value_of(known[name], text_of(known[name], value)) == value
            assert value_of(known[name], "{a: 1}") == "{a: 1}"  # which the check refuses
            for wrong in ("{a: 1}", 3, {1: 2}, {"a": float("nan")}):
                (problem,) = value_problems(reading, "", {name: wrong})
                assert 'must be JSON, such as {"a": 1}; received ' in problem.message
        given = {name: {"b": 2} for name in names}
        assert value_problems(reading, "", given) == []
        if names == ["weights"]:
            assert known["weights"].help == "by class ({'a': 1})"
            assert command_line(reading, "", given) == ["--weights", '{"b": 2}']
            assert command_line(reading, "", {"weights": {"a": 1}}) == []
        else:
            assert defaults(reading) == {"weights": {"a": 1}, "extra": {}, "known": {"a": [1]}, "rows": []}
            assert environment(reading, "", given | {"extra": {}})["TRAINDECK_PARAMS"] == (
                '{"known": {"b": 2}, "rows": {"b": 2}}'
            )


def test_a_shell_gives_several_values_as_a_form_does() -> None:
    units = Parameter("units", "int", "--units", several="spaces")
    for given, value in (("1,2, 3", [1, 2, 3]), (4, [4]), ([1], [1]), ("a", ["a"]), (None, None)):
        assert value_given(units, given) == value
    assert value_given(replace(units, several=""), "1,2") == "1,2"


def test_help_tells_the_defaults_that_were_set_before_and_afterwards(tmp_path: Path) -> None:
    source = """
        import argparse
        parser = argparse.ArgumentParser()
        parser.set_defaults(early=2, own=3)
        parser.add_argument("--early", type=int, help="%(default)s")
        parser.add_argument("--own", type=int, default=4, help="%(default)s")
        parser.add_argument("--late", type=float, default=0.1, help="%(default)s")
        parser.add_argument("--on", action="store_true", help="%(default)s")
        parser.set_defaults(late=0.5, on=True)
        if __name__ == "__main__":
            parser.parse_args()
    """
    (tmp_path / "train.py").write_text(textwrap.dedent(source))
    namespace: dict[str, Any] = {"__name__": "read"}
    exec(textwrap.dedent(source), namespace)  # noqa: S102 - the test's own
    reading = read(tmp_path, tmp_path / "train.py")
    own = vars(namespace["parser"].parse_args([]))
    assert defaults(reading) == own
    assert {each.name: each.help for each in reading.parameters} == {name: str(value) for name, value in own.items()}


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ({"train.py": "def main(): ...\nmain()", "lib.py": "x = 1"}, ["train.py"]),
        ({"train.py": "x = 1\ny = x", "b.py": "import sys", "__init__.py": "", "p/c.py": ""}, ["train.py", "b.py"]),
        ({"train.py": "import logging\nlogging.basicConfig()", "b.py": "print(1)"}, ["b.py"]),
        ({"note.txt": ""}, []),
    ],
)
def test_a_script_without_a_guard_is_one(tmp_path: Path, sources: dict[str, str], found: list[str]) -> None:
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    assert [each.name for each in entry_points(tmp_path)] == found
