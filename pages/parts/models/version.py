"""One version: its names and stage, to be changed in one click; how good it is, its card, and where it came from."""

from urllib.parse import quote

import streamlit as st

from core import models
from core.models import CHALLENGER, CHAMPION, ModelRecord, Stage, VersionRecord
from core.models.scores import beside_baselines, figures, main_score, metric_name
from pages.parts.models import beside, exported, gate, head, lineage
from pages.parts.models.card import card
from pages.parts.models.versions import ALIAS_COLOURS, STAGE_LOOKS, capital
from pages.shared import address
from pages.shared.data import context
from pages.shared.format import literal, number
from pages.shared.widgets import standing_badge

_MOST_FIGURES = 6


def show_version(model: ModelRecord, version: VersionRecord) -> None:
    with st.container(border=True, key="models_shown"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            colour, icon = STAGE_LOOKS[version.stage]
            badges = [f":{ALIAS_COLOURS.get(alias, 'violet')}-badge[{alias}]" for alias in version.aliases]
            badges += [f":{colour}-badge[{icon} {version.stage.value}]"] if version.stage != Stage.NONE else []
            st.subheader(f"Version {version.number} {' '.join(badges)}", anchor=False, width="content")
            _stage(version)
        _actions(model, version)
        if version.note:
            st.text(version.note)
        _figures(version)
    titles = ["Card", "Exports", "Compare", "Where it came from", "Config", "History"]
    for title, tab in zip(
        titles, st.tabs(titles, key="models_view", bind=address.among("models_view", titles)), strict=True
    ):
        with tab:
            if not tab.open:
                continue
            if title == "Card":
                card(version)
            elif title == "Exports":
                exported.exported(version)
            elif title == "Compare":
                beside.beside(model, version)
            elif title == "Config":
                lineage.config(version)
            elif title == "History":
                head.history(model)
            else:
                lineage.lineage(version)


def _stage(version: VersionRecord) -> None:
    key = f"models_stage_{version.id}"
    st.session_state[key] = version.stage.value  # whoever changed it last
    st.segmented_control(
        "Stage",
        [stage.value for stage in Stage],
        required=True,
        label_visibility="collapsed",
        key=key,
        on_change=lambda: head.act(lambda: models.set_stage(context(), version, st.session_state[key])),
    )


def _actions(model: ModelRecord, version: VersionRecord) -> None:
    found = gate.champion_findings(model, version)
    passes = all(each.passed for each in found)
    with st.container(horizontal=True, vertical_alignment="center", key="models_actions"):
        for alias, icon in ((CHAMPION, ":material/trophy:"), (CHALLENGER, ":material/swords:")):
            if alias == CHAMPION and not passes:
                gate.draw_approval(version)
            elif alias not in version.aliases:
                before = model.aliases.get(alias)
                st.button(
                    f"Make {alias}",
                    type="primary" if alias == CHAMPION else "secondary",
                    icon=icon,
                    key=f"models_{alias}",
                    help=f"In the place of version {before.number}" if before else f"There is no {alias} yet",
                    on_click=_point,
                    args=(version, alias),
                )
        _other_aliases(version)
        _note(version)
        address = f"api/models/{quote(version.model)}/versions/{version.number}/network"
        st.link_button("Download", address, icon=":material/download:", help="The network, as a file of Keras")
        _delete(version)
    gate.draw_findings(found)


def _point(version: VersionRecord, alias: str) -> None:
    head.act(lambda: models.point(context(), version, alias), f"{alias} is version {version.number} now.")


def _other_aliases(version: VersionRecord) -> None:
    with head.popover("Aliases", icon=":material/label:", key="models_aliases", help="Other names, and their removal"):
        for alias in version.aliases:
            st.button(
                f"Remove {alias}", icon=":material/label_off:", key=f"models_drop_{alias}", on_click=_drop,
                args=(version, alias), width="stretch",
            )  # fmt: skip
        key = f"models_alias_{version.id}"
        with st.form(f"{key}_form", border=False, clear_on_submit=True):
            st.text_input("Another alias", max_chars=64, key=key, placeholder="canary, mobile, 2026-q4 …")
            st.form_submit_button("Point it here", on_click=_named, args=(version, key))


def _named(version: VersionRecord, key: str) -> None:
    _point(version, st.session_state[key].strip())


def _drop(version: VersionRecord, alias: str) -> None:
    head.act(lambda: models.drop_alias(context(), version.model, alias), f"There is no {alias} any more.")


def _note(version: VersionRecord) -> None:
    key = f"models_note_{version.id}"
    with (
        head.popover("Note", icon=":material/edit_note:", key="models_note"),
        st.form(f"{key}_form", border=False),
    ):
        st.text_area("What is particular about this version", version.note, key=key)
        st.form_submit_button(
            "Save",
            type="primary",
            on_click=lambda: head.act(lambda: models.annotate(context(), version, st.session_state[key].strip())),
        )


def _delete(version: VersionRecord) -> None:
    with head.popover("Delete", icon=":material/delete:", key="models_delete_version"):
        if version.aliases:
            st.markdown(f"In use under **{', '.join(version.aliases)}**. Move or remove that first, then delete.")
        else:
            st.markdown(f"Delete version {version.number} for good? Its run stays; no other version gets this number.")
        st.button(
            "Delete for good",
            type="primary",
            key="models_delete_version_apply",
            disabled=bool(version.aliases),
            on_click=_deleted,
            args=(version,),
        )


def _deleted(version: VersionRecord) -> None:
    head.act(
        lambda: models.delete_version(context(), version.model, version.number),
        f"Deleted version {version.number}.",
        lambda: st.query_params.from_dict({"model": version.model}),
    )


def _figures(version: VersionRecord) -> None:
    """The main ones as tiles, and how it stands to the baselines."""
    score = main_score(version)
    if score is None:
        st.caption("It was not evaluated on a test set, so it has no figures.")
        return
    if found := beside_baselines(version):
        st.markdown(standing_badge(found), help=literal(found.text))
    others = [name for name in figures(version) if name != score.metric]
    with st.grid("auto", min_column_width=136):
        for name in [score.metric, *others][:_MOST_FIGURES]:
            beside = None
            if name == score.metric and score.interval:
                beside = f"{score.interval[0]:.3f} to {score.interval[1]:.3f}"
            st.metric(
                capital(metric_name(name)), number(figures(version)[name]), beside, delta_color="off",
                delta_arrow="off", border=True, height="stretch",
                help="On the test set; below it the 95 % interval" if beside else None,
            )  # fmt: skip
