"""What people are used to from W&B and MLflow, on a run of ours."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from .media_objects import Audio, Figure, Histogram, Image, Media, Table, Text
from .spooled_files import saved
from .told_values import clean, flat, mapping


class Config(dict[str, Any]):
    """Params, nested as they were given; `config.lr` is `config["lr"]`. What is set is logged as a param."""

    def __init__(self, run: "Habits", params: Any) -> None:
        super().__init__(mapping(params))
        object.__setattr__(self, "_run", run)

    def __setitem__(self, name: str, value: Any) -> None:
        self.update({name: value})

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(
                f"there is no param {name!r}; there are {', '.join(map(str, self)) or 'none'}"
            ) from error

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def update(self, *args: Any, allow_val_change: bool = False, **values: Any) -> None:
        """As of a dict. A param that has another value already keeps it in Traindeck, which is told."""
        new = {**(mapping(args[0]) if args else {}), **values}
        super().update(new)
        object.__getattribute__(self, "_run").log_params(new)

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]


class Summary(dict[str, Any]):
    """Final values, as W&B has them: a number is logged as a metric at the run's last step, else as a tag."""

    def __init__(self, run: "Habits") -> None:
        super().__init__()
        object.__setattr__(self, "_run", run)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        run = object.__getattribute__(self, "_run")
        if isinstance(value, str):
            run.set_tag(name, value)
        else:
            run.log({name: value}, run.step)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(f"nothing was set as {name!r}") from error

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def update(self, *args: Any, **values: Any) -> None:
        for name, value in dict(*args, **values).items():
            self[name] = value


class Habits:
    """Beside `log`: media by name and step, files, tags, and the calls of MLflow's and W&B's clients.

    What cannot be logged is told on stderr and left out: a training does not end for it.
    """

    step: int
    _ended: bool
    _files: Path  # the folder of those that lines name
    _checkpoint: str | None = None  # the key of the best network's
    _own_steps: dict[str, int]  # of metrics that are logged one by one without a step

    def log(self, values: Mapping[str, Any], step: int | None = None) -> None:
        raise NotImplementedError

    def log_params(self, values: Any) -> None:
        raise NotImplementedError

    def _show(self, name: Any, make: Any, value: Any, step: int | None, **how: Any) -> None:
        raise NotImplementedError

    def _keep_files(self, path: str | Path, name: str | None) -> None:
        raise NotImplementedError

    def _put_tags(self, tags: Mapping[str, str]) -> None:
        raise NotImplementedError

    def _tell(self, text: str) -> None:
        raise NotImplementedError

    def _warn(self, name: str, text: str) -> None:
        raise NotImplementedError

    def _add(self, line: str) -> None:
        raise NotImplementedError

    def log_image(self, name: str, image: Any, step: int | None = None, caption: str = "") -> None:
        """A picture, or a list of them: see `Image`. Without a step, at the last one that was logged."""
        self._show(name, Image, image, step, caption=caption)

    def log_text(self, name: str, text: Any, step: int | None = None, *, markdown: bool = False) -> None:
        """A text, as it is or Markdown."""
        self._show(name, Text, text, step, markdown=markdown)

    def log_table(self, name: str, table: Any, step: int | None = None, columns: Any = None) -> None:
        """A frame of pandas or polars, a list of mappings, a mapping of columns, or lists with `columns`."""
        self._show(name, Table, table, step, columns=columns)

    def log_figure(self, name: str, figure: Any, step: int | None = None, caption: str = "") -> None:
        """A figure of Plotly or matplotlib."""
        self._show(name, Figure, figure, step, caption=caption)

    def log_histogram(self, name: str, values: Any, step: int | None = None, num_bins: int = 64) -> None:
        """How the numbers of an array, a tensor or a list are distributed."""
        self._show(name, Histogram, values, step, num_bins=num_bins)

    def log_audio(self, name: str, audio: Any, step: int | None = None, sample_rate: int | None = None) -> None:
        """A sound: an array with its sample rate in Hz, or a file."""
        self._show(name, Audio, audio, step, sample_rate=sample_rate)

    def log_artifact(self, path: str | Path, name: str | None = None) -> None:
        """A file, or a folder with all that is in it, as it is now; to download from the run's page."""
        self._keep_files(path, name)

    def log_artifacts(self, local_dir: str | Path, artifact_path: str | None = None) -> None:
        self._keep_files(local_dir, artifact_path)

    def keep_checkpoint(self, save: Callable[[Path], object], told: Mapping[str, Any]) -> None:
        """A Keras network, in place of the one before; `save` writes it to the path that it is given."""
        if self._ended:
            return
        try:
            content = saved(self._files, save)
        except Exception as error:  # noqa: BLE001 - whatever Keras raises: a training does not end for it
            self._warn("checkpoint", f"the best network cannot be kept: {error}")
            return
        self._add(json.dumps(["checkpoint", content, told]))
        if self._checkpoint is not None:  # of no use any more, unless it was sent already
            (self._files / self._checkpoint).unlink(missing_ok=True)
        self._checkpoint = str(content["file"])

    def log_metric(self, key: str, value: Any, step: int | None = None) -> None:
        """Without a step, those of each metric count up from 0."""
        at = self._own_steps.get(key, 0) if step is None else int(step)
        self._own_steps[key] = at + 1
        self.log({key: value}, at)

    def log_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        self.log(metrics, step)

    def log_param(self, key: str, value: Any) -> Any:
        self.log_params({key: value})
        return value

    def set_tag(self, key: str, value: Any) -> None:
        self._put_tags({clean(key): clean(value)})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        self._put_tags({clean(key): clean(value) for key, value in tags.items()})

    def watch(self, *_models: Any, **_options: Any) -> None:
        """Gradients are not followed; a script that has W&B's call goes on."""
        self._tell("watch() follows no gradients here; log_histogram shows those that you give it")

    def alert(self, title: str, text: str = "", **_options: Any) -> None:
        self.log_text("alerts", f"{title}\n{text}".strip())


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


def new_params(known: Mapping[str, Any], values: Any) -> tuple[dict[str, Any], list[str]]:
    """Those that are not known yet, and a sentence for each that is known with another value: params never change."""
    given = flat(values)
    changed = [
        f"the param {name!r} is {known[name]!r} and stays so; received {value!r}"
        for name, value in given.items()
        if name in known and known[name] != value
    ]
    return {name: value for name, value in given.items() if name not in known}, changed
