"""Opens what dropgrid wrote for other programs by these programs, and compares it with the search: Optuna's storage, and
TensorBoard's hyperparameters. The folder has x.db, x.json and board/."""

import json
import pathlib
import sys

import optuna

folder = pathlib.Path(sys.argv[1])
view = json.loads((folder / "x.json").read_text())
storage = f"sqlite:///{folder / 'x.db'}"
optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.load_study(study_name=None, storage=storage)

assert study.study_name == view["title"], study.study_name
assert study.metric_names == [view["metrics"][0]["name"]], study.metric_names
maximize = view["metrics"][0]["maximize"]
assert (study.direction == optuna.study.StudyDirection.MAXIMIZE) == maximize
assert len(study.trials) == len(view["candidates"])
states = {"Complete": "COMPLETE", "Pruned": "PRUNED", "Failed": "FAIL"}
for trial, candidate in zip(study.trials, view["candidates"]):
    summary = candidate["summaries"][0]
    assert trial.state.name == states[candidate["state"]], (trial, candidate["state"])
    assert trial.value == summary["mean"], (trial.value, summary["mean"])
    assert trial.user_attrs["fold_scores"] == summary["scores"]
    expected = {axis["name"]: value for axis, value in zip(view["axes"], candidate["params"]) if value is not None}
    assert trial.params == expected, (trial.params, expected)
    monitored = {}
    for curve in candidate["curves"]:
        for point in curve["points"]:
            monitored.setdefault(point["epoch"], []).append(point["loss"])
    assert trial.intermediate_values.keys() == monitored.keys(), trial.intermediate_values
    for epoch, losses in monitored.items():
        assert abs(trial.intermediate_values[epoch] - sum(losses) / len(losses)) < 1e-12
for axis in view["axes"]:
    distributions = {repr(trial.distributions[axis["name"]]) for trial in study.trials}
    assert len(distributions) == 1, distributions
distributions = study.trials[0].distributions
assert distributions["dropout"] == optuna.distributions.FloatDistribution(0.0, 0.5, step=0.25), distributions
assert distributions["lr"] == optuna.distributions.FloatDistribution(1e-3, 1e-1, log=True), distributions
best = view["candidates"][view["best"]]
assert study.best_value == best["summaries"][0]["mean"]
assert len(study.trials_dataframe()) == len(study.trials)
study.optimize(lambda trial: trial.suggest_float("lr", 1e-3, 1e-1, log=True), n_trials=1)
assert len(study.trials) == len(view["candidates"]) + 1
print(f"Optuna {optuna.__version__} reads {len(view['candidates'])} trials")
