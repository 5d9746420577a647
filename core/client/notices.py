"""What the package tells whoever runs the script: beside its own output, and never as an error that ends it."""

import sys

_told: set[str] = set()


def tell(text: str) -> None:
    print(f"traindeck: {text}", file=sys.stderr)  # noqa: T201 - of a script's own


def tell_once(text: str) -> None:
    """In this process."""
    if text not in _told:
        _told.add(text)
        tell(text)
