"""Writes one_cycle.txt: the learning rates and momentums that PyTorch's OneCycleLR gives, step by step.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch numpy
    /tmp/golden/bin/python tests/golden/one_cycle.py

A line of the output is one of

    torch VERSION                                                           the first line
    case EPOCHS STEPS LR PCT_START DIV FINAL_DIV ANNEALING PHASES LOW HIGH  LOW and HIGH are `none` where the momentum stays
    lr VALUE...                                                             one a step
    momentum VALUE...                                                       one a step, where it moves
"""

import os

import torch
from torch.optim.lr_scheduler import OneCycleLR

CASES = [
    (epochs, steps, pct_start, div, final_div, annealing, three_phase, momentum)
    for epochs, steps in [(1, 1), (1, 3), (5, 4), (10, 7)]
    for pct_start in [0.1, 0.3, 0.45]
    for annealing in ["cos", "linear"]
    for three_phase in [False, True]
    for div, final_div, momentum in [(25.0, 1e4, (0.85, 0.95)), (10.0, 100.0, None)]
]
LR = 0.02


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "one_cycle.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"torch {torch.__version__.split('+')[0]}\n")
        for epochs, steps, pct_start, div, final_div, annealing, three_phase, momentum in CASES:
            low, high = momentum or (0.85, 0.95)
            optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR, momentum=0.9)
            schedule = OneCycleLR(
                optimizer,
                LR,
                epochs=epochs,
                steps_per_epoch=steps,
                pct_start=pct_start,
                anneal_strategy=annealing,
                cycle_momentum=momentum is not None,
                base_momentum=low,
                max_momentum=high,
                div_factor=div,
                final_div_factor=final_div,
                three_phase=three_phase,
            )
            rates, momentums = [], []
            for step in range(epochs * steps):
                rates.append(optimizer.param_groups[0]["lr"])
                momentums.append(optimizer.param_groups[0]["momentum"])
                optimizer.step()
                if step + 1 < epochs * steps:
                    schedule.step()
            phases = 3 if three_phase else 2
            shown = f"{low} {high}" if momentum else "none none"
            file.write(f"case {epochs} {steps} {LR} {pct_start} {div} {final_div} {annealing} {phases} {shown}\n")
            file.write("lr " + " ".join(repr(float(rate)) for rate in rates) + "\n")
            if momentum:
                file.write("momentum " + " ".join(repr(float(value)) for value in momentums) + "\n")


main()
