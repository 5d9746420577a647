"""The code that a script's run was launched with, as it was kept."""

from typing import Any, Literal

import streamlit as st

from core import runs
from core.common.errors import NotFoundError
from core.runs.records import RunRecord
from core.scripts import code_store
from pages.shared.data import workspace
from pages.shared.format import literal, plural, size
from pages.shared.source import source

_DIFF = "What was not committed"
_LONGEST = 300_000  # bytes that are shown


def code(run: RunRecord) -> None:
    """Its files, one at a time, and what of them was in no commit."""
    spec = runs.script_spec(run)
    settings = workspace().settings
    try:
        if spec is None:
            raise NotFoundError("The config of this run cannot be read, so its code is not known.")
        found = code_store.snapshot(settings, spec.project.snapshot)
    except NotFoundError as error:
        st.info(literal(str(error)), icon=":material/code_off:")
        return
    facts: dict[str, Any] = run.facts.get("code", {})
    st.caption(literal(" · ".join(_told(facts, found))))
    diff = facts.get("diff")
    names = [*([_DIFF] if diff else []), *found.files]
    entry = next((each for each in names if each == spec.entry), names[0])
    name = st.selectbox("File", names, index=names.index(entry), key=f"run_code_{run.id}")
    try:
        content = code_store.get(settings, str(diff) if name == _DIFF else found.files[name].hash)
    except NotFoundError as error:
        st.warning(literal(str(error)))
        return
    if b"\0" in content[:8000]:
        st.caption(f"No text: {size(len(content))}.")
        return
    text = content[:_LONGEST].decode(errors="replace")
    source(text, key="run_code_text", label=f"The file {name}", language=_language(name))
    if len(content) > _LONGEST:
        st.caption(f"The first {size(_LONGEST)} of {size(len(content))}.")


def _told(facts: dict[str, Any], found: code_store.Snapshot) -> list[str]:
    told = [f"{plural(len(found.files), 'file')}, {size(found.size)}"]
    if commit := facts.get("commit"):
        changed = facts.get("changed_lines")
        branch = facts.get("branch")
        told.append(f"commit {str(commit)[:10]}{f' on {branch}' if branch else ''}")
        if "git" not in facts:
            told.append(f"{plural(int(changed), 'line')} not committed" if changed else "nothing uncommitted")
    told += [f"from {facts['folder']}"] if facts.get("folder") else []
    told += [f"from {facts[place]}" for place in ("zip", "git") if facts.get(place)]
    if left := facts.get("left_out"):
        told.append(f"left out: {', '.join(left)}")
    return told


def _language(name: str) -> Literal["", "yaml", "python", "diff"]:
    if name == _DIFF:
        return "diff"
    return "python" if name.endswith(".py") else "yaml" if name.endswith((".yaml", ".yml")) else ""
