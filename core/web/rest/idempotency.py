"""Idempotency-Key: a request that comes twice is carried out once, and answered twice.

What was answered is kept for a day. A process that ends between the two leaves a request that nobody works on any
more; the next one with its key carries it out under the same `once`, by which the use case knows what it did before.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Annotated

from fastapi import Header
from starlette.responses import Response

import db.kept_answers
from core.common.context import Context
from core.web.rest.problem_answers import refusal

_KEPT_SECONDS = 24 * 3600.0
_WORKED_ON = 60.0  # seconds after which nobody works on a request any more
REPLAYED = "Idempotent-Replayed"

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Of this request: with the same key again, it is answered as before, for 24 hours.",
    ),
]


def once(context: Context, key: str | None, asked: str, carry_out: Callable[[str], Response]) -> Response:
    """The answer to a request, carried out unless it was before.

    Args:
        asked: what is asked for; the same key with something else is refused.
        carry_out: makes something, whose place its answer tells. It is given what names this request among all that
            ever were, "" where it has no key. What it raises is not kept, so that the request can be repeated.
    """
    if key is None:
        return carry_out("")
    fingerprint = hashlib.sha256(f"{context.actor.name} {asked}".encode()).hexdigest()
    now = time.time()
    with context.workspace.write() as session:
        db.kept_answers.forget_before(session, now - _KEPT_SECONDS)
        known = db.kept_answers.begin(session, key, fingerprint, now)
    if known is not None and known.fingerprint != fingerprint:
        told = "This Idempotency-Key came with another request before. Take a new key for a new request."
        return refusal(422, told, "key-reused")
    if known is not None and known.status:
        headers = {REPLAYED: "true", "Location": known.location}
        return Response(known.body, known.status, headers, media_type="application/json")
    if known is not None and now - known.created_at < _WORKED_ON:
        told = "The same request is just being carried out. Ask again in a moment for its answer."
        return refusal(409, told, "in-progress", headers={"Retry-After": "1"})
    began = now if known is None else known.created_at
    try:
        answer = carry_out(f"{key} {fingerprint} {began!r}")
    except BaseException:
        with context.workspace.write() as session:
            db.kept_answers.forget(session, key)
        raise
    with context.workspace.write() as session:
        location = answer.headers["location"]
        db.kept_answers.put(session, key, answer.status_code, bytes(answer.body).decode(), location)
    return answer
