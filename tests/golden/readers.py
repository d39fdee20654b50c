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


from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.plugins.hparams import metadata

starts, ends, experiments = {}, [], []
for path in sorted((folder / "board").rglob("*tfevents*")):
    for event in EventFileLoader(str(path)).Load():
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name != "hparams":
                continue
            content = value.metadata.plugin_data.content
            if value.tag == metadata.EXPERIMENT_TAG:
                experiments.append(metadata.parse_experiment_plugin_data(content))
            elif value.tag == metadata.SESSION_START_INFO_TAG:
                starts[path.parent] = metadata.parse_session_start_info_plugin_data(content)
            elif value.tag == metadata.SESSION_END_INFO_TAG:
                ends.append(metadata.parse_session_end_info_plugin_data(content))
assert len(experiments) == 1, experiments
assert [info.name for info in experiments[0].hparam_infos] == ["dropout", "epochs"], experiments[0]
assert "train/loss" in [info.name.tag for info in experiments[0].metric_infos]
assert len(starts) == len(ends) == 4, (len(starts), len(ends))
for run, start in starts.items():
    assert start.group_name == run.parent.name, (start.group_name, run)
    assert f"dropout={start.hparams['dropout'].number_value}" in start.group_name, start
assert all(end.status == 1 for end in ends), ends
print(f"TensorBoard reads {len(starts)} sessions in {len({start.group_name for start in starts.values()})} groups")
