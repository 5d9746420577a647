"""Which metrics share a chart."""

from core.tracking.families import families, telemetry


def test_training_and_validation_share_a_chart_loss_first() -> None:
    metrics = ["accuracy", "auc", "learning_rate", "loss", "step_loss", "val_accuracy", "val_loss"]
    assert families(metrics) == {
        "loss": ("loss", "val_loss"),
        "accuracy": ("accuracy", "val_accuracy"),
        "auc": ("auc",),
        "learning_rate": ("learning_rate",),
        "step_loss": ("step_loss",),
    }


def test_single_values_of_the_test_and_telemetry_are_no_curves() -> None:
    assert families(["test_loss", "system/host_cpu_percent"]) == {}


def test_telemetry_is_drawn_by_unit() -> None:
    names = ["system/gpu0_power_w", "system/gpu0_percent", "system/host_cpu_percent", "system/odd", "loss"]
    assert telemetry(names) == {
        "Utilisation (%)": ("system/gpu0_percent", "system/host_cpu_percent"),
        "Power (W)": ("system/gpu0_power_w",),
        "Other": ("system/odd",),
    }
