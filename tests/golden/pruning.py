"""Decisions of optuna's pruners.

Writes pruning.txt: a rule with its settings, the direction, the values of a trial by step, the values of the complete trials,
and whether optuna prunes the trial after its last step. Steps are counted from 0. Behind 600 random cases are those
that are rare among them, ten of each kind of rule that prune and ten that do not, where optuna has both: values that are not
numbers, as few values at a step as `n_min_trials` or fewer, and intervals.

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


def value(missing=0.04):
    # Few digits, so that values are equal now and then.
    return math.nan if rng.random() < missing else round(rng.uniform(0, 1), 2)


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


def decision(pruner, mode, values, others):
    study = optuna.create_study(direction="minimize" if mode == "min" else "maximize")
    for of in others:
        study.add_trial(create_trial(state=TrialState.COMPLETE, value=0.0, intermediate_values=dict(enumerate(of))))
    trial = create_trial(state=TrialState.RUNNING, intermediate_values=dict(enumerate(values)))
    return "prune" if pruner.prune(study, trial) else "continue"


def line(text, mode, values, others, prunes):
    of_others = ";".join(" ".join(map(str, of)) for of in others)
    return f"{text} | {mode} | {' '.join(map(str, values))} | {of_others} | {prunes}"


lines = []
while len(lines) < 600:
    text, pruner = rule()
    mode = rng.choice(["min", "max"])
    others = [[value() for _ in range(rng.randint(1, 12))] for _ in range(rng.randint(0, 9))]
    values = [value() for _ in range(rng.randint(1, 12))]
    prunes = decision(pruner, mode, values, others)
    if prunes == "continue" and rng.random() < 0.5:
        continue
    lines.append(line(text, mode, values, others, prunes))

# The cases by rule, decision and what is rare in them: values that are not numbers, as the last one of the trial, among the others
# at its step, or as all before the last one.
wanted = {}
for kind in ["median", "percentile", "threshold", "patient none", "patient median"]:
    for prunes in ["prune", "continue"]:
        for hole in ["last", "others at the step", "fewer than n_min_trials", "just n_min_trials", "interval", "none before the last"]:
            wanted[kind, prunes, hole] = 10
# What optuna never decides so, or what a rule does not look at, is left after so many draws.
for _ in range(60_000):
    text, pruner = rule()
    mode = rng.choice(["min", "max"])
    missing = rng.choice([0.04, 0.5])
    length = rng.randint(1, 8)
    others = [[value(missing) for _ in range(rng.choice([length, rng.randint(1, 8)]))] for _ in range(rng.randint(0, 9))]
    values = [value(missing) for _ in range(length)]
    prunes = decision(pruner, mode, values, others)
    settings = text.split()
    kind = f"patient {settings[4]}" if settings[0] == "patient" else settings[0]
    at_step = [of[length - 1] for of in others if len(of) >= length]
    numbers = [of for of in at_step if not math.isnan(of)]
    holes = []
    if math.isnan(values[-1]):
        holes.append("last")
    if len(numbers) < len(at_step):
        holes.append("others at the step")
    if "median" in text or kind == "percentile":
        rest = settings[settings.index("median") + 1:] if "median" in text else settings[1:]
        interval, least = int(rest[2]), int(rest[3])
        if len(numbers) < least <= len(at_step):
            holes.append("fewer than n_min_trials")
        if len(numbers) == least > 1:
            holes.append("just n_min_trials")
    elif kind == "threshold":
        interval = int(settings[4])
    else:
        interval = 1
    if interval > 1:
        holes.append("interval")
    if len(values) > 1 and all(map(math.isnan, values[:-1])):
        holes.append("none before the last")
    found = [hole for hole in holes if wanted[kind, prunes, hole] > 0]
    if found:
        for hole in found:
            wanted[kind, prunes, hole] -= 1
        lines.append(line(text, mode, values, others, prunes))

head = "# rule (startup warmup interval min ...) | direction | values | values of complete trials | decision; by pruning.py"
(pathlib.Path(__file__).parent / "pruning.txt").write_text("\n".join([head, *lines]) + "\n")
