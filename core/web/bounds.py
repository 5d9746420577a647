"""Types of what requests may say: nothing that a database or a file system would choke on."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    text.encode()  # half of a surrogate pair is a ValueError, too
    return text


RunNumber = Annotated[int, Field(ge=1, lt=2**31)]
Step = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Sequence = Annotated[int, Field(ge=-1, lt=2**31)]  # of several values at one step
Count = Annotated[int, Field(ge=0, lt=2**63)]
Name = Annotated[str, Field(max_length=500), AfterValidator(_storable)]
FileName = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_storable)]
