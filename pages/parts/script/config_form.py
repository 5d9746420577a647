"""The form of a config file that a script reads."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.common.errors import ConfigError
from core.scripts.config_files import config_files, meant_config, read_config
from core.scripts.spec import ScriptSpec
from pages.parts.script import parameter_form
from pages.shared.format import literal, plural

_LIMITS = 3  # sentences that are shown


def draw(folder: Path, spec: ScriptSpec, key: str, *, is_new: bool) -> dict[str, Any]:
    """What of the spec is about it, as JSON data; nothing is drawn for a project without one.

    Of what `is_new`, it is the one that the script's source names, if it names one.
    """
    known = config_files(folder)
    names = list(dict.fromkeys([*known, *([spec.config_file] if spec.config_file else [])]))
    if not names:
        return {}
    first = spec.config_file or (meant_config(folder, spec.entry, known) if is_new else "")
    file = st.selectbox(
        "Config file",
        ["", *names],
        index=names.index(first) + 1 if first else 0,
        format_func=lambda each: each or "none to be filled in",
        key=f"{key}_config_file",
        help="That the script reads: its values become a form, and the script finds the filled copy in its place",
    )
    if not file:
        return {}
    try:
        reading = read_config(folder, file)
    except ConfigError as error:
        st.warning(literal("; ".join(problem.message for problem in error.problems)), icon=":material/error:")
        return {"config_file": file}
    st.caption(literal(f"{plural(len(reading.parameters), 'value')} of {file}"))
    given = spec.config if file == spec.config_file else {}
    values = parameter_form.draw(reading.parameters, given, f"{key}:{file}", "")
    for limit in reading.limits[:_LIMITS]:
        st.caption(f":material/info: {literal(limit)}")
    return {"config_file": file, "config": {path: value for path, value in values.items() if value is not None}}
