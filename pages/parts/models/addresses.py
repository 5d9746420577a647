"""How programs ask a model in use, to be copied."""

import json
import shlex

import streamlit as st

from core import models
from core.common.errors import TraindeckError
from core.inference.description import Description, read
from core.inference.told import meaning
from core.serving.chosen_export import folder_there
from core.serving.demo_page import examples
from pages.shared.data import context
from pages.shared.format import literal

_LONGEST_EXAMPLE = 600  # characters of what stands in a command


def draw_addresses(name: str, *, has_password: bool) -> None:
    address = f"http://{st.context.headers.get('Host', 'localhost:8501')}"
    known, example = _known(name)
    body = json.dumps({"instances": [example]}, ensure_ascii=False)
    bearer = {"Authorization": "Bearer PASSWORD"} if has_password else {}
    sent = "".join(f" -H '{key}: {value}'" for key, value in bearer.items())
    st.code(f"curl {address}/v1/models/{name}:predict{sent} -d {shlex.quote(body)}", language="bash", wrap_lines=True)
    headers = f", headers={bearer}" if bearer else ""
    st.code(
        "import requests\n\n"
        f'answer = requests.post("{address}/v1/models/{name}:answer", data={body!r}{headers})\n'
        'print(answer.json()["answers"][0]["prediction"])',
        language="python",
        wrap_lines=True,
    )
    told = (
        f" `:predict` and `/infer` give {literal(meaning(known)['output'])}, as `/metadata` says, too." if known else ""
    )
    st.caption(
        "As TensorFlow Serving has it (`:predict`, `/versions/N`, `/labels/ALIAS`, `/metadata`), with names and "
        f"probabilities (`:answer`), and by the Open Inference Protocol: `{address}/v2/models/{name}/infer`.{told}"
    )
    feedback = '{"id": "…", "correct": true}'
    label = '{"id": "…", "label": "…"}'
    st.caption(
        "`:explain` says what speaks for an answer. `:feedback` says whether an answer was right, or what is right, by "
        f"the `X-Request-Id` that it came with: `{feedback}` or `{label}`. All of it as OpenAPI: "
        f"`{address}/v1/openapi.json` and `{address}/v2/openapi.json`."
    )


def _known(name: str) -> tuple[Description | None, object]:
    """What is known of the newest export; an instance that came with it where that is short, "…" otherwise."""
    try:
        if folder := folder_there(context(), models.find(context(), name)):
            known = read(folder)
            found = examples(folder, known.info)
            return known, next((each for each in found if len(json.dumps(each)) <= _LONGEST_EXAMPLE), "…")
    except TraindeckError:
        pass
    return None, "…"
