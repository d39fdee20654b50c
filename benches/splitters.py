"""scikit-learn's side of splitters.rs, which starts this script: a case by its name on each line of the input, and for it
the milliseconds to make all folds, those to make and read them, and a digest of what was read.

    pip install scikit-learn==1.9.1
"""

import sys
import time
import warnings

import numpy as np
import sklearn.model_selection as ms

ROWS = 1_000_000


def ids(most, salt):
    mixed = (np.arange(ROWS, dtype=np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(33)) % np.uint64(most)).astype(np.int64)


X, labels, many, few = np.zeros((ROWS, 1)), ids(10, 1), ids(1000, 2), ids(5, 3)
state = {"random_state": 0}
table = {
    "KFold": (many, ms.KFold(5)),
    "KFold, shuffled": (many, ms.KFold(5, shuffle=True, **state)),
    "StratifiedKFold": (many, ms.StratifiedKFold(5)),
    "StratifiedKFold, shuffled": (many, ms.StratifiedKFold(5, shuffle=True, **state)),
    "GroupKFold": (many, ms.GroupKFold(5)),
    "StratifiedGroupKFold": (many, ms.StratifiedGroupKFold(5)),
    "RepeatedKFold": (many, ms.RepeatedKFold(n_splits=5, n_repeats=2, **state)),
    "RepeatedStratifiedKFold": (many, ms.RepeatedStratifiedKFold(n_splits=5, n_repeats=2, **state)),
    "ShuffleSplit": (many, ms.ShuffleSplit(5, **state)),
    "StratifiedShuffleSplit": (many, ms.StratifiedShuffleSplit(5, **state)),
    "GroupShuffleSplit": (many, ms.GroupShuffleSplit(5, **state)),
    "LeaveOneGroupOut": (few, ms.LeaveOneGroupOut()),
    "LeavePGroupsOut": (few, ms.LeavePGroupsOut(2)),
    "TimeSeriesSplit": (many, ms.TimeSeriesSplit(5)),
}
warnings.simplefilter("ignore")


def timed(groups, splitter, after):
    start = time.perf_counter()
    folds = list(splitter.split(X, labels, groups))
    found = after(folds)
    return (time.perf_counter() - start) * 1e3, found


def read(folds):
    return [int(np.bitwise_xor.reduce(part)) for fold in folds for part in fold], [
        len(part) for fold in folds for part in fold
    ]


for line in sys.stdin:
    groups, splitter = table[line.rstrip("\n")]
    make, _ = timed(groups, splitter, lambda folds: None)
    both, (found, sizes) = timed(groups, splitter, read)
    checksum = 0
    for part, size in zip(found, sizes):
        checksum = (checksum * 31 + part * 1_000_003 + size) % (1 << 40)
    print(make, both, checksum, flush=True)
