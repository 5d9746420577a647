"""What is another way in processes of tests, done as the module is imported that does it; see tests.calm."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_SECONDS = 0.1
_EPOCHS = 1_000_000  # as ENDLESS of tests.host says


def _rest(module: Any) -> None:
    """Trainings without an end rest after each call of their engine; tests wait for checkpoints of theirs."""
    module.SAVE_SECONDS = 2.0
    call = module.Loop._call

    def calm(self: Any, *arguments: Any) -> Any:
        values = call(self, *arguments)
        training = self._config.training
        if training.epochs == _EPOCHS and not training.record_steps:
            time.sleep(_SECONDS)
        return values

    module.Loop._call = calm


def _import_scripts_only(module: Any) -> None:
    """The standby is ready without TensorFlow, for runs of scripts, and jobs that need none."""
    module.import_libraries = partial(import_module, "core.script_runs.script_run")


def _have_idle_cores(module: Any) -> None:
    """A spare is made on a host that is at work, too."""
    module.IDLE_CORES = float("-inf")


def _warm_up_nothing(module: Any) -> None:
    _have_idle_cores(module)
    module.Spare._warm_up = lambda _: None


def _give_scripts_to_spares(module: Any) -> None:
    module.KINDS["script"] = replace(module.SCRIPT, spare=lambda _: True)


_CHANGES: dict[str, Callable[[Any], None]] = {"core.training.loop": _rest}
if "TESTS_WITHOUT_TENSORFLOW" in os.environ:
    _CHANGES["core.workers.warm_up"] = _import_scripts_only
match os.environ.get("TESTS_SPARES"):
    case "always":
        _CHANGES["core.launch.local.spare"] = _have_idle_cores
    case "of scripts":
        _CHANGES["core.launch.local.spare"] = _warm_up_nothing
        _CHANGES["core.runs.kinds"] = _give_scripts_to_spares


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        change = _CHANGES.get(name)
        spec = PathFinder.find_spec(name, path, target) if change is not None else None
        if change is None or spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def loaded(module: ModuleType) -> None:
            load(module)
            change(module)

        setattr(spec.loader, "exec_module", loaded)  # noqa: B010
        return spec


sys.meta_path.insert(0, _Finder())
