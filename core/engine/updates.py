"""How weights are updated: Keras's optimizers by config, with what beside an update was chosen."""

import re
from typing import Any

import keras
import tensorflow as tf

from core.config.optimizers import SGD, AnyOptimizer, Muon
from core.engine.keras_internals import is_plain, leave_averages, number_of
from core.engine.shared_adam import share_scalars

_BESIDE = {"clip_norm", "ema_momentum", "lookahead", "gradient_accumulation_steps", "shift_factor"}


def optimizer(config: AnyOptimizer, model: keras.Model | None = None) -> keras.optimizers.Optimizer:
    """Clips by the norm over all weights, as PyTorch's clip_grad_norm_: the direction of an update stays as it was.

    The slow weights of a lookahead stand where a running mean would, and are changed by `averaging.look_back` alone.
    """
    arguments = config.model_dump(include=set(type(config).model_fields) - {"name", *_BESIDE})
    kind: Any = getattr(keras.optimizers, type(config).__name__)
    if isinstance(config, Muon):
        arguments |= {"adam_weight_decay": config.weight_decay, "exclude_layers": _last_paths(model)}
    if isinstance(config, SGD):
        arguments["weight_decay"] = config.weight_decay or None
        if config.shift_factor != 1:
            kind, arguments["shift_factor"] = FastShiftSGD, config.shift_factor
    steps = config.gradient_accumulation_steps
    made = kind(
        **arguments,
        global_clipnorm=config.clip_norm,
        use_ema=config.averages,
        ema_momentum=config.ema_momentum or 0.0,
        gradient_accumulation_steps=steps if steps > 1 else None,
    )
    if type(made) in (keras.optimizers.Adam, keras.optimizers.AdamW) and not (
        made.amsgrad or tf.distribute.has_strategy() or is_plain()
    ):
        share_scalars(made)
    if config.lookahead:
        leave_averages(made)
    return made


@keras.saving.register_keras_serializable("traindeck")
class FastShiftSGD(keras.optimizers.SGD):  # type: ignore[misc]
    """SGD by which the shifts (beta) of normalisations learn at a rate of their own."""

    def __init__(self, shift_factor: float = 1.0, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.shift_factor = shift_factor

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        weight = self._trainable_variables[number_of(self, variable)]
        factor = self.shift_factor if weight.path.endswith("/beta") else 1.0
        super().update_step(gradient, variable, tf.cast(learning_rate, tf.float32) * factor)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "shift_factor": self.shift_factor}


def _last_paths(model: keras.Model | None) -> list[str]:
    """Expressions for the paths of the last layer's weights, for which Muon is not made."""
    layers = [layer for layer in model.layers if layer.trainable_variables] if model is not None else []
    return [f"^{re.escape(weight.path)}$" for layer in layers[-1:] for weight in layer.trainable_variables]
