"""Writes splitters.csv: what scikit-learn 1.9.1 gives for random inputs to its splitters.

    pip install scikit-learn==1.9.1
    python splitters.py
    python splitters.py --seed 7 --out /tmp/fresh.csv      other inputs, elsewhere

A line holds a splitter, its settings and a recipe for labels and groups; the index lists stand there as a count and a
digest, so that thousands of cases stay small. dropgrid-core/tests/scoring/splitters_golden.rs makes the same inputs again.
"""

import argparse
import csv
import hashlib
import pathlib
import random
import warnings

import numpy as np
import sklearn
import sklearn.model_selection as ms

assert sklearn.__version__ == "1.9.1", sklearn.__version__

MASK = (1 << 64) - 1


def splitmix(state):
    """The generator of the same name of Vigna, which takes three lines in any language."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def labels(recipe, n):
    """Labels from `kind:classes:seed:names`."""
    kind, classes, seed, names = recipe.split(":")
    classes, draws = int(classes), splitmix(int(seed))
    out = []
    for row in range(n):
        if kind == "uniform":
            label = next(draws) % classes
        elif kind == "skewed":  # half of the rows in class 0, a quarter in class 1, ...
            draw = next(draws) | 1 << 63
            label = min((draw & -draw).bit_length() - 1, classes - 1)
        elif kind == "blocks":
            label = row * classes // n
        else:
            label = row % classes
        if names == "reversed":
            label = classes - 1 - label
        elif names == "sparse":
            label = (label * 0x9E3779B97F4A7C15 & MASK) >> 2
        out.append(label)
    return np.array(out, dtype=np.int64)


# A part of scikit-learn's message, and the name of dropgrid's error.
ERRORS = [
    ("k-fold cross-validation requires at least one", "TooFewFolds"),
    ("greater than the number of samples", "MoreFoldsThanRows"),
    ("greater than the number of groups", "MoreFoldsThanGroups"),
    ("cannot be greater than the number of members in each class", "MoreFoldsThanMembers"),
    ("The 'groups' parameter should not be None", "NeedsGroups"),
    ("Number of repetitions must be greater than 0", "Setting"),
    ("Cannot perform LeaveOneOut", "TooFewRows"),
    ("must be strictly less than the number of samples", "TooFewRows"),
    ("groups parameter contains fewer than", "TooFewGroups"),
    ("range() arg 3 must not be zero", "Setting"),
    ("Too many splits", "TooManyTimeSplits"),
    ("should be either positive and smaller than the number of samples", "SizeOutOfRange"),
    ("parameter of train_test_split must be", "SizeOutOfRange"),
    ("The sum of test_size and train_size", "FractionsExceedOne"),
    ("The sum of train_size and test_size", "SizesExceedData"),
    ("resulting train set will be empty", "EmptyPart"),
    ("have only 1 member", "LoneClasses"),
    ("should be greater or equal to the number of classes", "FewerRowsThanClasses"),
    ("not implemented for shuffle=False", "StratifyUnshuffled"),
    ("arrays used as indices must be of integer", "Setting"),  # LeavePOut(0) and LeavePGroupsOut(0)
]


def outcome(split):
    """The number of splits, the digest of their indices and the warnings; or an error's name."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            splits = list(split())
        except (ValueError, IndexError) as error:
            message = " ".join(str(error).split())
            return next(name for part, name in ERRORS if part in message)
    # dropgrid refuses what scikit-learn hands out and no estimator can take.
    if not splits:
        return "NoSplits"
    if any(len(part) == 0 for split in splits for part in split):
        return "EmptyFold"
    digest = hashlib.sha256()
    for parts in splits:
        for part in parts:
            digest.update(np.array([len(part), *part], dtype="<u4").tobytes())
    text = " ".join(str(warning.message) for warning in caught)
    small = "s" if "least populated class" in text else ""
    ignored = "g" if "groups parameter is ignored" in text else ""
    return f"{len(splits)}:{digest.hexdigest()[:12]}:{small}{ignored}"


def number(text):
    return float(text) if "." in text else int(text)


def run(name, n, settings, y, groups):
    given = {key: number(value) for key, value in settings.items()}
    y = labels(y, n) if y else None
    groups = labels(groups, n) if groups else None
    X = np.zeros((n, 1))
    if name == "train_test_split":
        shuffle = given.pop("shuffle", 1) == 1
        return outcome(lambda: [ms.train_test_split(np.arange(n), stratify=y, shuffle=shuffle, **given)])
    if name == "PredefinedSplit":
        return outcome(lambda: ms.PredefinedSplit(y - 1).split(X, None, groups))
    if "random_state" in given and name in ("KFold", "StratifiedKFold", "GroupKFold", "StratifiedGroupKFold"):
        given["shuffle"] = True
    return outcome(lambda: getattr(ms, name)(**given).split(X, y, groups))


def cases(rng):
    names = ["plain", "reversed", "sparse"]
    state = lambda: rng.choice([0, 1, 42, 2**32 - 1, rng.randrange(2**32)])

    def recipe(n, most):
        kind = rng.choice(["uniform", "uniform", "skewed", "skewed", "blocks", "cycle"])
        return f"{kind}:{rng.randint(1, max(1, most))}:{rng.randrange(10**6)}:{rng.choice(names)}"

    def rows():
        return rng.choice([rng.randint(1, 12), rng.randint(5, 60), rng.randint(40, 300)])

    def folds(n):
        return rng.choice([2, 3, 5, rng.randint(0, min(n, 20) + 1), rng.randint(2, 12)])

    def maybe_shuffled(settings, chance=0.5):
        if rng.random() < chance:
            settings["random_state"] = state()
        return settings

    def size(n):
        pick = rng.random()
        if pick < 0.05:
            return rng.choice([0, n, n + 1, 0.0, 1.0, 1.5])
        if pick < 0.35:
            return rng.randint(1, max(1, n - 1))
        return round(rng.uniform(0.02, 0.98), rng.choice([1, 2, 3]))

    def sizes(settings, n):
        pick = rng.random()
        if pick < 0.6:
            settings["test_size"] = size(n)
        if 0.4 < pick < 0.9:
            settings["train_size"] = size(n)
        return settings

    for name, count in [("KFold", 200), ("StratifiedKFold", 450), ("GroupKFold", 300), ("StratifiedGroupKFold", 500),
                        ("RepeatedKFold", 100), ("RepeatedStratifiedKFold", 150)]:
        for _ in range(count):
            n = rows()
            k = folds(n)
            settings = {"n_splits": k}
            if name.startswith("Repeated"):
                settings |= {"n_repeats": rng.choice([0, 1, 2, 3, 3]), "random_state": state()}
            else:
                settings = maybe_shuffled(settings)
            y = recipe(n, rng.choice([2, 3, 10, n])) if "Stratified" in name else ""
            grouped = "Group" in name or rng.random() < 0.1
            g = recipe(n, rng.choice([k + 1, 2 * k, 12, n])) if grouped else ""
            if name == "GroupKFold" and rng.random() < 0.02:
                g = ""
            yield name, n, settings, y, g

    # Many classes, so that NumPy's summation takes its lanes and its halves; one class, so that it adds up folds.
    for n, classes, groups, k in [(900, 9, 60, 4), (900, 40, 80, 10), (1500, 128, 90, 5), (1500, 129, 90, 5),
                                  (2000, 300, 100, 3), (400, 1, 60, 9), (400, 1, 50, 20), (600, 2, 500, 16)]:
        for kind in ["uniform", "skewed", "cycle"]:
            for _ in range(3):
                y = f"{kind}:{classes}:{rng.randrange(10**6)}:{rng.choice(names)}"
                g = f"uniform:{groups}:{rng.randrange(10**6)}:{rng.choice(names)}"
                yield "StratifiedGroupKFold", n, maybe_shuffled({"n_splits": k}), y, g

    # The last bit of two costs leaves a fold without a group.
    yield "StratifiedGroupKFold", 28, {"n_splits": 5, "random_state": 0}, "skewed:18:461981:plain", "skewed:5:303590:reversed"

    for name, count in [("ShuffleSplit", 250), ("StratifiedShuffleSplit", 500), ("GroupShuffleSplit", 250)]:
        for _ in range(count):
            n = rows()
            settings = {"n_splits": rng.randint(1, 4), "random_state": state()}
            y = recipe(n, rng.choice([2, 3, 5, 10])) if "Stratified" in name else ""
            g = recipe(n, rng.choice([5, 12, n])) if "Group" in name or rng.random() < 0.05 else ""
            known = len(set(labels(g, n))) if "Group" in name else n
            yield name, n, sizes(settings, known), y, g

    for _ in range(400):
        n = rows()
        settings = sizes({"random_state": state()}, n)
        y = recipe(n, rng.choice([2, 3, 5, 10])) if rng.random() < 0.6 else ""
        if rng.random() < 0.1:
            settings["shuffle"] = 0
        yield "train_test_split", n, settings, y, ""

    for n in range(0, 12):
        yield "LeaveOneOut", n, {}, "", "uniform:3:1:plain" if n == 5 else ""
        for p in range(0, min(n, 6) + 2):
            yield "LeavePOut", n, {"p": p}, "", ""
    for _ in range(100):
        n = rows()
        yield "LeaveOneGroupOut", n, {}, "", recipe(n, 12)
        yield "LeavePGroupsOut", n, {"n_groups": rng.randint(0, 4)}, "", recipe(n, 8)
        yield "PredefinedSplit", n, {}, f"{recipe(n, 6).rsplit(':', 1)[0]}:plain", ""
    for _ in range(350):
        n = rows()
        settings = {"n_splits": folds(n)}
        if rng.random() < 0.5:
            settings["test_size"] = rng.randint(0, max(1, n // 3))
        if rng.random() < 0.5:
            settings["max_train_size"] = rng.randint(1, n)
        if rng.random() < 0.5:
            settings["gap"] = rng.randint(0, max(1, n // 3))
        yield "TimeSeriesSplit", n, settings, "", "cycle:2:0:plain" if rng.random() < 0.05 else ""

    # Around the powers of two the shuffle's rejection changes, and the twister is refilled many times.
    for n in [624, 625, 65535, 65536, 65537, 100_003]:
        yield "KFold", n, {"n_splits": 3, "random_state": n}, "", ""
        yield "ShuffleSplit", n, {"n_splits": 2, "random_state": n}, "", ""
        yield "StratifiedKFold", n, {"n_splits": 3, "random_state": n}, "skewed:4:1:plain", ""
        yield "train_test_split", n, {"random_state": n}, "uniform:7:2:sparse", ""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=20)
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).with_suffix(".csv"))
    arguments = arguments.parse_args()
    with arguments.out.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["splitter", "rows", "settings", "labels", "groups", "outcome"])
        for name, n, settings, y, groups in cases(random.Random(arguments.seed)):
            settings = {key: str(value) for key, value in settings.items()}
            text = " ".join(f"{key}={value}" for key, value in settings.items())
            writer.writerow([name, n, text, y, groups, run(name, n, settings, y, groups)])


main()
