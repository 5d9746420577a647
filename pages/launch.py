"""The Launch page: a config from a preset, a run or a file, edited in a form, and queued."""

import streamlit as st

from pages.parts.launch import address, card, draft, labels, seeding, task_view, validation_view, varying
from pages.parts.launch.choices import choices
from pages.parts.launch.config_form import Form, draw_form
from pages.parts.launch.findings import findings
from pages.parts.launch.layer_help import draw_layer_help
from pages.parts.launch.panel import draw_panel
from pages.parts.launch.schedule_view import draw_schedule
from pages.parts.launch.start import draw_start
from pages.shared import state
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import SCRIPT

# Streamlit has no container that stays in view while the page scrolls; on narrow windows the columns are stacked.
STAYING = """<style>
@media (min-width: 641px) {
  div:has(> .st-key-launch_panel) {
    position: sticky; top: 3.5rem; max-height: calc(100vh - 4rem); overflow-y: auto; scrollbar-width: thin;
  }
  div:has(> .st-key-launch_panel):has(.st-key-launch_sweep_begin) { max-height: calc(100vh - 12.5rem); }
  div:has(> .st-key-launch_sweep_begin) {
    position: sticky; bottom: 0; z-index: 2; background: light-dark(#ffffff, #12181b); padding: 0.25rem 0;
  }
}
[class*="st-key-launch_old_"] { opacity: 0.6; filter: grayscale(1); transition: opacity 0.15s; }
.launch-target { display: block; scroll-margin-top: 10rem; }
</style>"""

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("Launch", width="content")
    st.page_link(SCRIPT.path, label="Launch your own script", icon=SCRIPT.icon, help="")
st.html(STAYING)
acting = context()
address.follow(acting)
labels.begin(acting)
address.tell(acting)
if wrong := st.session_state.get(state.LAUNCH_WRONG):
    st.warning(literal(wrong), icon=":material/link_off:")
with seeding.drawing():
    draw_start(acting)

    found = findings(acting)
    varying.check(acting, draft.raw())
    form, panel = st.columns([3, 2], gap="medium")
    with form:
        wanted = st.text_input(
            "Find a field",
            key="launch_field",
            placeholder="Find a field: dropout, clipping, folds",
            icon=":material/search:",
            label_visibility="collapsed",
        )
        draw_form(
            Form(
                draft.raw(),
                found.problems,
                notes={
                    "architecture": draw_layer_help,
                    "training.schedule": draw_schedule,
                    "data": lambda: validation_view.draw(acting.workspace.settings, draft.raw()),
                },
                choices=choices(acting.workspace.settings, draft.raw()),
                hints={"architecture": st.session_state.get(state.LAUNCH_SWITCHED, "")},
                wanted=wanted,
                under=varying.draw if varying.is_on() else None,
                tried=varying.tried(),
                of_others=varying.draw_of_others,
                hidden=(
                    *validation_view.hidden(acting.workspace.settings, draft.raw()),
                    *task_view.hidden(acting.workspace.settings, draft.raw()),
                ),
            )
        )
    with panel, st.container(key="launch_panel"):
        card.draw_card(acting, found)
        draw_panel(acting, found)
