"""The worker that finds out what a run's network goes by; see core.jobs.importance."""

import traceback

from core.common.errors import DataError, TraindeckError
from core.common.text import first_line
from core.explain.importance_of_pictures import importance_of_pictures
from core.explain.importance_of_rows import importance_of_rows
from core.explain.importance_of_texts import importance_of_texts
from core.explain.tested import Tested
from core.inference.decisions import HALF
from core.jobs.importance import Importance, Wanted, applies
from core.tracking.full_disk import problem_of
from core.workers.prediction import Network
from core.workers.work import Work


def answer(work: Work, asked: Wanted) -> Importance:
    """Whatever goes wrong is told as its problem."""
    try:
        network = Network(work.workspace, str(asked.run))
        network.load()
        return _found(work, network, asked.run)
    except TraindeckError as error:
        return Importance(problem=problem_of(error))
    except Exception as error:  # noqa: BLE001 - whatever a network raises
        traceback.print_exc()
        return Importance(
            problem=problem_of(error, f"It could not be found out: {type(error).__name__}: {first_line(error)}")
        )


def _found(work: Work, network: Network, run_id: int) -> Importance:
    """Raises TraindeckError."""
    info = network.info
    tested = Tested(work.settings, run_id, info, network.outputs, work.progress)
    if not applies(info):
        raise DataError(
            "What a network goes by is found out of texts, of pictures, and of rows that have one class or number "
            "each; this run's data are others."
        )
    if info.kind == "text":
        assert network.vocabulary is not None
        return importance_of_texts(tested, network.vocabulary)
    if info.is_image:
        return importance_of_pictures(tested)
    chosen = network.threshold()
    return importance_of_rows(tested, chosen.threshold if chosen is not None else HALF)
