"""Writes embed.txt: what PyTorch 2.15.0 makes of categories by an Embedding, with its gradient, and three steps of Adam.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch==2.15.0
    /tmp/golden/bin/python tests/golden/embed.py

Only expected numbers are stored. The table has 5 categories of 3 numbers, taken from the sequence of `numbers`. The codes are
those of `CODES`, in which category 3 does not occur. The loss is the sum of the output times further numbers of the sequence.

    y         the rows of the table
    d         the gradient of the table
    adam      the table after three steps, of rate 0.1 and weight decay 0.01 (AdamW)
"""

import os

import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.set_default_dtype(torch.float64)

CODES = [4, 0, 2, 4, 1, 0]


def numbers(start, *shape):
    """A part of the sequence, rounded to single precision."""
    count = torch.Size(shape).numel()
    values = [((at * 37 + 11) % 101) / 101 - 0.5 for at in range(start, start + count)]
    return torch.tensor(values, dtype=torch.float32).double().reshape(shape)


embedding = torch.nn.Embedding(5, 3)
embedding.weight.data.copy_(numbers(20, 5, 3))
codes = torch.tensor(CODES)
lines = []


def line(name, tensor):
    lines.append(" ".join([name, *(repr(float(number)) for number in tensor.detach().flatten())]))


def loss():
    return (embedding(codes) * numbers(500, 6, 3)).sum()


line("y", embedding(codes))
loss().backward()
line("d", embedding.weight.grad)
optimizer = torch.optim.AdamW(embedding.parameters(), lr=0.1, weight_decay=0.01)
for _ in range(3):
    optimizer.zero_grad()
    (loss() + (embedding(codes) ** 2).sum()).backward()
    optimizer.step()
line("adam", embedding.weight)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "embed.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
