"""Writes plateau.txt: what PyTorch's ReduceLROnPlateau does on random sequences. Needs torch; run in this folder.

A line: mode, threshold_mode, lr, factor, patience, threshold, cooldown, min_lr, eps | values | learning rates after each.
"""

import random

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

rng = random.Random(7)
with open("plateau.txt", "w") as out:
    print(f"# torch {torch.__version__.split('+')[0]}, plateau.py", file=out)
    for _ in range(250):
        mode, kind = rng.choice(["min", "max"]), rng.choice(["rel", "abs"])
        lr, factor = rng.choice([0.1, 1e-3, 3e-4]), rng.choice([0.1, 0.5, 0.3, 0.9])
        patience, cooldown = rng.randrange(4), rng.choice([0, 0, 1, 3])
        threshold = rng.choice([1e-4, 0.0, 0.05, 0.2])
        min_lr, eps = rng.choice([0.0, 0.0, 1e-4]), rng.choice([1e-8, 1e-8, 1e-5])
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
        schedule = ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, kind, cooldown, min_lr, eps)
        value, values, lrs = rng.uniform(-1, 3), [], []
        for _ in range(rng.randrange(5, 30)):
            # Long flat stretches, small and large steps, now and then no number.
            value += rng.choice([0.0, 0.0, rng.gauss(0, 0.02), rng.gauss(0, 0.5)])
            shown = rng.choice([round(value, 3)] * 30 + [float("nan"), float("inf")])
            schedule.step(shown)
            values.append(repr(shown))
            lrs.append(repr(optimizer.param_groups[0]["lr"]))
        settings = [mode, kind, *map(repr, [lr, factor, patience, threshold, cooldown, min_lr, eps])]
        print(" | ".join(map(" ".join, [settings, values, lrs])), file=out)
