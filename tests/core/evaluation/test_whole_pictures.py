"""Pictures of test examples that are asked about: as the network took them, or as an older run kept them."""

from pathlib import Path

import numpy as np
import pandas as pd

from core.evaluation.samples import load_samples, load_whole, save_samples


def _predictions(count: int) -> pd.DataFrame:
    labels = np.arange(count) % 2
    return pd.DataFrame({"index": np.arange(count), "label": labels, "predicted": labels, "confidence": 0.9})


def test_large_pictures_are_shown_smaller_and_asked_about_whole(tmp_path: Path) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (200, 100, 140, 3), np.uint8)
    save_samples(tmp_path / "samples.npz", pictures, _predictions(200))
    positions, whole = load_whole(tmp_path / "samples.npz")
    assert 1 < len(positions) <= 64
    assert np.array_equal(whole, pictures[positions])
    assert load_samples(tmp_path / "samples.npz", positions.tolist())[int(positions[0])].shape == (69, 96, 3)


def test_small_pictures_are_kept_once(tmp_path: Path) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (8, 28, 28, 1), np.uint8)
    save_samples(tmp_path / "samples.npz", pictures, _predictions(8))
    positions, whole = load_whole(tmp_path / "samples.npz")
    assert np.array_equal(whole, pictures[positions])
    with np.load(tmp_path / "samples.npz") as stored:
        assert set(stored.files) == {"images", "index"}


def test_an_older_run_has_them_as_they_are_shown(tmp_path: Path) -> None:
    images = np.zeros((3, 96, 96, 3), np.uint8)
    np.savez_compressed(tmp_path / "samples.npz", images=images, index=np.array([4, 7, 9]))
    positions, whole = load_whole(tmp_path / "samples.npz")
    assert positions.tolist() == [4, 7, 9]
    assert np.array_equal(whole, images)
