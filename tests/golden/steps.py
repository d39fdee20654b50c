"""Writes steps.txt: what scikit-learn 1.9.1 makes of columns by the steps that dropgrid has for them, in f64.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install scikit-learn==1.9.1 scipy==1.17.1
    /tmp/golden/bin/python tests/golden/steps.py

Only expected numbers are stored. The cells of a case, three columns of 1 to 60 rows (of 1,500 in the last), come from a
SplitMix64 generator seeded with the case's number, and are integers times powers of two, so that the Rust test, which draws
them in the same order, has the same bits. The results are those of 12 further rows, row by row. A missing cell is `nan`. The kinds of the columns are in `cell`.

A line is the number of the case, the name of a step, and its numbers.

    codes     the results for the codes 0 to 3 and an unknown one, not of a case
"""

import os
import warnings

# So that NumPy's logarithms and exponentials are those of the C library, as Rust's are. Far from zero, their last bits decide
# where a search for the likeliest power ends.
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

assert sklearn.__version__ == "1.9.1", sklearn.__version__

MASK = (1 << 64) - 1
CASES = 60
KINDS = 10


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


def cell(draw, kind):
    """A cell of a column: a fraction, a constant, seconds since 1970, ties, outliers, a skewed number from 0, one below 0, a
    tiny one, seconds and a fraction, a skewed number of either sign."""
    n, rare = draw.below(1000), draw.below(20) == 0
    return [
        (n - 500) / 64,
        0.1015625,
        1700000000.0 + 60 * n,
        float(n % 3),
        (n - 500) / 64 * (2.0**20 if rare else 1.0),
        n * n * n * 2.0**-16,
        -1.0 - n * n * 2.0**-10,
        n * 2.0**-30,
        1700000000.0 + n + n * 2.0**-10,
        (n - 300) * abs(n - 300) * 2.0**-8,
    ][kind]


def rows(case):
    """The cells of a case: the number of rows to fit on, and all rows."""
    draw = Draw(case)
    count = 1500 if case == CASES - 1 else 1 + draw.below(60)
    kinds = [draw.below(KINDS) for _ in range(3)]
    holes = draw.below(2) == 0
    x = []
    for row in range(count + 12):
        cells = []
        for kind in kinds:
            value = cell(draw, kind)
            missing = draw.below(5) == 0 and holes and row > 0
            cells.append(float("nan") if missing else value)
        x.append(cells)
    return count, np.array(x, dtype=np.float64)


STEPS = {
    "standardize": StandardScaler(),
    "min_max": MinMaxScaler(),
    "mean": SimpleImputer(strategy="mean"),
    "median": SimpleImputer(strategy="median"),
    "most_frequent": SimpleImputer(strategy="most_frequent"),
    "constant": SimpleImputer(strategy="constant", fill_value=-3.0),
    "max_abs": MaxAbsScaler(),
    "robust": RobustScaler(),
    "robust_10_85": RobustScaler(quantile_range=(10.0, 85.0)),
    "uniform": QuantileTransformer(n_quantiles=1000, subsample=None),
    "normal": QuantileTransformer(n_quantiles=1000, subsample=None, output_distribution="normal"),
    "uniform_7": QuantileTransformer(n_quantiles=7, subsample=None),
    "power": PowerTransformer(),
}

warnings.simplefilter("ignore")
lines = []
for case in range(CASES):
    count, x = rows(case)
    for name, step in STEPS.items():
        step.fit(x[:count])
        out = step.transform(x[count:].copy())
        assert out.shape == (12, 3), (case, name)
        # By hand, without the order of operations in which scikit-learn's MinMaxScaler loses the digits of an offset.
        if name == "min_max":
            low, high = np.nanmin(x[:count], axis=0), np.nanmax(x[:count], axis=0)
            by_hand = (x[count:] - low) / np.where(high == low, 1, high - low)
            assert np.allclose(out, by_hand, rtol=1e-4, atol=1e-4, equal_nan=True)
            out = by_hand
        lines.append(f"{case} {name} " + " ".join(repr(float(number)) for number in out.ravel()))

codes, known = np.array([[0], [1], [2], [3], [-1]]), [[0, 1, 2, 3]]
ENCODERS = {
    "one_hot": OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False),
    "drop_first": OneHotEncoder(categories=known, handle_unknown="ignore", drop="first", sparse_output=False),
    "if_binary": OneHotEncoder(categories=known, handle_unknown="ignore", drop="if_binary", sparse_output=False),
    "ordinal": OrdinalEncoder(categories=known, handle_unknown="use_encoded_value", unknown_value=-7),
}
for name, encoder in ENCODERS.items():
    out = encoder.fit(codes[:4]).transform(codes)
    lines.append(f"codes {name} " + " ".join(repr(float(number)) for number in out.ravel()))

# Groups of infrequent categories, by the least number of rows that a frequent one has. Codes behind a group are those of the
# categories, and that of the group is 4; scikit-learn's columns are the frequent categories and then the group.
often = np.array([[0], [0], [0], [1], [2], [2]])
for least in [2, 3]:
    encoder = OneHotEncoder(
        categories=known, min_frequency=least, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    flags = encoder.fit(often).transform(codes)
    infrequent = encoder.infrequent_categories_[0].tolist()
    columns = [code for code in known[0] if code not in infrequent] + [4]
    assert flags.shape[1] == len(columns)
    out = [columns[at] for at in flags.argmax(axis=1)]
    assert (flags.sum(axis=1) == 1).all()
    lines.append(f"codes grouped_{least} " + " ".join(repr(float(number)) for number in out))

# Two columns, of two and of three categories.
pairs = np.array([[0, 1], [1, 2], [0, 0], [1, 1], [-1, 2], [1, -1]])
several = {"categories": [[0, 1], [0, 1, 2]]}
first = OneHotEncoder(categories=[[0, 1]], handle_unknown="ignore", sparse_output=False)
second = OneHotEncoder(categories=[[0, 1, 2]], handle_unknown="ignore", drop="first", sparse_output=False)
SEVERAL = {
    "several_if_binary": OneHotEncoder(**several, handle_unknown="ignore", drop="if_binary", sparse_output=False),
    "several": ColumnTransformer([("first", first, [0]), ("second", second, [1])]),
    "several_ordinal": OrdinalEncoder(**several, handle_unknown="use_encoded_value", unknown_value=-7),
}
for name, encoder in SEVERAL.items():
    out = encoder.fit(pairs[:4]).transform(pairs)
    lines.append(f"codes {name} " + " ".join(repr(float(number)) for number in out.ravel()))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "steps.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
