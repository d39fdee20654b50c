"""Optuna's samplers and pruners, scikit-learn's halving, and two plain rules on the same tables: `peers.py FOLDER [RULE..]`.

Writes a file `peer.<rule>.tsv` for each rule, with the columns of ours.tsv: data set, rule, seed, epochs spent, and the best
candidates by then. A file that is there is not made again. Each tool is called as its users call it, with its defaults; only
what it would train is looked up. Optuna's `GPSampler` needs PyTorch and is left out without it.
"""

import functools
import sys
import warnings
from pathlib import Path

import numpy as np
import optuna
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV, PredefinedSplit

SEEDS, MOST, NAMED = 31, 0.4, 5
# The model of Optuna's Gaussian process takes so long that it gets fewer trials.
GP_MOST = 0.1
DATA = ["Diabetes", "BreastCancer", "Digits", "FashionMnist"]

optuna.logging.set_verbosity(optuna.logging.WARNING)
warnings.filterwarnings("ignore")


class Table:
    def __init__(self, folder, name):
        lines = (folder / f"{name}.table.csv").read_text().splitlines()
        names = lines[0].split(",")
        self.axes = names[1:names.index("repeat")]
        rows = [line.split(",") for line in lines[1:]]
        width = len(self.axes) + 3
        self.epochs = len(names) - width
        count = int(rows[-1][0]) + 1
        self.folds = 1 + max(int(row[width - 1]) for row in rows)
        by_repeat = np.array([row[width:] for row in rows], float).reshape(-1, count, self.folds, self.epochs)
        self.scores = by_repeat.transpose(1, 0, 2, 3)
        self.repeats = len(by_repeat)
        self.candidates = [tuple(row[1:width - 2]) for row in rows[:count * self.folds:self.folds]]
        self.number = {values: at for at, values in enumerate(self.candidates)}
        self.values = [list(dict.fromkeys(of)) for of in zip(*self.candidates)]
        self.grid = count * self.folds * self.epochs

    def replay(self, seed):
        """Scores by candidate, fold and epoch, with the folds in an order of the seed."""
        order = np.random.default_rng(seed).permutation(self.folds)
        return self.scores[:, seed % self.scores.shape[1]][:, order]


class Course:
    """The epochs that a replay has spent, and the best candidates at some moments."""

    def __init__(self, table):
        self.spent, self.means, self.shown, self.next = 0, {}, [], table.grid / 400

    def spend(self, epochs):
        self.spent += epochs

    def scored(self, candidate, mean, budget):
        """Adds a mean of all folds after so many epochs."""
        self.means[candidate] = max(self.means.get(candidate, (0, 0)), (budget, -mean))
        if self.spent >= self.next:
            self.next = max(self.spent, self.next) * 1.1
            self.show()

    def best(self):
        best = sorted(self.means, key=lambda it: (-self.means[it][0], -self.means[it][1]))
        return self.spent, best[:NAMED]

    def show(self):
        self.shown.append(self.best())


def suggest(trial, table):
    """The axes as a user of Optuna writes them: numbers as numbers, with their logarithms or steps."""
    values = {}
    for name, of in zip(table.axes, table.values):
        if name == "lr":
            at = trial.suggest_float(name, float(of[0]), float(of[-1]), log=True)
            values[name] = min(of, key=lambda it: abs(np.log(float(it) / at)))
        elif name == "dropout":
            at = trial.suggest_float(name, float(of[0]), float(of[-1]), step=0.2)
            values[name] = min(of, key=lambda it: abs(float(it) - at))
        elif name in ("hidden", "batch_size"):
            values[name] = trial.suggest_categorical(name, [int(it) for it in of])
        else:
            values[name] = trial.suggest_categorical(name, of)
    return table.number[tuple(str(values[name]) for name in table.axes)]


def goes_on(course, study, table, most, times=1):
    """True while there is something to spend. Candidates that are drawn again cost nothing, so trials are counted, too."""
    return course.spent < most * table.grid and len(study.trials) < times * len(table.scores)


def by_trial(table, seed, sampler, most):
    """Whole trainings on all folds. A candidate that is drawn again costs nothing."""
    scores, course = table.replay(seed), Course(table)
    study = optuna.create_study(sampler=sampler)
    while goes_on(course, study, table, most, times=4):
        trial = study.ask()
        at = suggest(trial, table)
        mean = scores[at, :, -1].mean()
        if at not in course.means:
            course.spend(table.folds * table.epochs)
        course.scored(at, mean, table.epochs)
        study.tell(trial, mean)
    return course


def by_epoch(table, seed, sampler, pruner, most):
    """All folds side by side, with their mean reported after each epoch."""
    scores, course = table.replay(seed), Course(table)
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    trained = {}
    while goes_on(course, study, table, most):
        trial = study.ask()
        at = suggest(trial, table)
        state, mean = optuna.trial.TrialState.COMPLETE, np.nan
        for epoch in range(1, table.epochs + 1):
            if epoch > trained.get(at, 0):
                course.spend(table.folds)
                trained[at] = epoch
            mean = scores[at, :, epoch - 1].mean()
            trial.report(mean, epoch)
            course.scored(at, mean, epoch)
            if epoch < table.epochs and trial.should_prune():
                state = optuna.trial.TrialState.PRUNED
                break
        study.tell(trial, None if state == optuna.trial.TrialState.PRUNED else mean, state=state)
    return course


def by_fold(table, seed, sampler, most):
    """Fold by fold, each reported, as the documentation of `WilcoxonPruner` does it."""
    scores, course = table.replay(seed), Course(table)
    study = optuna.create_study(sampler=sampler, pruner=optuna.pruners.WilcoxonPruner(p_threshold=0.1))
    trained = {}
    while goes_on(course, study, table, most):
        trial = study.ask()
        at = suggest(trial, table)
        seen, pruned = [], False
        for fold in range(table.folds):
            if fold >= trained.get(at, 0):
                course.spend(table.epochs)
                trained[at] = fold + 1
            seen.append(scores[at, fold, -1])
            trial.report(seen[-1], fold)
            if trial.should_prune() and fold + 1 < table.folds:
                pruned = True
                break
        if not pruned:
            course.scored(at, np.mean(seen), table.epochs)
        study.tell(trial, np.mean(seen))
    return course


class Lookup(ClassifierMixin, BaseEstimator):
    """A candidate that is not trained: its score is looked up."""

    def __init__(self, scores=None, number=0, epochs=1):
        self.scores, self.number, self.epochs = scores, number, epochs

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.zeros(len(X))

    def score(self, X, y):
        return -self.scores[self.number, int(X[0, 0]), self.epochs - 1]

    def __sklearn_clone__(self):
        return Lookup(self.scores, self.number, self.epochs)


@functools.cache
def halving_of_repeat(table, seed):
    """HalvingGridSearchCV over epochs. It trains from scratch at each rung."""
    scores, course = table.replay(seed), Course(table)
    X = np.arange(table.folds)[:, None].astype(float)
    search = HalvingGridSearchCV(
        Lookup(scores), {"number": list(range(len(scores)))}, resource="epochs", min_resources="exhaust",
        max_resources=table.epochs, cv=PredefinedSplit(np.arange(table.folds)), refit=False, random_state=seed,
    )
    search.fit(X, np.arange(table.folds) % 2)
    found = search.cv_results_
    for at in np.argsort(found["iter"], kind="stable"):
        epochs = int(found["n_resources"][at])
        course.spend(table.folds * epochs)
        course.scored(found["params"][at]["number"], -found["mean_test_score"][at], epochs)
    return course


def halving(table, seed):
    """The grid is whole and the order of folds changes no mean: one search for each repeat."""
    return halving_of_repeat(table, seed % table.repeats)


def few_epochs(table, seed, epochs, top=5):
    """All candidates for a few epochs, then the best of them for all: the rule of Egele et al. 2024."""
    scores, course = table.replay(seed), Course(table)
    order = np.random.default_rng(seed).permutation(len(scores))
    first = scores[:, :, epochs - 1].mean(1)
    for at in order:
        course.spend(table.folds * epochs)
        course.scored(at, first[at], epochs)
    for at in np.argsort(first, kind="stable")[:top]:
        course.spend(table.folds * (table.epochs - epochs))
        course.scored(at, scores[at, :, -1].mean(), table.epochs)
    return course


def rules(has_torch):
    samplers = optuna.samplers
    yield "Optuna random", SEEDS, lambda t, s: by_trial(t, s, samplers.RandomSampler(seed=s), MOST)
    yield "Optuna TPE", SEEDS, lambda t, s: by_trial(t, s, samplers.TPESampler(seed=s), MOST)
    yield "Optuna TPE, median", SEEDS, lambda t, s: by_epoch(
        t, s, samplers.TPESampler(seed=s), optuna.pruners.MedianPruner(), MOST)
    yield "Optuna TPE, Hyperband", SEEDS, lambda t, s: by_epoch(
        t, s, samplers.TPESampler(seed=s), optuna.pruners.HyperbandPruner(1, t.epochs, 3), MOST)
    yield "Optuna TPE, Wilcoxon", SEEDS, lambda t, s: by_fold(t, s, samplers.TPESampler(seed=s), MOST)
    yield "scikit-learn halving", SEEDS, halving
    yield "1 epoch, then the best 5", SEEDS, lambda t, s: few_epochs(t, s, 1)
    yield "3 epochs, then the best 5", SEEDS, lambda t, s: few_epochs(t, s, 3)
    if has_torch:
        yield "Optuna GP", SEEDS, lambda t, s: by_trial(t, s, samplers.GPSampler(seed=s), GP_MOST)


def main():
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    try:
        import torch

        torch.set_num_threads(1)
        has_torch = True
    except ImportError:
        has_torch = False
    for rule, seeds, run in rules(has_torch):
        path = folder / f"peer.{rule}.tsv"
        if path.exists() or wanted and rule not in wanted:
            continue
        lines = []
        for name in DATA:
            table = Table(folder, name)
            for seed in range(seeds):
                course = run(table, seed)
                if course.shown[-1:] != [course.best()]:
                    course.show()
                lines += ["\t".join([name, rule, str(seed), str(spent), " ".join(map(str, best))]) for spent, best in course.shown]
        path.write_text("\n".join(lines) + "\n")


main()
