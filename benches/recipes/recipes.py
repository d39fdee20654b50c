"""Three recipes for dropout in a Keras model that GridSearchCV scores, and what each does.

The data are 100 rows of 100 random numbers with 10 random classes, as in examples/noise.rs, and the network is Dense(64, relu), dropout,
Dense(10). Whether dropout is on shows in the predictions: with it, two passes over the same rows differ. Each line ends in what the guide
says of it, docs/guide/src/two-phases.md, and the program fails where a line says otherwise.
"""

import keras
import numpy
from keras import layers
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV

PASSES = 5
rng = numpy.random.default_rng(0)
rows = rng.random((100, 100), dtype="float32")
classes = rng.integers(0, 10, 100)


def plain(rate):
    """A plain layer in a functional model."""
    inputs = keras.Input((100,))
    hidden = layers.Dense(64, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.Dropout(rate)(hidden)))


def functional(rate):
    """A flag in the call, in a functional model."""
    inputs = keras.Input((100,))
    hidden = layers.Dense(64, activation="relu")(inputs)
    hidden = layers.Dropout(rate)(hidden, training=True)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(hidden))


class Subclassed(keras.Model):
    """A flag in the call, in a subclassed model."""

    def __init__(self, rate):
        super().__init__()
        self.hidden = layers.Dense(64, activation="relu")
        self.dropout = layers.Dropout(rate)
        self.last = layers.Dense(10, activation="softmax")

    def call(self, inputs):
        return self.last(self.dropout(self.hidden(inputs), training=True))


class Switch(keras.callbacks.Callback):
    """Switches dropout off before each epoch and before scoring."""

    def off(self):
        for layer in self.model.layers:
            if isinstance(layer, layers.Dropout):
                layer.training = False

    def on_epoch_begin(self, epoch, logs=None):
        self.off()

    def on_test_begin(self, logs=None):
        self.off()

    def on_predict_begin(self, logs=None):
        self.off()


class Classifier(ClassifierMixin, BaseEstimator):
    """A Keras model as scikit-learn wants it."""

    def __init__(self, build=plain, rate=0.3, switched=False):
        self.build, self.rate, self.switched = build, rate, switched

    def callbacks(self):
        return [Switch()] if self.switched else []

    def fit(self, rows, classes):
        keras.utils.set_random_seed(1)
        self.classes_ = numpy.arange(10)
        self.model_ = self.build(self.rate)
        self.model_.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        self.model_.fit(rows, classes, epochs=3, verbose=0, callbacks=self.callbacks())
        return self

    def predict_proba(self, rows):
        return self.model_.predict(rows, verbose=0, callbacks=self.callbacks())

    def predict(self, rows):
        return self.predict_proba(rows).argmax(axis=1)


def different(draw):
    """The number of different results of so many calls."""
    return len({numpy.asarray(draw()).tobytes() for _ in range(PASSES)})


def measured(build, switched=False):
    search = GridSearchCV(Classifier(build, switched=switched), {"rate": [0.1, 0.2, 0.3]}, cv=3, error_score="raise")
    best = search.fit(rows, classes).best_estimator_
    model = best.model_
    losses = different(lambda: model.evaluate(rows, classes, verbose=0, callbacks=best.callbacks())[0])
    return different(lambda: best.predict_proba(rows)), losses, different(lambda: model(rows, training=True))


failed = False
print(f"Keras {keras.__version__} on {keras.backend.backend()}: different results of {PASSES} calls on the best model of GridSearchCV")
print(f"{'recipe':44}{'predict':>9}{'evaluate':>10}{'training':>10}")
for recipe, arguments, expected in [
    ("1. Dropout(p)(x)", (plain,), (1, 1, PASSES)),
    ("2. Dropout(p)(x, training=True), functional", (functional,), (1, 1, PASSES)),
    ("2. Dropout(p)(x, training=True), subclassed", (Subclassed,), (PASSES, PASSES, PASSES)),
    ("3. layer.training = False in a callback", (plain, True), (1, 1, PASSES)),
]:
    found = measured(*arguments)
    says = "as the guide says" if found == expected else f"NOT {expected}, which the guide says"
    failed |= found != expected
    print(f"{recipe:44}{found[0]:>9}{found[1]:>10}{found[2]:>10}  {says}")
raise SystemExit(failed)
