"""Why an exported network answers as it does: what a process beside a served model is asked, in JSON; no TensorFlow."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.data.base import DataInfo, Examples
from core.data.pictures import png_of
from core.explain.explained_row import Background
from core.explain.explainer import Explainer
from core.explain.exported_subject import ExportedSubject
from core.inference.description import Description
from core.inference.inputs import batch_of
from core.jobs.explanation import TITLES, Explain
from core.jobs.explanation_told import checks, compared
from core.serving.question_size import require_fields

BACKGROUND = "background.json"  # rows of the test set, beside an export, that rows are compared with


class ExportedExplainer:
    """Of the folder of an export."""

    def __init__(self, folder: Path) -> None:
        """Raises BundleError."""
        self._folder = folder
        subject = ExportedSubject(folder)
        self.known: Description = subject.model.known
        self._explainer = Explainer(subject, self.known.vocabulary, self._background)

    def __call__(self, instance: Any, target: str = "") -> dict[str, Any]:
        """As JSON data, with its checks in sentences. Raises DataError."""
        info = self.known.info
        x, _ = batch_of(self.known, [instance])
        found = self._explainer(x, Explain(target=target))
        said = [{"text": each.text, "is_good": each.is_good} for each in checks(info, found)]
        return found.model_dump(mode="json", exclude={"problem"}) | {
            "title": TITLES[found.method],
            "unit": info.target if info.predicts_numbers else "probability",
            "picture": _png(info, x),  # as the network takes it
            "compared": compared(info, found),
            "checks": said,
        }

    def _background(self) -> Background:
        try:
            kept = json.loads((self._folder / BACKGROUND).read_text(encoding="utf-8"))
            told = kept if isinstance(kept, dict) else {"rows": kept, "of": 0}  # before, they were the first ones
            return Background(batch_of(self.known, told["rows"])[0], int(told["of"]), told.get("made") is True)
        except (OSError, ValueError, KeyError, TypeError, DataError) as error:
            raise DataError(
                "This export has no rows to compare with. Export the model again where its data set is, and then ask."
            ) from error


def _png(info: DataInfo, x: Examples) -> str:
    """In base64; "" of what is no picture that people can see."""
    return png_of(x[0]) if not isinstance(x, dict) and info.is_image and info.shape[-1] in (1, 3) else ""


def explained(explainer: ExportedExplainer, body: Mapping[str, Any]) -> dict[str, Any]:
    """Of a request {"instances": [one], "target": a class or none}. Raises DataError."""
    require_fields(body, ("instances", "target"))
    instances, target = body.get("instances"), body.get("target", "")
    if not isinstance(instances, list) or len(instances) != 1 or not isinstance(target, str):
        raise DataError(
            'Send {"instances": [one]}, one instance at a time, and "target" with the name of a class or without.'
        )
    return {"explanations": [explainer(instances[0], target)]}
