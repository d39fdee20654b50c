"""One training step of the networks of conv.rs in PyTorch on one thread: microseconds, a line each."""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
NETWORKS = {
    "digits": ((1, 8, 8), lambda: nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(288, 10))),
    "pages": ((1, 28, 28), lambda: nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(400, 10))),
}
shape, make = NETWORKS[sys.argv[1]]
batch, steps = int(sys.argv[2]), int(sys.argv[3])
network, loss = make().train(), nn.CrossEntropyLoss()
adam = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
images, labels = torch.rand(1024, *shape), torch.randint(0, 10, (1024,))


def step(first):
    adam.zero_grad(set_to_none=True)
    value = loss(network(images[first:first + batch]), labels[first:first + batch])
    value.backward()
    adam.step()
    return value.item()


for at in range(10):
    step(at * batch % 1024)
start = time.perf_counter()
for at in range(steps):
    step(at * batch % 1024)
print((time.perf_counter() - start) / steps * 1e6)
