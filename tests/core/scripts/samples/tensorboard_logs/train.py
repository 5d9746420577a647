"""Keras with its TensorBoard callback: what it logs is all that it tells."""

import argparse

import keras
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--logdir", default="logs")
args = parser.parse_args()

x = np.random.default_rng(0).normal(size=(64, 2)).astype("float32")
y = (x.sum(1) > 0).astype("float32")
model = keras.Sequential([keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
board = keras.callbacks.TensorBoard(args.logdir)
model.fit(x, y, validation_split=0.25, epochs=args.epochs, verbose=0, callbacks=[board])
