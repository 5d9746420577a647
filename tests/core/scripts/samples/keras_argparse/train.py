"""Keras on a small made-up set, configured by argparse, as many people's train.py is."""

import argparse

import numpy as np
from options import ACTIVATIONS, add_optimizer_arguments

DEFAULT_EPOCHS = 2
UNITS = [16, 8]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains a small network on two moons.")
    parser.add_argument("--epochs", type=int, default=DEFAULT_EPOCHS, help="passes over the data (%(default)s)")
    parser.add_argument("--batch-size", "-b", type=int, default=4 * 8, help="examples in a batch")
    parser.add_argument("--units", type=int, nargs="+", default=UNITS, help="of the hidden layers")
    parser.add_argument("--activation", choices=ACTIVATIONS, default=ACTIVATIONS[0])
    parser.add_argument("--shuffle", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--quiet", action="store_true", help="print nothing while it trains")
    parser.add_argument("--no-save", dest="save", action="store_false")
    for split in ("train", "valid"):
        parser.add_argument(f"--{split}-examples", type=int, default=64, help=f"how many to {split} on")
    add_optimizer_arguments(parser)
    return parser.parse_args()


def main() -> None:
    args = parse()
    import keras

    keras.utils.set_random_seed(args.seed)
    draw = np.random.default_rng(args.seed)
    x = draw.normal(size=(args.train_examples + args.valid_examples, 2)).astype("float32")
    y = (x[:, 0] * x[:, 1] > 0).astype("int32")
    layers = [keras.layers.Dense(units, args.activation) for units in args.units]
    model = keras.Sequential([*layers, keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.Adam(args.lr), "sparse_categorical_crossentropy", metrics=["accuracy"])
    cut = args.train_examples
    model.fit(
        x[:cut],
        y[:cut],
        validation_data=(x[cut:], y[cut:]),
        epochs=args.epochs,
        batch_size=args.batch_size,
        shuffle=args.shuffle,
        verbose=0 if args.quiet else 2,
    )
    if args.save:
        model.save("model.keras")


if __name__ == "__main__":
    main()
