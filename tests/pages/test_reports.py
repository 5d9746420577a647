"""The Reports page."""

from pathlib import Path

import pytest
from streamlit.elements.lib.mutable_status_container import StatusContainer
from streamlit.testing.v1 import AppTest

from core.common.context import Context
from core.reports import authoring, saved_views
from core.reports.panel_specs import KINDS
from pages.parts.reports import exporting
from pages.shared.nav import COMPARE, EXPERIMENTS, REPORTS
from pages.shared.state import REPORTS_EXPORT
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def texts(app: AppTest) -> str:
    found = [*app.markdown, *app.caption, *app.error, *app.success, *app.title]
    return "\n".join([*(str(each.value) for each in found), *(str(each.proto.body) for each in app.get("html"))])


def test_one_is_begun_written_and_read(open_page: OpenPage, context: Context) -> None:
    app = open_page(REPORTS)
    assert "No reports yet" in texts(app)
    app.text_input("reports_new_title").set_value("What we learned")
    next(each for each in app.button if each.label == "Begin").click().run()
    app.text_area("reports_source").set_value("It was *wide*.\n\n```panel note\ntext: a remark\n```").run()
    assert "<em>wide</em>" in texts(app)
    written = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"| `{kind}` |" in texts(app), "what can be written is told beside it"
        assert f"| `{kind}` |" in written
    app.button("reports_save").click().run()
    assert "<p>a remark</p>" in texts(app)
    assert "What we learned" in texts(app)
    [made] = authoring.listing(context)
    assert (made.title, made.version) == ("What we learned", 2)
    assert not app.exception


def test_the_second_who_saves_keeps_the_text_sees_the_other_and_goes_on(open_page: OpenPage, context: Context) -> None:
    made = authoring.create(context, "shared", "begin")
    app = open_page(REPORTS, report=str(made.id), edit="1")
    authoring.save(context, made.id, "shared", "by another", 1)
    app.text_area("reports_source").set_value("mine").run()
    app.button("reports_save").click().run()
    assert "ada saved version 2 since you read version 1" in texts(app).replace("\\", "")
    assert app.text_area("reports_source").value == "mine"
    app.button("reports_over").click().run()
    app.button("reports_save").click().run()
    assert [authoring.version(context, made.id, number).source for number in (2, 3)] == ["by another", "mine"]
    assert "<p>mine</p>" in texts(app)


def test_an_old_version_is_looked_at_and_restored(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    run = add_run(metrics={"val_loss": [0.5, 0.4]})
    made = authoring.create(context, "old", f"```panel curves\nruns: {run}\nfrozen: true\n```")
    authoring.save(context, made.id, "old", "empty", 1)
    app = open_page(REPORTS, report=str(made.id), version="1")
    assert "version 1 of 2" in texts(app)
    assert "As it was on" in texts(app)
    app.button("reports_restore").click().run()
    assert authoring.version(context, made.id).number == 3
    app.button("reports_delete_apply").click().run()
    assert authoring.listing(context) == []
    assert "Deleted old" in texts(app)


def test_many_panels_are_drawn_before_a_file_is_offered_and_counted_meanwhile(
    open_page: OpenPage, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered() -> list[str]:
        return [each.proto.label for each in app.get("download_button")]

    monkeypatch.setattr(exporting, "_MANY", 2)
    made = authoring.create(context, "long", "```panel note\ntext: a remark\n```\n" * 3)
    told: list[str] = []
    monkeypatch.setattr(StatusContainer, "update", lambda _, label="", **_more: told.append(label))
    app = open_page(REPORTS, report=str(made.id))
    assert offered() == []
    app.button("reports_export").click().run()
    assert not app.exception
    assert offered() == ["HTML", "PDF"]
    assert told == [f"Drew {count} of 3 panels" for count in (1, 2, 3)] + [""]
    assert app.session_state[REPORTS_EXPORT][2].count("a remark") == 3


def test_what_a_page_shows_goes_into_a_new_report_and_a_view_is_saved(
    open_page: OpenPage, context: Context, add_run: AddRun
) -> None:
    ids = [add_run(name=f"run-{place}", metrics={"val_loss": [0.5, 0.4]}) for place in range(2)]
    known = authoring.create(context, "Known")
    app = open_page(COMPARE, runs=",".join(map(str, ids)))
    app.session_state["report_curves"] = True
    app.run()
    which = app.selectbox("report_curves_which")
    assert which.value == known.id
    which.options.append("Two runs")  # AppTest cannot type
    which.set_value("Two runs")
    app.button("report_curves_add").click().run()
    assert not app.exception
    [made] = [each for each in authoring.listing(context) if each.id != known.id]
    assert (made.title, made.version) == ("Two runs", 1)  # and the second addition is version 2
    source = authoring.version(context, made.id).source
    assert source.startswith(f"```panel curves\nruns: [{ids[0]}, {ids[1]}]\nmetrics: [val_loss]\n")
    assert f"reports?report={made.id}" in app.toast[0].value

    app.session_state["views"] = True
    app.run()
    app.text_input("views_name").set_value("both")
    next(each for each in app.button if each.label == "Save view").click().run()
    [view] = saved_views.listing(context)
    assert saved_views.query_of(view)["runs"] == [f"{ids[0]},{ids[1]}"]
    app = open_page(COMPARE, view=str(view.id))
    assert app.session_state["compare_runs"] == ids
    assert "Saved views" in [each.value for each in open_page(REPORTS).subheader]


def test_a_view_of_a_page_as_it_is_by_itself_is_opened(open_page: OpenPage, context: Context, add_run: AddRun) -> None:
    add_run(metrics={"test_accuracy": [0.9]})
    view = saved_views.save(context, EXPERIMENTS.url_path, "plain", {})
    app = open_page(EXPERIMENTS, view=str(view.id))  # without end, if it was led to its own address
    assert app.selectbox(key="name").value == "default"
