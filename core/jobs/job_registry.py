"""Every kind of job, by name. A new kind is a line here, a file in core/jobs and one in core/workers."""

from typing import Any

from core.jobs import (
    batch_prediction,
    comparison,
    evaluation,
    export,
    importance,
    inspection,
    new_version,
    prediction,
    preflight,
)
from core.jobs.job_kind import JobKind

JOB_KINDS: dict[str, JobKind[Any, Any]] = {
    kind.name: kind
    for kind in (
        inspection.KIND,
        preflight.KIND,
        prediction.KIND,
        evaluation.KIND,
        batch_prediction.KIND,
        comparison.KIND,
        export.KIND,
        importance.KIND,
        new_version.KIND,
    )
}
