"""Passwords that stand in settings stay out of messages, pages and logs, whoever wrote the message."""

import re
from urllib.parse import parse_qsl, unquote

HIDDEN = "***"
_NAME = re.compile(r"password|passwd|secret|token|(^|_)key$", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Whether what a setting or parameter of this name holds is nobody's to read."""
    return _NAME.search(name) is not None


def without_secrets(text: str, url: str) -> str:
    """A library's message about a database, without the password in its URL or any piece of it between signs.

    A library that read the URL otherwise than it was meant may repeat a piece: of "ada:p@ss:word@host", "word@host".
    """
    rest = url.partition("://")[2]
    address, _, query = rest.partition("?")
    said = address.rpartition("@")[0].partition(":")[2]
    secrets = [said, *re.split(r"[@:/?#%]", said), *(value for name, value in parse_qsl(query) if is_secret(name))]
    # Shorter ones stand in any word, which would tell them as well.
    found = {each for secret in secrets for each in (secret, unquote(secret)) if len(each) > 3}
    for secret in sorted(found, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
