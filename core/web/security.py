"""Who may reach the server, and what browsers are told of every answer."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.common.text import quoted
from core.web.answers import refusal

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_READING = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253}))(?::[0-9]{1,5})?")  # ASCII, as RFC 9110 has it
_POLICY_VIOLATION = 1008  # close code of a WebSocket, RFC 6455


class AllowedHosts:
    """Middleware: requests and WebSockets under this server's own names only, changes from its own pages only.

    Any site can point its name at 127.0.0.1 and have its visitors' browsers talk to what listens there (DNS
    rebinding): such requests bear its name as their Host. Requests of pages of another site bear it as their Origin.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        """`names`: by which browsers reach this server, beside those of the loopback interface; * for any."""
        self._app = app
        self._configured = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wrong = self._wrong(scope) if scope["type"] in ("http", "websocket") else ""
        if not wrong:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": "not allowed"})
        else:
            await refusal(403 if wrong.startswith("A page") else 421, wrong)(scope, receive, send)

    def _wrong(self, scope: Scope) -> str:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        host = hosts[0].decode("latin-1") if len(hosts) == 1 else ""
        if not self._is_ours(host):
            return (
                f"This server does not answer as {quoted(host, 100)}; accepted are localhost, 127.0.0.1, [::1] and the "
                "names in TRAINDECK_ALLOWED_HOSTS. Add the name there if the server is meant to have it."
            )
        if scope["type"] == "http" and scope["method"] in _READING:
            return ""
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        origin = next((each for each in origins if not self._may_act(each, host)), None)
        if origin is None:
            return ""
        return f"A page of {quoted(origin, 100)} cannot act here; accepted are this server's own pages."

    def _is_ours(self, host: str) -> bool:
        name = _name(host)
        return bool(name) and (name in LOOPBACK or name in self._configured or "*" in self._configured)

    def _may_act(self, origin: str, host: str) -> bool:
        """Its own pages; a proxy may have put another name into Host, but pages then bear a configured one."""
        asking = origin.partition("://")[2]
        return asking.lower() == host.lower() or _name(asking) in self._configured


def _name(host: str) -> str:
    """The name in a Host header, without port and brackets, "" where it is none. Stricter than URLs are read."""
    found = _HOST.fullmatch(host.lower())
    return (found[1] or found[2]) if found else ""


class SecurityHeaders:
    """Middleware: tells browsers to take every answer as what it says it is, and to keep it among this server's pages.

    Adds headers only: bodies pass as they come.
    """

    def __init__(self, app: ASGIApp, policy: str, other: Mapping[str, str] = MappingProxyType({})) -> None:
        """`policy`: what pages may load, a Content-Security-Policy; `other` ones by the beginning of the path."""
        self._app = app
        self._policy, self._other = policy, other
        self._names = {name for name, _ in _headers(policy)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        policy = next((each for beginning, each in self._other.items() if path.startswith(beginning)), self._policy)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Others of these names are left out: two policies or two opinions would both be heard.
                own = [header for header in message.get("headers", ()) if header[0].lower() not in self._names]
                message = {**message, "headers": own + _headers(policy)}
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def _headers(policy: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", policy.encode("ascii")),
    ]
