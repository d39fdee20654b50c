"""What scikit-learn takes for the cases of metrics.rs.

    pip install scikit-learn==1.9.1
    python benches/metrics.py
"""

import statistics
import time
import warnings

import numpy as np
import sklearn.metrics as m

ROWS, CLASSES, RUNS = 1_000_000, 10, 7


def mixed(at):
    z = (at.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return ((z ^ (z >> np.uint64(32))) >> np.uint64(11)).astype(np.float64) / (1 << 53)


rows = np.arange(ROWS)
proba = mixed(np.arange(ROWS * CLASSES)).reshape(ROWS, CLASSES)
proba /= proba.sum(axis=1, keepdims=True)
truth = (mixed(rows + 7) * CLASSES).astype(np.int64)
predicted, values = mixed(rows + 3) + 0.5, mixed(rows + 5) + 0.5
labels = proba.argmax(axis=1)
warnings.simplefilter("ignore")
table = [
    ("log_loss", lambda: m.log_loss(truth, proba)),
    ("top_3_accuracy", lambda: m.top_k_accuracy_score(truth, proba, k=3)),
    ("roc_auc_ovr_macro", lambda: m.roc_auc_score(truth, proba, multi_class="ovr")),
    ("brier_score", lambda: m.brier_score_loss(truth, proba)),
    ("accuracy", lambda: m.accuracy_score(truth, labels)),
    ("balanced_accuracy", lambda: m.balanced_accuracy_score(truth, labels)),
    ("f1_macro", lambda: m.f1_score(truth, labels, average="macro")),
    ("cohen_kappa", lambda: m.cohen_kappa_score(truth, labels)),
    ("matthews_corrcoef", lambda: m.matthews_corrcoef(truth, labels)),
    ("mean_squared_error", lambda: m.mean_squared_error(values, predicted)),
    ("mean_absolute_error", lambda: m.mean_absolute_error(values, predicted)),
    ("median_absolute_error", lambda: m.median_absolute_error(values, predicted)),
    ("r2", lambda: m.r2_score(values, predicted)),
    ("mean_poisson_deviance", lambda: m.mean_poisson_deviance(values, predicted)),
]
for name, score in table:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        value = score()
        times.append(time.perf_counter() - start)
    print(f"{name:30} {statistics.median(times) * 1e3:9.2f} ms  {value:.12f}", flush=True)
