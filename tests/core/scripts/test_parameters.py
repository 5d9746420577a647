"""What a script takes is read from its source, by every way in which scripts say it."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from core.scripts.parameter import Parameter, Reading
from core.scripts.read_parameters import read

SAMPLES = Path(__file__).parent / "samples"


def of(reading: Reading) -> dict[str, tuple[Any, ...]]:
    """By name: how it is spelt, its type, its default."""
    return {each.name: (each.flag, each.type, each.default) for each in reading.parameters}


def one(reading: Reading, name: str, command: str = "") -> Parameter:
    return next(each for each in reading.parameters if each.name == name and each.command in ("", command))


def reading_of(folder: Path, source: str, **modules: str) -> Reading:
    for name, text in {"train": source, **modules}.items():
        (folder / f"{name}.py").write_text(dedent(text))
    return read(folder, folder / "train.py")


def test_argparse_with_loops_constants_groups_and_a_helper_in_another_file() -> None:
    found = read(SAMPLES / "keras_argparse", SAMPLES / "keras_argparse" / "train.py")

    assert found.ways == ("argparse",)
    assert found.limits == ()
    assert of(found) == {
        "epochs": ("--epochs", "int", 2),
        "batch_size": ("--batch-size", "int", 32),
        "units": ("--units", "int", [16, 8]),
        "activation": ("--activation", "str", "relu"),
        "shuffle": ("--shuffle", "bool", True),
        "quiet": ("--quiet", "bool", False),
        "save": ("", "bool", True),
        "train_examples": ("--train-examples", "int", 64),
        "valid_examples": ("--valid-examples", "int", 64),
        "lr": ("--lr", "float", 0.01),
        "seed": ("--seed", "int", 0),
    }
    assert one(found, "activation").choices == ("relu", "tanh", "gelu")
    assert (one(found, "save").off, one(found, "shuffle").off) == ("--no-save", "--no-shuffle")
    assert one(found, "epochs").help == "passes over the data (2)"
    assert one(found, "lr").group == "optimizer"
    assert found.seed == "seed"


def test_absl_flags() -> None:
    found = read(SAMPLES / "absl_flags", SAMPLES / "absl_flags" / "train.py")

    assert of(found)["start"] == ("--start", "str", ["1", "2"])
    assert one(found, "verbose").off == "--noverbose"
    assert one(found, "schedule").choices == ("constant", "halving")
    assert one(found, "out").required
    assert not one(found, "steps").required
    assert one(found, "learning_rate").low == 0
    assert (one(found, "note").several, one(found, "start").several) == ("repeated", "commas")


def test_click_options() -> None:
    found = read(SAMPLES / "click_numpy", SAMPLES / "click_numpy" / "train.py")

    assert of(found) == {
        "lr": ("--lr", "float", 0.1),
        "epochs": ("--epochs", "int", 5),
        "penalty": ("--penalty", "str", "l2"),
        "verbose": ("--verbose", "bool", True),
        "tag": ("--tag", "str", None),
        "seed": ("--seed", "int", None),
        "out": ("", "str", "weights.npy"),
    }
    assert (one(found, "epochs").low, one(found, "epochs").high) == (1, 1000)
    assert found.description == "Fits a line between two clouds."
    assert one(found, "out").positional


def test_options_made_of_the_fields_of_a_dataclass() -> None:
    found = read(SAMPLES / "dataclass_config", SAMPLES / "dataclass_config" / "train.py")

    assert of(found)["rate"] == ("--rate", "float", 0.5)
    assert of(found)["fail_at"] == ("--fail_at", "int", -1)
    assert one(found, "rate").help == "how much is kept of each step"


CONFIG = """
    from dataclasses import dataclass, field
    from enum import Enum
    from typing import Literal, Optional

    class Precision(Enum):
        HALF = "float16"
        SINGLE = "float32"

    @dataclass
    class Optimizer:
        name: Literal["adam", "sgd"] = "adam"
        learning_rate: float = 3e-4
        betas: tuple[float, float] = (0.9, 0.999)

    @dataclass
    class Config:
        data: str
        optimizer: Optimizer = field(default_factory=Optimizer)
        layers: list[int] = field(default_factory=lambda: [64, 64], metadata={"help": "units"})
        precision: Precision = Precision.SINGLE
        resume: Optional[str] = None
        amp: bool = False
"""


def test_nested_dataclasses_given_to_tyro(tmp_path: Path) -> None:
    found = reading_of(tmp_path, "import tyro\nfrom config import Config\nprint(tyro.cli(Config))", config=CONFIG)

    assert of(found)["optimizer.learning_rate"] == ("--optimizer.learning-rate", "float", 3e-4)
    assert (one(found, "optimizer.betas").several, one(found, "optimizer.betas").count) == ("spaces", 2)
    assert of(found)["layers"] == ("--layers", "int", [64, 64])
    assert (one(found, "precision").choices, one(found, "precision").default) == (("HALF", "SINGLE"), "SINGLE")
    assert one(found, "amp").off == "--no-amp"
    assert [each.name for each in found.parameters if each.required] == ["data"]


def test_dataclasses_given_to_hugging_faces_parser_or_simple_parsing(tmp_path: Path) -> None:
    huggingface = """
        from transformers import HfArgumentParser
        from config import Config, Optimizer
        def main():
            parser = HfArgumentParser((Config, Optimizer))
            config, optimizer = parser.parse_args_into_dataclasses()
        if __name__ == "__main__":
            main()
    """
    simple = """
        from simple_parsing import ArgumentParser
        from config import Config
        parser = ArgumentParser()
        parser.add_argument("--seed", type=int, default=0)
        parser.add_arguments(Config, dest="config")
    """
    for source in (huggingface, simple):
        found = reading_of(tmp_path, source, config=CONFIG)
        assert of(found)["learning_rate"] == ("--learning_rate", "float", 3e-4)
        assert of(found)["precision"] == ("--precision", "str", "float32")
        assert one(found, "amp").takes_value
    assert found.seed == "seed"


def test_pydantic_settings_from_options_or_from_the_environment(tmp_path: Path) -> None:
    source = """
        from pydantic import BaseModel, Field
        from pydantic_settings import BaseSettings, SettingsConfigDict
        class Training(BaseModel):
            epochs: int = Field(3, ge=1, le=10, description="passes")
        class Settings(BaseSettings):
            model_config = SettingsConfigDict(OPTIONS)
            training: Training = Training()
            rate: float = 0.1
            key: str = Field(...)
        print(Settings())
    """
    found = reading_of(tmp_path, source.replace("OPTIONS", "cli_parse_args=True"))
    assert of(found)["training.epochs"] == ("--training.epochs", "int", 3)
    assert (one(found, "training.epochs").low, one(found, "training.epochs").high) == (1, 10)
    assert one(found, "key").required
    found = reading_of(tmp_path, source.replace("OPTIONS", "env_prefix='APP_', env_nested_delimiter='__'"))
    assert [each.variable for each in found.parameters] == ["APP_TRAINING__EPOCHS", "APP_RATE", "APP_KEY"]


def test_typer_with_annotations_and_several_commands(tmp_path: Path) -> None:
    source = """
        from enum import Enum
        from pathlib import Path
        from typing import Annotated, List, Optional
        import typer
        app = typer.Typer()
        class Size(str, Enum):
            small = "s"
            large = "l"
        @app.command()
        def train(
            data: Path,
            lr: Annotated[float, typer.Option("--learning-rate", "-l", help="Step size.", min=0)] = 0.1,
            size: Size = Size.small,
            layer: Annotated[Optional[List[int]], typer.Option()] = None,
            augment: bool = typer.Option(True, "--augment/--plain"),
            seed: int = 0,
        ):
            '''Trains.'''
        @app.command("test-it")
        def evaluate(run: str = typer.Argument(..., help="Which.")):
            pass
        app()
    """
    found = reading_of(tmp_path, source)

    assert found.commands == ("train", "test-it")
    assert of(found)["lr"] == ("--learning-rate", "float", 0.1)
    assert one(found, "size", "train").choices == ("s", "l")
    assert one(found, "layer", "train").several == "repeated"
    assert one(found, "augment", "train").off == "--plain"
    assert [(each.name, each.required) for each in found.of("test-it")] == [("run", True)]
    assert one(found, "data", "train").positional


def test_functions_given_to_fire(tmp_path: Path) -> None:
    found = reading_of(tmp_path, "import fire\ndef main(lr=0.1, name='a', layers=(3, 4)): pass\nfire.Fire(main)")

    assert of(found) == {
        "lr": ("--lr", "float", 0.1),
        "name": ("--name", "str", "a"),
        "layers": ("--layers", "int", [3, 4]),
    }


def test_sub_commands_of_argparse_and_groups_of_click(tmp_path: Path) -> None:
    found = reading_of(
        tmp_path,
        """
        import argparse
        def get_parser():
            base = argparse.ArgumentParser(add_help=False)
            base.add_argument("--lr", default=1e-3, type=float)
            parser = argparse.ArgumentParser()
            parser.add_argument("--verbose", action="count", default=0)
            commands = parser.add_subparsers(dest="command")
            for name in ["fit", "test"]:
                sub = commands.add_parser(name, parents=[base])
                sub.add_argument("path")
            return parser
        get_parser().parse_args()
        """,
    )
    assert found.commands == ("fit", "test")
    assert [each.name for each in found.of("fit")] == ["verbose", "path"]

    found = reading_of(
        tmp_path,
        """
        import click
        def common(function):
            for option in [click.option("--lr", default=0.1), click.option("--seed", default=1)]:
                function = option(function)
            return function
        @click.group()
        @click.option("--debug", is_flag=True)
        def cli(debug): pass
        @cli.command()
        @common
        @click.argument("files", nargs=-1)
        def fit(lr, seed, files): pass
        @cli.command("test-it")
        def test(): pass
        cli()
        """,
    )
    assert found.commands == ("fit", "test-it")
    assert {each.name for each in found.of("fit")} == {"debug", "lr", "seed", "files"}
    assert not one(found, "files", "fit").required


def test_what_only_running_would_tell_is_said_and_not_guessed(tmp_path: Path) -> None:
    found = reading_of(
        tmp_path,
        """
        import argparse, os, torch
        class Options:
            def __init__(self):
                self.parser = argparse.ArgumentParser()
                self.extend()
            def extend(self):
                self.parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
                self.parser.add_argument("--workers", type=int, default=os.cpu_count())
                self.parser.add_argument("--home", default=os.environ.get("HOME_OF_DATA", os.path.join("a", "b")))
                self.parser.add_argument("--model", choices=torch.models())
                self.parser.add_argument("--flag", type=bool, default=False)
                self.parser.add_argument("--old", type=lambda text: text == "yes", default=argparse.SUPPRESS)
                for name in torch.names():
                    self.parser.add_argument("--" + name)
        args = Options().parser.parse_args()
        """,
    )
    assert one(found, "device").default_text == "'cuda' if torch.cuda.is_available() else 'cpu'"
    assert one(found, "workers").default_text == "os.cpu_count()"
    assert one(found, "home").default == "a/b"
    assert (one(found, "old").default, one(found, "old").default_text) == (None, "")
    assert len(found.limits) == 2
    assert "only running would tell" in found.limits[-1]


@pytest.mark.parametrize(
    "source",
    [
        "x = 'a' * 10**12\nwhile True: x = x + x",
        "def f(n): return f(n - 1) + f(n - 2)\nf(100)",
        "l = [0]\nfor a in range(9**9): l = l * 9999",
        "for a in range(999):\n for b in range(999):\n  for c in range(999): pass",
        "f'{1:>999999999999}'; '%999999999d' % 1; '{:>99999999}'.format(1); 9 ** 9 ** 9",
        "(" * 300 + ")" * 300,
        "import train\nfrom . import train\nimport nothing.at.all",
        "not python at all",
        "[" * 5000,
    ],
)
def test_no_source_takes_long_or_breaks_the_reader(tmp_path: Path, source: str) -> None:
    assert reading_of(tmp_path, source).parameters == ()
