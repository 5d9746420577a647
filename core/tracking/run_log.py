"""The run's log is this process's standard output."""


def log_line(text: str) -> None:
    print(text, flush=True)  # noqa: T201
