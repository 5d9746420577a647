"""Which exports and compressions work of every preset, with parity, size and latency: the tables in the README here.

TRAINDECK_DATA_DIR=../shared/data python -m benchmarks.inference [--only PRESET ...] [--steps 600] [--to FILE.jsonl]

Each preset is trained for at most so many steps (its answers need not be good, but must be those of a network that has
learned), registered, and exported in every format by the standby, as from the Models page; then made smaller in every
way, each by a run of at most as many steps, whose network is exported as ONNX. Rows already in the file are not
measured again; without presets to do, only the tables are printed.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.claims_data import add_data_sets, data_folder
from benchmarks.engine import EMBEDDED, POETS
from core import models, runs
from core.common.errors import StateError, TraindeckError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import Raw, with_values
from core.config.presets import PRESETS
from core.inference.export_formats import FORMATS
from core.jobs import export, job_queue
from core.models.exports import Measured
from core.runs.compressing import METHODS, compressed
from core.runs.records import RunState
from db.registry_records import VersionRecord
from tests.host import Host, wait_until

_LONGEST = 1_800.0  # seconds of a training or an export
# Ways to make a network smaller, by what the table calls them: the method, and how much of it.
WAYS = {
    f"{METHODS[name].title}, {100 * amount:g} %": (name, amount)
    for name, amount in [
        *(("prune", share) for share in (0.5, 0.8, 0.9)),
        *((name, each.usual) for name, each in METHODS.items() if name != "prune"),
    ]
}
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[*PRESETS])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    rows = _read(asked.to)
    done = {(row["preset"], row["format"]) for row in rows}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        add_data_sets(workspace.settings)
        host = Host(workspace)
        host.start()
        try:
            for preset in asked.only:
                missing = [form for form in (*FORMATS, *WAYS) if (preset, form) not in done]
                if not missing or not (data_folder() or preset in EMBEDDED):
                    continue
                version = _version(host, preset, asked.steps)
                for form in missing:
                    made = _smaller(host, preset, version, form) if form in WAYS else _row(host, preset, version, form)
                    rows.append(made)
                    _write(asked.to, rows[-1])
        finally:
            host.end()
    for title, names in _TABLES.items():
        _print(title, names, rows)
    _print_reasons(rows)


def _version(host: Host, preset: str, steps: int) -> VersionRecord:
    changes = {"training.max_steps": steps, "training.early_stopping": None}
    raw = with_values(PRESETS[preset].raw, changes | (POETS if preset == "text-classifier-lstm" else {}))
    return _trained(host, preset, raw)


def _trained(host: Host, preset: str, raw: Raw) -> VersionRecord:
    """Raises TraindeckError: it was refused, or did not finish."""
    [number] = runs.create(host.context, runs.Draft(raw, preset=preset))
    run = host.ended(number, _LONGEST)
    if run.state is not RunState.FINISHED:
        raise StateError(run.reason)
    return models.register(host.context, run, preset)


def _smaller(host: Host, preset: str, version: VersionRecord, way: str) -> Row:
    run = runs.get(host.context, version.run_id)
    try:
        smaller = _trained(host, preset, compressed(run.config, run.id, *WAYS[way]))
    except TraindeckError as error:
        print(f"{preset}, {way}: {error}", flush=True)
        return {"preset": preset, "format": way, "problem": str(error)}
    return _row(host, preset, smaller, "onnx") | {"format": way}


def _row(host: Host, preset: str, version: VersionRecord, form: str) -> Row:
    export.ask(host.context, version, form)
    key = export.key(version, form)

    def result() -> export.Exported | None:
        return job_queue.look(host.context, export.KIND, key, keep=True)

    found: export.Exported = wait_until(result, f"{preset} is exported as {form}", _LONGEST)
    row = {"preset": preset, "format": form, "weights": version.size, "problem": found.problem, **found.measured}
    print(f"{preset} as {form}: {found.problem or found.measured['difference']}", flush=True)
    return row


def _read(file: Path | None) -> list[Row]:
    if file is None or not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _write(file: Path | None, row: Row) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


_TABLES = {
    "Largest difference to the original's outputs, size in KB, milliseconds for one example on one thread": [
        form.name for form in FORMATS.values() if form.tolerance is not None
    ],
    "Change of the main figure (points of accuracy, or % of the error), size in KB, milliseconds": [
        form.name for form in FORMATS.values() if form.tolerance is None
    ],
    "Smaller networks as ONNX: change of the main figure, size in KB once zipped, milliseconds": ["onnx", *WAYS],
}


def _print(title: str, forms: list[str], rows: list[Row]) -> None:
    found = {(row["preset"], row["format"]): row for row in rows}
    heads = [FORMATS[form].title if form in FORMATS else form for form in forms]
    print(f"\n{title}\n\n| preset | {' | '.join(heads)} |")
    print(f"| --- |{' --- |' * len(forms)}")
    for preset in dict.fromkeys(row["preset"] for row in rows):
        base = found.get((preset, "onnx"), {})
        cells = [_cell(found.get((preset, form)), base if forms[-1] in WAYS else None) for form in forms]
        print(f"| `{preset}` | {' | '.join(cells)} |")


def _cell(row: Row | None, base: Row | None) -> str:
    """`base` is given where smaller networks are told, beside that of which they were made."""
    if row is None or row["problem"]:
        return "" if row is None else "none"
    known = Measured.model_validate(row)
    size, latency = known.size, f"{known.latency['one_batch_1_p50']:.2g}"
    if base is not None:
        told, size = _change(known.model_copy(update={"original": base.get("value")})), known.zipped or size
    else:
        told = f"{known.difference:.0e}" if known.tolerance is not None else _change(known)
    return f"{told}, {size / 1000:,.0f}, {latency}"


def _change(known: Measured) -> str:
    if known.value is None or known.original is None:
        return "?"
    if known.metric == "mae":
        return f"{100 * (known.value / known.original - 1):+.1f} %"
    return f"{100 * (known.value - known.original):+.1f}"


def _print_reasons(rows: list[Row]) -> None:
    print()
    for problem in dict.fromkeys(row["problem"] for row in rows if row["problem"]):
        of = [f"`{row['preset']}` as {row['format']}" for row in rows if row["problem"] == problem]
        print(f"* {', '.join(of)}: {problem}")


if __name__ == "__main__":
    main()
