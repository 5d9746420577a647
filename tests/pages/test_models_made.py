"""Versions that are made of several runs: asked for on the Models and the Compare page, followed, stopped, told."""

from pathlib import Path

from core import models, runs
from core.common.context import Context
from core.data.library import Inbox, Upload
from core.jobs import evaluation, export, job_queue, new_version
from core.jobs.new_version import KIND, Ensemble, Made
from core.models import making, registering, version_source
from core.runs.reported_networks import JUDGED, NETWORK_FILE, RECORD, Judged, stamp_of
from pages.shared.nav import COMPARE, MODELS, RUN
from tests.core.models.conftest import Leave, leave
from tests.jobs import answer, open_jobs
from tests.pages.conftest import OpenPage
from tests.pages.test_models import texts

__all__ = ["leave"]


def test_runs_become_an_ensemble_that_is_followed_and_told(open_page: OpenPage, context: Context, leave: Leave) -> None:
    members = [leave(name="one"), leave(name="two")]
    models.register(context, members[0], "digits")
    app = open_page(MODELS, model="digits")
    app.multiselect(key="models_new_runs").set_value([run.id for run in members[:1]])
    app.button(key="models_new_ensemble").click().run()
    assert "takes 2 to 50 different runs" in app.error[0].value
    app.multiselect(key="models_new_runs").set_value([run.id for run in members])
    app.text_input(key="models_new_digits_note").set_value("both")
    app.button(key="models_new_ensemble").click().run()
    assert not app.exception
    [key] = open_jobs(context.workspace, KIND.name)
    request = job_queue.payload(context, KIND, key)
    assert request is not None
    assert (request.made_of, request.note) == (Ensemble(runs=tuple(run.id for run in members)), "both")

    answer(context.workspace, KIND.name, Made(problem="The networks are too large."))
    app = open_page(MODELS)
    assert "The version of digits was not made\\. The networks are too large" in texts(app)
    app.button(key=f"models_made_again_{key}").click().run()
    [again] = open_jobs(context.workspace, KIND.name)
    assert (again != key, job_queue.payload(context, KIND, again)) == (True, request)
    answer(context.workspace, KIND.name, Made(problem="The networks are too large."))
    app, key = open_page(MODELS), again
    app.button(key=f"models_made_away_{key}").click().run()
    assert new_version.asked(context) == []

    key = making.ask(context, request)
    app = open_page(MODELS, model="digits")
    app.button(key=f"models_made_stop_{key}").click().run()
    assert new_version.asked(context) == []
    making.ask(context, request)
    answer(context.workspace, KIND.name, Made(reference="digits@2", told="It may not become champion yet."))
    app.run()
    assert "digits@2 was made" in texts(app).replace("\\", "").replace("\u2060", "")
    assert "It may not become champion yet" in texts(app)
    assert new_version.asked(context) == []


def test_compared_runs_are_registered_together_or_it_is_told_why_not(
    open_page: OpenPage, context: Context, leave: Leave
) -> None:
    one, two, other = leave(name="a"), leave(name="a"), leave(name="b", facts={"data_fingerprint": "e" * 64})
    app = open_page(COMPARE, runs=f"{one.id},{two.id}")
    app.button(key="compare_ensemble_apply").click().run()
    assert not app.exception
    [asked] = new_version.asked(context)
    assert asked.request.made_of == Ensemble(runs=(one.id, two.id))
    assert runs.get(context, one.id).state.is_finished
    app = open_page(COMPARE, runs=f"{one.id},{other.id}")
    assert "was trained on other data" in texts(app)
    assert "compare_ensemble_apply" not in [each.key for each in app.button]


def test_of_an_ensemble_every_member_is_named(open_page: OpenPage, context: Context, leave: Leave) -> None:
    one, two = leave(name="first"), leave(name="second")
    told = [
        {"run": run.id, "uid": run.uid, "name": run.name, "checkpoint": "best", "seed": run.id} for run in (one, two)
    ]

    network = context.workspace.settings.run_dir(one.id) / "checkpoints" / runs.BEST_CHECKPOINT
    source = version_source.of_run(one, "ensemble", network, [], None)
    source.draft.facts["members"] = told
    registering.keep(context, source, "digits")
    app = open_page(MODELS, model="digits", models_view="Where it came from")
    shown = texts(app)
    assert f"The mean of the answers of runs {one.id} and {two.id}" in shown
    links = " ".join(each.proto.label for each in app.get("page_link"))
    assert f"#{one.id} first" in links.replace("\\", "")
    assert f"#{two.id} second" in links.replace("\\", "")


def test_a_file_is_asked_for_with_whose_inputs_it_takes(open_page: OpenPage, context: Context, leave: Leave) -> None:
    run = leave(name="one")
    models.register(context, run, "digits")
    inbox = Inbox(context.workspace.settings)
    [folder] = [path for path in inbox_folders(context) if path.name.endswith(inbox.key)]
    sent = Upload("0" * 32, "mine.onnx", 7)
    (folder / sent.id).mkdir()
    (folder / sent.id / "mine.onnx").write_bytes(b"network")
    app = open_page(MODELS, model="digits")
    app.radio(key="models_new_how").set_value("A file").run()
    app.button(key="models_new_upload").click().run()
    assert "Choose a file first" in app.error[0].value
    app.session_state["models_inbox"], app.session_state["models_upload"] = inbox, sent
    app.run()
    assert app.selectbox(key="models_new_like").options[1:4] == [
        "digits@1",
        f"run #{run.id} one · digits",
        "data set xor, as it is",
    ]
    app.selectbox(key="models_new_like").set_value("digits@1")
    app.button(key="models_new_upload").click().run()
    assert not app.exception
    [asked] = new_version.asked(context)
    made_of = asked.request.made_of
    assert isinstance(made_of, new_version.Uploaded)
    assert (made_of.name, made_of.like, asked.request.model) == ("mine.onnx", "digits@1", "digits")
    assert new_version.placed(context.workspace.settings, made_of.folder).read_bytes() == b"network"
    answer(context.workspace, KIND.name, Made(problem="The disk is full.", passing=True))
    again, away = (f"models_made_{each}_{asked.key}" for each in ("again", "away"))
    app = open_page(MODELS)
    assert again in [each.key for each in app.button]
    new_version.forget_file(context.workspace.settings, made_of)
    app.run()
    assert again not in [each.key for each in app.button], "there is nothing to try it with"
    app.button(key=away).click().run()
    assert new_version.asked(context) == []


def test_the_best_network_of_a_script_is_evaluated_tried_and_exported_from_its_page(
    open_page: OpenPage, context: Context, leave: Leave
) -> None:
    judge, settings = leave(name="judge"), context.workspace.settings
    facts = {"checkpoint": {"data": "digits"}}
    run = leave(name="mine", kind="logged", accuracy=None, content=b"best", facts=facts)
    for tab, place in (("Evaluation", "evaluation"), ("Try it", "try"), ("Curves", "export"), ("Curves", "register")):
        app = open_page(RUN, id=str(run.id), run_view=tab)
        assert [each.label for each in app.tabs][1:3] == ["Evaluation", "Try it"]
        assert app.selectbox(key=f"run_{place}_{run.id}_like").value == str(judge.id), "the data set that it named"
    app.selectbox(key=f"run_register_{run.id}_pixels").set_value("0..1").run()
    app.button(key="run_judge_register").click().run()
    assert not app.exception
    [key] = job_queue.keys(context, evaluation.KIND)
    asked = job_queue.payload(context, evaluation.KIND, key)
    assert asked is not None
    assert (asked.like, asked.pixels, asked.run) == (str(judge.id), (0.0, 1.0), run.id)
    assert "run_judge_evaluation" not in [
        each.key for each in open_page(RUN, id=str(run.id), run_view="Evaluation").button
    ]

    job_queue.forget(context, key)  # it was done, and gave this
    network = settings.run_dir(run.id) / "checkpoints" / "best.keras"
    folder = settings.run_dir(run.id) / JUDGED
    folder.mkdir()
    (folder / NETWORK_FILE).write_bytes(b"judged")
    told = {"uploaded": {"file": "run-2.keras", "bytes": 4, "like": "run 1", "unmeasured": "it has no test examples"}}
    record = Judged(like="1", title="run 1", network=stamp_of(network), config=judge.config, facts=told)
    (folder / RECORD).write_text(record.model_dump_json())
    app = open_page(RUN, id=str(run.id), run_view="Evaluation")
    assert "Its network can be tried, and is not measured: it has no test examples" in app.info[0].value
    assert not open_page(RUN, id=str(run.id), run_view="Try it").exception
    app.selectbox(key=f"run_export_form_{run.id}").set_value("litert").run()
    app.button(key="run_export_apply").click().run()
    version = models.find(context, "digits")
    assert [each.form for each in export.asked(context, version)] == ["litert"]
    assert (app.query_params["model"], app.query_params["models_view"]) == ("digits", "Exports")
    app = open_page(RUN, id=str(run.id))
    assert "Model digits@1" in [each.proto.label for each in app.get("page_link")]
    network.write_bytes(b"it went on")
    assert "It has kept another network since" in open_page(RUN, id=str(run.id), run_view="Evaluation").warning[0].value


def inbox_folders(context: Context) -> list[Path]:
    return list(context.workspace.settings.home.rglob(".inbox-*"))
