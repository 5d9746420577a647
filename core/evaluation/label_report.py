"""What the report of an evaluation holds of several labels. Values that are not defined are None, never NaN."""

from pydantic import BaseModel, ConfigDict

from core.evaluation.curve import Curve, Value

HALF = 0.5  # the threshold that nothing was chosen for


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # a later version may say more


class LabelScores(_Frozen):
    """One label at its threshold, as the 2x2 matrix of examples that have it and that are given it."""

    name: str
    threshold: float  # a label is given to an example when it is more probable
    tuned: bool  # whether the threshold was chosen on the validation part
    both: int  # examples that have the label and are given it
    only_given: int
    only_true: int
    neither: int
    precision: Value
    recall: Value
    f1: Value
    f1_at_half: Value  # at the threshold HALF
    roc_auc: Value
    average_precision: Value

    @property
    def support(self) -> int:
        return self.both + self.only_true


class SetScores(_Frozen):
    """All labels together, at one choice of thresholds."""

    f1_micro: Value
    f1_macro: Value
    f1_weighted: Value
    f1_samples: Value  # mean over the examples; 1 where there is no label and none is given
    precision_micro: Value
    recall_micro: Value
    subset_accuracy: float  # share of the examples whose labels are all right
    hamming_loss: float  # share of wrong ones among all labels of all examples


class MultiLabel(_Frozen):
    chosen: SetScores  # at the labels' thresholds
    at_half: SetScores  # at HALF
    log_loss: Value  # binary cross-entropy, the mean over the labels, in nats
    roc_auc: Value  # macro average over the labels that have one
    average_precision: Value
    labels: tuple[LabelScores, ...]
    true_labels: float  # of an example, on average
    given_labels: float
    roc: tuple[Curve, ...]
    precision_recall: tuple[Curve, ...]

    def metrics(self) -> dict[str, Value]:
        """The headline numbers as metrics of a run."""
        names = ("f1_micro", "f1_macro", "f1_weighted", "f1_samples", "subset_accuracy", "hamming_loss")
        return {
            **{f"test_{name}": getattr(self.chosen, name) for name in names},
            "test_f1_micro_at_half": self.at_half.f1_micro,
            "test_roc_auc": self.roc_auc,
            "test_average_precision": self.average_precision,
        }
