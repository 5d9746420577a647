"""How a model is served: which version answers, which one is tried beside it, what callers may do, what is kept."""

import hashlib
import hmac
import os
import random
import time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.common.errors import TraindeckError
from core.models.naming import CHAMPION

_SCRYPT = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and about 30 ms a try
_SALT = 16  # bytes


class ServingError(TraindeckError):
    """A model cannot be served as it was asked."""


class Options(BaseModel):
    """Kept as JSON; a later version may have more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reference: str = Field(CHAMPION, max_length=64)  # alias or number of the version that answers
    challenger: str = Field("", max_length=64)  # of one that is tried beside it; "" for none
    mode: Literal["split", "shadow"] = "split"  # the challenger answers its share, or is asked without being heard
    share: float = Field(0.1, ge=0, le=1)  # of requests that go to the challenger
    title: str = Field("", max_length=200)  # of the demo page; "" takes the model's name
    about: str = Field("", max_length=5000)  # a text on it
    password: str = Field("", max_length=200)  # of the demo page, hashed; "" for none
    expires_at: float | None = Field(None, allow_inf_nan=False)  # of the demo page
    per_second: float = Field(0.0, ge=0, le=1e6)  # requests that are answered; 0 for any number
    kept_share: float = Field(1.0, ge=0, le=1)  # of questions and answers that are kept
    kept_days: float = Field(30.0, gt=0, le=3650)
    drift_examples: int = Field(500, ge=200, le=10**6)  # of a window that is compared with the training profile
    drift_minutes: float = Field(10.0, ge=0, le=10**5)  # that it lasts at least
    false_alarms: float = Field(0.001, gt=0, le=0.5)  # share of windows with an alarm, at most, where nothing drifts

    @property
    def trial(self) -> tuple[str, str, float]:
        """Under which terms which challenger is tried."""
        return self.challenger, self.mode, self.share

    def is_expired(self, now: float | None = None) -> bool:
        return self.expires_at is not None and (time.time() if now is None else now) >= self.expires_at


def options_of(raw: dict[str, object]) -> Options:
    """Raises ServingError: written by another program."""
    try:
        return Options.model_validate(raw)
    except ValidationError as error:
        raise ServingError("How this model is served cannot be read. Stop serving it, and serve it again.") from error


def hashed(password: str) -> str:
    """To be kept in place of a password: salt and scrypt's hash (RFC 7914)."""
    salt = os.urandom(_SALT)
    return f"{salt.hex()}:{_hash(password, salt)}"


def is_password(password: str, kept: str) -> bool:
    salt, _, wanted = kept.partition(":")
    try:
        return hmac.compare_digest(_hash(password, bytes.fromhex(salt)), wanted)
    except ValueError:
        return False


def _hash(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, **_SCRYPT).hex()


def place(name: str, key: str) -> float:
    """From 0 to 1, to be compared with a share: the same for the same key, at random for none."""
    if not key:
        return random.random()  # noqa: S311 - a sample
    digest = hashlib.sha256(f"{name}\0{key}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
