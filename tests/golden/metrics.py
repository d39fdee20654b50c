"""Writes metrics.txt: what scikit-learn 1.9.1 gives for thousands of random predictions.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-learn==1.9.1
    /tmp/golden/bin/python tests/golden/metrics.py

    /tmp/golden/bin/python tests/golden/metrics.py --seed 7 --out /tmp/fresh.txt      other inputs, elsewhere

Only expected numbers are stored. The inputs of a case come from a SplitMix64 generator that is seeded with
1_000_000_000 * seed + 1_000_000 * family + case, where the seed of the committed file is 0, and are made of integers and
quotients of them, so that the Rust test, which draws them in the same order, has the same bits. A line of the output is one of

    seed SEED                   the first line
    group FAMILY METRIC...      the metrics of the lines below
    CASE VALUE...               their values; `!` after a value where scikit-learn warns

A family has several groups of metrics, and case i is scored by group i % groups.
"""

import argparse
import os
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

assert sklearn.__version__ == "1.9.1", sklearn.__version__

MASK = (1 << 64) - 1


class Draw:
    """SplitMix64 (Steele, Lea and Flood, 2014)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def unit(self):
        return (self.next() >> 11) / (1 << 53)


def rows(draw):
    return 1 + draw.below(4) if draw.below(8) == 0 else 2 + draw.below(58)


def weights(draw, n, exact=False):
    """None, 0 to 3, quarters, or fractions; `exact` leaves the last out."""
    kind = draw.below(3 if exact else 4)
    if kind == 0:
        return None
    if kind == 3:
        return np.array([0.01 + draw.unit() for _ in range(n)])
    values = np.array([float(draw.below(4)) if kind == 1 else draw.below(16) / 4 for _ in range(n)])
    if not values.any():
        values[0] = 1.0
    return values


def truth(draw, n, classes):
    """Uniform, three quarters of class 0, classes up to a highest one, or one class."""
    kind = draw.below(8)
    if kind < 3:
        return np.array([draw.below(classes) for _ in range(n)])
    if kind < 5:
        return np.array([draw.below(classes) if draw.below(4) == 0 else 0 for _ in range(n)])
    if kind < 7:
        highest = 1 + draw.below(classes)
        return np.array([draw.below(highest) for _ in range(n)])
    return np.full(n, draw.below(classes))


def grain(draw):
    """Few distinct numbers, so that there are ties, or many."""
    return [4, 10, 1 << 20][draw.below(3)]


def probabilities(draw, n, classes):
    parts = grain(draw)
    table = np.zeros((n, classes))
    for row in range(n):
        counts = [draw.below(parts) for _ in range(classes)]
        if not any(counts):
            counts[0] = 1
        total = float(sum(counts))
        table[row] = [count / total for count in counts]
    return table


def class_case(draw, classes, n=None):
    n = n or rows(draw)
    return truth(draw, n, classes), probabilities(draw, n, classes), weights(draw, n)


def binary_case(draw):
    n = rows(draw)
    y, parts = truth(draw, n, 2), grain(draw)
    return y, np.array([draw.below(parts + 1) / parts for _ in range(n)]), weights(draw, n)


def score_case(draw):
    n = rows(draw)
    y, parts = truth(draw, n, 2), grain(draw)
    return y, np.array([(draw.below(parts) - parts // 2) / 8 for _ in range(n)]), weights(draw, n)


def class_score_case(draw):
    classes = 3 + draw.below(4)
    n = rows(draw)
    y, parts = truth(draw, n, classes), grain(draw)
    s = np.array([[(draw.below(parts) - parts // 2) / 8 for _ in range(classes)] for _ in range(n)])
    return y, s, weights(draw, n)


def large_case(draw):
    classes = 3 + draw.below(8)
    return class_case(draw, classes, 1000 + draw.below(2000))


def large_value_case(draw):
    n, width = 1000 + draw.below(2000), 1 + draw.below(3)
    y = np.array([[10 * draw.unit() - 5 for _ in range(width)] for _ in range(n)])
    p = np.array([[10 * draw.unit() - 5 for _ in range(width)] for _ in range(n)])
    return y, p, weights(draw, n)


def flag_case(draw):
    n, width = rows(draw), 2 + draw.below(4)
    chance, parts = 1 + draw.below(7), grain(draw)
    y = np.array([[int(draw.below(8) < chance) for _ in range(width)] for _ in range(n)])
    p = np.array([[draw.below(parts + 1) / parts for _ in range(width)] for _ in range(n)])
    return y, p, weights(draw, n)


def value_case(draw):
    """Eighths with exact arithmetic, among them constant truths and perfect predictions, or fractions.

    One row and constant ones have no weights: scikit-learn's weighted mean of equal numbers is not always that number.
    """
    n, width, kind = rows(draw), 1 + draw.below(3), draw.below(4)
    eighth = lambda: (draw.below(81) - 40) / 8
    if kind == 3:
        y = np.array([[10 * draw.unit() - 5 for _ in range(width)] for _ in range(n)])
        p = np.array([[10 * draw.unit() - 5 for _ in range(width)] for _ in range(n)])
        return y, p, weights(draw, n) if n > 1 else None
    constant = [kind == 2 and draw.below(2) == 0 for _ in range(width)]
    perfect = [kind == 1 and draw.below(2) == 0 for _ in range(width)]
    y = np.array([[0.5 if constant[c] else eighth() for c in range(width)] for _ in range(n)])
    p = np.array([[y[r, c] if perfect[c] else eighth() for c in range(width)] for r in range(n)])
    return y, p, weights(draw, n, exact=True) if n > 1 and kind == 0 else None


def count_case(draw):
    n = rows(draw)
    y = np.array([float(draw.below(6)) for _ in range(n)])
    return y, np.array([(1 + draw.below(40)) / 8 for _ in range(n)]), weights(draw, n)


def amount_case(draw):
    n = rows(draw)
    y = np.array([(1 + draw.below(40)) / 8 for _ in range(n)])
    return y, np.array([(1 + draw.below(40)) / 8 for _ in range(n)]), weights(draw, n)


def repeated(y, p, w):
    """Rows as often as they weigh, where the weights are whole numbers."""
    if w is None:
        return y, p
    if not (w == np.floor(w)).all():
        return None
    times = w.astype(int)
    return np.repeat(y, times), np.repeat(p, times, axis=0)


def ovo(y, p, w, average):
    """One-versus-one takes no weights in scikit-learn, so a weight is a repetition; None where it is no number."""
    rows = repeated(y, p, w)
    if rows is None:
        return None
    y, p = rows
    if len(np.unique(y)) == 1:
        warnings.warn("Only one class is present in y_true.")
        return np.nan
    return m.roc_auc_score(y, p, multi_class="ovo", labels=range(p.shape[1]), average=average)


def one_hot(y, classes):
    return (y[:, None] == np.arange(classes)).astype(int)


def label(f, **options):
    return lambda y, p, w: f(y, p.argmax(axis=1), sample_weight=w, **options)


def averaged(name, f, **options):
    return {f"{name}_{a}": label(f, average=a, **options) for a in ["micro", "macro", "weighted"]}


def kappa(weights):
    return lambda y, p, w: m.cohen_kappa_score(
        y, p.argmax(axis=1), weights=weights, sample_weight=w, labels=range(p.shape[1])
    )


LABELS = [
    {
        "accuracy": label(m.accuracy_score),
        "balanced_accuracy": label(m.balanced_accuracy_score),
        "cohen_kappa": label(m.cohen_kappa_score),
        "cohen_kappa_linear": kappa("linear"),
        "cohen_kappa_quadratic": kappa("quadratic"),
        "matthews_corrcoef": label(m.matthews_corrcoef),
    },
    {
        "log_loss": lambda y, p, w: m.log_loss(y, p, labels=range(p.shape[1]), sample_weight=w),
        "brier_score": lambda y, p, w: m.brier_score_loss(y, p, labels=range(p.shape[1]), sample_weight=w),
    },
    {**averaged("precision", m.precision_score), **averaged("recall", m.recall_score)},
    {**averaged("f1", m.f1_score), **averaged("f0.5", m.fbeta_score, beta=0.5)},
]


def average_precision(average):
    return lambda y, p, w: m.average_precision_score(one_hot(y, p.shape[1]), p, average=average, sample_weight=w)


def ovr(average):
    return lambda y, p, w: m.roc_auc_score(
        y, p, multi_class="ovr", labels=range(p.shape[1]), average=average, sample_weight=w
    )


def top(k):
    return lambda y, p, w: m.top_k_accuracy_score(
        y, p if p.shape[1] > 2 else p[:, 1], k=k, labels=range(p.shape[1]), sample_weight=w
    )


AVERAGE_PRECISION = {f"average_precision_{a}": average_precision(a) for a in ["micro", "macro", "weighted"]}

TWO = LABELS + [
    {
        "precision": label(m.precision_score),
        "recall": label(m.recall_score),
        "f1": label(m.f1_score),
        "f2": label(m.fbeta_score, beta=2),
        "top_1_accuracy": top(1),
        "top_2_accuracy": top(2),
    },
    {
        "roc_auc": lambda y, p, w: m.roc_auc_score(y, p[:, 1], sample_weight=w),
        "average_precision": lambda y, p, w: m.average_precision_score(y, p[:, 1], sample_weight=w),
        **AVERAGE_PRECISION,
    },
]

MANY = LABELS + [
    {
        "precision_class_2": label(m.precision_score, labels=[2], average="macro"),
        "recall_class_2": label(m.recall_score, labels=[2], average="macro"),
        "f1_class_2": label(m.f1_score, labels=[2], average="macro"),
        "top_1_accuracy": top(1),
        "top_2_accuracy": top(2),
        "top_3_accuracy": top(3),
    },
    AVERAGE_PRECISION,
    {"roc_auc_ovr": ovr("macro"), "roc_auc_ovr_micro": ovr("micro"), "roc_auc_ovr_weighted": ovr("weighted")},
    {
        "roc_auc_ovo": lambda y, p, w: ovo(y, p, w, "macro"),
        "roc_auc_ovo_weighted": lambda y, p, w: ovo(y, p, w, "weighted"),
    },
]


def plain(f, **options):
    return lambda y, p, w: f(y, p, sample_weight=w, **options)


BINARY = [
    {
        "log_loss": plain(m.log_loss, labels=[0, 1]),
        "brier_score": plain(m.brier_score_loss),
        "roc_auc": plain(m.roc_auc_score),
        "average_precision": plain(m.average_precision_score),
        "top_1_accuracy": plain(m.top_k_accuracy_score, k=1, labels=[0, 1]),
        "f1": lambda y, p, w: m.f1_score(y, p > 0.5, sample_weight=w),
    }
]

SCORES = [
    {
        "roc_auc": plain(m.roc_auc_score),
        "average_precision": plain(m.average_precision_score),
        "top_1_accuracy": plain(m.top_k_accuracy_score, k=1, labels=[0, 1]),
    }
]


def flags(f, **options):
    return lambda y, p, w: f(y, (p > 0.5).astype(int), sample_weight=w, **options)


def four(name, f, **options):
    return {f"{name}_{a}": flags(f, average=a, **options) for a in ["micro", "macro", "weighted", "samples"]}


FLAGS = [
    {"accuracy": flags(m.accuracy_score), "hamming_loss": flags(m.hamming_loss), **four("f1", m.f1_score)},
    four("precision", m.precision_score),
    four("recall", m.recall_score),
    four("f2", m.fbeta_score, beta=2),
    {f"roc_auc_{a}": plain(m.roc_auc_score, average=a) for a in ["micro", "macro", "weighted"]},
    {f"average_precision_{a}": plain(m.average_precision_score, average=a) for a in ["micro", "macro", "weighted"]},
]

def exact(f):
    """What counts rows by repetition: where only one row counts, that row twice and no weights.

    scikit-learn's weighted mean of one number is not always that number, and what is left of it would count as variance.
    """

    def value(y, p, w):
        if w is not None and (w > 0).sum() == 1:
            y, p, w = np.repeat(y[w > 0], 2, axis=0), np.repeat(p[w > 0], 2, axis=0), None
        return f(y, p, w)

    return value


VALUES = [
    {
        "mean_squared_error": plain(m.mean_squared_error),
        "root_mean_squared_error": plain(m.root_mean_squared_error),
        "mean_absolute_error": plain(m.mean_absolute_error),
        "median_absolute_error": plain(m.median_absolute_error),
        "mean_absolute_percentage_error": plain(m.mean_absolute_percentage_error),
        "mean_pinball_loss_0.5": plain(m.mean_pinball_loss),
        "mean_pinball_loss_0.9": plain(m.mean_pinball_loss, alpha=0.9),
    },
    {
        "r2": exact(plain(m.r2_score)),
        "explained_variance": exact(plain(m.explained_variance_score)),
        "r2_variance_weighted": exact(plain(m.r2_score, multioutput="variance_weighted")),
        "explained_variance_variance_weighted": exact(plain(m.explained_variance_score, multioutput="variance_weighted")),
        "max_error": lambda y, p, w: m.max_error(y, p) if w is None and y.shape[1] == 1 else None,
    },
]

COUNTS = [{"mean_poisson_deviance": plain(m.mean_poisson_deviance), "max_error": lambda y, p, w: None if w is not None else m.max_error(y, p)}]


AMOUNTS = [
    {
        "mean_gamma_deviance": plain(m.mean_gamma_deviance),
        "mean_squared_log_error": plain(m.mean_squared_log_error),
        "root_mean_squared_log_error": plain(m.root_mean_squared_log_error),
        "d2_absolute_error": plain(m.d2_absolute_error_score),
    }
]


def one(matrix):
    """A number that tells matrices apart: entries by their places."""
    return (matrix.ravel() * np.arange(1, matrix.size + 1)).sum()


def matrix(normalize):
    return lambda y, p, w: one(
        m.confusion_matrix(y, p.argmax(axis=1), labels=range(p.shape[1]), sample_weight=w, normalize=normalize)
    )


MATRIX = [
    {
        "matrix": matrix(None),
        "matrix_true": matrix("true"),
        "matrix_predicted": matrix("pred"),
        "matrix_all": matrix("all"),
    }
]


def ranked(average):
    return lambda y, s, w: m.average_precision_score(one_hot(y, s.shape[1]), s, average=average, sample_weight=w)


CLASS_SCORES = [
    {
        "top_1_accuracy": top(1),
        "top_2_accuracy": top(2),
        **{f"average_precision_{a}": ranked(a) for a in ["micro", "macro", "weighted"]},
    }
]


def outputs(f, **options):
    """Outputs weighted 1, 2, 3; scikit-learn refuses to weigh a single one, as dropgrid does."""

    def score(y, p, w):
        if y.shape[1] == 1:
            return None
        return f(y, p, sample_weight=w, multioutput=[1, 2, 3][: y.shape[1]], **options)

    return score


def last(f, **options):
    """The last of the outputs by itself."""
    return lambda y, p, w: f(y, p, sample_weight=w, multioutput="raw_values", **options)[-1]


def both(name, f, **options):
    return {f"{name}_by_output": outputs(f, **options), f"{name}_last": last(f, **options)}


def two_rows(f):
    return lambda y, p, w: None if len(y) < 2 else f(y, p, w)


OUTPUTS = [
    {
        **both("mean_squared_error", m.mean_squared_error),
        **both("root_mean_squared_error", m.root_mean_squared_error),
        **both("mean_absolute_error", m.mean_absolute_error),
        **both("median_absolute_error", m.median_absolute_error),
        **both("mean_absolute_percentage_error", m.mean_absolute_percentage_error),
        **both("mean_pinball_loss_0.9", m.mean_pinball_loss, alpha=0.9),
        **{name: exact(two_rows(f)) for name, f in both("r2", m.r2_score).items()},
        **{name: exact(f) for name, f in both("explained_variance", m.explained_variance_score).items()},
    }
]

def defined(f):
    """None where scikit-learn divides by 0: two rows, all of one value."""

    def value(y, p, w):
        seen = y if w is None else y[w > 0]
        return None if len(y) > 1 and len(np.unique(seen)) == 1 else f(y, p, w)

    return value


POWERS = [-1.5, 0, 1, 1.5, 2, 3]

TWEEDIE = [
    {f"mean_tweedie_deviance_{power}": plain(m.mean_tweedie_deviance, power=power) for power in POWERS},
    {f"d2_tweedie_{power}": defined(plain(m.d2_tweedie_score, power=power)) for power in POWERS},
]

QUANTILES = [{f"d2_pinball_{alpha}": plain(m.d2_pinball_score, alpha=alpha) for alpha in [0, 0.25, 0.5, 0.75, 1]}]

SHARES = [
    {
        "d2_log_loss": defined(lambda y, p, w: m.d2_log_loss_score(y, p, labels=range(p.shape[1]), sample_weight=w)),
        "d2_brier_score": defined(lambda y, p, w: m.d2_brier_score(y, p, labels=range(p.shape[1]), sample_weight=w)),
    }
]


def likelihood(at, words):
    """One of the two ratios of scikit-learn, with the warnings that are about it."""

    def ratio(y, p, w):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ratios = m.class_likelihood_ratios(y, (p > 0.5).astype(int), labels=[0, 1], sample_weight=w)
        if any(word in str(warning.message) for word in words for warning in caught):
            warnings.warn("undefined")
        return ratios[at]

    return ratio


def highest(curve, of, within, limit):
    """The highest number of a curve where another one is at least a limit."""

    def rate(y, p, w):
        there = y if w is None else y[w > 0]
        if not there.any() or (curve is roc and there.all()):
            warnings.warn("undefined")
            return np.nan
        rates = curve(y, p, w)
        return rates[of][rates[within] >= limit].max()

    return rate


def roc(y, p, w):
    w = np.ones(len(y)) if w is None else w
    fpr, tpr, thresholds = m.roc_curve(y, p, sample_weight=w, drop_intermediate=False)
    # Counts in place of 1 - fpr, which is rounded once more.
    kept = [(w * (y == 0) * (p < threshold)).sum() / (w * (y == 0)).sum() for threshold in thresholds]
    assert np.allclose(kept, 1 - fpr)
    return {"sensitivity": tpr, "specificity": np.array(kept)}


def recalled(y, p, w):
    precision, recall, _ = m.precision_recall_curve(y, p, sample_weight=w)
    return {"precision": precision, "recall": recall}


def above(threshold, f, **options):
    return lambda y, p, w: f(y, (p > threshold).astype(int), sample_weight=w, **options)


def point_case(draw):
    n = rows(draw)
    y, parts = truth(draw, n, 2), grain(draw)
    return y, np.array([draw.below(parts + 1) / parts for _ in range(n)]), weights(draw, n, exact=True)


def rates(curve, of, within):
    return {f"{of}_at_{within}_{limit}": highest(curve, of, within, limit) for limit in [0, 0.25, 0.75, 1]}


POINTS = [
    {
        "positive_likelihood_ratio": likelihood(0, ["No samples of the positive", "`positive_likelihood_ratio` is"]),
        "negative_likelihood_ratio": likelihood(1, ["No samples of the positive", "`negative_likelihood_ratio` is"]),
        "precision_at_0.75": above(0.75, m.precision_score),
        "recall_at_0.25": above(0.25, m.recall_score),
        "f1_at_0.3": above(0.3, m.f1_score),
        "accuracy_at_0": above(0, m.accuracy_score),
    },
    {**rates(recalled, "recall", "precision"), **rates(recalled, "precision", "recall")},
    {**rates(roc, "sensitivity", "specificity"), **rates(roc, "specificity", "sensitivity")},
]

POSITIVES = [
    {
        "jaccard": above(0.5, m.jaccard_score),
        "jaccard_at_0": above(0, m.jaccard_score),
        "jaccard_at_0.3": above(0.3, m.jaccard_score),
        "jaccard_at_0.75": above(0.75, m.jaccard_score),
    }
]

FLAGS_AT = [{f"jaccard_{a}_at_0.3": above(0.3, m.jaccard_score, average=a) for a in ["micro", "macro", "weighted", "samples"]}]

# Name, case, groups of metrics, cases.
FAMILIES = [
    ("two", lambda draw: class_case(draw, 2), TWO, 600),
    ("many", lambda draw: class_case(draw, 3 + draw.below(4)), MANY, 1040),
    ("binary", binary_case, BINARY, 300),
    ("scores", score_case, SCORES, 200),
    ("flags", flag_case, FLAGS, 600),
    ("values", value_case, VALUES, 500),
    ("counts", count_case, COUNTS, 100),
    ("matrices", lambda draw: class_case(draw, 2 + draw.below(5)), MATRIX, 200),
    ("class_scores", class_score_case, CLASS_SCORES, 200),
    ("outputs", value_case, OUTPUTS, 150),
    ("large", large_case, MANY + MATRIX, 64),
    ("large_values", large_value_case, VALUES, 16),
    ("overlaps", lambda draw: class_case(draw, 2 + draw.below(5)), [averaged("jaccard", m.jaccard_score)], 200),
    ("flag_overlaps", flag_case, [four("jaccard", m.jaccard_score)], 200),
    ("amounts", amount_case, AMOUNTS, 200),
    ("deviances", amount_case, TWEEDIE, 200),
    ("quantiles", value_case, QUANTILES, 200),
    ("class_shares", lambda draw: class_case(draw, 2 + draw.below(4)), SHARES, 200),
    ("points", point_case, POINTS, 600),
    ("positives", point_case, POSITIVES, 200),
    ("two_overlaps", lambda draw: class_case(draw, 2), [{"jaccard": label(m.jaccard_score)}], 100),
    (
        "class_overlaps",
        lambda draw: class_case(draw, 3 + draw.below(4)),
        [{"jaccard_class_2": label(m.jaccard_score, labels=[2], average="macro")}],
        100,
    ),
    ("flags_at", flag_case, FLAGS_AT, 100),
]

# What scikit-learn says about its arguments, not about the predictions.
ASIDES = ["A single label was found", "invalid value encountered", "divide by zero"]


def told(function, case):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = function(*case)
    if value is None:
        return "-"
    odd = any(not any(aside in str(warning.message) for aside in ASIDES) for warning in caught)
    return repr(float(value)) + ("!" if odd else "")


def main():
    arguments = argparse.ArgumentParser()
    here = os.path.dirname(os.path.abspath(__file__))
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--out", default=os.path.join(here, "metrics.txt"))
    arguments = arguments.parse_args()
    lines = [f"seed {arguments.seed}"]
    for number, (name, make, groups, cases) in enumerate(FAMILIES):
        for at, group in enumerate(groups):
            lines.append(f"group {name} " + " ".join(group))
            for case in range(at, cases, len(groups)):
                inputs = make(Draw(1_000_000_000 * arguments.seed + 1_000_000 * number + case))
                lines.append(f"{case} " + " ".join(told(function, inputs) for function in group.values()))
    with open(arguments.out, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


main()
