"""The folder that a script runs in: its code as the snapshot has it, and beside that whatever it writes."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.common.settings import Settings
from core.runs.records import RunRecord
from core.script_runs.script_process import Order
from core.script_runs.written_metrics import lines_file, package_folder
from core.scripts import code_store, going_on
from core.scripts.check_script import Script
from core.scripts.command_line import command_line, environment
from core.scripts.config_files import filled
from core.scripts.entry_points import package
from core.scripts.projects import interpreter_file
from core.scripts.spec import ScriptSpec

_OF_OURS = ("TF_XLA_FLAGS", "SPT_NOENV", "PYTHONHOME", "TF_CPP_MIN_LOG_LEVEL")  # set for our own TensorFlow
_MOST_FILES = 1000  # that a run is said to have left


def unpack(settings: Settings, spec: ScriptSpec, folder: Path, goes_on: bool = False) -> set[str]:
    """Make the folder, or with `goes_on` leave there what an earlier attempt left; returns the paths of what is code.

    Raises:
        NotFoundError, ConfigError, OSError
    """
    if not goes_on:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    found = code_store.snapshot(settings, spec.project.snapshot)
    code_store.unpack(settings, found, folder)
    if spec.config_file:
        (folder / spec.config_file).write_bytes(filled(folder, spec.config_file, spec.config))
    for each in spec.links:
        target = folder / each
        if not (target.exists() or target.is_symlink()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(Path(spec.project.folder).expanduser() / each)
    return set(found.files)


def told_to_go_on(spec: ScriptSpec, script: Script, variables: Mapping[str, str]) -> tuple[ScriptSpec, dict[str, str]]:
    """The same for a script that is to go on where it was left, see core.scripts.going_on."""
    switch = going_on.switch(script)
    arguments = spec.arguments | ({switch.name: True} if switch else {})
    return spec.model_copy(update={"arguments": arguments}), {**variables, going_on.VARIABLE: "1"}


def left_behind(folder: Path, code: set[str]) -> Iterator[Path]:
    """Files that the script wrote, but not the code itself, caches, and what a link leads to."""
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each != "__pycache__" and not Path(place, each).is_symlink())
        for name in sorted(files):
            path = Path(place, name)
            if path.relative_to(folder).as_posix() in code or path.is_symlink() or not path.is_file():
                continue
            yield path
            count += 1
            if count >= _MOST_FILES:
                return


def order_of(
    settings: Settings, spec: ScriptSpec, script: Script, run: RunRecord, folder: Path, variables: Mapping[str, str]
) -> Order:
    """What the script's process is told; `variables` are more of its environment."""
    arguments = [*command_line(script.reading, spec.command, spec.arguments), *spec.extra]
    python = str(interpreter_file(spec.interpreter)) if spec.interpreter else ""
    sources = [str(each) for each in (folder / "src", folder) if each.is_dir()] + [str(package_folder(folder.parent))]
    module = package(script.entry)
    own = {} if "MLFLOW_TRACKING_URI" in spec.environment else dict(variables)  # who names a server logs there
    return Order(
        str(folder),
        arguments,
        script="" if module else str(folder / script.entry.file),
        module=module.removesuffix(".__main__"),
        function=spec.entry.partition(":")[2] if not spec.entry.startswith("-m ") else "",
        interpreter=python,
        environment=_environment(settings, spec, script, run, folder, python, sources) | own | spec.environment,
        paths=sources,
        title=f"script {run.id}",
    )


def _environment(
    settings: Settings, spec: ScriptSpec, script: Script, run: RunRecord, folder: Path, python: str, sources: list[str]
) -> dict[str, str]:
    given = dict(os.environ)
    binaries = Path(python or sys.executable).parent
    given |= settings.environment() | {
        "TRAINDECK_RUN": run.uid,
        "TRAINDECK_RUN_NUMBER": str(run.id),
        "TRAINDECK_RUN_FOLDER": str(folder),
        "TRAINDECK_REPORT_TO": str(lines_file(folder.parent)),
        "PATH": f"{binaries}{os.pathsep}{given.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    if python:
        given = {name: value for name, value in given.items() if name not in _OF_OURS}
        given["PYTHONPATH"] = os.pathsep.join(filter(None, [*sources, given.get("PYTHONPATH", "")]))
        if (binaries.parent / "pyvenv.cfg").exists():
            given["VIRTUAL_ENV"] = str(binaries.parent)
    given.pop("TRAINDECK_DB_URL", None)  # it may hold a password, and a script needs none of the store
    return given | environment(script.reading, spec.command, spec.arguments)
