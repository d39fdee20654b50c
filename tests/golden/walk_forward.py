"""Writes walk_forward.txt: the folds of sktime's expanding and sliding windows.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install sktime
    /tmp/golden/bin/python tests/golden/walk_forward.py

A line is a kind, the rows of the series, the window, step, horizon and gap, and the folds: the first and the last row of the
training part, a colon, and those of the scored part. Both parts are whole ranges, which is checked here.
"""

import argparse
import os
import random

import numpy as np
import sktime
from sktime.split import ExpandingWindowSplitter, SlidingWindowSplitter


def ends(part):
    assert (np.diff(part) == 1).all()
    return f"{part[0]}-{part[-1]}"


def folds(kind, rows, window, step, horizon, gap):
    fh = np.arange(gap + 1, gap + horizon + 1)
    if kind == "rolling":
        splitter = SlidingWindowSplitter(fh=fh, window_length=window, step_length=step)
    else:
        splitter = ExpandingWindowSplitter(fh=fh, initial_window=window, step_length=step)
    if window + gap + horizon > rows:
        return "none"
    return ",".join(f"{ends(train)}:{ends(test)}" for train, test in splitter.split(np.arange(rows)))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", default=os.path.join(here, "walk_forward.txt"))
    rng = random.Random(0)
    with open(arguments.parse_args().out, "w", encoding="ascii") as file:
        file.write(f"sktime {sktime.__version__}\n")
        for case in range(160):
            kind = ["expanding", "rolling"][case % 2]
            rows, window = rng.randint(1, 40), rng.randint(1, 12)
            step, horizon, gap = rng.randint(1, 6), rng.randint(1, 5), rng.choice([0, 0, 1, 3])
            settings = (rows, window, step, horizon, gap)
            file.write(" ".join(map(str, (kind, *settings, folds(kind, *settings)))) + "\n")


main()
