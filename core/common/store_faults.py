"""What has become of a database that is no longer the one that was opened, and what to do, in words."""

from db.file_watch import Fault

_UNDER_US = "its file was deleted or moved away while Traindeck was at work"
_KEPT = "What trainings record meanwhile waits in their memory, and nothing is written until then"
_WORDS = {
    Fault.GONE: (
        f"is gone: {_UNDER_US}. Put it back, or a copy of it in its "
        f"place, and everything goes on by itself. {_KEPT}. To begin with an empty database instead, stop everything "
        "and start again."
    ),
    Fault.REPLACED: (
        "is not the one that was opened: another has taken its place. Put the right one back, or a copy of it, and "
        f"everything goes on by itself. {_KEPT}. To work with the new one instead, stop everything and start again."
    ),
    Fault.OVERWRITTEN: (
        "was overwritten: what its file holds now is not the database that was opened. Put a copy of it in its place, "
        f"and everything goes on by itself. {_KEPT}."
    ),
    Fault.TRUNCATED: (
        "was cut short: a part of its file, or all of it, is missing. Put a copy of it in its place, and everything "
        f"goes on by itself. {_KEPT}."
    ),
    Fault.LOG_GONE: (
        "has lost its write-ahead log (the file that ends with -wal): it was taken away while in use, and what it held "
        f"is still to be saved. This is tried again as long as this process lives. {_KEPT}."
    ),
    Fault.DAMAGED: (
        "is damaged: parts of its file are missing or broken. Put a sound copy of it in its place, and everything goes "
        f"on by itself. {_KEPT}."
    ),
}


def told(where: str, fault: Fault, why: str = _UNDER_US) -> str:
    """`where`: the database, as a sentence begins with it; `why` it is gone, where it is no file."""
    return f"{where} {_WORDS[fault]}".replace(_UNDER_US, why)
