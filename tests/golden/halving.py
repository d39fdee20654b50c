"""Schedules of successive halving, by scikit-learn's HalvingGridSearchCV and HalvingRandomSearchCV.

Writes halving.csv: the candidates, the smallest resources before they exhaust the largest, the largest, the factor, whether
they exhaust them, whether the elimination is aggressive, and the iterations as `candidates x resources`. Settings at which
scikit-learn's logarithm of floating-point numbers is not the whole number that it should be are left out.

Writes halving_smallest.csv: splitters on 90 rows of three classes, the number of their folds, and the iterations of six
candidates from the smallest resources on.

    pip install scikit-learn==1.9.1
    python halving.py
"""

import math
import pathlib
import random
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import (
    GroupKFold,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
)

warnings.filterwarnings("ignore")


class Fast(ClassifierMixin, BaseEstimator):
    """Scores a candidate by its number, without a training."""

    def __init__(self, number=0, epochs=1):
        self.number = number
        self.epochs = epochs

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.zeros(len(X), dtype=int)

    def score(self, X, y):
        return (self.number * 37 % 101) / 101


def is_exact(number, factor):
    """True where the logarithm is rounded down to the right whole number."""
    power = 0
    while factor ** (power + 1) <= number:
        power += 1
    return math.floor(math.log(number, factor)) == power


def row(candidates, resource, least, most, factor, aggressive, samples, random_search):
    X = np.zeros((samples, 1))
    y = np.arange(samples) % 2
    settings = dict(
        resource=resource, min_resources=least, factor=factor, aggressive_elimination=aggressive, cv=2, refit=False,
        max_resources=most if most else "auto",
    )
    grid = {"number": list(range(candidates or 1))}
    if random_search:
        if candidates is None:
            settings["n_candidates"] = "exhaust"
            grid = {"number": range(10**6)}
        else:
            settings["n_candidates"] = candidates
        search = HalvingRandomSearchCV(Fast(), grid, random_state=0, **settings)
    else:
        search = HalvingGridSearchCV(Fast(), grid, **settings)
    search.fit(X, y)
    smallest = 1 if resource == "epochs" else 2 * 2 * 2
    least = smallest if isinstance(least, str) else least
    most = most or samples
    numbers = search.n_candidates_[0]
    if not is_exact(numbers, factor) or not is_exact(search.max_resources_ // search.min_resources_, factor):
        return None
    schedule = " ".join(f"{n}x{r}" for n, r in zip(search.n_candidates_, search.n_resources_))
    assert list(search.n_candidates_)[0] == numbers
    exhausts = int(settings["min_resources"] == "exhaust")
    return f"{numbers},{least},{most},{factor},{exhausts},{int(aggressive)},{schedule}"


def smallest():
    splitters = [
        KFold(3),
        StratifiedKFold(4),
        RepeatedKFold(n_splits=2, n_repeats=3, random_state=0),
        RepeatedKFold(n_splits=3, n_repeats=4, random_state=0),
        RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=0),
        ShuffleSplit(n_splits=5, random_state=0),
        GroupKFold(3),
    ]
    rows = []
    for cv in splitters:
        search = HalvingGridSearchCV(
            Fast(), {"number": list(range(6))}, min_resources="smallest", factor=2, cv=cv, refit=False, random_state=0
        )
        groups = np.arange(90) // 6
        search.fit(np.zeros((90, 1)), np.arange(90) % 3, groups=groups)
        folds = cv.get_n_splits(np.zeros((90, 1)), np.arange(90) % 3, groups)
        schedule = " ".join(f"{n}x{r}" for n, r in zip(search.n_candidates_, search.n_resources_))
        name = str(cv).replace(",", ";").replace("\n", "")
        rows.append(f"{' '.join(name.split())},{folds},{schedule}")
    path = pathlib.Path(__file__).with_name("halving_smallest.csv")
    path.write_text("splitter,folds,iterations\n" + "\n".join(rows) + "\n")


def main():
    draw = random.Random(0)
    rows = []
    # The example of scikit-learn's user guide.
    for aggressive in [False, True]:
        rows.append(row(60, "n_samples", 20, 180, 3, aggressive, 1000, False))
    rows.append(row(60, "n_samples", "exhaust", None, 3, False, 1000, False))
    while len(rows) < 700:
        resource = draw.choice(["epochs", "n_samples"])
        samples = draw.choice([30, 100, 357])
        most = draw.choice([8, 9, 27, 50, 81, 100]) if resource == "epochs" else draw.choice([None, 30, 24])
        smallest = 1 if resource == "epochs" else 8
        least = draw.choice(["exhaust", "exhaust", "smallest", draw.randint(smallest, 12 if resource != "epochs" else 8)])
        factor = draw.choice([2, 2, 3, 3, 4, 5])
        random_search = draw.random() < 0.4
        candidates = draw.randint(1, 70)
        if random_search and least != "exhaust" and draw.random() < 0.4:
            candidates = None
        aggressive = draw.random() < 0.4
        made = row(candidates, resource, least, most, factor, aggressive, samples, random_search)
        if made and made not in rows:
            rows.append(made)
    path = pathlib.Path(__file__).with_suffix(".csv")
    path.write_text("candidates,min,max,factor,exhausts,aggressive,iterations\n" + "\n".join(rows) + "\n")


main()
smallest()
