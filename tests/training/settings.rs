//! Each setting is an axis, and the lists of their names agree.

use std::{fs, path::Path};

use dropgrid::prelude::*;

/// Every name of a setting.
#[searchable]
#[allow(dead_code)]
struct Every {
    output: Linear<4, 3>,
    #[train]
    #[fixed(0.5)]
    lr: f64,
    #[train]
    #[fixed(Schedule::cosine().warm_up(2))]
    schedule: Schedule,
    #[train]
    #[fixed(7)]
    epochs: usize,
    #[train]
    #[fixed(5)]
    batch_size: usize,
    #[train]
    #[fixed(true)]
    drop_last: bool,
    #[train]
    #[fixed(false)]
    shuffle: bool,
    #[train]
    #[fixed(Optimizer::rmsprop())]
    optimizer: Optimizer,
    #[train]
    #[fixed(0.8)]
    momentum: f64,
    #[train]
    #[fixed(true)]
    nesterov: bool,
    #[train]
    #[fixed(0.1)]
    dampening: f64,
    #[train]
    #[fixed(0.02)]
    weight_decay: f64,
    #[train]
    #[fixed(0.7)]
    beta1: f64,
    #[train]
    #[fixed(0.6)]
    beta2: f64,
    #[train]
    #[fixed(true)]
    amsgrad: bool,
    #[train]
    #[fixed(0.9)]
    alpha: f64,
    #[train]
    #[fixed(true)]
    centered: bool,
    #[train]
    #[fixed(1e-4)]
    eps: f64,
    #[train]
    #[fixed(1.5)]
    clip_norm: f64,
    #[train]
    #[fixed(0.25)]
    clip_value: f64,
    #[train]
    #[fixed(4)]
    accumulate: usize,
    #[train]
    #[fixed(0.99)]
    ema: f64,
    #[train]
    #[fixed(EarlyStopping::patience(9).restore_best(false))]
    early_stopping: EarlyStopping,
    #[train]
    #[fixed(5)]
    patience: usize,
    #[train]
    #[fixed(0.01)]
    min_delta: f64,
    #[train]
    #[fixed(Loss::focal())]
    loss: Loss,
    #[train]
    #[fixed(0.05)]
    label_smoothing: f64,
    #[train]
    #[fixed(ClassWeight::Balanced)]
    class_weight: ClassWeight,
    #[train]
    #[fixed(3.0)]
    pos_weight: f64,
    #[train]
    #[fixed(0.4)]
    huber_delta: f64,
    #[train]
    #[fixed(1.5)]
    focal_gamma: f64,
    #[train]
    #[fixed(true)]
    sample_weights: bool,
    #[train]
    #[fixed(6)]
    mc_samples: usize,
    #[train]
    #[fixed(0.3)]
    threshold: f64,
}

#[test]
fn every_setting_is_a_training_field() {
    let params = Every::space().nth(0).expect("the only candidate");
    let wanted = Train::rmsprop(0.5)
        .schedule(Schedule::cosine().warm_up(2))
        .epochs(7)
        .batch_size(5)
        .drop_last(true)
        .shuffle(false)
        .momentum(0.8)
        .nesterov(true)
        .dampening(0.1)
        .weight_decay(0.02)
        .beta1(0.7)
        .beta2(0.6)
        .amsgrad(true)
        .alpha(0.9)
        .centered(true)
        .eps(1e-4)
        .clip_norm(1.5)
        .clip_value(0.25)
        .accumulate(4)
        .ema(0.99)
        .early_stopping(EarlyStopping::patience(9).restore_best(false))
        .patience(5)
        .min_delta(0.01)
        .loss(Loss::focal())
        .label_smoothing(0.05)
        .class_weight(ClassWeight::Balanced)
        .pos_weight(3.0)
        .huber_delta(0.4)
        .focal_gamma(1.5)
        .sample_weights(true)
        .mc_samples(6)
        .threshold(0.3);
    assert_eq!(<Every as Model>::train(&params, Train::default()), wanted);
    let rust = dropgrid::space::Params::to_rust(&params);
    assert!(rust.contains("    schedule: Schedule::cosine().warm_up(2),\n"), "{rust}");
}

/// The recipe, the macro, its documentation and [`Every`] name the same settings. Two settings of a recipe are no axes: they
/// decide the rows that a training sees, which are the same for all candidates. Two axes are parts of one setting.
#[test]
fn every_list_of_settings_is_the_recipes() {
    let sorted = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let own = ["monitor", "validation_fraction", "own_loss"];
    let axes = Train::SETTINGS.iter().copied().filter(|name| !own.contains(name)).chain(["patience", "min_delta"]);
    let axes = sorted(axes.collect());

    let source = |path: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let between = |text: &str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no `{start}`"));
        rest.split_once(end).unwrap_or_else(|| panic!("no `{end}`")).0.to_owned()
    };
    let listed = between(&source("dropgrid-macros/src/settings.rs"), "const TRAIN:", "];");
    let listed = listed.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split('"').next());
    assert_eq!(sorted(listed.collect()), axes, "the names that the macro knows");

    let documented = between(&source("src/lib.rs"), "/// - on a `#[train]` field:", ";");
    assert_eq!(sorted(documented.split('`').skip(1).step_by(2).collect()), axes, "the names in the documentation");

    let tested = <EveryParams as dropgrid::space::Params>::NAMES;
    assert_eq!(sorted(tested.to_vec()), axes, "the names of `Every`");
}
