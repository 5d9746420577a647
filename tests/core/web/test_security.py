"""Who may reach the server, by which name, from which page; and what browsers are told of every answer."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.web.security import AllowedHosts, SecurityHeaders
from tests.asgi import ask


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"a" * 10, "more_body": True})
    await send({"type": "http.response.body", "body": b"b" * 10})


GUARDED = AllowedHosts(application, ["deck.example.com", "10.0.0.5"])


def status(host: str | None, origin: str | None = None, method: str = "GET", kind: str = "http") -> int:
    headers = [(name, value) for name, value in (("host", host), ("origin", origin)) if value is not None]
    return ask(GUARDED, method, "/", headers=headers, kind=kind).status


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8501", "LOCALHOST", "127.0.0.1:80"),
        *("[::1]", "[::1]:8501", "deck.example.com", "10.0.0.5:1"),
    ],
)
def test_the_server_answers_to_its_own_names(host: str) -> None:
    assert status(host) == 200
    assert status(host, kind="websocket") == 101


@pytest.mark.parametrize(
    "host",
    [
        *(None, "", "evil.example.com", "evil.example.com:8501", "localhost.evil.com", "evil.com#localhost"),
        *("localhost@evil.com", "[::1", "localhost:port", "127.0.0.1.evil.com", "evil.com/localhost"),
        *("xdeck.example.com", "a\x00b", "[::1]evil.com"),
    ],
)
def test_a_name_that_is_not_its_own_is_refused_to_requests_and_websockets(host: str | None) -> None:
    assert status(host) == 421
    assert status(host, method="POST") == 421
    assert status(host, kind="websocket") == 1008


def test_two_names_in_one_request_are_refused() -> None:
    assert ask(GUARDED, "GET", "/", headers=[("host", "localhost"), ("host", "evil.example.com")]).status == 421


def test_any_name_will_do_where_that_was_said() -> None:
    assert ask(AllowedHosts(application, ["*"]), "GET", "/", headers=[("host", "deck.lan")]).status == 200


@pytest.mark.parametrize(
    ("host", "origin", "may"),
    [
        ("localhost:8501", None, True),
        ("localhost:8501", "http://localhost:8501", True),
        ("localhost:8501", "http://LOCALHOST:8501", True),
        ("127.0.0.1:8501", "https://deck.example.com", True),  # a proxy put its own name into Host
        ("localhost:8501", "http://localhost:3000", False),
        ("localhost:8501", "https://evil.example.com", False),
        ("localhost:8501", "null", False),
        ("localhost:8501", "", False),
        ("localhost:8501", "https://deck.example.com.evil.com", False),
    ],
)
def test_only_its_own_pages_change_anything_or_open_a_websocket(host: str, origin: str | None, may: bool) -> None:
    assert status(host, origin, "POST") == (200 if may else 403)
    assert status(host, origin, "PUT") == (200 if may else 403)
    assert status(host, origin, kind="websocket") == (101 if may else 1008)
    assert status(host, origin, "GET") == 200


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60), st.text("htp:/localhost.[]@#?%0", max_size=30))
@example("[", "http://[")
@example("localhost:99999999999", "http://localhost:²")
def test_no_name_however_odd_makes_it_fail(host: str, origin: str) -> None:
    assert status(host, origin, "POST") in (200, 403, 421)
    assert status("localhost", host, kind="websocket") in (101, 1008)


def test_every_answer_has_the_headers_and_its_body_passes_piece_by_piece() -> None:
    told: list[Any] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            told.append(message)
            await send(message)

        await SecurityHeaders(application, "default-src 'self'")(scope, receive, sent)

    answer = ask(noting, "GET", "/")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'self'"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert [len(message["body"]) for message in told[1:]] == [10, 10]
