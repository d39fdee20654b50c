"""Writes noise.txt: what Keras 3 does to a training pass by its layers of noise, in single precision.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install keras torch numpy
    KERAS_BACKEND=torch /tmp/golden/bin/python tests/golden/noise.py

Two things are compared. What is no matter of chance: each layer is run with draws that are not random, in the place of those
of Keras' generator, so that its arithmetic shows. And chance itself: moments of many values by Keras' own generator, beside
which the Rust test puts those of dropgrid's.

A line is the name of a case and of a number of it, then the numbers. Tensors are stretches of the sequence `numbers`, which
the Rust test makes again:

    keras VERSION                   the first line
    CASE evaluation Y...            an evaluation pass over X
    CASE training Y...              a training pass over X, with DRAWS in the place of normal or uniform draws
    CASE deviation VALUE            what Keras asks its generator for
    CASE shape AXES...              the shape of what Keras draws for X
    CASE moments COUNT MEAN STD     of a training pass over ones, or of the share of channels that drop
"""

import os

import keras
import numpy as np
from keras import layers
from keras.src import backend

X, ROWS, CHANNELS, SIDE = 24, 3, 4, 2
COUNT = 200_000


def numbers(start, *shape):
    at = np.arange(start, start + int(np.prod(shape)))
    return (((at * 37 + 11) % 101) / 101.0 - 0.5).reshape(shape).astype("float32")


class Draws:
    """Numbers in the place of random ones, and how they were asked for."""

    def __init__(self, start, moved):
        self.start, self.moved, self.asked = start, moved, {}

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        self.asked = dict(shape=shape, mean=mean, stddev=stddev)
        return keras.ops.convert_to_tensor(mean + stddev * numbers(self.start, *shape))

    def uniform(self, shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
        self.asked = dict(shape=shape)
        return keras.ops.convert_to_tensor(numbers(self.start, *shape) + 0.5)

    def dropout(self, inputs, rate, noise_shape=None, seed=None):
        self.asked = dict(shape=noise_shape)
        return self.moved(inputs, rate, noise_shape, seed)

    def __enter__(self):
        names = [(module, name) for module in (backend.random, keras.src.random) for name in ("normal", "uniform", "dropout")]
        self.kept = [(module, name, getattr(module, name)) for module, name in names if hasattr(module, name)]
        for module, name, _ in self.kept:
            setattr(module, name, getattr(self, name))
        return self

    def __exit__(self, *_):
        for module, name, real in self.kept:
            setattr(module, name, real)


lines = []


def write(case, name, values):
    values = np.asarray(values, dtype="float64").reshape(-1)
    lines.append(f"{case} {name} " + " ".join(repr(float(value)) for value in values))


def array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def check(case, layer):
    """The passes over X; gives how the draws were asked for."""
    x = numbers(X, ROWS, CHANNELS, SIDE, SIDE)
    write(case, "evaluation", array(layer(x, training=False)))
    with Draws(300, backend.random.dropout) as draws:
        y = array(layer(x, training=True))
    write(case, "shape", [size if size is not None else 0 for size in draws.asked["shape"]])
    return y, draws.asked


def moments(case, values):
    write(case, "moments", [values.size, values.mean(dtype="float64"), values.std(dtype="float64")])


for rate in [0.1, 0.5, 0.8]:
    case, layer = f"gaussian_dropout_{rate}", layers.GaussianDropout(rate, seed=1)
    y, asked = check(case, layer)
    write(case, "training", y)
    write(case, "deviation", asked["stddev"])
    moments(case, array(layer(np.ones(COUNT, "float32"), training=True)))

    case, layer = f"alpha_dropout_{rate}", layers.AlphaDropout(rate, seed=1)
    y, _ = check(case, layer)
    write(case, "training", y)
    moments(case, array(layer(np.ones(COUNT, "float32"), training=True)))

    # Which channels drop is a matter of chance, so the two values are all that is compared.
    case = f"spatial_dropout_{rate}"
    layer = layers.SpatialDropout2D(rate, data_format="channels_first", seed=1)
    y, _ = check(case, layer)
    ones = array(layer(np.ones((COUNT // 100, 100, SIDE, SIDE), "float32"), training=True))
    channels = ones.reshape(COUNT, SIDE * SIDE)
    assert (channels == channels[:, :1]).all(), "a channel stays or drops as a whole"
    write(case, "training", np.unique(channels))
    moments(case, (channels[:, 0] == 0).astype("float64"))

for deviation in [0.05, 1.0]:
    case, layer = f"gaussian_noise_{deviation}", layers.GaussianNoise(deviation, seed=1)
    y, asked = check(case, layer)
    write(case, "training", y)
    write(case, "deviation", asked["stddev"])
    moments(case, array(layer(np.ones(COUNT, "float32"), training=True)))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "noise.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write(f"keras {keras.__version__}\n" + "\n".join(lines) + "\n")
