"""One training step of the networks of sequence.rs in PyTorch on one thread, in microseconds."""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(4, 16, 5), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(16, 32, 5), nn.ReLU()
        )
        self.output = nn.Linear(32, 10)

    def forward(self, x):
        return self.output(self.body(x.transpose(1, 2)).mean(2))


class Last(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.memory, self.output = kind(4, 32, batch_first=True), nn.Linear(32, 10)

    def forward(self, x):
        return self.output(self.memory(x)[0][:, -1])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.output = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), nn.Linear(32, 10)

    def forward(self, x):
        return self.output(self.body(x).mean(1))


NETWORKS = {
    "convolutions": ((64, 4), Convolutions),
    "lstm": ((24, 4), lambda: Last(nn.LSTM)),
    "gru": ((24, 4), lambda: Last(nn.GRU)),
    "encoder": ((16, 32), Encoder),
}
shape, make = NETWORKS[sys.argv[1]]
batch, steps = int(sys.argv[2]), int(sys.argv[3])
network, loss = make().train(), nn.CrossEntropyLoss()
adam = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
rows, labels = torch.rand(1024, *shape), torch.randint(0, 10, (1024,))


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
