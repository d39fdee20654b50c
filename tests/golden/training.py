"""Writes training.txt: what PyTorch 2 makes of a small network in 50 steps, for each setting of the training recipe.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch numpy schedulefree lion-pytorch
    /tmp/golden/bin/python tests/golden/training.py

The network is Linear(4, 8), Tanh, Dropout(0), Linear(8, outputs). Its parameters, one after the other in the order of
`parameters()`, and the data are made of `number` in single precision; the Rust test `train::tests::golden` makes the same. From
there on all is computed in double precision. Batches are rows in the order of the data. A line of the output is one of

    torch VERSION               the first line
    case NAME
    losses VALUE...             the loss of the first batch of each epoch, before its step
    weights VALUE...            every parameter after the last step, or its average

To check one more setting, add a case here and one of the same name in the test.
"""

import argparse
import os

import torch
from lion_pytorch import Lion
from schedulefree import AdamWScheduleFree
from torch import nn, optim
from torch.nn import functional as F
from torch.optim import lr_scheduler as schedules
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_default_dtype(torch.float64)

ROWS, BATCH, EPOCHS = 38, 8, 10


def whole(at):
    return (at * 37 + 11) % 101


def single(number):
    return torch.tensor(number, dtype=torch.float32).item()


def number(at):
    return whole(at) / 101 - 0.5


def features():
    return torch.tensor([[single(2 * number(row * 4 + column)) for column in range(4)] for row in range(ROWS)])


def of_rows(truth):
    return torch.tensor([truth(*(whole(row * 4 + column) for column in range(4))) for row in range(ROWS)])


def classes():
    return of_rows(lambda a, b, c, d: [a, b, c].index(max(a, b, c)))


def values():
    return of_rows(lambda a, b, c, d: [(a - b) / 101, (c + d) / 101])


def flags():
    return of_rows(lambda a, b, c, d: [float(a > b), float(c > d)])


def signs():
    return of_rows(lambda a, b, c, d: [float(a + b > c + d)])


def weights():
    return of_rows(lambda a, b, c, d: a % 4 * 0.75)


# What is predicted: the truth, and the number of outputs.
TARGETS = {"classes": (classes, 3), "values": (values, 2), "flags": (flags, 2), "signs": (signs, 1)}


def network(outputs):
    layers = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.0), nn.Linear(8, outputs))
    at = 0
    with torch.no_grad():
        for parameter in layers.parameters():
            for place in range(parameter.numel()):
                parameter.view(-1)[place] = single(number(at))
                at += 1
    return layers


def train(
    optimizer,
    target="classes",
    loss=F.cross_entropy,
    schedule=None,
    by_step=False,
    warm_up=None,
    clip=None,
    accumulate=1,
    drop_last=False,
    ema=None,
    weighted=False,
):
    """`schedule` makes a scheduler of an optimizer, its epochs, and its steps in an epoch; a `weighted` loss takes the
    weights of the rows behind output and truth, and the rows of a group count by them."""
    make, outputs = TARGETS[target]
    x, y, w = features(), make(), weights()
    net = network(outputs)
    optimizer = optimizer(net.parameters())
    is_schedule_free = isinstance(optimizer, AdamWScheduleFree)
    if is_schedule_free:
        optimizer.train()
    averaged = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(ema)) if ema is not None else None
    batches = [range(at, min(at + BATCH, ROWS)) for at in range(0, ROWS, BATCH)]
    batches = [rows for rows in batches if not drop_last or len(rows) == BATCH]
    groups = [batches[at : at + accumulate] for at in range(0, len(batches), accumulate)]

    warming = 0
    if warm_up is not None:
        factor, epochs = warm_up
        warming = epochs * len(groups)
        ramp = schedules.LinearLR(optimizer, start_factor=factor, total_iters=warming)
    main = None
    losses = []
    for epoch in range(EPOCHS):
        if schedule is not None and main is None and warming == 0:
            main = schedule(optimizer, EPOCHS - epoch, len(groups))
        for group in groups:
            optimizer.zero_grad()
            counts = [w[list(rows)].sum().item() if weighted else len(rows) for rows in group]
            for rows, count in zip(group, counts):
                rows = list(rows)
                value = loss(net(x[rows]), y[rows], *([w[rows]] if weighted else []))
                if rows[0] == 0:
                    losses.append(value.item())
                (value * (count / sum(counts))).backward()
            if clip is not None:
                clip(net.parameters())
            optimizer.step()
            if averaged is not None:
                if is_schedule_free:
                    optimizer.eval()
                averaged.update_parameters(net)
                if is_schedule_free:
                    optimizer.train()
            if warming > 0:
                ramp.step()
                warming -= 1
            elif main is not None and by_step:
                main.step()
        if main is not None and not by_step:
            main.step()
    if is_schedule_free:
        optimizer.eval()
    kept = net if averaged is None else averaged.module
    return losses, [value for parameter in kept.parameters() for value in parameter.detach().view(-1).tolist()]


def adam(**settings):
    return lambda parameters: torch.optim.Adam(parameters, **{"lr": 0.01, **settings})


def adamw(**settings):
    return lambda parameters: torch.optim.AdamW(parameters, **{"lr": 0.01, **settings})


def sgd(**settings):
    return lambda parameters: torch.optim.SGD(parameters, **{"lr": 0.1, **settings})


def rmsprop(**settings):
    return lambda parameters: torch.optim.RMSprop(parameters, **{"lr": 0.01, **settings})


def of(make, **settings):
    return lambda parameters: make(parameters, **settings)


def restarts(t_0, t_mult=1, eta_min=0.0):
    return lambda optimizer, *_: schedules.CosineAnnealingWarmRestarts(optimizer, t_0, t_mult, eta_min)


def cosine(eta_min=0.0, by_step=False):
    return lambda optimizer, epochs, steps: schedules.CosineAnnealingLR(
        optimizer, T_max=epochs * steps if by_step else epochs, eta_min=eta_min
    )


def one_cycle(lr, **settings):
    return lambda optimizer, epochs, steps: schedules.OneCycleLR(optimizer, lr, epochs=epochs, steps_per_epoch=steps, **settings)


def norm(limit):
    return lambda parameters: nn.utils.clip_grad_norm_(parameters, limit)


def value(limit):
    return lambda parameters: nn.utils.clip_grad_value_(parameters, limit)


def mean(each):
    """The mean over rows of what `each` gives for each output, as a row's weight has it."""
    rows = lambda z, y: each(z, y, reduction="none").reshape(len(y), -1).mean(1)
    return lambda z, y, w: (w * rows(z, y)).sum() / w.sum()


def of_class(weight, each):
    """The same with a weight for each of two classes."""
    return lambda z, y: mean(each)(z, y, torch.tensor(weight)[y[:, 0].long()])


def focal(gamma):
    """Of classes: torchvision has it of flags alone."""

    def loss(z, y):
        log = z.log_softmax(1).gather(1, y[:, None])
        return (-((1 - log.exp()) ** gamma) * log).mean()

    return loss


def sigmoid_focal(gamma):
    """torchvision.ops.sigmoid_focal_loss without alpha."""

    def loss(z, y):
        p = z.sigmoid()
        p_t = p * y + (1 - p) * (1 - y)
        return (F.binary_cross_entropy_with_logits(z, y, reduction="none") * (1 - p_t) ** gamma).mean()

    return loss


def smoothed(smoothing, **settings):
    return lambda z, y: F.binary_cross_entropy_with_logits(z, y * (1 - smoothing) + smoothing / 2, **settings)


def entropy(**settings):
    return lambda z, y, **how: F.cross_entropy(z, y, **settings, **how)


BCE = F.binary_cross_entropy_with_logits
CLASSES = torch.tensor([1.0, 2.0, 0.5])

CASES = {
    "adam": dict(optimizer=adam()),
    "adam, decay": dict(optimizer=adam(weight_decay=0.1)),
    "adam, betas and eps": dict(optimizer=adam(betas=(0.8, 0.95), eps=1e-3)),
    "adam, a long memory": dict(optimizer=adam(betas=(0.99, 0.99999))),
    "adam, amsgrad": dict(optimizer=adam(amsgrad=True, betas=(0.9, 0.9))),
    "adamw": dict(optimizer=adamw(weight_decay=0.1)),
    "adamw, amsgrad": dict(optimizer=adamw(weight_decay=0.1, amsgrad=True, betas=(0.9, 0.9))),
    "sgd": dict(optimizer=sgd()),
    "sgd, decay": dict(optimizer=sgd(weight_decay=0.1)),
    "sgd, momentum": dict(optimizer=sgd(momentum=0.9)),
    "sgd, nesterov": dict(optimizer=sgd(momentum=0.9, nesterov=True, weight_decay=0.01)),
    "sgd, dampening": dict(optimizer=sgd(momentum=0.9, dampening=0.4)),
    "rmsprop": dict(optimizer=rmsprop()),
    "rmsprop, alpha and eps": dict(optimizer=rmsprop(alpha=0.8, eps=1e-3, weight_decay=0.05)),
    "rmsprop, a long memory": dict(optimizer=rmsprop(lr=1e-4, alpha=0.99999)),
    "rmsprop, momentum": dict(optimizer=rmsprop(momentum=0.5)),
    "rmsprop, centered": dict(optimizer=rmsprop(centered=True, eps=1e-2)),
    "rmsprop, centered, momentum": dict(optimizer=rmsprop(centered=True, eps=1e-2, momentum=0.5)),
    "adam, decoupled": dict(optimizer=adam(weight_decay=0.1, decoupled_weight_decay=True)),
    "nadam": dict(optimizer=of(optim.NAdam, lr=0.01)),
    "nadam, decay": dict(optimizer=of(optim.NAdam, lr=0.01, weight_decay=0.1, momentum_decay=0.1, betas=(0.8, 0.95), eps=1e-3)),
    "nadam, decoupled": dict(optimizer=of(optim.NAdam, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)),
    "radam": dict(optimizer=of(optim.RAdam, lr=0.01)),
    "radam, decay": dict(optimizer=of(optim.RAdam, lr=0.01, weight_decay=0.1, betas=(0.8, 0.9), eps=1e-3)),
    "radam, decoupled": dict(optimizer=of(optim.RAdam, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)),
    "radam, never adaptive": dict(optimizer=of(optim.RAdam, lr=0.01, betas=(0.9, 0.5))),
    "adamax": dict(optimizer=of(optim.Adamax, lr=0.01)),
    "adamax, decay": dict(optimizer=of(optim.Adamax, lr=0.01, weight_decay=0.1, betas=(0.8, 0.9), eps=1e-3)),
    "adagrad": dict(optimizer=of(optim.Adagrad, lr=0.05)),
    "adagrad, decay": dict(
        optimizer=of(optim.Adagrad, lr=0.05, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.01, eps=1e-3)
    ),
    "adadelta": dict(optimizer=of(optim.Adadelta, lr=1.0)),
    "adadelta, decay": dict(optimizer=of(optim.Adadelta, lr=0.5, rho=0.8, weight_decay=0.1, eps=1e-3)),
    "lion": dict(optimizer=of(Lion, lr=0.003)),
    "lion, decay": dict(optimizer=of(Lion, lr=0.003, weight_decay=0.1, betas=(0.8, 0.9))),
    "schedule-free": dict(optimizer=of(AdamWScheduleFree, lr=0.01)),
    "schedule-free, decay": dict(optimizer=of(AdamWScheduleFree, lr=0.01, weight_decay=0.1, betas=(0.8, 0.95), eps=1e-3)),
    # The learning rate rises over two epochs of five steps, and the step after them.
    "schedule-free, warm-up": dict(optimizer=of(AdamWScheduleFree, lr=0.01, warmup_steps=11)),
    "schedule-free, ema": dict(optimizer=of(AdamWScheduleFree, lr=0.01), ema=0.9),
    "cosine with restarts": dict(optimizer=sgd(), schedule=restarts(3)),
    "cosine with restarts, longer": dict(optimizer=adam(), schedule=restarts(2, 2, 1e-3)),
    "cosine with restarts by step": dict(optimizer=sgd(momentum=0.9), schedule=restarts(7, 2), by_step=True),
    "cosine with restarts, nadam, clip": dict(optimizer=of(optim.NAdam, lr=0.01), schedule=restarts(3), clip=norm(0.05)),
    "one cycle, lion": dict(optimizer=of(Lion, lr=0.001), schedule=one_cycle(0.003), by_step=True),
    "step": dict(optimizer=sgd(), schedule=lambda optimizer, *_: schedules.StepLR(optimizer, 3, 0.5)),
    "step by step": dict(
        optimizer=sgd(), by_step=True, schedule=lambda optimizer, *_: schedules.StepLR(optimizer, 12, 0.5)
    ),
    "multi step": dict(optimizer=sgd(), schedule=lambda optimizer, *_: schedules.MultiStepLR(optimizer, [2, 5, 6], 0.4)),
    "exponential": dict(optimizer=adam(), schedule=lambda optimizer, *_: schedules.ExponentialLR(optimizer, 0.8)),
    "cosine": dict(optimizer=sgd(momentum=0.9), schedule=cosine()),
    "cosine by step": dict(optimizer=adamw(weight_decay=0.5), schedule=cosine(1e-3, by_step=True), by_step=True),
    "one cycle, adam": dict(optimizer=adam(), schedule=one_cycle(0.03), by_step=True),
    "one cycle, sgd": dict(
        optimizer=sgd(momentum=0.9),
        schedule=one_cycle(0.2, pct_start=0.4, div_factor=10, final_div_factor=100, base_momentum=0.8, max_momentum=0.9),
        by_step=True,
    ),
    "one cycle, momentum kept": dict(
        optimizer=rmsprop(momentum=0.5), schedule=one_cycle(0.01, cycle_momentum=False), by_step=True
    ),
    "warm-up": dict(optimizer=sgd(), warm_up=(1 / 3, 4)),
    "warm-up, cosine": dict(optimizer=adam(), warm_up=(0.1, 2), schedule=cosine()),
    "clip norm": dict(optimizer=sgd(lr=0.5), clip=norm(0.05)),
    "clip value": dict(optimizer=adam(), clip=value(0.01)),
    "accumulate": dict(optimizer=adam(), accumulate=2),
    "accumulate, clip, cosine by step": dict(
        optimizer=sgd(), accumulate=3, clip=norm(0.1), schedule=cosine(by_step=True), by_step=True
    ),
    "drop last": dict(optimizer=sgd(momentum=0.5), drop_last=True),
    "ema": dict(optimizer=sgd(momentum=0.9), ema=0.9),
    "ema, accumulate": dict(optimizer=adam(), ema=0.7, accumulate=2),
    "smoothing": dict(optimizer=sgd(), loss=entropy(label_smoothing=0.1)),
    "class weight": dict(optimizer=sgd(), loss=entropy(weight=CLASSES)),
    "class weight, smoothing": dict(optimizer=adam(), loss=entropy(weight=CLASSES, label_smoothing=0.2)),
    "sample weights": dict(optimizer=sgd(), loss=mean(entropy()), weighted=True),
    "sample weights, smoothing, accumulate": dict(
        optimizer=sgd(), loss=mean(entropy(label_smoothing=0.1)), weighted=True, accumulate=2
    ),
    "focal": dict(optimizer=sgd(), loss=focal(2.0)),
    "focal, gamma": dict(optimizer=adam(), loss=focal(0.5)),
    "binary": dict(optimizer=sgd(), target="signs", loss=BCE),
    "binary, class weight": dict(optimizer=sgd(), target="signs", loss=of_class([1.0, 3.0], BCE)),
    "binary, sample weights": dict(optimizer=adam(), target="signs", loss=mean(BCE), weighted=True),
    "flags": dict(optimizer=sgd(), target="flags", loss=BCE),
    "flags, pos weight, smoothing": dict(
        optimizer=sgd(), target="flags", loss=smoothed(0.1, pos_weight=torch.tensor([2.0, 0.5]))
    ),
    "flags, focal": dict(optimizer=adam(), target="flags", loss=sigmoid_focal(2.0)),
    "mse": dict(optimizer=sgd(), target="values", loss=F.mse_loss),
    "mse, sample weights": dict(optimizer=sgd(), target="values", loss=mean(F.mse_loss), weighted=True),
    "mae": dict(optimizer=sgd(), target="values", loss=F.l1_loss),
    "huber": dict(optimizer=sgd(), target="values", loss=lambda z, y: F.huber_loss(z, y, delta=0.2)),
    "smooth l1": dict(optimizer=adam(), target="values", loss=lambda z, y: F.smooth_l1_loss(z, y, beta=0.2)),
}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", default=os.path.join(here, "training.txt"))
    out = arguments.parse_args().out
    torch.set_num_threads(1)
    with open(out, "w") as file:
        file.write(f"torch {torch.__version__.split('+')[0]}\n")
        for name, settings in CASES.items():
            losses, last = train(**settings)
            file.write(f"case {name}\n")
            file.write("losses " + " ".join(f"{loss:.9g}" for loss in losses) + "\n")
            file.write("weights " + " ".join(f"{weight:.9g}" for weight in last) + "\n")


main()
