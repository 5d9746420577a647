"""The run's log is this process's standard output."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
