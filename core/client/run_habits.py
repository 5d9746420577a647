"""What people are used to from W&B and MLflow, on a run of ours."""

import glob
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .artifact_object import Artifact
from .harmless import harmless
from .media_objects import Audio, Figure, Histogram, Image, Media, Table, Text
from .notices import tell
from .outlet import Outlet
from .spooled_files import copied, files_to_log, kept, saved, sources_below
from .told_values import Quoted, clean, single


class Habits:
    """Beside `log`: media by name and step, files, tags, and the calls of MLflow's and W&B's clients.

    What cannot be logged is told on stderr and left out: a training does not end for it.
    """

    step: int
    uid: str
    name: str
    experiment: str
    _out: Outlet
    _ended: bool
    _quoted: Quoted

    def _begin_habits(self) -> None:
        self._checkpoint: str | None = None  # the key of the best network's file
        self._own_steps: dict[str, int] = {}  # of metrics that are logged one by one without a step
        self._shown: dict[tuple[str, str], tuple[int, int]] = {}  # by kind and name, the last step and how many
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
    def _show(self, name: Any, make: Any, value: Any, step: int | None, **how: Any) -> None:
        if self._ended:
            self._out.late()
            return
        if isinstance(value, str) and not isinstance(name, str | int):  # the picture first, as MLflow has it
            name, value = value, name
        try:
            self._keep_media(str(name), made(make, value, how), self.step if step is None else int(step))
        except Exception as error:  # noqa: BLE001 - whatever a library raises: a training does not end for a picture
            self._out.warn(f"{make.kind} {name}", f"the {make.kind} {str(name)[:100]!r} is not logged: {error}")

    def _keep_media(self, name: str, media: list[Media], step: int) -> None:
        """Raises ValueError."""
        if not self._quoted[name]:
            raise ValueError("has a name that is blank or longer than 250 characters")
        for item in media:
            last, count = self._shown.get((item.kind, name), (step, 0))
            number = count if last == step else 0
            self._shown[item.kind, name] = (step, number + 1)
            try:
                content = kept(self._out.files, item.data)
            except OSError as error:
                tell(f"the {item.kind} {name!r} cannot be kept: {error}")
                return
            about = [item.kind, clean(name), number, item.suffix, clean(item.caption)[:1000], content]
            self._out.add(["media", step, time.time(), *about], names_file="file" in content)
        self.step = max(self.step, step)

    @harmless
    def log_image(self, name: str, image: Any, step: int | None = None, caption: str = "") -> None:
        """A picture, or a list of them: see `Image`. Without a step, at the last one that was logged."""
        self._show(name, Image, image, step, caption=caption)

    @harmless
    def log_text(self, name: str, text: Any, step: int | None = None, *, markdown: bool = False) -> None:
        """A text, as it is or Markdown."""
        self._show(name, Text, text, step, markdown=markdown)

    @harmless
    def log_table(self, name: str, table: Any, step: int | None = None, columns: Any = None) -> None:
        """A frame of pandas or polars, a list of mappings, a mapping of columns, or lists with `columns`."""
        self._show(name, Table, table, step, columns=columns)

    @harmless
    def log_figure(self, name: str, figure: Any, step: int | None = None, caption: str = "") -> None:
        """A figure of Plotly or matplotlib."""
        self._show(name, Figure, figure, step, caption=caption)

    @harmless
    def log_histogram(self, name: str, values: Any, step: int | None = None, num_bins: int = 64) -> None:
        """How the numbers of an array, a tensor or a list are distributed."""
        self._show(name, Histogram, values, step, num_bins=num_bins)

    @harmless
    def log_audio(self, name: str, audio: Any, step: int | None = None, sample_rate: int | None = None) -> None:
        """A sound: an array with its sample rate in Hz, or a file."""
        self._show(name, Audio, audio, step, sample_rate=sample_rate)

    @harmless
    def log_artifact(self, path: str | Path | Artifact, name: str | None = None, **others: Any) -> Any:
        """A file, a folder with all that is in it, or an `Artifact`, as it is now; to download from the run's page.

        Returns what it was given, as W&B does.
        """
        if self._ended:
            self._out.late()
            return path
        if others.get("aliases"):
            self._out.warn("aliases", "artifacts of runs have no aliases here; versions of models have")
        entries: list[tuple[Any, str | None]] = [(path, name)]
        if isinstance(path, Artifact):
            entries = [(file, f"{path.name}/{inside}") for file, inside in path.entries]
        for source, called in entries:
            try:
                for file, inside in files_to_log(source, called):
                    self._out.add(["artifact", clean(inside), copied(self._out.files, file)], names_file=True)
            except (OSError, ValueError, TypeError) as error:
                tell(f"the artifact {str(called or source)[:100]!r} is not logged: {error}")
        return path

    @harmless
    def log_dict(self, dictionary: Any, artifact_file: str) -> None:
        """MLflow's: a mapping or list as a file of JSON, which YAML is, too."""
        with tempfile.TemporaryDirectory(prefix="traindeck-") as folder:
            file = Path(folder, "told.json")
            file.write_text(json.dumps(dictionary, indent=2, default=str), encoding="utf-8")
            self.log_artifact(file, str(artifact_file))

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
                self.log_artifact(file, f"{name or 'code'}/{file.relative_to(root).as_posix()}")

    @harmless
    def log_artifacts(self, local_dir: str | Path, artifact_path: str | None = None) -> None:
        self.log_artifact(local_dir, artifact_path)

    @harmless
    def save(self, glob_str: str | Path, base_path: str | Path | None = None, **_options: Any) -> None:
        """W&B's: files by a pattern, called as they are below `base_path`, or by their names alone."""
        pattern = str(Path(glob_str).expanduser())
        found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not found:
            self._out.warn(f"save {pattern}", f"there is no file {pattern[:200]!r}, and none is kept")
        for path in map(Path, found):
            if path.is_file():
                self.log_artifact(path, os.path.relpath(path, base_path) if base_path else path.name)

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
    def info(self) -> SimpleNamespace:
        """What MLflow's runs say of themselves."""
        return SimpleNamespace(run_id=self.uid, run_uuid=self.uid, run_name=self.name, experiment_id=self.experiment)

    def watch(self, *_models: Any, **_options: Any) -> None:
        """Gradients are not followed; a script that has W&B's call goes on."""
        tell("watch() follows no gradients here; log_histogram shows those that you give it")

    @harmless
    def alert(self, title: str, text: str = "", **_options: Any) -> None:
        self.log_text("alerts", f"{title}\n{text}".strip())


def _is_whole(value: Any) -> bool:
    try:
        return not isinstance(value, str) and single(value).is_integer()
    except (TypeError, ValueError, OverflowError):
        return False


def pictures_in(value: Any) -> list[Media]:
    """What of a value to be logged is to be looked at: itself, or all in a list. Raises ValueError: it cannot be."""
    if isinstance(value, Media):
        return [value.encoded() if isinstance(value, Table) else value]
    if isinstance(value, list | tuple) and value and all(isinstance(each, Media) for each in value):
        return [media for each in value for media in pictures_in(each)]
    if hasattr(value, "to_plotly_json") or hasattr(value, "savefig"):
        return [Figure(value)]
    if hasattr(value, "save") and hasattr(value, "mode") and hasattr(value, "size"):
        return [Image(value)]
    if hasattr(value, "itertuples") or hasattr(value, "iter_rows"):
        return [Table(value)]
    return []


def made(make: Any, value: Any, how: Mapping[str, Any]) -> list[Media]:
    """A list of pictures, sounds or figures is several, everything else one. Raises ValueError, OSError."""
    if isinstance(value, Media):
        return pictures_in(value)
    if make in (Image, Audio, Figure) and isinstance(value, list | tuple) and value and not _is_numbers(value):
        return [each if isinstance(each, Media) else make(each, **how) for each in value]
    return [make(value, **how)]


def _is_numbers(value: Iterable[Any]) -> bool:
    """Whether it is one picture or sound, as lists of numbers."""
    first = next(iter(value), None)
    while isinstance(first, list | tuple) and first:
        first = first[0]
    return isinstance(first, int | float)
