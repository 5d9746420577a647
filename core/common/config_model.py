"""The base of every config model."""

from pydantic import BaseModel, ConfigDict


class Config(BaseModel):
    """Frozen, and strict about names: a field that is not known is a problem, not a silent default.

    Every field has a title (the form's label) and a description (one line that says what it does, with its unit).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
