"""Writes embed.txt: what PyTorch 2.15.0 makes of categories by an Embedding, with its gradient, three steps of Adam, and a
network of two embeddings beside numbers.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch==2.15.0
    /tmp/golden/bin/python tests/golden/embed.py

Only expected numbers are stored. The table has 5 categories of 3 numbers, taken from the sequence of `numbers`. The codes are
those of `CODES`, in which category 3 does not occur. The loss is the sum of the output times further numbers of the sequence.

    y         the rows of the table
    d         the gradient of the table
    adam      the table after three steps, of rate 0.1 and weight decay 0.01 (AdamW)

The network is that of Guo and Berkhahn 2016: the vectors of two columns beside two columns of scaled numbers, and two layers on
them. The second column has four categories. The missing cell and the categories of fewer than two rows are in a group, 4.

    entity_y  its output
    entity_d  the gradients of both tables, and of the weights and biases of both layers, by number
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

# `None` is a missing cell.
CELLS = [0, 1, 1, None, 0, 2]
frequent = {code for code in range(4) if CELLS.count(code) >= 2}
groups = torch.tensor([code if code in frequent else 4 for code in CELLS])
columns = numbers(700, 6, 2)
scaled = (columns - columns.mean(0)) / columns.std(0, correction=0)
first, second = torch.nn.Embedding(5, 3), torch.nn.Embedding(5, 2)
hidden, output = torch.nn.Linear(7, 4), torch.nn.Linear(4, 2)
parameters = [first.weight, second.weight, hidden.weight, hidden.bias, output.weight, output.bias]
for start, parameter in zip([20, 60, 100, 140, 160, 180], parameters):
    parameter.data.copy_(numbers(start, *parameter.shape))
y = output(torch.tanh(hidden(torch.cat([first(codes), second(groups), scaled], 1))))
line("entity_y", y)
(y * numbers(500, 6, 2)).sum().backward()
for at, parameter in enumerate(parameters):
    line(f"entity_d{at}", parameter.grad)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "embed.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
