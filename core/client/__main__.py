"""`python -m traindeck sync`: send what scripts have left that ended while the server was away."""

import sys

from .sending import send_left


def main() -> int:
    """The exit code: 0 when all of it was sent."""
    if sys.argv[1:] != ["sync"]:
        print("usage: python -m traindeck sync", file=sys.stderr)  # noqa: T201 - a command
        return 2
    left = send_left()
    for folder, problem in left:
        print(f"{folder.name[:8]}: {problem or 'sent'}")  # noqa: T201 - a command
    if not left:
        print("Nothing is left to be sent.")  # noqa: T201 - a command
    return 1 if any(problem for _, problem in left) else 0


if __name__ == "__main__":
    sys.exit(main())
