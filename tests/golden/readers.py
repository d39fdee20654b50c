"""Opens what dropgrid wrote for other programs by these programs, and compares it with the search: Optuna's storage, its
dashboard, and TensorBoard's hyperparameters. The folder has x.db and x.json of a maximised metric, y.db and y.json of a
minimised one with trials that failed, were pruned and lack a hyperparameter, z.db and z.json of a search under constraints,
mlruns/ with x and y as experiments of MLflow, and board/."""

import io
import json
import pathlib
import sys

import optuna
import optuna_dashboard

folder = pathlib.Path(sys.argv[1])
optuna.logging.set_verbosity(optuna.logging.WARNING)
STATES = {"Complete": "COMPLETE", "Pruned": "PRUNED", "Failed": "FAIL"}


def monitored(candidate, quantity):
    """The mean over the folds of a quantity by epoch."""
    values = {}
    for curve in candidate["curves"]:
        for point in curve["points"]:
            if point[quantity] is not None:
                values.setdefault(point["epoch"], []).append(point[quantity])
    return {epoch: sum(all_) / len(all_) for epoch, all_ in values.items()}


def study(name, quantity):
    """Optuna's study in a file, compared with the view beside it; returns both."""
    view = json.loads((folder / f"{name}.json").read_text())
    study = optuna.load_study(study_name=None, storage=f"sqlite:///{folder / name}.db")
    assert study.study_name == view["title"], study.study_name
    assert study.metric_names == [view["metrics"][0]["name"]], study.metric_names
    maximize = view["metrics"][0]["maximize"]
    assert (study.direction == optuna.study.StudyDirection.MAXIMIZE) == maximize
    assert len(study.trials) == len(view["candidates"])
    for trial, candidate in zip(study.trials, view["candidates"]):
        summary = candidate["summaries"][0]
        assert trial.state.name == STATES[candidate["state"]], (trial, candidate["state"])
        if trial.state.name == "FAIL":
            assert trial.value is None and trial.system_attrs["fail_reason"] == candidate["reason"], trial
        else:
            assert trial.value == summary["mean"], (trial.value, summary["mean"])
        if trial.state.name == "PRUNED":
            assert trial.user_attrs["pruned"] == candidate["reason"], trial
        assert trial.user_attrs["fold_scores"] == summary["scores"]
        expected = {axis["name"]: value for axis, value in zip(view["axes"], candidate["params"]) if value is not None}
        assert trial.params == expected, (trial.params, expected)
        values = monitored(candidate, quantity)
        assert trial.intermediate_values.keys() == values.keys(), (trial.intermediate_values, values)
        for epoch, value in values.items():
            assert abs(trial.intermediate_values[epoch] - value) < 1e-12
    for axis in view["axes"]:
        of_axis = (trial.distributions.get(axis["name"]) for trial in study.trials)
        distributions = {repr(distribution) for distribution in of_axis if distribution is not None}
        assert len(distributions) == 1, distributions
    best = view["candidates"][view["best"]]
    assert study.best_value == best["summaries"][0]["mean"]
    assert len(study.trials_dataframe()) == len(study.trials)
    for trial, candidate in zip(study.trials, view["candidates"]):
        fits = sum(score is not None for score in candidate["summaries"][0]["scores"])
        seconds = fits * (candidate["fit_seconds"] or 0)
        assert abs(trial.duration.total_seconds() - seconds) < 0.01, (trial.duration, seconds)
    # Optuna checks whole trials where they are added to another study.
    copied = optuna.create_study(direction=study.direction)
    copied.add_trials(study.trials)
    assert copied.best_value == study.best_value
    print(f"Optuna {optuna.__version__} reads {len(study.trials)} trials of {view['metrics'][0]['name']}")
    return study, view


def dashboard(name, study, view):
    """The answers of optuna-dashboard for a file, compared with the view."""
    app = optuna_dashboard.wsgi(f"sqlite:///{folder / name}.db")

    def get(path):
        status = []
        asked = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }
        body = b"".join(app(asked, lambda said, headers, error=None: status.append(said)))
        assert status[0].startswith("200"), (path, status, body[:200])
        return json.loads(body)

    summaries = get("/api/studies")["study_summaries"]
    assert [it["study_name"] for it in summaries] == [view["title"]], summaries
    maximize = view["metrics"][0]["maximize"]
    assert summaries[0]["directions"] == ["maximize" if maximize else "minimize"], summaries
    shown = get(f"/api/studies/{summaries[0]['study_id']}")
    assert len(shown["trials"]) == len(view["candidates"])
    names = {"Complete": "Complete", "Pruned": "Pruned", "Failed": "Fail"}
    for trial, candidate, of_optuna in zip(shown["trials"], view["candidates"], study.trials):
        assert trial["state"] == names[candidate["state"]], trial
        values = [] if trial["state"] == "Fail" else [candidate["summaries"][0]["mean"]]
        assert (trial.get("values") or []) == values, trial
        present = {axis["name"] for axis, value in zip(view["axes"], candidate["params"]) if value is not None}
        assert {param["name"] for param in trial["params"]} == present, trial
        steps = {it["step"]: it["value"] for it in trial["intermediate_values"]}
        assert steps == of_optuna.intermediate_values, (steps, of_optuna)
    best = view["candidates"][view["best"]]["summaries"][0]["mean"]
    assert {trial["values"][0] for trial in shown["best_trials"]} == {best}, shown["best_trials"]
    assert [it["name"] for it in shown["union_search_space"]], shown.keys()
    importances = get(f"/api/studies/{summaries[0]['study_id']}/param_importances")
    assert importances, importances
    print(f"optuna-dashboard shows {len(shown['trials'])} trials")


of_x, x = study("x", "loss")
dashboard("x", of_x, x)
distributions = of_x.trials[0].distributions
assert distributions["dropout"] == optuna.distributions.FloatDistribution(0.0, 0.5, step=0.25), distributions
assert distributions["lr"] == optuna.distributions.FloatDistribution(1e-3, 1e-1, log=True), distributions
of_x.optimize(lambda trial: trial.suggest_float("lr", 1e-3, 1e-1, log=True), n_trials=1)
assert len(of_x.trials) == len(x["candidates"]) + 1

of_y, y = study("y", "monitored")
assert not y["metrics"][0]["maximize"]
assert {trial.state.name for trial in of_y.trials} == {"COMPLETE", "PRUNED", "FAIL"}, of_y.trials
assert any(value is None for candidate in y["candidates"] for value in candidate["params"])
dashboard("y", of_y, y)

of_z, z = study("z", "loss")
assert len(z["constraints"]) == 2
for trial, candidate in zip(of_z.trials, z["candidates"]):
    expected = dict(zip(z["constraints"], candidate["violations"]))
    assert trial.constraints == expected, (trial.constraints, expected)
feasible = [trial for trial in of_z.trials if all(value <= 0 for value in trial.constraints.values())]
assert 0 < len(feasible) < len(of_z.trials), of_z.trials
assert of_z.best_trial in feasible and of_z.best_value == max(trial.value for trial in feasible)
print(f"Optuna finds {len(feasible)} of {len(of_z.trials)} trials feasible")

import os
import subprocess

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow
from mlflow import MlflowClient

STATUSES = {"Complete": "FINISHED", "Failed": "FAILED", "Pruned": "KILLED"}


def experiments(uri):
    """The experiments of MLflow in a store, compared with the views."""
    client = MlflowClient(uri)
    names = {experiment.name: experiment for experiment in client.search_experiments() if experiment.name != "Default"}
    assert names.keys() == {view["title"] for view in (x, y)}, names
    for view in (x, y):
        experiment = names[view["title"]]
        assert experiment.tags["dropgrid seed"] == "0", experiment.tags
        runs = client.search_runs([experiment.experiment_id])
        runs = {run.info.run_name: run for run in runs}
        assert len(runs) == len(view["candidates"])
        for candidate in view["candidates"]:
            run = runs[f"candidate {candidate['number']}"]
            assert run.info.status == STATUSES[candidate["state"]], (run.info, candidate["state"])
            params = {axis["name"]: value for axis, value in zip(view["axes"], candidate["params"]) if value is not None}
            assert run.data.params.keys() == params.keys(), (run.data.params, params)
            for name, value in params.items():
                told = run.data.params[name]
                assert told == value if isinstance(value, str) else json.loads(told) == value, (told, value)
            expected = {}
            for metric, summary in zip(view["metrics"], candidate["summaries"]):
                name = metric["name"]
                expected[f"rank_test_{name}"] = summary["rank"]
                expected[f"mean_test_{name}"] = summary["mean"]
                expected[f"std_test_{name}"] = summary["std"]
                expected[f"mean_train_{name}"] = summary["train_mean"]
                for fold, score in enumerate(summary["scores"]):
                    expected[f"split{fold}_test_{name}"] = score
            for name, value in expected.items():
                assert run.data.metrics.get(name) == value, (name, value, run.data.metrics)
            if run.info.status == "FAILED":
                assert run.data.tags["reason"] == candidate["reason"], run.data.tags
            losses = {it.step: it.value for it in client.get_metric_history(run.info.run_id, "train_loss")}
            means = monitored(candidate, "loss")
            assert losses.keys() == means.keys() and all(abs(losses[at] - means[at]) < 1e-9 for at in means), losses
    return sum(len(view["candidates"]) for view in (x, y))


count = experiments(f"file://{folder / 'mlruns'}")
database = f"sqlite:///{folder / 'mlflow.db'}"
tool = pathlib.Path(sys.executable).parent / "mlflow"
subprocess.run([tool, "migrate-filestore", "--source", folder / "mlruns", "--target", database], check=True, capture_output=True)
assert experiments(database) == count
print(f"MLflow {mlflow.__version__} reads {count} runs, and takes them into its database")

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.plugins.hparams import metadata

starts, ends, experiments, scalars = {}, [], [], {}
for path in sorted((folder / "board").rglob("*tfevents*")):
    for event in EventFileLoader(str(path)).Load():
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name != "hparams":
                scalars.setdefault(path.parent, {})[value.tag] = value
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
tags = [info.name.tag for info in experiments[0].metric_infos]
assert tags[0] == "score/accuracy" and "train/loss" in tags, tags
assert len(starts) == len(ends) == 8, (len(starts), len(ends))
for run, start in starts.items():
    assert start.group_name == run.parent.name, (start.group_name, run)
    assert f"dropout={start.hparams['dropout'].number_value}" in start.group_name, start
    assert f"epochs={start.hparams['epochs'].number_value:.0f}" in start.group_name, start
    assert {"score/accuracy", "train/loss"} <= scalars[run].keys(), scalars[run]
assert all(end.status == 1 for end in ends), ends
print(f"TensorBoard reads {len(starts)} sessions in {len({start.group_name for start in starts.values()})} groups")


import pyarrow.feather
import pyarrow.parquet

expected = json.loads((folder / "results.json").read_text())
tables = {
    "results.parquet": pyarrow.parquet.read_table(folder / "results.parquet"),
    "results.arrow": pyarrow.ipc.open_file(folder / "results.arrow").read_all(),
    "results.FEATHER": pyarrow.feather.read_table(folder / "results.FEATHER"),
}
for name, table in tables.items():
    rows = table.to_pylist()
    assert len(rows) == len(expected), (name, rows)
    for row, wanted in zip(rows, expected):
        for column, value in row.items():
            other = json.loads(value) if column == "params" else value
            assert other == wanted[column], (name, column, value, wanted[column])
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["param_width"] == "int64" and kinds["param_lr"] == kinds["param_momentum"] == "double", kinds
    assert kinds["param_act"] == "string" and kinds["rank_test_accuracy"] == "uint64", kinds
fits = pyarrow.parquet.read_table(folder / "fits.parquet")
assert fits["failure"].null_count == fits.num_rows - 1 == 3, fits
curves = pyarrow.ipc.open_file(folder / "curves.arrow").read_all()
assert curves["epoch"].to_pylist() == [1, 2] * 4, curves
print(f"pyarrow {pyarrow.__version__} reads results as {', '.join(tables)}")
