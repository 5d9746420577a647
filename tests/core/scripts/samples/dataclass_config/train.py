"""A config that is a dataclass, whose fields become options of argparse."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path


@dataclass(frozen=True)
class Config:
    rate: float = field(default=0.5, metadata={"help": "how much is kept of each step"})
    steps: int = 4
    name: str = "walk"
    fail_at: int = -1


def parse() -> Config:
    parser = argparse.ArgumentParser()
    kinds = {"float": float, "int": int, "str": str}
    for each in fields(Config):
        parser.add_argument(
            f"--{each.name}", type=kinds[each.type], default=each.default, help=each.metadata.get("help")
        )
    return Config(**vars(parser.parse_args()))


def main() -> None:
    config = parse()
    value = 1.0
    for step in range(config.steps):
        if step == config.fail_at:
            raise ValueError(f"step {step} was to fail")
        value *= config.rate
        sys.stdout.write(f"\rstep {step + 1} of {config.steps}")
    print(f"\n\x1b[32m{config.name}\x1b[0m ends at {value}")
    Path("result.txt").write_text(str(value))


if __name__ == "__main__":
    main()
