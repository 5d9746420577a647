"""The evaluation of a generator of text, and what it writes while it learns."""

import streamlit as st

from core import charts, comparison, runs
from core.charts import evaluations as evaluation_charts
from core.common.safe_files import file_inside
from core.evaluation.generated_samples import generated
from core.evaluation.report import Generation
from core.evaluation.report_files import FOLDER, GENERATED
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation.examples import examples
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared.data import Stamp, context, predictions, run_curves, workspace
from pages.shared.format import literal, number, plural

_SAMPLES = 10
_HARDEST = 20


def show(run: RunRecord, scores: Generation, version: Stamp) -> None:
    told = f"On {scores.tokens:,} tokens of the test text, in {plural(scores.windows, 'window')} of {scores.length}"
    tiles(
        Tile("Perplexity", scores.perplexity, f"How many tokens it hesitates between on average. {told}."),
        Tile("Loss", scores.loss, told, "nats per token"),
        Tile("Accuracy", scores.accuracy, "How often the next token is the most probable one"),
    )
    with st.container(border=True):
        st.markdown("**Loss by tokens read** :gray[it falls where the network makes use of what came before]")
        figure = evaluation_charts.loss_by_position(scores.by_position, scores.length)
        chart(figure, key=f"run_position_chart_{run.id}", alt="Loss by the number of tokens read")
    frame = predictions(run.id, version)
    if frame is not None and "text" in frame:
        st.subheader("Hardest passages", anchor=False)
        hardest = frame.sort_values("loss", ascending=False, kind="stable").head(_HARDEST)
        examples(run.id, hardest, [], key="run_hardest", alt="Test windows with the largest loss")


def learning(run_id: int) -> None:
    """Perplexity and samples by epoch; a fragment, as they come in while the run trains."""
    run = runs.get(context(), run_id)
    known = runs.summaries(context(), [run_id]).get(run_id, {})
    metrics = tuple(name for name in ("perplexity", "val_perplexity") if name in known)
    if metrics:
        version = tuple((name, known[name].count, known[name].last_step, known[name].best_step) for name in metrics)
        frame, x_title = comparison.in_unit(run_curves(run_id, metrics, "epoch", 0.0, version), "epoch")
        with st.container(border=True, key="run_perplexity"):
            st.markdown("**Perplexity**")
            figure = charts.curves(frame, x_title=x_title, whole_x=run.state.is_finished)
            chart(figure, key=f"run_perplexity_chart_{run_id}", alt="Perplexity over epochs")
    if not runs.is_here(workspace().settings, run):  # which the tab has said above
        return
    st.subheader("Samples", anchor=False)
    path = file_inside(workspace().settings.run_dir(run_id), f"{FOLDER}/{GENERATED}")
    samples = generated(path) if path else []
    if not samples:
        waits = "Samples appear after the first epoch." if not run.state.is_finished else "It kept no samples."
        st.caption(waits)
    for sample in samples[:_SAMPLES]:
        _sample(sample)
    if len(samples) > _SAMPLES:
        st.caption(f"The newest {_SAMPLES} of {len(samples):,}; {GENERATED}, under Files, has all.")


def _sample(sample: dict[str, object]) -> None:
    temperature = sample.get("temperature")
    warmth = f", temperature {number(temperature)}" if isinstance(temperature, int | float) else ""
    prompt = str(sample.get("prompt", ""))
    after = f", after {literal(repr(prompt), 60)}" if prompt else ""
    st.caption(f"Epoch {literal(str(sample.get('epoch', '')))}{warmth}{after}")
    st.code(str(sample["text"]), language=None, wrap_lines=True)
