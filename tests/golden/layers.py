"""Writes layers.txt: what PyTorch gives for layers that dropgrid has or runs itself, in double precision.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch
    /tmp/golden/bin/python tests/golden/layers.py

Every tensor is a stretch of one sequence, `numbers`, which the Rust test makes again; a tensor's place in the sequence is its
`start`. The loss is the sum of the output times another stretch. A line is the name of a case and of a number of it, then
the numbers, row-major.
"""

import os

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def numbers(start, *shape):
    at = torch.arange(start, start + torch.Size(shape).numel())
    return (((at * 37 + 11) % 101) / 101.0 - 0.5).reshape(shape)


lines = []


def write(case, **tensors):
    for name, tensor in tensors.items():
        values = " ".join(repr(value) for value in tensor.detach().reshape(-1).tolist())
        lines.append(f"{case} {name} {values}")


def check(case, module, x, parameters):
    """Output and gradients of a training pass."""
    x = x.clone().requires_grad_(True)
    y = module(x)
    (y * numbers(500, *y.shape)).sum().backward()
    gradients = {f"d_{name}": getattr(module, name).grad for name in parameters}
    write(case, y=y, d_x=x.grad, **gradients)


def fill(module, **starts):
    with torch.no_grad():
        for name, start in starts.items():
            tensor = getattr(module, name)
            tensor.copy_(numbers(start, *tensor.shape))


x = 8 * numbers(0, 6, 5)
for case, module in [("elu", nn.ELU(0.7)), ("selu", nn.SELU()), ("silu", nn.SiLU()), ("mish", nn.Mish())]:
    check(case, module, x, [])

weight_norm = nn.utils.weight_norm(nn.Linear(5, 3))
fill(weight_norm, weight_v=10, weight_g=40, bias=50)
check("weight_norm", weight_norm, numbers(100, 6, 5), ["weight_v", "weight_g", "bias"])

layer_norm = nn.LayerNorm(5)
fill(layer_norm, weight=20, bias=30)
check("layer_norm", layer_norm, numbers(100, 6, 5), ["weight", "bias"])

for case, shape in [("batch_norm", (6, 5)), ("batch_norm_steps", (6, 5, 3))]:
    batch_norm = nn.BatchNorm1d(5, momentum=0.3)
    fill(batch_norm, weight=20, bias=30)
    check(case, batch_norm, numbers(100, *shape), ["weight", "bias"])
    write(case, mean=batch_norm.running_mean, variance=batch_norm.running_var)

# The two numbers that 0.7 becomes: where it drops, where it stays. At rates that dropgrid draws as they are.
for p in [0.125, 0.5, 0.875]:
    y = nn.AlphaDropout(p)(torch.full((1000,), 0.7)).unique()
    assert y.numel() == 2
    write(f"alpha_dropout_{p}", y=y.sort().values)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
