"""What a run of a script is to do."""

from typing import Any

from pydantic import Field, ValidationError

from core.common.config_model import Config
from core.common.errors import Problem
from core.config.check import validation_problems
from core.config.edit import Raw
from core.config.resources import Resources


class Project(Config):
    """Project"""

    folder: str = Field("", max_length=4000, title="Folder", description="Whole path of the folder with the code.")
    snapshot: str = Field(
        "",
        pattern=r"^([0-9a-f]{64})?$",
        title="Snapshot",
        description="The code as it was kept; empty takes the folder as it is when the run is launched.",
    )
    address: str = Field("", max_length=4000, title="Git address", description="Where the code was fetched from.")
    revision: str = Field("", max_length=200, title="Revision", description="Branch, tag or commit; empty: its own.")


class Limits(Config):
    """Limits"""

    stop_seconds: float = Field(
        10.0,
        ge=0,
        le=86_400,
        title="Seconds to stop in",
        description="A script that is asked to stop (SIGTERM) and has not ended after so many seconds is killed. One "
        "that looks at traindeck's should_stop has as long before it gets SIGTERM.",
    )
    memory_gb: float | None = Field(
        None, gt=0, le=1e6, title="Memory in GB", description="Of all its processes together; past it they are ended."
    )
    hours: float | None = Field(
        None, gt=0, le=1e6, title="Hours", description="After so long the script is asked to stop, and the run failed."
    )


class ScriptSpec(Config):
    """Script"""

    project: Project = Field(Project(), title="Project", description="Where the code is.")
    entry: str = Field(
        min_length=1,
        max_length=1000,
        title="Entry point",
        description="A file of the project, `-m package`, or `package.module:function`.",
    )
    command: str = Field("", max_length=200, title="Command", description="The sub-command, of a script that has any.")
    arguments: dict[str, Any] = Field({}, title="Parameters", description="Values of the script's own parameters.")
    config_file: str = Field(
        "",
        max_length=1000,
        title="Config file",
        description="A YAML or JSON file of the project, which the script reads.",
    )
    config: dict[str, Any] = Field(
        {}, title="Values of the config file", description="By path: the script finds them in its place."
    )
    extra: tuple[str, ...] = Field(
        (), max_length=1000, title="More arguments", description="Given to the script as they are, after all others."
    )
    environment: dict[str, str] = Field({}, title="Environment", description="Variables that the script gets.")
    interpreter: str = Field(
        "",
        max_length=4000,
        title="Python",
        description="Whole path of a Python or virtual environment; empty takes Traindeck's, with TensorFlow imported.",
    )
    requirements: str = Field(
        "",
        max_length=1000,
        title="Requirements",
        description="A file of the project, such as requirements.txt: its packages are installed once, and kept.",
    )
    links: tuple[str, ...] = Field(
        (),
        max_length=100,
        title="Folders beside the code",
        description="Paths in the project that the script reads and the snapshot leaves out, such as data.",
    )
    limits: Limits = Field(Limits(), title="Limits", description="What it may take.")
    resources: Resources = Field(Resources(), title="Resources", description="Where it runs.")


def read_spec(raw: Raw) -> tuple[ScriptSpec | None, list[Problem]]:
    """The spec, None when this version cannot read it, and why not; knows nothing of any host."""
    try:
        spec = ScriptSpec.model_validate(raw)
    except ValidationError as error:
        return None, validation_problems(error, ScriptSpec)
    return spec, [*_environment_problems(spec), *_path_problems(spec)]


def _environment_problems(spec: ScriptSpec) -> list[Problem]:
    wrong = [name for name, value in spec.environment.items() if not name or "=" in name or "\0" in name + value]
    told = "is no name of a variable, or has a value with the character NUL"
    found = [Problem(f"environment.{name}", told) for name in wrong]
    return found + [Problem("extra", "must not contain the character NUL") for each in spec.extra if "\0" in each]


def _path_problems(spec: ScriptSpec) -> list[Problem]:
    named = [("links", each) for each in spec.links]
    named += [(name, value) for name in ("config_file", "requirements") if (value := getattr(spec, name))]
    outside = [(name, each) for name, each in named if _leads_out(each)]
    return [Problem(name, f"{each!r} must be a path within the project") for name, each in outside]


def _leads_out(path: str) -> bool:
    return path.startswith(("/", "~")) or ".." in path.split("/") or not path or "\0" in path
