"""Names of models and aliases, and how people write a version: digits@3, digits@champion."""

import re

from core.common.errors import NotFoundError, TraindeckError
from core.common.text import quoted, suggestion
from core.runs.labels import notes_problems
from db.registry_records import ModelRecord, VersionRecord

CHAMPION, CHALLENGER = "champion", "challenger"
# They stand in addresses, and behind an @.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class ModelError(TraindeckError):
    """A model cannot be made, or changed, as it was asked."""


def slug(text: str) -> str:
    """A name that is accepted, made from any text; "model" where nothing of it can stay."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")[:64].rstrip("-_") or "model"


def check_name(name: str, what: str = "a model") -> None:
    """Of a model, or of an alias. Raises ModelError."""
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"{quoted(name)} cannot be the name of {what}; accepted are 1 to 64 lower-case letters a to z, digits, - "
            f"and _, beginning with a letter or digit, such as {slug(name)}."
        )


def check_alias(alias: str) -> None:
    """Raises ModelError."""
    check_name(alias, "an alias")
    if alias.isdecimal():
        raise ModelError(f"{quoted(alias)} would be read as a version's number. Take a name with a letter in it.")


def check_text(text: str, what: str) -> None:
    """A note, a description, a card. Raises ModelError."""
    if problems := notes_problems(text):
        raise ModelError(f"The {what} {problems[0].message}.")


def split(reference: str) -> tuple[str, str]:
    """Model, and version or alias, "" where none is named. Raises ModelError for an @ with nothing behind it."""
    name, at, version = reference.partition("@")
    if at and not version:
        raise ModelError(f"{quoted(reference)} names no version. Write digits@3 or digits@champion, or digits alone.")
    return name, version


def named(model: ModelRecord, version: str) -> VersionRecord:
    """By number or alias; "" means the champion, or the newest where there is none. Raises NotFoundError."""
    if not model.versions:
        raise NotFoundError(f"All versions of {model.name} were deleted. Register one from a run.")
    if not version:
        assert model.leading is not None
        return model.leading
    if version.isdecimal():
        found = next((each for each in model.versions if str(each.number) == version), None)
    else:
        found = model.aliases.get(version)
    if found is None:
        numbers = ", ".join(str(each.number) for each in reversed(model.versions))
        aliases = f" and the aliases {', '.join(model.aliases)}" if model.aliases else " and no alias yet"
        hint = suggestion(version, model.aliases)
        raise NotFoundError(
            f"Model {model.name} has no version {quoted(version)}{hint}. It has the versions {numbers}{aliases}."
        )
    return found
