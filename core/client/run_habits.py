"""What people are used to from W&B and MLflow, on a run of ours."""

import glob
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .artifact_object import Artifact
from .harmless import harmless
from .notices import tell
from .shown_values import Showing
from .spooled_files import copied, files_to_log, saved, sources_below
from .told_values import clean, label, prose, single, words

_ENDS = re.compile(r"\.[A-Za-z][^./\\]*$")
# Calls of W&B's and MLflow's that a script goes on without, each with what there is instead.
_LEFT = {
    "link_artifact": "a version of a model is made on the run's page, or by python -m core models register",
    "link_model": "a version of a model is made on the run's page, or by python -m core models register",
    "log_input": "data sets are noted by MLflow's own client; log_param keeps a name",
    "log_inputs": "data sets are noted by MLflow's own client; log_param keeps a name",
    "mark_preempting": "a script that was ended is launched again from its page",
    "restore": "files of other runs are downloaded from their pages, or at /api/v1/runs/NUMBER/artifacts/PATH",
    "set_experiment_tag": "tags of experiments are set by MLflow's own client",
    "set_experiment_tags": "tags of experiments are set by MLflow's own client",
    "unwatch": "nothing is watched",
}


class Habits(Showing):
    """Beside `log`: media by name and step, files, tags, and the calls of MLflow's and W&B's clients.

    What cannot be logged is told on stderr and left out: a training does not end for it.
    """

    uid: str
    experiment: str

    def _begin_habits(self, labels: Mapping[str, Any]) -> None:
        self._begin_showing()
        self._labels = {name: labels[name] for name in ("name", "notes")}
        self._tags = tuple(labels["tags"])
        self._checkpoint: str | None = None  # the key of the best network's file
        self._own_steps: dict[str, int] = {}  # of metrics that are logged one by one without a step
        self._steps_of: dict[str, str] = {}  # by pattern of metrics, the metric that is their step
        self._last_steps: dict[str, Any] = {}  # of such metrics

    def log(self, values: Any = None, step: int | None = None) -> None:
        raise NotImplementedError

    def log_params(self, values: Any) -> None:
        raise NotImplementedError

    def finish(self, state: str | int = "finished") -> None:
        raise NotImplementedError

    def _log_at(self, given: Iterable[tuple[str, Any]], at: int) -> None:
        raise NotImplementedError

    @harmless
    def log_artifact(self, path: str | Path | Artifact, name: str | None = None, **others: Any) -> Any:
        """A file, a folder with all that is in it, or an `Artifact`, as it is now; to download from the run's page.

        A name without an ending, and MLflow's `artifact_path`, is the folder that a file is put into. Returns what it
        was given, as W&B does.
        """
        if others.get("aliases"):
            self._out.warn("aliases", "artifacts of runs have no aliases here; versions of models have")
        if isinstance(path, Artifact):
            for file, inside in path.entries:
                self._keep_files(file, f"{path.name}/{inside}")
            return path
        within = others.get("artifact_path") or (name if name and not _ENDS.search(str(name)) else "")
        if within and Path(path).expanduser().is_file():
            name = f"{within}/{Path(path).name}"
        self._keep_files(path, name or within or None)
        return path

    def _keep_files(self, path: Any, name: str | None) -> None:
        if self._ended:
            self._out.late()
            return
        try:
            for file, inside in files_to_log(path, name):
                self._out.add(["artifact", clean(inside), copied(self._out.files, file)], names_file=True)
        except (OSError, ValueError, TypeError) as error:
            tell(f"the artifact {str(name or path)[:100]!r} is not logged: {error}")

    @harmless
    def log_model(self, path: str | Path, name: str | None = None, **_options: Any) -> None:
        """W&B's: a network's file or folder, among the run's files."""
        self.log_artifact(path, name)

    @harmless
    def use_artifact(self, artifact_or_name: Any, type: str | None = None, **_options: Any) -> Artifact:
        """W&B's: one that this script made is there; another's files are not fetched, as its `download` says."""
        if isinstance(artifact_or_name, Artifact):
            self.log_artifact(artifact_or_name)
            return artifact_or_name
        return Artifact(str(artifact_or_name), type or "")

    @harmless
    def log_dict(self, dictionary: Any, artifact_file: Any) -> None:
        """MLflow's: a mapping or list as a file of JSON, which YAML is, too; the file's name may come first."""
        if isinstance(dictionary, str) and not isinstance(artifact_file, str):
            dictionary, artifact_file = artifact_file, dictionary
        with tempfile.TemporaryDirectory(prefix="traindeck-") as folder:
            file = Path(folder, "told.json")
            file.write_text(json.dumps(dictionary, indent=2, default=str), encoding="utf-8")
            self._keep_files(file, str(artifact_file))

    @harmless
    def log_code(self, root: str | Path = ".", name: str | None = None, **options: Any) -> None:
        """W&B's: the files of Python below a folder, as `code/…`; virtual environments and hidden folders are left out.

        Of a script that Traindeck launched, the code is kept already.
        """
        if self._out.launched:
            return
        included = options.get("include_fn") or (lambda file: str(file).endswith(".py"))
        excluded = options.get("exclude_fn") or (lambda _file: False)
        for file in sources_below(Path(root)):
            if included(str(file)) and not excluded(str(file)):
                self._keep_files(file, f"{name or 'code'}/{file.relative_to(root).as_posix()}")

    @harmless
    def log_artifacts(self, local_dir: str | Path, artifact_path: str | None = None) -> None:
        """MLflow's: what is in a folder, below another name, or below none."""
        self._keep_files(local_dir, artifact_path or ".")

    @harmless
    def save(self, glob_str: str | Path, base_path: str | Path | None = None, **_options: Any) -> None:
        """W&B's: files by a pattern, called as they are below `base_path`, or by their names alone."""
        pattern = str(Path(glob_str).expanduser())
        found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not found:
            self._out.warn(f"save {pattern}", f"there is no file {pattern[:200]!r}, and none is kept")
        for path in map(Path, found):
            if path.is_file():
                self._keep_files(path, os.path.relpath(path, base_path) if base_path else path.name)

    @harmless
    def keep_checkpoint(self, save: Callable[[Path], object], told: Mapping[str, Any]) -> None:
        """A Keras network, in place of the one before; `save` writes it to the path that it is given."""
        if self._ended:
            self._out.late()
            return
        try:
            content = saved(self._out.files, save)
        except Exception as error:  # noqa: BLE001 - whatever Keras raises: a training does not end for it
            self._out.warn("checkpoint", f"the best network cannot be kept: {error}")
            return
        self._out.add(["checkpoint", content, dict(told)], names_file=True)
        if self._checkpoint is not None:  # of no use any more, unless it was sent already
            (self._out.files / self._checkpoint).unlink(missing_ok=True)
        self._checkpoint = str(content["file"])

    @harmless
    def log_metric(self, key: str, value: Any, step: int | None = None) -> None:
        """Without a step, those of each metric count up from 0."""
        at = self._own_steps.get(key, 0) if step is None else int(step)
        self._own_steps[key] = at + 1
        self.log({key: value}, at)

    @harmless
    def log_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        self.log(metrics, step)

    @harmless
    def define_metric(self, name: str, step_metric: str | None = None, **_options: Any) -> None:
        """W&B's: the metrics of this name or pattern ("val/*") stand at the value of another one as their step.

        What it says of summaries needs no saying: last, best, least and greatest of every metric are kept.
        """
        if step_metric is not None:
            self._steps_of[str(name)] = str(step_metric)

    def _logged_at_other_steps(self, values: dict[str, Any]) -> dict[str, Any]:
        """Log those that have a step of their own by now; returns the others."""
        self._last_steps |= {step: values[step] for step in self._steps_of.values() if step in values}
        own: dict[int, dict[str, Any]] = {}
        for name in list(values):
            by = next((step for pattern, step in self._steps_of.items() if fnmatchcase(name, pattern)), name)
            if by != name and _is_whole(at := self._last_steps.get(by)):
                own.setdefault(int(single(at)), {})[name] = values.pop(name)
        for at, each in own.items():
            self._log_at(each.items(), at)
        return values

    @harmless
    def log_param(self, key: str, value: Any) -> Any:
        self.log_params({key: value})
        return value

    @harmless
    def set_tag(self, key: str, value: Any) -> None:
        self._out.add(["keyed_tags", {clean(key): clean(value)}])

    @harmless
    def set_tags(self, tags: Mapping[str, Any]) -> None:
        self._out.add(["keyed_tags", {clean(key): clean(value) for key, value in tags.items()}])

    @property
    def name(self) -> str:
        """May be set, as `notes` may; what it has on its page then."""
        return str(self._labels["name"])

    @name.setter
    def name(self, name: Any) -> None:
        if label(name):
            self._relabel("name", label(name))
        else:
            self._out.warn("name", f"a run's name is not blank; received {name!r:.60}, and it stays {self.name!r}")

    @property
    def notes(self) -> str:
        return str(self._labels["notes"])

    @notes.setter
    def notes(self, notes: Any) -> None:
        self._relabel("notes", prose("" if notes is None else notes))

    def _relabel(self, which: str, text: str) -> None:
        if self._ended:
            self._out.late()
            return
        self._labels[which] = text
        self._out.add(["labels", {which: text}])

    @property
    def tags(self) -> tuple[str, ...]:
        """Those that the script gave; more may be added, `run.tags += ("best",)`."""
        return self._tags

    @tags.setter
    def tags(self, tags: Any) -> None:
        new = words(tags)
        if lost := [tag for tag in self._tags if tag not in new]:
            self._out.warn("tags", f"tags are taken away on the run's page; {', '.join(lost)} stays")
        self.add_tags([tag for tag in new if tag not in self._tags])

    @harmless
    def add_tags(self, tags: Iterable[str]) -> None:
        """Words to find it by, beside those that it has."""
        if found := words(tags):
            self._tags = (*self._tags, *found)
            self._out.add(["tags", found])

    @property
    def project(self) -> str:
        """W&B's word for the experiment."""
        return self.experiment

    @property
    def info(self) -> SimpleNamespace:
        """What MLflow's runs say of themselves."""
        return SimpleNamespace(run_id=self.uid, run_uuid=self.uid, run_name=self.name, experiment_id=self.experiment)

    def watch(self, *_models: Any, **_options: Any) -> None:
        """Gradients are not followed; a script that has W&B's call goes on."""
        tell("watch() follows no gradients here; log_histogram shows those that you give it")

    @harmless
    def alert(self, title: str, text: str = "", **_options: Any) -> None:
        self.log_text("alerts", f"{title}\n{text}".strip())


def _left(name: str, instead: str) -> Callable[..., None]:
    def call(self: Habits, *_args: Any, **_options: Any) -> None:
        self._out.warn(f"left {name}", f"{name}() did nothing: {instead}")

    call.__name__, call.__doc__ = name, f"Does nothing: {instead}."
    return call


for _name, _instead in _LEFT.items():
    setattr(Habits, _name, _left(_name, _instead))


def _is_whole(value: Any) -> bool:
    try:
        return not isinstance(value, str) and single(value).is_integer()
    except (TypeError, ValueError, OverflowError):
        return False
