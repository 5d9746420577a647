"""Running a script within this very process, as `python script.py` would: a child that was forked for nothing else."""

import importlib
import os
import random
import runpy
import signal
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from core.common.settings import PROJECT_ROOT
from core.system import own_end
from core.system.process import set_title

_OURS = ("core", "db", "pages", "app", "tests", "benchmarks")  # a script may have packages of these names


def run_here(
    what: Mapping[str, str], arguments: Sequence[str], environment: Mapping[str, str], paths: Sequence[str], title: str
) -> NoReturn:
    """Run it to its end, and end this process with its exit code.

    Args:
        what: "script", a file; or "module", and perhaps "function".
    """
    set_title(title)
    ours = _become_plain(environment, paths)
    _draw_anew()
    code = 0
    try:
        if what["script"]:
            sys.argv = [what["script"], *arguments]
            sys.path.insert(0, str(Path(what["script"]).parent))
            _run_file(Path(what["script"]))
        elif what["function"]:
            sys.argv = [what["function"], *arguments]
            raise SystemExit(getattr(importlib.import_module(what["module"]), what["function"])())
        else:
            sys.argv = [what["module"], *arguments]
            sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as Python does
            runpy.run_module(what["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = _code(ended.code)
    except KeyboardInterrupt as interrupt:
        _tell(interrupt)
        code = 130
    except BaseException as error:  # noqa: BLE001 - as the interpreter itself does
        _tell(error)
        code = 1
    del ours  # kept until here: what the script imports in their place shall not end them
    own_end.end(code)


def _become_plain(environment: Mapping[str, str], paths: Sequence[str]) -> list[types.ModuleType]:
    """Variables, streams, signals and paths as a new interpreter has them; returns our own modules, put aside."""
    os.environ.clear()
    os.environ.update(environment)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = os.fdopen(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = os.fdopen(0, closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    names = [name for name in sys.modules if name.partition(".")[0] in _OURS]
    ours = [sys.modules.pop(name) for name in names]
    own = {"", str(PROJECT_ROOT), str(Path.cwd())}
    sys.path[:] = [*(path for path in sys.path if path not in own), *paths]
    importlib.invalidate_caches()
    return ours


def _draw_anew() -> None:
    """Every script would draw the numbers that the process it was forked from was about to draw."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _run_file(script: Path) -> None:
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=str(script), __builtins__=sys.modules["builtins"], __cached__=None)
    sys.modules["__main__"] = main
    exec(compile(script.read_bytes(), str(script), "exec"), main.__dict__)  # noqa: S102 - what this is for


def _tell(error: BaseException) -> None:
    """Its traceback from the script's own first line on, by the script's own way of telling."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename in (
        __file__,
        runpy.__file__,
        "<frozen runpy>",
    ):
        traceback = traceback.tb_next
    sys.excepthook(type(error), error.with_traceback(traceback), traceback)


def _code(given: Any) -> int:
    if given is None:
        return 0
    if isinstance(given, int):
        return given & 0xFF
    sys.stderr.write(f"{given}\n")
    return 1
