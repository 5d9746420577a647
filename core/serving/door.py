"""Who may ask a served model that has a password: whoever brings it, or the cookie that the demo page gave for it."""

import hashlib
import hmac
import ipaddress
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping

from core.common.errors import TraindeckError
from core.serving.options import Options, is_password

COOKIE = "traindeck_demo_"  # and the model's name
_MOST_TRIED = 5  # passwords a second that may be wrong, from one address
_MOST_HASHED = 25  # of all addresses: a second's work for one core
_MOST_KNOWN = 1000  # passwords that were right, so that each request does not take the hash's 30 ms


class ClosedDoorError(TraindeckError):
    """A password is wanted."""


class Door:
    """Of one server."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._counting = threading.Lock()  # of what follows; short
        self._second = 0
        self._tried: Counter[tuple[str, str]] = Counter()  # in this second, by model and address, "" for all of them

    def require_open(
        self, name: str, options: Options, cookies: Mapping[str, str], authorization: str, address: str = ""
    ) -> None:
        """Takes about 30 ms of a password that is new. Raises ClosedDoorError."""
        if not options.password or self._is_open(name, options, cookies, authorization, address):
            return
        raise ClosedDoorError(
            f"{name} has a password. Send it as the header Authorization: Bearer PASSWORD, or open its demo page and "
            "enter it there."
        )

    def cookie(self, name: str, options: Options) -> str:
        """What stands for the password, until that is another one."""
        return hmac.new(options.password.encode(), f"demo {name}".encode(), hashlib.sha256).hexdigest()

    def is_password(self, name: str, options: Options, password: str, address: str = "") -> bool:
        """Takes about 30 ms the first time. Raises ClosedDoorError: too many wrong ones were tried.

        Args:
            address: of whoever asks, so that nobody is kept out by what others try.
        """
        digest = hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()
        key = (options.password, digest)
        if key in self._known:
            return True
        keys = ((name, f"from {_network(address)}"), (name, ""))
        self._count(*keys)
        if not is_password(password, options.password):
            return False
        with self._counting:
            self._tried.subtract(keys)  # only what is wrong is to wait
            self._known[key] = None
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return True

    def _count(self, own: tuple[str, str], whole: tuple[str, str]) -> None:
        """Before it is known whether it is right, so that guesses at once are counted, too. Raises ClosedDoorError."""
        with self._counting:
            if self._second != (second := int(time.monotonic())):
                self._second = second
                self._tried.clear()
            if self._tried[own] >= _MOST_TRIED or self._tried[whole] >= _MOST_HASHED:
                raise ClosedDoorError("Too many wrong passwords were tried. Wait a second, and try again.")
            self._tried.update((own, whole))

    def _is_open(
        self, name: str, options: Options, cookies: Mapping[str, str], authorization: str, address: str
    ) -> bool:
        brought = cookies.get(f"{COOKIE}{name}", "").encode()
        if hmac.compare_digest(brought, self.cookie(name, options).encode()):
            return True
        scheme, _, password = authorization.partition(" ")
        return scheme.lower() == "bearer" and bool(password) and self.is_password(name, options, password, address)


def _network(address: str) -> str:
    """One household has 2^64 addresses of version 6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
