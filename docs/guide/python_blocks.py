"""Runs the Python code of the guide and of `docs/`, each block in a folder of its own.

    python docs/guide/python_blocks.py FOLDER

`FOLDER` has the models that `tests/fitted/onnx/guide.rs` writes where `DROPGRID_ONNX` names it. What a block takes as given stands
in `RUN`, with what must hold behind it. A block that is not run says so on its page, in a sentence that `NOT_RUN` has; it is
parsed. A block that is in neither list is a failure.
"""

import contextlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import warnings

PAGES = pathlib.Path(__file__).parent.parent
NOT_RUN = re.compile(r"^_The tests do not run this block: .+\._$", re.MULTILINE)


def digits_model(folder):
    pathlib.Path("digits.onnx").write_bytes((folder / "model_guide_digits.onnx").read_bytes())


def survival_model(folder):
    """The model, and its rows as a file of texts."""
    import pandas as pd

    pathlib.Path("survival.onnx").write_bytes((folder / "model_guide_survival.onnx").read_bytes())
    case = json.loads((folder / "model_guide_survival.json").read_text())
    pd.DataFrame({name: column["cells"] for name, column in case["inputs"].items()}).to_csv("next.csv", index=False)
    return {"wanted": case["outputs"]}


def survival_predictions(names):
    import numpy as np

    assert names["label"].ravel().tolist() == names["wanted"]["label"], names["label"]
    assert np.allclose(names["probabilities"].ravel(), names["wanted"]["probabilities"], atol=1e-5)


def scikit_learn(_folder):
    import pandas as pd
    from sklearn.datasets import load_digits
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = load_digits(return_X_y=True)
    return locals() | {"x": x[:200], "y": y[:200], "x_new": x[200:205]}


def optuna_study(_folder):
    import math

    import optuna
    from optuna.pruners import MedianPruner
    from optuna.samplers import TPESampler

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def train_and_score(lr, dropout, optimizer, momentum):
        assert (momentum is None) == (optimizer == "adam")
        return -abs(math.log10(lr) + 2) - dropout

    return locals()


# Of each block by its page and number: what it takes as given, and what must hold behind it.
RUN = {
    ("onnx.md", 0): (digits_model, lambda names: names["probabilities"].shape == (2, 10)),
    ("onnx.md", 1): (survival_model, survival_predictions),
    ("guide/src/from-scikit-learn.md", 0): (
        scikit_learn,
        lambda names: names["search"].best_score_ > 0.5 and os.path.getsize("results.csv") > 1000,
    ),
    ("guide/src/from-optuna.md", 0): (
        optuna_study,
        lambda names: len(names["study"].trials) == 50 and {"lr", "dropout"} <= set(names["study"].best_params),
    ),
}


def main(folder):
    left, counts = set(RUN), {"run": 0, "parsed": 0}
    for page in sorted([*PAGES.glob("*.md"), *PAGES.glob("guide/src/*.md")]):
        name, text = page.relative_to(PAGES).as_posix(), page.read_text(encoding="utf-8")
        blocks = re.finditer(r"^```python[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        for at, block in enumerate(blocks):
            line = text.count("\n", 0, block.start(1))
            code = compile("\n" * line + block.group(1), name, "exec")
            if (name, at) not in RUN:
                assert NOT_RUN.match(text, block.end() + 2), f"{name}:{line}: say below the block why it is not run"
                counts["parsed"] += 1
                continue
            left.remove((name, at))
            given, holds = RUN[name, at]
            with tempfile.TemporaryDirectory() as place, warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                # Of trainings that end before they converge.
                warnings.simplefilter("ignore")
                os.chdir(place)
                names = {"__name__": "block"} | (given(folder) or {})
                exec(code, names)
                assert holds(names) is not False, f"{name}:{line}: {names}"
                os.chdir(PAGES)
            counts["run"] += 1
    assert not left, f"no such blocks: {left}"
    print(f"{counts['run']} blocks of Python have run, {counts['parsed']} are parsed only, and say why")
    assert min(counts.values()) > 3, counts


main(pathlib.Path(sys.argv[1]).resolve())
