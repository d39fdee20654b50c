"""One training step of the networks of sequence.rs in PyTorch on one thread, in microseconds."""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)


class Convolutions(nn.Module):
    def __init__(self, pool):
        super().__init__()
        self.body = nn.Sequential(nn.Conv1d(4, 16, 5), nn.ReLU(), pool, nn.Conv1d(16, 32, 5), nn.ReLU())
        self.output = nn.Linear(32, 10)

    def forward(self, x):
        return self.output(self.body(x.transpose(1, 2)).mean(2))


class Mean(nn.Module):
    """The mean over the steps of what a body gives."""

    def __init__(self, *body):
        super().__init__()
        self.body, self.output = nn.Sequential(*body), nn.Linear(32, 10)

    def forward(self, x):
        return self.output(self.body(x).mean(1))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.output = nn.MultiheadAttention(32, 4, batch_first=True), nn.Linear(32, 10)

    def forward(self, x):
        return self.output(self.body(x, x, x, need_weights=False)[0].mean(1))


class Recurrent(nn.Module):
    """The last state of the last layer, of both directions side by side, or the mean of all states."""

    def __init__(self, kind, layers=1, both=False, all_states=False):
        super().__init__()
        self.memory = kind(4, 32, layers, batch_first=True, bidirectional=both)
        self.output, self.both, self.all_states = nn.Linear(64 if both else 32, 10), both, all_states

    def forward(self, x):
        states, last = self.memory(x)
        if self.all_states:
            return self.output(states.mean(1))
        last = last[0] if isinstance(last, tuple) else last
        return self.output(torch.cat([last[-2], last[-1]], 1) if self.both else last[-1])


NETWORKS = {
    "convolutions": ((64, 4), lambda: Convolutions(nn.MaxPool1d(2))),
    "averages": ((64, 4), lambda: Convolutions(nn.AvgPool1d(2))),
    "embedding": ((16,), lambda: Mean(nn.Embedding(1000, 32))),
    "layer norm": ((24, 32), lambda: Mean(nn.Linear(32, 32), nn.LayerNorm(32), nn.ReLU())),
    "attention": ((16, 32), Attention),
    "encoder": ((16, 32), lambda: Mean(nn.TransformerEncoderLayer(32, 4, 64, batch_first=True))),
}
for name, kind in [("lstm", nn.LSTM), ("gru", nn.GRU)]:
    NETWORKS |= {
        name: ((24, 4), lambda kind=kind: Recurrent(kind)),
        f"{name}, both ways": ((24, 4), lambda kind=kind: Recurrent(kind, both=True)),
        f"{name}, all states": ((24, 4), lambda kind=kind: Recurrent(kind, all_states=True)),
        f"{name}, two layers": ((24, 4), lambda kind=kind: Recurrent(kind, layers=2)),
    }
shape, make = NETWORKS[sys.argv[1]]
batch, steps = int(sys.argv[2]), int(sys.argv[3])
network, loss = make().train(), nn.CrossEntropyLoss()
adam = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
rows, labels = torch.rand(1024, *shape), torch.randint(0, 10, (1024,))
if sys.argv[1] == "embedding":
    rows = torch.randint(0, 1000, (1024, *shape))


def step(first):
    adam.zero_grad(set_to_none=True)
    value = loss(network(rows[first:first + batch]), labels[first:first + batch])
    value.backward()
    adam.step()
    return value.item()


for at in range(10):
    step(at * batch % 1024)
start = time.perf_counter()
for at in range(steps):
    step(at * batch % 1024)
print((time.perf_counter() - start) / steps * 1e6)
