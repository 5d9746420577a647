"""The Models page: every registered model, and one of them with its versions.

The view is the URL's: `model` names the one that is shown, `version` which of its versions.
"""

import streamlit as st

from core import models
from core.common.errors import NotFoundError
from pages.parts.models import head, table
from pages.parts.models.being_made import being_made
from pages.parts.models.empty import nothing_yet
from pages.parts.models.gate import draw_gate
from pages.parts.models.new_version import draw_new
from pages.parts.models.serving import draw_serve, draw_served
from pages.parts.models.version import show_version
from pages.parts.models.versions import versions_table
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import MODELS


def main() -> None:
    asked = st.query_params.get("model", "")
    if not asked:
        listed()
        return
    try:
        show(models.get(context(), asked))
    except NotFoundError as error:
        st.query_params.clear()
        listed()
        st.error(literal(str(error)))


def listed() -> None:
    st.title(MODELS.title, anchor=False)
    head.notice()
    being_made()
    found = models.listing(context())
    if not found:
        nothing_yet()
        return
    draw_new()
    table.table(found)
    st.caption("Click a name to see its versions. A finished run becomes a version on its page: Register as model.")


def _actions(model: models.ModelRecord) -> None:
    draw_serve(model)
    draw_gate(model)
    draw_new(model)


def show(model: models.ModelRecord) -> None:
    head.head(model, _actions)
    head.notice()
    being_made(model.name)
    draw_served(model)
    if not model.versions:
        st.info("All of its versions were deleted. Register one from a run's page.", icon=":material/layers_clear:")
        head.history(model)
        return
    try:
        version = models.named(model, st.query_params.get("version", ""))
    except NotFoundError as error:
        st.warning(literal(str(error)), icon=":material/layers:")
        version = models.named(model, "")
    versions_table(model, version)
    show_version(model, version)


main()
