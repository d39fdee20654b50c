"""Writes layers.txt: what PyTorch gives for the layers of the prelude, in double precision.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch
    /tmp/golden/bin/python tests/golden/layers.py

Every tensor is a stretch of one sequence, `numbers`, which the Rust test makes again; parameter k of a layer, in dropgrid's
order, starts at 20 + 10 k. The loss is the sum of the output times another stretch. A line is the name of a case and of a
number of it, then the numbers, row-major: y in training, d_x and d_k, the gradients by input and parameter k, s_k, the
statistics after the pass, and e, the output of an evaluation pass after it. A case is called as the layer, and has a word
more where there are several of a layer: at edges, numbers are of single precision, as in the layer.
"""

import copy
import os

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


def numbers(start, *shape):
    at = torch.arange(start, start + torch.Size(shape).numel())
    return (((at * 37 + 11) % 101) / 101.0 - 0.5).reshape(shape)


lines = []


def write(case, **tensors):
    for name, tensor in tensors.items():
        values = " ".join(repr(value) for value in tensor.detach().reshape(-1).tolist())
        lines.append(f"{case} {name} {values}")


def fill(parameters):
    with torch.no_grad():
        for at, tensor in enumerate(parameters):
            tensor.copy_(numbers(20 + 10 * at, *tensor.shape))


def check(case, module, x, parameters=None, statistics=(), fill_in=True):
    """Output and gradients of a training pass, statistics and output of an evaluation pass after it."""
    parameters = list(module.parameters()) if parameters is None else parameters
    if fill_in:
        fill(parameters)
    x = x.clone().requires_grad_(True)
    module.train()
    y = module(x)
    (y * numbers(500, *y.shape).to(y.dtype)).sum().backward()
    gradients = {f"d_{at}": parameter.grad for at, parameter in enumerate(parameters)}
    write(case, y=y, d_x=x.grad, **gradients)
    write(case, **{f"s_{at}": getattr(module, name) for at, name in enumerate(statistics)})
    module.eval()
    write(case, e=module(x.detach()))


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Sum(nn.Module):
    """The sum of what branches give for the same input."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)


# Functions of each number: near 0, and at edges.
functions = {
    "ReLU": nn.ReLU(),
    "LeakyReLU": nn.LeakyReLU(0.3),
    "ELU": nn.ELU(0.7),
    "SELU": nn.SELU(),
    "SiLU": nn.SiLU(),
    "Mish": nn.Mish(),
    "AccurateGeLU": nn.GELU(),
    "FastGeLU": nn.GELU(approximate="tanh"),
    "Tanh": nn.Tanh(),
    "Sigmoid": nn.Sigmoid(),
    "Square": Function(torch.square),
    "Abs": Function(torch.abs),
    "Cos": Function(torch.cos),
    "Sin": Function(torch.sin),
    "Exp": Function(torch.exp),
    "Softmax": nn.Softmax(-1),
    "LogSoftmax": nn.LogSoftmax(-1),
    "Identity": nn.Identity(),
    "PReLU": nn.PReLU(),
    "Ln": Function(torch.log),
    "Sqrt": Function(torch.sqrt),
}
edges = torch.tensor([-1e4, -200.0, -90.0, -20.0, -1e-30, -0.0, 0.0, 1e-30, 20.0, 90.0, 200.0, 1e4], dtype=torch.float32)
for case, module in functions.items():
    x = 8 * numbers(0, 6, 5)
    if case in ["Ln", "Sqrt"]:
        x = x + 4.125
    at_edges = copy.deepcopy(module).float()
    check(case, module, x)
    check(f"{case}_edges", at_edges, edges.reshape(6, 2))
# As they start.
check("PReLU_start", nn.PReLU(), 8 * numbers(0, 6, 5), fill_in=False)
check("PReLU1D_start", nn.PReLU(5), 8 * numbers(0, 6, 5), fill_in=False)
check("LeakyReLU_start", nn.LeakyReLU(), 8 * numbers(0, 6, 5))
check("ELU_start", nn.ELU(), 8 * numbers(0, 6, 5))

x = numbers(100, 6, 5)
check("PReLU1D", nn.PReLU(5), x)
check("PReLU1D_steps", nn.PReLU(5), numbers(100, 6, 5, 3))
check("PReLU1D_images", nn.PReLU(3), numbers(100, 6, 3, 4, 2))
check("PReLU_images", nn.PReLU(), numbers(100, 6, 3, 4, 2))

check("Linear", nn.Linear(5, 3), x)
check("UnbiasedLinear", nn.Linear(5, 3, bias=False), x)
weight_norm = nn.utils.weight_norm(nn.Linear(5, 3))
check("WeightNorm", weight_norm, x, [weight_norm.weight_g, weight_norm.weight_v, weight_norm.bias])
check("Residual", Sum(nn.Linear(5, 5), nn.Identity()), x)
check("GeneralizedResidual", Sum(nn.Linear(5, 3), nn.Linear(5, 3)), x)
check("Repeated", nn.Sequential(nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 5), nn.Tanh()), x)
for case in ["SplitInto", "AddInto"]:
    left, right = nn.Linear(5, 4), nn.Linear(5, 4)
    check(case, Sum(nn.Sequential(left, nn.Tanh()), nn.Sequential(right, nn.Sigmoid())), x)

for case, by in [("LayerNorm1D", 1.0), ("LayerNorm1D_flat", 0.0)]:
    check(case, nn.LayerNorm(5), by * x)
check("LayerNorm1D_epsilon", nn.LayerNorm(5, eps=0.1), x)
statistics = ["running_mean", "running_var"]
check("BatchNorm1D", nn.BatchNorm1d(5, momentum=0.3), x, None, statistics)
check("BatchNorm1D_start", nn.BatchNorm1d(5), x, None, statistics, fill_in=False)
check("BatchNorm1D_flat", nn.BatchNorm1d(5), 0 * x, None, statistics)
check("BatchNorm1D_epsilon", nn.BatchNorm1d(5, eps=0.1), x, None, statistics)
check("BatchNorm1D_steps", nn.BatchNorm1d(5, momentum=0.3), numbers(100, 6, 5, 3), None, statistics)
check("BatchNorm2D", nn.BatchNorm2d(3, momentum=0.3), numbers(100, 6, 3, 4, 2), None, statistics)

images = numbers(100, 6, 3, 4, 2)


class Bias(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, x):
        return x + self.bias[:, None, None]


check("Bias2D", Bias(), images)
check("Conv2D", nn.Conv2d(3, 2, 2, padding=1), images)
check("MaxPool2D", nn.MaxPool2d(2, stride=1), images)
check("AvgPool2D", nn.AvgPool2d(2, stride=1), images)
whole = lambda pool: nn.Sequential(pool(1), nn.Flatten())
check("MaxPoolGlobal", whole(nn.AdaptiveMaxPool2d), images)
check("MaxPoolGlobal_ties", whole(nn.AdaptiveMaxPool2d), 0 * images)
check("MaxPool2D_ties", nn.MaxPool2d(2, stride=1), 0 * images)
check("AvgPoolGlobal", whole(nn.AdaptiveAvgPool2d), images)
check("Flatten2D", nn.Flatten(), images)
check("Reshape", nn.Unflatten(1, (3, 2, 4)), numbers(100, 6, 24))

# The statistics of layers fitted on data are those of the rows themselves; PyTorch has no such layer.
mean, deviation, low = x.mean(0), x.std(0, unbiased=False), x.min(0).values
check("Standardize", Function(lambda x: (x - mean) / deviation), x)
check("MinMax", Function(lambda x: (x - low) / (numbers(100, 6, 5).max(0).values - low)), x)



# Sequences, whose channels lie last: convolutions and poolings of PyTorch have them first.
class ChannelsFirst(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x.transpose(1, 2)).transpose(1, 2)


class Recurrent(nn.Module):
    """All states, or the last that each direction reads."""

    def __init__(self, module, only_last):
        super().__init__()
        self.module, self.only_last = module, only_last

    def forward(self, x):
        states, _ = self.module(x)
        if not self.only_last:
            return states
        units = self.module.hidden_size
        ends = [states[:, -1, :units]] + ([states[:, 0, units:]] if self.module.bidirectional else [])
        return torch.cat(ends, -1)


class Attention(nn.Module):
    def __init__(self, channels, heads, causal=False):
        super().__init__()
        self.module, self.causal = nn.MultiheadAttention(channels, heads, batch_first=True), causal

    def forward(self, x):
        hidden = nn.Transformer.generate_square_subsequent_mask(x.shape[1]) if self.causal else None
        return self.module(x, x, x, attn_mask=hidden, need_weights=False)[0]


class Encoder(nn.Module):
    def __init__(self, channels, heads, hidden, norm_first, causal):
        super().__init__()
        self.module = nn.TransformerEncoderLayer(
            channels, heads, hidden, dropout=0.0, batch_first=True, norm_first=norm_first
        )
        self.causal = causal

    def forward(self, x):
        # In an evaluation pass PyTorch may take a path of its own, which has no masks of every kind; gradients prevent that.
        hidden = nn.Transformer.generate_square_subsequent_mask(x.shape[1]) if self.causal else None
        return self.module(x, src_mask=hidden)


class Position(nn.Module):
    def forward(self, x):
        steps, channels = x.shape[1:]
        even = torch.arange(channels) // 2 * 2
        angle = torch.arange(steps)[:, None] / 10000.0 ** (even / channels)
        return x + torch.where(torch.arange(channels) % 2 == 0, angle.sin(), angle.cos())


class Codes(nn.Module):
    def __init__(self, *size):
        super().__init__()
        self.table = nn.Embedding(*size)

    def forward(self, x):
        # The gradient of the codes is 0.
        return self.table(x.long()) + 0 * x[..., None]


steps = numbers(100, 6, 5, 3)
check("Conv1D", ChannelsFirst(nn.Conv1d(3, 4, 3, padding=1)), steps)
check("Conv1D_strided", ChannelsFirst(nn.Conv1d(3, 2, 2, stride=2, padding=1, dilation=2)), steps)
check("Conv1D_groups", ChannelsFirst(nn.Conv1d(4, 6, 3, groups=2)), numbers(100, 6, 5, 4))
check("Conv1D_depthwise", ChannelsFirst(nn.Conv1d(4, 4, 3, padding=2, groups=4)), numbers(100, 6, 5, 4))
check("MaxPool1D", ChannelsFirst(nn.MaxPool1d(2, stride=1)), steps)
check("MaxPool1D_strided", ChannelsFirst(nn.MaxPool1d(3, stride=2, padding=1)), steps)
check("MaxPool1D_ties", ChannelsFirst(nn.MaxPool1d(2, stride=1)), 0 * steps)
check("MaxPool1D_dilated", ChannelsFirst(nn.MaxPool1d(2, stride=1, dilation=2)), steps)
check("MaxPool1D_padded", ChannelsFirst(nn.MaxPool1d(3, stride=2, padding=1, dilation=2)), steps)
check("AvgPool1D", ChannelsFirst(nn.AvgPool1d(2, stride=1)), steps)
check("AvgPool1D_strided", ChannelsFirst(nn.AvgPool1d(3, stride=2, padding=1)), steps)
check("GlobalAverage", Function(lambda x: x.mean(1)), steps)
check("LayerNorm1D_steps", nn.LayerNorm(3), steps)
check("PositionalEncoding", Position(), steps)
check("Embedding", Codes(5, 3), (torch.arange(24) * 7 % 5).reshape(6, 4).double())
for case, kind in [("Lstm", nn.LSTM), ("Gru", nn.GRU)]:
    check(case, Recurrent(kind(3, 4, batch_first=True), True), steps)
    check(f"{case}_all", Recurrent(kind(3, 4, 2, batch_first=True), False), steps)
    both = dict(batch_first=True, bidirectional=True)
    check(f"{case}_both", Recurrent(kind(3, 4, **both), True), steps)
    check(f"{case}_deep", Recurrent(kind(3, 4, 2, **both), False), steps)
wide = 3 * numbers(100, 6, 5, 4)
check("MultiHeadAttention", Attention(4, 2), wide)
check("MultiHeadAttention_causal", Attention(4, 4, True), wide)
check("TransformerEncoder", Encoder(4, 2, 6, False, False), wide)
check("TransformerEncoder_first", Encoder(4, 2, 6, True, True), wide)

# The numbers that 0.75 becomes: where it drops, where it stays.
for p in [0.125, 0.5, 0.75]:
    drops = {"Dropout": nn.Dropout(p), "AlphaDropout": nn.AlphaDropout(p), "Dropout2D": nn.Dropout2d(p)}
    drops["SpatialDropout1D"] = nn.Dropout1d(p)
    if p < 0.75:
        drops["DropoutOneIn"] = nn.Dropout(p)
    for case, module in drops.items():
        y = module(torch.full((200, 50, 2, 2)[: 3 if case == "SpatialDropout1D" else 4], 0.75)).unique()
        assert y.numel() == 2
        write(f"{case}_{p}", y=y.sort().values)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(lines) + "\n")
