"""What a runtime says of a network that it cannot run, as a person reads it: without paths and C++ in it."""

import re

from core.common.text import first_line

_MEMORY = re.compile(r"bad_alloc|bad allocation|[Ff]ailed to allocate memory|OOM|std::length_error")
_NOISE = (
    re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : "),
    re.compile(r"^This is an invalid model\. (?:In Node.*?, )?(?=Error )"),
    re.compile(r"Load model from \S+ failed:\s*"),
    re.compile(r"\S*/[\w./+-]+\.(?:cc|cpp|h|hpp|py):\d+:?\s*"),  # where in its source
    re.compile(r"(?:[\w:<>*&~ ]+ )?\w+(?:<[^()]*>)?(?:::[\w<>~]+)+\([^()]*\)(?: const)?(?: \[with [^\]]*\])?\s*"),
)
_PATH = re.compile(r"(?<![\w/])/(?:[\w.+-]+/)+[\w.+-]*")
_MOST = 200  # characters


def runtime_said(error: BaseException) -> str:
    """Its first sentence, without a full stop; beginning in lower case where it is ours."""
    text = first_line(error)
    if isinstance(error, MemoryError) or _MEMORY.search(text):
        return "it needs more memory than there is for it on this host"
    text = text.rpartition("Status Message: ")[2]  # of a node that failed: why
    for each in _NOISE:
        text = each.sub("", text)
    sentence = re.split(r"[.;!]\s", _PATH.sub("…", text).strip(), maxsplit=1)[0].strip(" .:")
    return sentence[:_MOST] or f"it gives no reason ({type(error).__name__})"
