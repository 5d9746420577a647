"""A sweep as it is now, for whoever looks at it time and again: of its trials those that changed are read again."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import db.sweep_rows
import db.sweeps
from core.common.context import Context
from core.common.workspace import Workspace
from core.sweeps.definition import Definition, read_definition
from core.sweeps.trials import SweepView, Trial, found_sweep, measured, trials_of, whole
from db.engine import Session

_MOST = 12  # sweeps that are kept of a store
_registry_lock = threading.Lock()
_registry: "WeakKeyDictionary[Workspace, OrderedDict[int, KeptSweep]]" = WeakKeyDictionary()


def kept_view(context: Context, sweep_id: int) -> SweepView:
    """As `view`, for who may ask again soon: a page, the panels of a report. Raises NotFoundError, StoreError."""
    with _registry_lock:
        of_store = _registry.setdefault(context.workspace, OrderedDict())
        kept = of_store.setdefault(sweep_id, KeptSweep(sweep_id))
        of_store.move_to_end(sweep_id)
        if len(of_store) > _MOST:
            of_store.popitem(last=False)
    return kept.read(context)


class KeptSweep:
    """Any number of threads may read it. Ten thousand trials take a second to be read, and a twentieth to be looked at
    again.
    """

    def __init__(self, sweep_id: int) -> None:
        self._id = sweep_id
        self._lock = threading.Lock()
        self._definition: tuple[object, Definition] | None = None  # as stored, and as read
        self._stamps: dict[int, db.sweep_rows.Stamp] = {}
        self._trials: dict[int, Trial] = {}
        self._at_work: set[int] = set()  # trials of which a run is not at rest

    def read(self, context: Context) -> SweepView:
        """As the store is now. Trials that have not changed are the same objects. Raises NotFoundError, StoreError."""
        with self._lock, context.workspace.read() as session:
            sweep = found_sweep(session, self._id)
            if self._definition is None or self._definition[0] != sweep.definition:
                self._definition = sweep.definition, read_definition(sweep.definition)
                self._stamps = {}
            definition = self._definition[1]
            stamps = db.sweep_rows.stamps(session, self._id, measured(definition))
            before, at_work = self._stamps, self._at_work
            changed = [number for number, stamp in stamps.items() if before.get(number) != stamp or number in at_work]
            if changed:
                self._read(session, definition, changed)
            if len(self._trials) > len(stamps) or changed:
                self._trials = {number: self._trials[number] for number in stamps}
            self._stamps = stamps
            return whole(sweep, definition, self._trials.values())

    def _read(self, session: Session, definition: Definition, numbers: Sequence[int]) -> None:
        for trial in trials_of(session, definition, db.sweeps.trials(session, self._id, numbers)):
            self._trials[trial.number] = trial
            is_at_work = any(each.is_active for each in (*trial.runs, *trial.confirmations))
            (self._at_work.add if is_at_work else self._at_work.discard)(trial.number)
