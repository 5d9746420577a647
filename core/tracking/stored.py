"""What the store has of a run's metrics, as a recorder keeps it in mind."""

from collections.abc import Iterable

import db.curves
import db.metrics
import db.points
from core.tracking import summary
from core.tracking.downsampling import EMPTY, extended
from core.tracking.tracked import Tracked
from db.engine import Session

_MUCH = 1000  # points


def load(session: Session, run_id: int, names: Iterable[str], rebuild: bool) -> dict[str, Tracked]:
    """By name, empty ones for what was never recorded.

    `rebuild`: thin a long metric without a curve from all of its points, as after a rewind. Not while somebody else
    records the same metric and takes the curve away again and again.
    """
    wanted = list(names)
    if not db.metrics.has_any(session, run_id):  # a new run may come with thousands at once
        return {name: Tracked(summary.empty(run_id, name)) for name in wanted}
    known = db.metrics.summaries(session, [run_id], wanted).get(run_id, {})
    curves = db.curves.of_runs(session, [run_id], known)
    whole = [name for name in known if rebuild or (run_id, name) in curves or known[name].count < _MUCH]
    ends = db.points.ends(session, run_id, known)
    rising = [name for name in whole if ends[name] == (known[name].last_step, known[name].last_sequence)]
    rest = db.points.series_many(session, [run_id], rising, {key: curve.end for key, curve in curves.items()})
    found = {}
    for name in wanted:
        key = (run_id, name)
        stored = curves.get(key, EMPTY)
        is_thinned = name not in known or name in rising
        curve = extended(stored, rest.get(key, EMPTY.points)) if is_thinned else None
        start = known.get(name) or summary.empty(*key)
        found[name] = Tracked(start, curve, stored.count)
    return found
