"""Errors that nobody foresaw: the traceback goes to the log, the visitor gets a number by which it is found there."""

import logging
import uuid

_LOG = logging.getLogger("traindeck")


def noted(error: BaseException) -> str:
    """Write the traceback to this process's log; returns its number."""
    number = uuid.uuid4().hex[:8]
    _LOG.error("Error %s", number, exc_info=error)
    return number


def told(number: str) -> str:
    """What a visitor reads in place of a traceback."""
    return f"Something went wrong that should not have: error {number}. The log of the server says more by that number."
