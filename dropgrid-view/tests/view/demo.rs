//! Searches that were never run, for tests and pictures.

#![allow(clippy::cast_sign_loss, reason = "noise and counts are not negative")]

use dropgrid_view::{
    Axis, CalibrationBin, Candidate, Confusion, Curve, CurvePoint, Difference, Domain, Effect, Fact, Fits, Front,
    Importance, Metric, Predictions, Residuals, Roc, Rung, SearchView, State, Summary,
};
use serde_json::{Value, json};

/// The number of folds.
const FOLDS: u32 = 5;
const EPOCHS: u32 = 20;

/// A number in [0, 1) without order.
fn noise(seed: u64) -> f64 {
    let mut bits = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A search of so many candidates over five hyperparameters.
pub(crate) fn search(count: usize) -> SearchView {
    let axis = |name: &str, domain: Domain| Axis { name: name.to_owned(), domain };
    let axes = vec![
        axis("hidden", Domain::levels([32.into(), 64.into(), 128.into(), 256.into()])),
        axis("act", Domain::levels(["ReLU".into(), "Tanh".into()])),
        axis("dropout", Domain::levels([0.0, 0.1, 0.2, 0.3, 0.4, 0.5].map(Value::from))),
        axis("lr", Domain::Range { low: 1e-4, high: 1e-1, log: true, whole: false }),
        axis("batch_size", Domain::levels([32.into()])),
    ];
    let mut candidates: Vec<Candidate> = (0..count).map(|number| candidate(number, &axes)).collect();
    let mut order: Vec<usize> = (0..count).collect();
    let mean = |at: &usize| candidates[*at].mean().unwrap_or(-1.0);
    order.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
    for (rank, &at) in order.iter().enumerate() {
        candidates[at].summaries.iter_mut().for_each(|summary| summary.rank = rank + 1);
    }
    let effect =
        |names: &[&str], share: f64| Effect { names: names.iter().map(|&name| name.to_owned()).collect(), share };
    let difference = |from: &str, to: &str, mean: f64, half: f64| Difference {
        name: "dropout".to_owned(),
        from: json!(from),
        to: json!(to),
        pairs: 20,
        mean,
        interval: (mean - half, mean + half),
    };
    let fact = |name: &str, text: &str| Fact { name: name.to_owned(), text: text.to_owned() };
    let mut view = SearchView {
        title: "Mlp".to_owned(),
        metrics: [("accuracy", true), ("log_loss", false)]
            .map(|(name, maximize)| Metric { name: name.to_owned(), maximize })
            .into(),
        axes,
        best: order.first().copied(),
        folds: FOLDS as usize,
        fits: Fits { done: count * FOLDS as usize, failed: count / 40, planned: Some(count * FOLDS as usize), running: 0 },
        seconds: Some(count as f64 * 0.11),
        certainty: vec![
            "11 of 99 other candidates may be as good as the best: their differences are within what chance gives; the other 88 \
             are worse (corrected t-test, 5 %)."
                .to_owned(),
            "The best has 0.981074, and candidates chosen on the other folds have 0.974393; it is truly the best with a \
             probability of 36 %."
                .to_owned(),
        ],
        warnings: (count >= 40).then(|| format!("{} of {} fits failed: the loss became NaN in epoch 3", count / 40, count * 5)).into_iter().collect(),
        monitored: Some("validation loss".to_owned()),
        importance: Some(Importance {
            method: "Functional analysis of variance of the complete grid: each bar is a share of the variance of the mean scores."
                .to_owned(),
            effects: vec![
                effect(&["lr"], 0.52),
                effect(&["dropout"], 0.21),
                effect(&["hidden"], 0.11),
                effect(&["act"], 0.02),
                effect(&["dropout", "lr"], 0.06),
                effect(&["hidden", "dropout"], 0.04),
            ],
        }),
        differences: vec![
            difference("0", "0.1", 0.0061, 0.0031),
            difference("0.1", "0.2", 0.0034, 0.0028),
            difference("0.2", "0.3", 0.0007, 0.0033),
            difference("0.3", "0.4", -0.0029, 0.0035),
            difference("0.4", "0.5", -0.0081, 0.0042),
        ],
        front: Some(front(&candidates)),
        predictions: Some(predictions()),
        declaration: Some(DECLARATION.to_owned()),
        facts: vec![
            fact("seed", "42"),
            fact("digest", "4543a5f8c50feee0c1e3"),
            fact("data", "1797 rows of 64, stratified 5-fold cross-validation"),
            fact("recipe", "Adam, batches of 32, 20 epochs\nearly stopping on the validation loss, patience 5"),
            fact("version", "dropgrid 0.1.0 on x86_64 Linux, 2 cores, AVX-512"),
        ],
        candidates,
        ..SearchView::default()
    };
    // Of so many candidates a report compares no two.
    if count > 20_000 {
        view.importance_missing = Some(MANY.to_owned());
        view.importance = None;
        view.differences.clear();
        view.certainty.clear();
    }
    view
}

/// The sentence of a report in the place of what it does not compare.
pub(crate) const MANY: &str = "Of more than 20,000 candidates there is no importance, there are no differences, and nothing is \
                               said of how sure the choice of the best is.";

const DECLARATION: &str = "#[searchable]
pub struct Mlp<#[grid(32, 64, 128, 256)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<64, HIDDEN>, Act),
    #[grid(0.0..=0.5, step = 0.1)]
    dropout: Dropout,
    output: Linear<HIDDEN, 10>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}";

fn candidate(number: usize, axes: &[Axis]) -> Candidate {
    let seed = number as u64 * 1000;
    let pick = |axis: usize, at: u64| {
        let values = axes[axis].domain.values();
        values[(noise(seed + at) * values.len() as f64) as usize].clone()
    };
    let (hidden, act, dropout) = (pick(0, 1), pick(1, 2), pick(2, 3));
    let lr = 10_f64.powf(-4.0 + 3.0 * noise(seed + 4));
    let rate = dropout.as_f64().unwrap_or(0.0);
    let width = hidden.as_f64().unwrap_or(1.0).log2();
    let far = (lr.log10() + 2.3).abs();
    let score = 0.975 - 0.012 * far * far - 0.13 * (rate - 0.22).powi(2) + 0.004 * (width - 6.5);
    let score = score - if act == "Tanh" { 0.004 } else { 0.0 };
    let (has_failed, is_pruned) = (number % 41 == 40, number % 3 == 2 && far > 0.5);
    let fold_score = |fold: u32| (score + 0.012 * (noise(seed + 50 + u64::from(fold)) - 0.5)).min(1.0);
    let scores: Vec<Option<f64>> = (0..FOLDS).map(|fold| (!has_failed).then(|| fold_score(fold))).collect();
    let known: Vec<f64> = scores.iter().flatten().copied().collect();
    let count = known.len() as f64;
    let mean = (count > 0.0).then(|| known.iter().sum::<f64>() / count);
    let std = mean.map(|mean| (known.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / count).sqrt());
    let train = mean.map(|mean| (mean + 0.022 - 0.05 * rate).min(1.0));
    let loss = Summary {
        mean: mean.map(|mean| (1.0 - mean) * 3.1 + 0.05 * noise(seed + 7)),
        std: std.map(|std| std * 2.0),
        train_mean: train.map(|mean| (1.0 - mean) * 3.0),
        scores: scores.iter().map(|it| it.map(|it| (1.0 - it) * 3.1)).collect(),
        rank: 0,
    };
    let state = if has_failed {
        State::Failed
    } else if is_pruned {
        State::Pruned
    } else {
        State::Complete
    };
    let epochs = if is_pruned { 5 } else { EPOCHS };
    let point = |fold: u32, epoch: u32| {
        let time = f64::from(epoch) * lr * 60.0;
        let left = 2.3 * (-time.min(6.0) - 0.08 * f64::from(epoch)).exp();
        let jitter = 0.02 * noise(seed + u64::from(fold * 100 + epoch));
        CurvePoint {
            epoch,
            loss: Some(left + 0.03 + 0.1 * rate + jitter),
            monitored: Some(left + 0.09 + 0.004 * f64::from(epoch) * (0.5 - rate) + 3.0 * jitter),
            ..CurvePoint::default()
        }
    };
    let curve = |fold: u32| Curve { fold, points: (1..=epochs).map(|epoch| point(fold, epoch)).collect() };
    let rung = |resource: u32| Rung {
        resource: f64::from(resource),
        score: mean.map(|mean| {
            mean - 0.3 * (-f64::from(resource) / 4.0).exp() + 0.01 * noise(seed + 90 + u64::from(resource))
        }),
    };
    Candidate {
        number,
        params: vec![hidden, act, dropout, json!(lr), json!(32)],
        summaries: vec![Summary { mean, std, train_mean: train, rank: 0, scores }, loss],
        fit_seconds: Some(0.012 + 0.0016 * width.exp2().sqrt() * (0.8 + 0.4 * noise(seed + 6))),
        state,
        reason: reason(state, number),
        stage: is_pruned.then(|| format!("{} epochs", [2, 5][number % 2])),
        violations: Vec::new(),
        budget: is_pruned.then(|| "5 of 20 epochs".to_owned()),
        rungs: if number < 2000 {
            [2, 5, 20].into_iter().filter(|&it| it <= epochs).map(rung).collect()
        } else {
            Vec::new()
        },
        curves: if number < 2000 && !has_failed { (0..FOLDS).map(curve).collect() } else { Vec::new() },
    }
}

/// The reason of a state, as searches give it.
fn reason(state: State, number: usize) -> Option<String> {
    match state {
        State::Failed => Some("the loss became NaN in epoch 3".to_owned()),
        State::Pruned => Some(format!(
            "after {} epochs: MedianPruner {{ n_startup_trials: 5, n_min_trials: 1, steps: Steps {{ warmup: 0, interval: 1 }} }}: \
             best loss 2.096143, 0.264715 bounds the best 50 % of {} candidates",
            [2, 5][number % 2],
            number + 6
        )),
        State::Complete | State::Unfinished => None,
    }
}

/// The front by accuracy and the loss; the last candidate that has both is called the knee.
fn front(candidates: &[Candidate]) -> Front {
    let values: Vec<Vec<Option<f64>>> =
        candidates.iter().map(|candidate| candidate.summaries.iter().map(|summary| summary.mean).collect()).collect();
    let is_done = |at: &usize| candidates[*at].state == State::Complete;
    let mut places: Vec<usize> = (0..candidates.len()).filter(is_done).collect();
    places.sort_by(|&a, &b| values[b][0].unwrap_or(0.0).total_cmp(&values[a][0].unwrap_or(0.0)));
    let mut least = f64::INFINITY;
    places.retain(|&at| {
        let loss = values[at][1].unwrap_or(f64::INFINITY);
        let is_less = loss < least;
        least = least.min(loss);
        is_less
    });
    let objective = |name: &str, maximize| Metric { name: name.to_owned(), maximize };
    let objectives = vec![objective("accuracy", true), objective("log_loss", false)];
    Front { objectives, values, knee: places.get(1).copied(), places }
}

fn predictions() -> Predictions {
    let classes: Vec<String> = (0..10).map(|class| class.to_string()).collect();
    let count = |row: u64, column: u64| if row == column { 172 + row } else { (noise(row * 10 + column) * 3.0) as u64 };
    let bin = |at: u32| {
        let predicted = (f64::from(at) + 0.5) / 10.0;
        CalibrationBin { predicted, observed: (predicted.powf(1.25)).min(1.0), rows: 20 + (at * at * 4) as usize }
    };
    // The better the class, the steeper: the area below x to the power of p is 1 / (1 + p).
    let roc = |class: &String| {
        let power = 0.02 + 0.3 * noise(class.len() as u64 + class.bytes().map(u64::from).sum::<u64>()).powi(2);
        let point = |at: u32| (f64::from(at) / 50.0, (f64::from(at) / 50.0).powf(power));
        Roc { class: class.clone(), points: (0..=50).map(point).collect(), area: 1.0 / (1.0 + power), bins: Some(128) }
    };
    let residual = |at: u64| (at as f64 / 10.0, at as f64 / 10.0 + 3.0 * (noise(at) - 0.5));
    Predictions {
        rows: 1797,
        roc: classes.iter().map(roc).collect(),
        confusion: Some(Confusion {
            classes,
            counts: (0..10).map(|row| (0..10).map(|at| count(row, at)).collect()).collect(),
        }),
        calibration: (0..10).map(bin).collect(),
        residuals: Some(Residuals { target: "progression".to_owned(), points: (0..200).map(residual).collect() }),
    }
}
