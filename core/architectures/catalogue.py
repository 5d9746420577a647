"""The Keras layers that a layer list may name, with their accepted arguments. Data only; a test holds it against Keras.

Left out on purpose: whatever carries code or reads files (Lambda, TorchModuleWrapper, TFSMLayer, StringLookup, …),
layers of several inputs, wrappers of other layers, and arguments that deserialise objects or only fit other layouts.
"""

_NAMES = ("name", "trainable", "dtype")  # every layer takes these, SpatialDropout not all
_WEIGHTS = ("initializer", "regularizer", "constraint")


def _of(*weights: str) -> tuple[str, ...]:
    """kernel_initializer, kernel_regularizer, kernel_constraint, … for each kind of weight."""
    return tuple(f"{weight}_{what}" for weight in weights for what in _WEIGHTS)


_AFFINE = ("activation", "use_bias", *_of("kernel", "bias"), "activity_regularizer")
_CONV = ("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups", *_AFFINE)
_TRANSPOSED = ("filters", "kernel_size", "strides", "padding", "output_padding", "dilation_rate", *_AFFINE)
_DEPTHWISE = (
    *("kernel_size", "strides", "padding", "depth_multiplier", "dilation_rate", "activation", "use_bias"),
    *(*_of("depthwise", "bias"), "activity_regularizer"),
)
_SEPARABLE = ("filters", *_DEPTHWISE, *_of("pointwise"))
_POOL = ("pool_size", "strides", "padding")
_SCALED = ("axis", "epsilon", "center", "scale", *_of("gamma", "beta"))
_RECURRENT = (
    *("units", *_AFFINE, *_of("recurrent"), "dropout", "recurrent_dropout"),
    *("return_sequences", "go_backwards", "seed"),
)
_GATED = (*_RECURRENT, "recurrent_activation")
_FILLED = ("fill_mode", "fill_value", "interpolation", "seed")

INPUT = "InputLayer"  # says what the network is written for; makes nothing, as the data set has a shape already
INPUT_ARGUMENTS = ("shape", "name", "dtype")

ARGUMENTS: dict[str, tuple[str, ...]] = {
    # core
    "Dense": ("units", *_AFFINE),
    "Activation": ("activation",),
    "Embedding": ("input_dim", "output_dim", *_of("embeddings"), "mask_zero"),
    "Masking": ("mask_value",),
    "Identity": (),
    # shape
    "Flatten": (),
    "Reshape": ("target_shape",),
    "Permute": ("dims",),
    "RepeatVector": ("n",),
    "Cropping1D": ("cropping",),
    "Cropping2D": ("cropping",),
    "UpSampling1D": ("size",),
    "UpSampling2D": ("size", "interpolation"),
    "ZeroPadding1D": ("padding",),
    "ZeroPadding2D": ("padding",),
    # preparation and augmentation
    "Rescaling": ("scale", "offset"),
    "Normalization": ("axis",),
    "Resizing": ("height", "width", "interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio"),
    "CenterCrop": ("height", "width"),
    "RandomCrop": ("height", "width", "seed"),
    "RandomFlip": ("mode", "seed"),
    "RandomRotation": ("factor", *_FILLED),
    "RandomTranslation": ("height_factor", "width_factor", *_FILLED),
    "RandomZoom": ("height_factor", "width_factor", *_FILLED),
    "RandomContrast": ("factor", "value_range", "seed"),
    "RandomBrightness": ("factor", "value_range", "seed"),
    "RandomErasing": ("factor", "scale", "fill_value", "value_range", "seed"),
    # convolution
    "Conv1D": _CONV,
    "Conv2D": _CONV,
    "Conv1DTranspose": _TRANSPOSED,
    "Conv2DTranspose": _TRANSPOSED,
    "DepthwiseConv1D": _DEPTHWISE,
    "DepthwiseConv2D": _DEPTHWISE,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    # pooling
    "MaxPooling1D": _POOL,
    "MaxPooling2D": _POOL,
    "AveragePooling1D": _POOL,
    "AveragePooling2D": _POOL,
    "GlobalMaxPooling1D": ("keepdims",),
    "GlobalMaxPooling2D": ("keepdims",),
    "GlobalAveragePooling1D": ("keepdims",),
    "GlobalAveragePooling2D": ("keepdims",),
    # normalisation
    "BatchNormalization": (*_SCALED, "momentum", "moving_mean_initializer", "moving_variance_initializer"),
    "LayerNormalization": _SCALED,
    "GroupNormalization": ("groups", *_SCALED),
    "RMSNormalization": ("axis", "epsilon"),
    "UnitNormalization": ("axis",),
    # regularisation
    "Dropout": ("rate", "noise_shape", "seed"),
    "SpatialDropout1D": ("rate", "seed"),
    "SpatialDropout2D": ("rate", "seed"),
    "AlphaDropout": ("rate", "noise_shape", "seed"),
    "GaussianDropout": ("rate", "seed"),
    "GaussianNoise": ("stddev", "seed"),
    "ActivityRegularization": ("l1", "l2"),
    # activations with arguments
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope",),
    "PReLU": (*_of("alpha"), "shared_axes"),
    "ELU": ("alpha",),
    "Softmax": ("axis",),
    # recurrent
    "SimpleRNN": _RECURRENT,
    "LSTM": (*_GATED, "unit_forget_bias"),
    "GRU": (*_GATED, "reset_after"),
}
ARGUMENTS = {
    layer: (*arguments, *(name for name in _NAMES if name != "trainable" or not layer.startswith("SpatialDropout")))
    for layer, arguments in ARGUMENTS.items()
}

_REQUIRED_ANYWHERE = {
    *("units", "filters", "input_dim", "output_dim", "target_shape", "dims", "n", "height", "width", "rate", "stddev"),
}
_REQUIRED_IN = {
    "Activation": ("activation",),
    "Rescaling": ("scale",),
    "RandomRotation": ("factor",),
    "RandomTranslation": ("height_factor", "width_factor"),
    "RandomZoom": ("height_factor",),
    "RandomContrast": ("factor",),
    "RandomBrightness": ("factor",),
    **{name: ("kernel_size",) for name in ARGUMENTS if "Conv" in name},
    **dict.fromkeys(("AveragePooling1D", "AveragePooling2D"), ("pool_size",)),
}


def required(layer: str) -> list[str]:
    """Arguments without which Keras does not make the layer."""
    needed = _REQUIRED_ANYWHERE | set(_REQUIRED_IN.get(layer, ()))
    return [name for name in ARGUMENTS[layer] if name in needed]


ACTIVATIONS = (
    *("relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "swish", "mish", "sigmoid", "hard_sigmoid"),
    *("tanh", "softplus", "softsign", "softmax", "log_softmax", "exponential", "linear"),
)
INITIALIZERS = (
    *("zeros", "ones", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"),
    *("random_uniform", "random_normal", "truncated_normal", "orthogonal", "identity", "variance_scaling"),
)
REGULARIZERS = ("l1", "l2")
CONSTRAINTS = ("max_norm", "non_neg", "unit_norm")
DTYPES = ("float16", "bfloat16", "float32", "float64", "mixed_float16", "mixed_bfloat16")
WEIGHT_PENALTY = "_regularizer"  # ends the names of arguments that are penalties
PROBABILITIES = ("softmax", "sigmoid")  # activations whose values are probabilities
