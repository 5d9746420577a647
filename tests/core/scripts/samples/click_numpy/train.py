"""Logistic regression in NumPy, with click."""

from pathlib import Path

import click
import numpy as np


@click.command()
@click.option("--lr", default=0.1, show_default=True, help="Learning rate.")
@click.option("--epochs", "-e", type=click.IntRange(1, 1000), default=5)
@click.option("--penalty", type=click.Choice(["l1", "l2", "none"]), default="l2")
@click.option("--verbose/--quiet", default=True)
@click.option("--tag", multiple=True, help="May be given more than once.")
@click.option("--seed", type=int, default=None)
@click.argument("out", type=click.Path(path_type=Path), default="weights.npy")
def main(lr, epochs, penalty, verbose, tag, seed, out):
    """Fits a line between two clouds."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(200, 3))
    y = (x @ [1.0, -2.0, 0.5] > 0).astype(float)
    w = np.zeros(3)
    for epoch in range(epochs):
        p = 1 / (1 + np.exp(-x @ w))
        w -= lr * (x.T @ (p - y) / len(y) + {"l1": np.sign(w), "l2": w, "none": 0}[penalty] * 1e-3)
        if verbose:
            click.echo(f"epoch {epoch + 1}/{epochs}: accuracy {np.mean((p > 0.5) == y):.3f} {' '.join(tag)}")
    np.save(out, w)


if __name__ == "__main__":
    main()
