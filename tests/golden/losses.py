"""Writes losses.txt: what PyTorch 2 gives for every loss of the training recipe and its gradient, on random outputs.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install torch scikit-learn==1.9.1
    /tmp/golden/bin/python tests/golden/losses.py

    /tmp/golden/bin/python tests/golden/losses.py --seed 7 --out /tmp/fresh.txt      other inputs, elsewhere
    DROPGRID_GOLDEN_LOSSES=/tmp/fresh.txt cargo test -p dropgrid-core --lib train::loss::golden

Everything is in the file, inputs too, so that the Rust test `train::loss::golden` reads a file of any seed. Inputs are
multiples of 1/1024 and exact in single precision; PyTorch computes in double precision. A case is

    case TARGET                 classes (5 outputs), binary (1), flags (3), values (2)
    recipe SETTING=VALUE...     the settings that are not the default
    output VALUE...             what the network gives, row-major
    truth VALUE...              the class of each row, each flag as 0 or 1, or each number
    weights VALUE...            the sample weights, which count where the recipe says so
    loss VALUE
    gradient VALUE...           its derivative by the output
"""

import argparse
import os
import random

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional as f

ROWS = 6
WIDTH = {"classes": 5, "binary": 1, "flags": 3, "values": 2}


def dyadic(random, most):
    return random.randint(-most * 1024, most * 1024) / 1024


def outputs(random, width, extreme):
    rows = [[dyadic(random, 4) for _ in range(width)] for _ in range(ROWS)]
    if extreme:
        # Sure ones, and such as overflow where nothing is shifted.
        rows[1] = [dyadic(random, 60) for _ in range(width)]
        rows[2] = [random.choice([-1e4, 1e4, 0.5]) for _ in range(width)]
    return torch.tensor(rows, dtype=torch.float64, requires_grad=True)


def truth(random, target):
    if target == "classes":
        return torch.tensor([random.randrange(5) for _ in range(ROWS)])
    if target == "values":
        return torch.tensor([[dyadic(random, 4) for _ in range(2)] for _ in range(ROWS)], dtype=torch.float64)
    flags = [[float(random.random() < 0.4) for _ in range(WIDTH[target])] for _ in range(ROWS)]
    return torch.tensor(flags, dtype=torch.float64)


def class_weights(recipe, labels, classes, samples):
    given = recipe.get("class_weight")
    if given is None:
        return torch.ones(classes, dtype=torch.float64)
    if given == "balanced":
        counted = [label for label, sample in zip(labels.tolist(), samples.tolist()) if sample > 0]
        present = np.unique(counted)
        rows = np.isin(labels.numpy(), present)
        found = compute_class_weight(
            "balanced", classes=present, y=labels.numpy()[rows], sample_weight=samples.numpy()[rows]
        )
        weights = torch.zeros(classes, dtype=torch.float64)
        weights[torch.tensor(present).long()] = torch.tensor(found)
        return weights
    return torch.tensor(given, dtype=torch.float64)


def softmax(recipe, z, y, samples):
    weights = class_weights(recipe, y, 5, samples)
    smoothing = recipe.get("label_smoothing", 0.0)
    gamma = recipe.get("focal_gamma", 2.0) if recipe.get("loss") == "focal" else 0.0
    count = (samples * weights[y]).sum()
    if gamma == 0.0:
        rows = f.cross_entropy(z, y, weight=weights, label_smoothing=smoothing, reduction="none")
        if "sample_weights" not in recipe:
            # Not a word of ours where PyTorch has one.
            return f.cross_entropy(z, y, weight=weights, label_smoothing=smoothing)
        return (samples * rows).sum() / count
    # Keras' CategoricalFocalCrossentropy, with weights and smoothing as in PyTorch's cross-entropy.
    log = z.log_softmax(1)
    wanted = (f.one_hot(y, 5).double() * (1 - smoothing)) * weights[y][:, None] + weights * smoothing / 5
    focus = (-torch.expm1(log)) ** gamma
    # A class that counts nothing has no slope, even where its own is infinite.
    rows = -torch.where(wanted > 0, wanted * focus * log, 0.0).sum(1)
    return (samples * rows).sum() / count


def logistic(recipe, z, y, samples):
    smoothing = recipe.get("label_smoothing", 0.0)
    gamma = recipe.get("focal_gamma", 2.0) if recipe.get("loss") == "focal" else 0.0
    rows = samples
    if z.shape[1] == 1:
        labels = y[:, 0].long()
        rows = samples * class_weights(recipe, labels, 2, samples)[labels]
    pos = recipe.get("pos_weight", 1.0)
    if pos == "balanced":
        yes, no = (samples[:, None] * y).sum(0), (samples[:, None] * (1 - y)).sum(0)
        pos = torch.where((yes > 0) & (no > 0), no / yes.clamp(min=1e-300), 1.0)
    pos = torch.as_tensor(pos, dtype=torch.float64) * torch.ones(z.shape[1], dtype=torch.float64)
    soft = y * (1 - smoothing) + smoothing / 2
    if gamma == 0.0:
        if "sample_weights" not in recipe and "class_weight" not in recipe:
            return f.binary_cross_entropy_with_logits(z, soft, pos_weight=pos)
        each = f.binary_cross_entropy_with_logits(z, soft, pos_weight=pos, reduction="none")
    else:
        # torchvision's sigmoid_focal_loss, each side by itself, since a smoothed truth has both.
        focus = lambda log: (-torch.expm1(log)) ** gamma
        yes, no = f.logsigmoid(z), f.logsigmoid(-z)
        each = -pos * soft * focus(yes) * yes - (1 - soft) * focus(no) * no
    return (rows * each.mean(1)).sum() / rows.sum()


def distance(recipe, z, y, samples):
    delta = recipe.get("huber_delta", 1.0)
    loss = {
        "mse": f.mse_loss,
        "mae": f.l1_loss,
        "huber": lambda z, y, **how: f.huber_loss(z, y, delta=delta, **how),
        "smooth_l1": lambda z, y, **how: f.smooth_l1_loss(z, y, beta=delta, **how),
    }[recipe.get("loss", "mse")]
    if "sample_weights" not in recipe:
        return loss(z, y)
    return (samples * loss(z, y, reduction="none").mean(1)).sum() / samples.sum()


LOSS = {"classes": softmax, "binary": logistic, "flags": logistic, "values": distance}


def recipes(random):
    """Every loss with every setting that it has, alone and together."""
    smoothing = lambda: {"label_smoothing": random.choice([0.1, 0.3])}
    weight = lambda: random.randint(1, 4096) / 1024
    focus = lambda: {"loss": "focal", "focal_gamma": random.choice([0.5, 1.0, 2.0, 3.5])}
    classes = lambda count: {"class_weight": [weight() for _ in range(count - 1)] + [0.0]}
    balanced = lambda: {"class_weight": "balanced"}
    pos = lambda count: {"pos_weight": [weight() for _ in range(count)]}
    nothing = dict
    for samples in [{}, {"sample_weights": "true"}]:
        for loss in [nothing, focus]:
            for more in [nothing, smoothing, lambda: classes(5), balanced]:
                yield "classes", {**loss(), **more(), **samples}
            yield "classes", {**loss(), **smoothing(), **classes(5), **samples}
            for more in [nothing, smoothing, lambda: classes(2), balanced, lambda: {"pos_weight": weight()}]:
                yield "binary", {**loss(), **more(), **samples}
            yield "binary", {**loss(), **smoothing(), **balanced(), **pos(1), **samples}
            for more in [nothing, smoothing, lambda: pos(3), lambda: {"pos_weight": "balanced"}]:
                yield "flags", {**loss(), **more(), **samples}
            yield "flags", {**loss(), **smoothing(), **pos(3), **samples}
        for loss in ["mse", "mae", "huber", "smooth_l1"]:
            yield "values", {"loss": loss, **samples}
        for loss in ["huber", "smooth_l1"]:
            yield "values", {"loss": loss, "huber_delta": random.choice([0.25, 2.5]), **samples}


def text(value):
    return ",".join(map(repr, value)) if isinstance(value, list) else str(value)


def numbers(tensor):
    return " ".join(f"{value:.9g}" for value in tensor.detach().reshape(-1).tolist())


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--out", default=os.path.join(here, "losses.txt"))
    arguments = arguments.parse_args()
    drawn = random.Random(arguments.seed)
    with open(arguments.out, "w") as file:
        file.write(f"torch {torch.__version__.split('+')[0]}, seed {arguments.seed}\n")
        for target, recipe in recipes(drawn):
            # Where (1 - p)^gamma has an infinite slope, autograd multiplies it by 0.
            extreme = recipe.get("focal_gamma") != 0.5
            z, y = outputs(drawn, WIDTH[target], extreme), truth(drawn, target)
            weights = torch.tensor([drawn.choice([0.0, 0.5, 1.0, 2.75]) for _ in range(ROWS)], dtype=torch.float64)
            # Some row counts, whatever its class counts.
            weights[0] = 1.5
            if target in ("classes", "binary"):
                y[0] = 0
            loss = LOSS[target](recipe, z, y, weights if "sample_weights" in recipe else torch.ones_like(weights))
            loss.backward()
            assert torch.isfinite(z.grad).all() and torch.isfinite(loss), recipe
            file.write(f"case {target}\n")
            file.write(f"recipe {' '.join(f'{name}={text(value)}' for name, value in recipe.items())}\n")
            for name, tensor in [("output", z), ("truth", y), ("weights", weights), ("loss", loss)]:
                file.write(f"{name} {numbers(tensor)}\n")
            file.write(f"gradient {numbers(z.grad)}\n")


main()
