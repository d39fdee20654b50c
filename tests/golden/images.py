"""Writes images.txt: what PyTorch 2 makes of images by Conv2d, MaxPool2d, AvgPool2d and adaptive pooling to one pixel.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch
    /tmp/golden/bin/python tests/golden/images.py

Only expected numbers are stored, in the order of CASES, computed in double precision. Inputs, weights, biases and the
factors of the loss, which is the sum of factor times output, come from `numbers`, exactly as in the Rust test; they are
multiples of 1/512, or of 1/2 in [-1, 1] where a case is coarse, so that there are equal numbers to choose from. A case is
a line with its settings, then lines of numbers:

    output, input        what comes out, and the gradient of what went in
    weight, bias         their gradients, of a convolution only
"""

import os

import torch
from torch.nn import functional as F

# kind, batch, channels, height, width, outputs, kernel, stride, padding, dilation, groups
CASES = [
    ("conv", 2, 1, 8, 8, 3, 3, 1, 0, 1, 1),
    ("conv", 2, 3, 5, 7, 4, 3, 1, 1, 1, 1),
    ("conv", 3, 4, 6, 6, 2, 1, 1, 0, 1, 1),
    ("conv", 2, 4, 9, 5, 6, 3, 2, 1, 1, 2),
    ("conv", 2, 4, 7, 8, 4, 3, 1, 1, 1, 4),
    ("conv", 1, 2, 9, 9, 3, 3, 1, 2, 2, 1),
    ("conv", 2, 3, 8, 6, 3, 2, 3, 1, 2, 3),
    ("conv", 2, 2, 4, 4, 5, 4, 1, 0, 1, 1),
    ("conv", 2, 2, 3, 2, 2, 5, 2, 3, 1, 1),
    ("max", 2, 2, 6, 6, 0, 2, 2, 0, 1, 1),
    ("max", 2, 3, 7, 5, 0, 3, 2, 1, 1, 1),
    ("max", 1, 2, 8, 9, 0, 3, 1, 1, 2, 1),
    ("max-coarse", 2, 3, 6, 7, 0, 3, 1, 1, 1, 1),
    ("avg", 2, 2, 6, 6, 0, 2, 2, 0, 1, 1),
    ("avg", 2, 3, 7, 5, 0, 3, 2, 1, 1, 1),
    ("all-max", 2, 3, 4, 5, 0, 0, 0, 0, 0, 0),
    ("all-avg", 2, 3, 4, 5, 0, 0, 0, 0, 0, 0),
]


def numbers(shape, seed, coarse=False):
    count = torch.Size(shape).numel()
    draws = [(at * 7919 + seed * 104729) % 1009 for at in range(count)]
    values = [draw % 5 / 2 - 1 if coarse else (draw - 504) / 512 for draw in draws]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_()


lines = []
for case in CASES:
    kind, batch, channels, height, width, outputs, kernel, stride, padding, dilation, groups = case
    x = numbers((batch, channels, height, width), 1, kind.endswith("coarse"))
    parameters = []
    if kind == "conv":
        weight = numbers((outputs, channels // groups, kernel, kernel), 2)
        bias = numbers((outputs,), 3)
        parameters = [("weight", weight), ("bias", bias)]
        y = F.conv2d(x, weight, bias, stride, padding, dilation, groups)
    elif kind.startswith("max"):
        y = F.max_pool2d(x, kernel, stride, padding, dilation)
    elif kind == "avg":
        y = F.avg_pool2d(x, kernel, stride, padding)
    elif kind == "all-max":
        y = F.adaptive_max_pool2d(x, 1)
    else:
        y = F.adaptive_avg_pool2d(x, 1)
    (y * numbers(y.shape, 4).detach()).sum().backward()
    lines.append("case " + " ".join(map(str, case)))
    for name, values in [("output", y.detach()), ("input", x.grad), *((name, p.grad) for name, p in parameters)]:
        lines.append(" ".join([name, *(f"{value:.9g}" for value in values.flatten().tolist())]))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
