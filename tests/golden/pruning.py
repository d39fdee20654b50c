"""Decisions of optuna's pruners.

Writes pruning.txt: a rule with its settings, the direction, the values of a trial by step, the values of the complete trials,
and whether optuna prunes the trial after its last step. Steps are counted from 0.

    pip install optuna==5.0.0
    python pruning.py
"""

import math
import pathlib
import random
import warnings

import optuna
from optuna.pruners import MedianPruner, PatientPruner, PercentilePruner, ThresholdPruner
from optuna.trial import TrialState, create_trial

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
rng = random.Random(0)


def value():
    # Few digits, so that values are equal now and then.
    return math.nan if rng.random() < 0.04 else round(rng.uniform(0, 1), 2)


def rule():
    startup, warmup, interval, least = rng.choice([0, 1, 3, 5]), rng.choice([0, 0, 1, 3]), rng.choice([1, 1, 2, 3]), rng.choice([1, 1, 2, 4])
    median = f"median {startup} {warmup} {interval} {least}"
    of_median = MedianPruner(startup, warmup, interval, n_min_trials=least)
    kind = rng.choice(["median", "percentile", "threshold", "patient", "patient of median"])
    if kind == "median":
        return median, of_median
    if kind == "percentile":
        percentile = rng.choice([0.0, 10.0, 25.0, 37.5, 75.0, 100.0])
        text = f"percentile {startup} {warmup} {interval} {least} {percentile}"
        return text, PercentilePruner(percentile, startup, warmup, interval, n_min_trials=least)
    if kind == "threshold":
        lower, upper = rng.choice([(0.1, 0.6), (-math.inf, 0.5), (0.3, math.inf)])
        return f"threshold {lower} {upper} {warmup} {interval}", ThresholdPruner(lower, upper, warmup, interval)
    patience, delta = rng.choice([0, 1, 2, 3]), rng.choice([0.0, 0.0, 0.1])
    wrapped, text = (None, "none") if kind == "patient" else (of_median, median)
    return f"patient {patience} {delta} of {text}", PatientPruner(wrapped, patience, delta)


lines = []
while len(lines) < 600:
    text, pruner = rule()
    mode = rng.choice(["min", "max"])
    study = optuna.create_study(direction="minimize" if mode == "min" else "maximize")
    others = [[value() for _ in range(rng.randint(1, 12))] for _ in range(rng.randint(0, 9))]
    for values in others:
        study.add_trial(create_trial(state=TrialState.COMPLETE, value=0.0, intermediate_values=dict(enumerate(values))))
    values = [value() for _ in range(rng.randint(1, 12))]
    trial = create_trial(state=TrialState.RUNNING, intermediate_values=dict(enumerate(values)))
    prunes = "prune" if pruner.prune(study, trial) else "continue"
    if prunes == "continue" and rng.random() < 0.5:
        continue
    of_others = ";".join(" ".join(map(str, of)) for of in others)
    lines.append(f"{text} | {mode} | {' '.join(map(str, values))} | {of_others} | {prunes}")

head = "# rule (startup warmup interval min ...) | direction | values | values of complete trials | decision; by pruning.py"
(pathlib.Path(__file__).parent / "pruning.txt").write_text("\n".join([head, *lines]) + "\n")
