"""Writes scalers.txt: what scikit-learn 1.9.1 makes of random features by StandardScaler and MinMaxScaler.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-learn==1.9.1
    /tmp/golden/bin/python tests/golden/scalers.py

Only expected numbers are stored. The features of a case, four columns of 1 to 40 rows, come from a SplitMix64 generator
seeded with the case's number, and are integers times powers of two, so that the Rust test, which draws them in the same
order, has the same bits in single precision. A case is six lines: the name of a statistic or a scaler, then its numbers.

    mean, scale, min, range     one number a column
    standard, minmax            the first three rows (or fewer) scaled, row by row; `minmax` to [-1, 2]
"""

import os

import numpy as np
import sklearn
from sklearn.preprocessing import MinMaxScaler, StandardScaler

assert sklearn.__version__ == "1.9.1", sklearn.__version__

MASK = (1 << 64) - 1
CASES = 200
KINDS = 7


class Draw:
    """SplitMix64 (Steele, Lea and Flood, 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % n


def value(draw, kind):
    """A number of a column: a fraction, a constant, one with a large offset, one of a large or a tiny size."""
    n = draw.below(1000)
    return [
        (n - 500) / 64,
        0.1015625,
        524288 + n / 16,
        -16777216.0,
        (n - 300) * 2.0**70,
        n * 2.0**-60,
        float(n % 2),
    ][kind]


lines = []
for case in range(CASES):
    draw = Draw(case)
    rows = 1 + draw.below(40)
    kinds = [draw.below(KINDS) for _ in range(4)]
    x = np.array([[value(draw, kind) for kind in kinds] for _ in range(rows)], dtype=np.float64)
    assert (x == x.astype(np.float32)).all()
    standard, minmax = StandardScaler().fit(x), MinMaxScaler(feature_range=(-1, 2)).fit(x)
    assert np.isfinite(standard.scale_).all()
    ranges = 3 / minmax.scale_
    for name, numbers in [
        ("mean", standard.mean_),
        ("scale", standard.scale_),
        ("min", minmax.data_min_),
        ("range", ranges),
        ("standard", standard.transform(x[:3]).ravel()),
        ("minmax", minmax.transform(x[:3]).ravel()),
    ]:
        lines.append(" ".join([name, *(repr(float(number)) for number in numbers)]))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scalers.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
