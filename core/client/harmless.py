"""Calls that cannot be carried out: each is told once, and the training goes on."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])


def harmless(method: Method) -> Method:
    """The method of something with `_out`, which hears what the method raises in its caller's place: that gets None."""
    name = method.__name__

    @functools.wraps(method)
    def call(self: Any, *args: Any, **how: Any) -> Any:
        try:
            return method(self, *args, **how)
        except Exception as error:  # noqa: BLE001 - whatever it was given: a training does not end for it
            self._out.warn(f"{name} {type(error).__name__}", f"{name}() did nothing: {error or type(error).__name__}")
            return None

    return cast(Method, call)
