"""What scikit-learn takes for the cases of splitters.rs.

    pip install scikit-learn==1.9.1
    python benches/splitters.py
"""

import time
import warnings

import numpy as np
import sklearn.model_selection as ms

ROWS, RUNS = 1_000_000, 7


def ids(most, salt):
    mixed = (np.arange(ROWS, dtype=np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(33)) % np.uint64(most)).astype(np.int64)


X, labels, many, few = np.zeros((ROWS, 1)), ids(10, 1), ids(1000, 2), ids(5, 3)
state = {"random_state": 0}
table = [
    ("KFold", many, ms.KFold(5)),
    ("KFold, shuffled", many, ms.KFold(5, shuffle=True, **state)),
    ("StratifiedKFold", many, ms.StratifiedKFold(5)),
    ("StratifiedKFold, shuffled", many, ms.StratifiedKFold(5, shuffle=True, **state)),
    ("GroupKFold", many, ms.GroupKFold(5)),
    ("StratifiedGroupKFold", many, ms.StratifiedGroupKFold(5)),
    ("RepeatedKFold", many, ms.RepeatedKFold(n_splits=5, n_repeats=2, **state)),
    ("RepeatedStratifiedKFold", many, ms.RepeatedStratifiedKFold(n_splits=5, n_repeats=2, **state)),
    ("ShuffleSplit", many, ms.ShuffleSplit(5, **state)),
    ("StratifiedShuffleSplit", many, ms.StratifiedShuffleSplit(5, **state)),
    ("GroupShuffleSplit", many, ms.GroupShuffleSplit(5, **state)),
    ("LeaveOneGroupOut", few, ms.LeaveOneGroupOut()),
    ("LeavePGroupsOut", few, ms.LeavePGroupsOut(2)),
    ("TimeSeriesSplit", many, ms.TimeSeriesSplit(5)),
]
warnings.simplefilter("ignore")
for name, groups, splitter in table:
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        folds = list(splitter.split(X, labels, groups))
        best = min(best, time.perf_counter() - start)
        del folds
    print(f"{name:26} {best * 1e3:8.1f} ms", flush=True)
