"""One workload on one library: `library.py scikit-learn|PyTorch|skorch|Keras S|D|L|M`. Prints fits and mean accuracy."""

import csv
import itertools
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

DIGITS = Path(__file__).parent.parent.parent / "examples/data/digits.csv"

# inputs, hidden, dropout rates, learning rates, folds, epochs, batch
WORKLOADS = {
    "S": (100, 64, [0.1, 0.2, 0.3], [1e-3], 3, 1, 32),
    "D": (64, 128, [0.0, 0.1, 0.2, 0.3, 0.5], [1e-3, 3e-3], 5, 20, 32),
    "L": (64, 128, [0.0, 0.1, 0.2, 0.3, 0.5], [1e-3, 3e-3], 5, 100, 32),
    "M": (784, 512, [0.1, 0.2, 0.3], [1e-3], 3, 3, 128),
}
# For scikit-learn in place of dropout rates.
ALPHAS = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]


def data(workload):
    if workload in "DL":
        with open(DIGITS, newline="") as file:
            table = list(csv.DictReader(file))
        labels = np.array([int(row.pop("digit")) for row in table])
        return np.array([[float(value) for value in row.values()] for row in table], dtype=np.float32), labels
    rows, columns = (100, 100) if workload == "S" else (4096, 784)
    numbers = np.arange(rows * columns) * 7919 % 1009
    return (numbers.reshape(rows, columns) / 1009).astype(np.float32), np.arange(rows) * 31 % 10


def scikit_learn(x, y, inputs, hidden, rates, lrs, folds, epochs, batch):
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.neural_network import MLPClassifier

    # Neither a small gain nor the last epoch ends a fit early.
    network = MLPClassifier((hidden,), batch_size=batch, max_iter=epochs, tol=0.0, n_iter_no_change=epochs + 1)
    grid = {"alpha": ALPHAS[: len(rates)], "learning_rate_init": lrs}
    search = GridSearchCV(network, grid, cv=StratifiedKFold(folds), n_jobs=2, refit=False).fit(x, y)
    return len(search.cv_results_["params"]) * folds, search.cv_results_["mean_test_score"].mean()


def network(inputs, hidden, rate):
    from torch import nn

    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(rate), nn.Linear(hidden, 10))


def train_by_hand(job):
    import torch

    (x, y, train, test), (inputs, hidden, epochs, batch), (rate, lr) = job
    torch.set_num_threads(1)
    x, y, train, test = (torch.from_numpy(array) for array in (x, y, train, test))
    model = network(inputs, hidden, rate)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    loss = torch.nn.CrossEntropyLoss()
    model.train()
    for _ in range(epochs):
        for rows in train[torch.randperm(len(train))].split(batch):
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        return (model(x[test]).argmax(1) == y[test]).double().mean().item()


def pytorch(x, y, inputs, hidden, rates, lrs, folds, epochs, batch):
    import torch  # noqa: F401, so that the processes share it
    from sklearn.model_selection import StratifiedKFold

    splits = list(StratifiedKFold(folds).split(x, y))
    candidates = itertools.product(rates, lrs)
    jobs = [
        ((x, y, train, test), (inputs, hidden, epochs, batch), candidate)
        for candidate in candidates
        for train, test in splits
    ]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        scores = list(pool.map(train_by_hand, jobs))
    return len(scores), np.mean(scores)


def skorch(x, y, inputs, hidden, rates, lrs, folds, epochs, batch):
    import torch
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from skorch import NeuralNetClassifier

    net = NeuralNetClassifier(
        network,
        module__inputs=inputs,
        module__hidden=hidden,
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        max_epochs=epochs,
        batch_size=batch,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
    )
    grid = {"module__rate": rates, "optimizer__lr": lrs}
    search = GridSearchCV(net, grid, cv=StratifiedKFold(folds), n_jobs=2, refit=False, scoring="accuracy").fit(x, y)
    return len(search.cv_results_["params"]) * folds, search.cv_results_["mean_test_score"].mean()


def train_keras(job):
    import keras

    (x, y, train, test), (inputs, hidden, epochs, batch), (rate, lr) = job
    model = keras.Sequential(
        [
            keras.Input((inputs,)),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dropout(rate),
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(lr), loss)
    model.fit(x[train], y[train], epochs=epochs, batch_size=batch, verbose=0)
    return (model.predict(x[test], batch_size=512, verbose=0).argmax(1) == y[test]).mean()


def keras(x, y, inputs, hidden, rates, lrs, folds, epochs, batch):
    from joblib import Parallel, delayed
    from sklearn.model_selection import StratifiedKFold

    splits = list(StratifiedKFold(folds).split(x, y))
    jobs = [
        ((x, y, train, test), (inputs, hidden, epochs, batch), candidate)
        for candidate in itertools.product(rates, lrs)
        for train, test in splits
    ]
    scores = Parallel(n_jobs=2)(delayed(train_keras)(job) for job in jobs)
    return len(scores), np.mean(scores)


LIBRARIES = {"scikit-learn": scikit_learn, "PyTorch": pytorch, "skorch": skorch, "Keras": keras}

if __name__ == "__main__":
    _, library, workload = sys.argv
    fits, accuracy = LIBRARIES[library](*data(workload), *WORKLOADS[workload])
    print(fits, accuracy)
