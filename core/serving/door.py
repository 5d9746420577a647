"""Who may ask a served model that has a password: whoever brings it, or the cookie that the demo page gave for it."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping

from core.common.errors import TraindeckError
from core.serving.options import Options, is_password

COOKIE = "traindeck_demo_"  # and the model's name
_MOST_WRONG = 5  # passwords a second, of a model
_MOST_KNOWN = 1000  # passwords that were right, so that each request does not take the hash's 30 ms


class ClosedDoorError(TraindeckError):
    """A password is wanted."""


class Door:
    """Of one server."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._wrong: dict[str, tuple[int, int]] = {}  # the second, and wrong passwords in it, by model

    def require_open(self, name: str, options: Options, cookies: Mapping[str, str], authorization: str) -> None:
        """Takes about 30 ms of a password that is new. Raises ClosedDoorError."""
        if not options.password or self._is_open(name, options, cookies, authorization):
            return
        raise ClosedDoorError(
            f"{name} has a password. Send it as the header Authorization: Bearer PASSWORD, or open its demo page and "
            "enter it there."
        )

    def cookie(self, name: str, options: Options) -> str:
        """What stands for the password, until that is another one."""
        return hmac.new(options.password.encode(), f"demo {name}".encode(), hashlib.sha256).hexdigest()

    def is_password(self, name: str, options: Options, password: str) -> bool:
        """Takes about 30 ms the first time. Raises ClosedDoorError: too many wrong ones were tried."""
        digest = hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()
        key = (options.password, digest)
        if key in self._known:
            return True
        second = int(time.monotonic())
        at, wrong = self._wrong.get(name, (second, 0))
        wrong = wrong if at == second else 0
        if wrong >= _MOST_WRONG:
            raise ClosedDoorError("Too many wrong passwords were tried. Wait a second, and try again.")
        if not is_password(password, options.password):
            self._wrong[name] = (second, wrong + 1)
            return False
        self._known[key] = None
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return True

    def _is_open(self, name: str, options: Options, cookies: Mapping[str, str], authorization: str) -> bool:
        brought = cookies.get(f"{COOKIE}{name}", "").encode()
        if hmac.compare_digest(brought, self.cookie(name, options).encode()):
            return True
        scheme, _, password = authorization.partition(" ")
        return scheme.lower() == "bearer" and bool(password) and self.is_password(name, options, password)
