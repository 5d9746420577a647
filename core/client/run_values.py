"""A run's params and final values as W&B has them: mappings that can be set."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .told_values import flat, mapping

if TYPE_CHECKING:
    from .run_habits import Habits


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
        run = object.__getattribute__(self, "_run")
        try:
            new = {**_as_mapping(args), **values}
        except (TypeError, ValueError):
            run.log_params(args[0])  # which tells what is accepted
            return
        super().update(new)
        run.log_params(new)

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


def new_params(known: Mapping[str, Any], values: Any) -> tuple[dict[str, Any], list[str]]:
    """Those that are not known yet, and a sentence for each that is known with another value: params never change."""
    given = flat(values)
    changed = [
        f"the param {name!r} is {known[name]!r} and stays so; received {value!r}"
        for name, value in given.items()
        if name in known and known[name] != value
    ]
    return {name: value for name, value in given.items() if name not in known}, changed


def _as_mapping(given: tuple[Any, ...]) -> dict[str, Any]:
    """Pairs, too, as of a dict. Raises TypeError, ValueError: it is neither."""
    try:
        return mapping(given[0] if given else None)
    except TypeError:
        return dict(given[0])
