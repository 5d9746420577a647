"""What a script is given beside its own parameters: arguments, variables, a Python, limits, and the run's labels."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core import runs
from core.common.context import Context
from core.config.resources import Resources
from core.scripts.spec import Limits, ScriptSpec
from pages.parts.script.source_choice import Chosen
from pages.shared.format import literal


@dataclass(frozen=True)
class Labels:
    name: str
    experiment: str
    tags: tuple[str, ...]
    notes: str
    seeds: int


def draw_more(chosen: Chosen, code: Path, spec: ScriptSpec, key: str) -> dict[str, Any]:
    """The rest of the spec, as JSON data; `code`: the folder that has it."""
    with st.expander("More arguments, environment, Python, limits"):
        extra = st.text_input(
            "More arguments", shlex.join(spec.extra), key=f"{key}_extra", help="As in a shell, after all others"
        )
        lines = "\n".join(f"{name}={value}" for name, value in spec.environment.items())
        variables = st.text_area("Variables of the environment", lines, key=f"{key}_env", placeholder="NAME=value")
        python = st.text_input(
            "Python",
            spec.interpreter,
            key=f"{key}_python",
            placeholder="Traindeck's own, with TensorFlow imported",
            help="The whole path of a Python, or of a virtual environment's folder",
        )
        requirements = _requirements(code, spec, key)
        links = _links(chosen, spec, key)
        with st.grid("auto", min_column_width=160):
            memory = st.number_input("Memory in GB", value=spec.limits.memory_gb, min_value=0.1, key=f"{key}_memory",
                                     placeholder="no limit")  # fmt: skip
            hours = st.number_input("Hours", value=spec.limits.hours, min_value=0.001, key=f"{key}_hours",
                                    placeholder="no limit", format="%g")  # fmt: skip
            stop = st.number_input("Seconds to stop in", value=spec.limits.stop_seconds, min_value=0.0,
                                   key=f"{key}_stop", help=Limits.model_fields["stop_seconds"].description)  # fmt: skip
            device = st.selectbox("Device", ["auto", "cpu", "gpu"], key=f"{key}_device",
                                  index=["auto", "cpu", "gpu"].index(spec.resources.device))  # fmt: skip
            gpus = st.number_input("GPUs", value=spec.resources.gpus, min_value=1, max_value=64, key=f"{key}_gpus")
            slot = st.text_input("Slot", spec.resources.slot, max_chars=100, key=f"{key}_slot", placeholder="any",
                                 help=Resources.model_fields["slot"].description)  # fmt: skip
    resources = Resources(device=device, gpus=int(gpus), slot=slot.strip())
    return {
        "extra": _split(extra),
        "environment": dict(line.strip().partition("=")[::2] for line in variables.splitlines() if line.strip()),
        "interpreter": python.strip(),
        "requirements": requirements,
        "links": links,
        "limits": {"memory_gb": memory, "hours": hours, "stop_seconds": stop},
        "resources": resources.model_dump(mode="json"),
    }


def _requirements(code: Path, spec: ScriptSpec, key: str) -> str:
    known = sorted(each.name for each in code.glob("*requirements*.txt") if each.is_file())
    names = list(dict.fromkeys([*known, *([spec.requirements] if spec.requirements else [])]))
    if not names:
        return ""
    file = st.selectbox(
        "Packages of",
        names,
        index=names.index(spec.requirements) if spec.requirements else None,
        placeholder="what the Python above has",
        key=f"{key}_requirements",
        help="Installed into an environment of its own by the first run that needs it, and kept for others",
    )
    return file or ""


def _links(chosen: Chosen, spec: ScriptSpec, key: str) -> list[str]:
    folder = Path(chosen.project.folder)
    if not chosen.project.folder or not folder.is_dir():
        return list(spec.links)
    inside = sorted(each.name for each in folder.iterdir() if each.is_dir() and each.name[0] not in "._")
    return st.multiselect(
        "Folders that it reads and the snapshot leaves out",
        sorted({*inside, *spec.links}),
        spec.links,
        key=f"{key}_links",
        accept_new_options=True,
        placeholder="such as data; they are linked, not copied",
    )


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote that is not closed
        return text.split()


def draw_labels(context: Context, chosen: Chosen, key: str, *, seed: str) -> Labels:
    """`seed`: the parameter that seeds the script, "" where it has none."""
    run = chosen.run
    name = st.text_input(
        "Name", key=f"{key}_name", placeholder="made of the folder and the script", max_chars=runs.MAX_NAME
    )
    experiment = st.selectbox(
        "Experiment",
        sorted({runs.DEFAULT_EXPERIMENT, *runs.experiments(context), *([run.experiment] if run else [])}),
        index=None,
        placeholder=literal(run.experiment) if run else runs.DEFAULT_EXPERIMENT,
        accept_new_options=True,
        key=f"{key}_experiment",
    )
    known = sorted({*runs.all_tags(context), *(run.tags if run else ())})
    tags = st.multiselect("Tags", known, run.tags if run else [], accept_new_options=True, key=f"{key}_tags")
    notes = st.text_area("Notes", key=f"{key}_notes", height="content")
    seeds = 1
    if seed:
        seeds = int(
            st.number_input(
                "Seeds",
                1,
                runs.MAX_SEEDS,
                1,
                key=f"{key}_seeds",
                help=f"So many runs, each with the next {literal(seed)}",
            )
        )
    chosen_experiment = experiment or (run.experiment if run else runs.DEFAULT_EXPERIMENT)
    return Labels(name, chosen_experiment, tuple(tags), notes, seeds)
