"""`make bench`: every benchmark, one after the other, in the order of README.md, and how long each took.

A benchmark that fails is told at the end and holds the others up no more than that.
"""

import subprocess
import sys
import time

from benchmarks.claims_data import data_folder


def commands() -> list[list[str]]:
    return [
        ["engine"],
        ["launch"],
        ["start"],
        ["store_record"],
        ["store_postgres"],
        *([["recording"]] if data_folder() else []),
        ["store_read"],
        ["store_together"],
        ["store_table"],
        ["store_table", "--runs", "100000"],
        ["browser"],
        ["interactions"],
        ["pages"],
        ["live"],
        ["growth"],
        ["table_reading"],
        ["drift"],
        ["client"],
        ["imports"],
        ["verdicts"],
        ["mlflow_server"],
        *([["serving"]] if data_folder() else []),
        *([["data_sets", str(data_folder())]] if data_folder() else []),
    ]


def main() -> None:
    began, failed = time.monotonic(), []
    for name, *arguments in commands():
        title = " ".join([name, *arguments])
        started = time.monotonic()
        print(f"\n## {title}\n", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments]).returncode:
            failed.append(title)
        print(f"\n{title} took {_took(started)}.", flush=True)
    print(f"\nAll of it took {_took(began)}.")
    if failed:
        sys.exit(f"Failed: {'; '.join(failed)}.")


def _took(since: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - since), 60)
    return f"{minutes} min {seconds} s"


if __name__ == "__main__":
    main()
