"""Writes stopping.txt: where Keras' EarlyStopping ends on random sequences. Needs keras and numpy; run in this folder
with KERAS_BACKEND=numpy or any other.

A line: mode, patience, min_delta, start_from_epoch, best epoch, last epoch, then the values. Epochs are counted from 1;
0 is none. The numbers are multiples of 1/64, so that Keras' single precision and doubles compare alike.
"""

import random

import keras


class Model:
    """What the callback asks of a model: the weights are the number of the epoch."""

    stop_training = False
    epoch = 0

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.epoch = weights


def ends(values, **settings):
    callback, model = keras.callbacks.EarlyStopping("quantity", restore_best_weights=True, **settings), Model()
    callback.set_model(model)
    callback.on_train_begin()
    end = 0
    for epoch, value in enumerate(values):
        model.epoch = epoch + 1
        callback.on_epoch_end(epoch, {"quantity": value})
        if model.stop_training:
            end = epoch + 1
            break
    best = 0 if callback.best_weights is None else callback.best_weights
    return best, end


rng = random.Random(7)
with open("stopping.txt", "w") as out:
    print(f"# keras {keras.__version__}, stopping.py", file=out)
    for _ in range(1000):
        mode, patience = rng.choice(["min", "max"]), rng.randrange(6)
        min_delta, start = rng.choice([0, 0, 1, 4, 16]) / 64, rng.choice([0, 0, 0, 1, 3, 12])
        value, values = rng.randrange(-64, 256), []
        for _ in range(rng.randrange(1, 16)):
            value += rng.choice([0, rng.randrange(-2, 3), rng.randrange(-20, 21)])
            values.append(rng.choice([value / 64] * 30 + [float("nan"), float("inf"), float("-inf")]))
        best, end = ends(values, mode=mode, patience=patience, min_delta=min_delta, start_from_epoch=start)
        print(mode, patience, min_delta, start, best, end, *values, file=out)
