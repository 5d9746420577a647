"""What is needed to do a run again, and to understand its figures."""

import os
import socket
from dataclasses import asdict
from typing import Any

import keras

from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.vocabulary import WORD_RULES
from core.engine.device_name import device_name
from core.engine.loss_functions import loss_facts
from core.system.program import program


def gather(config: RunConfig, data: Dataset, model: keras.Model) -> dict[str, Any]:
    """Host, device, versions, data and size of the network, as JSON data."""
    return {
        **program(),
        "host": socket.gethostname(),
        "device": device_name(),
        "cpus": len(os.sched_getaffinity(0)),
        "data_fingerprint": data.fingerprint,
        "task": data.info.task,
        **({"target": data.info.target} if data.info.target else {}),
        "examples": {"train": len(data.y_train), "validation": len(data.y_val), "test": len(data.y_test)},
        **({"validation": "the author's part"} if data.info.validation_examples else {}),
        "parameters": model.count_params(),
        **({WORD_RULES: data.vocabulary.rules} if data.vocabulary else {}),
        "precision": keras.config.dtype_policy().name,
        **loss_facts(config, data),
    } | _scaling(data)


def _scaling(data: Dataset) -> dict[str, Any]:
    """How the target of a regression was scaled, which says what its loss is."""
    target = data.numbers.target if data.numbers else None
    return {"target_scaling": asdict(target)} if target else {}
