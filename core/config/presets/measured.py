"""What the presets take: numbers to choose by, of those whose data are known beforehand. Made anew by hand."""

# Trainable and other parameters, as the network is built.
PARAMETERS: dict[str, int] = {
    "digits-mlp": 8_970,
    "digits-cnn": 35_914,
    "digits-segments": 35_719,
    "iris-mlp": 140,
    "xor": 38,
    "mnist-mlp": 55_050,
    "mnist-cnn": 105_866,
    "fashion-cnn": 421_642,
    "cifar10-cnn": 167_562,
    "cifar10-resnet": 310_001,
    "cifar10-fast": 1_973_961,
    "text-classifier-lstm": 791_214,
    "sunspots-gru": 1_102,
}

# Mean seconds of training over three seeds on the two-core reference machine, most from the README's table; of
# fashion-cnn and cifar10-fast by the images a second that benchmarks/README.md shows.
SECONDS: dict[str, float] = {
    "digits-mlp": 0.3,
    "digits-cnn": 2.2,
    "digits-segments": 3.6,
    "iris-mlp": 0.5,
    "xor": 0.2,
    "mnist-mlp": 1.3,
    "mnist-cnn": 51,
    "fashion-cnn": 152,
    "cifar10-cnn": 137,
    "cifar10-resnet": 421,
    "cifar10-fast": 1_172,
    "sentiment-lstm": 19,
    "sentiment-transformer": 15,
    "text-classifier-lstm": 50,
    "text-generator": 151,
    "text-gpt": 83,
    "sunspots-gru": 1.5,
}
