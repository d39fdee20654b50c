//! Monte-Carlo dropout: the moments that masks of the stated rate have, by seed, of a model that does not change.

use dfdx::tensor::AsArray;
use dropgrid::{Error, Failure, prelude::*};

use crate::{corners, own_layer::own_layer};

/// Does nothing, and keeps its network on dfdx's tape.
#[derive(Debug, Clone, Copy, Default)]
struct Taped;

own_layer!(Taped, |_layer, input| train: input, evaluate: input);

/// One output that is linear in what stays, so that its moments are known.
#[searchable]
struct Linearly {
    #[grid(0.3)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

#[searchable]
struct LinearlyTaped {
    #[grid(0.3)]
    dropout: Dropout,
    taped: Taped,
    output: Linear<4, 2>,
}

#[searchable]
struct Mlp {
    hidden: (Linear<4, 16>, ReLU),
    #[grid(0.0, 0.4)]
    dropout: Dropout,
    output: Linear<16, 3>,
}

#[searchable]
struct Normed<#[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<4, 8>, Act),
    norm: BatchNorm1D<8>,
    #[grid(0.4)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

/// Statistics that both phases use alike.
#[searchable]
struct Scaled {
    scale: Standardize<4>,
    taped: Taped,
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.4)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

#[searchable]
struct Flags {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.4)]
    dropout: Dropout,
    output: Linear<8, 2>,
}

fn train() -> Train {
    Train::adam(1e-2).epochs(3)
}

fn numbers() -> Dataset<Regression<2>> {
    let data = corners::corners(60, 2.0);
    let targets = (0..60).map(|row| [f64::from(row % 3), f64::from(row % 5)]);
    Dataset::from_features(data.features().clone(), Regression::new(targets).expect("numbers")).expect("data")
}

fn mlp(rate: f64) -> Fitted<Mlp, Classes<3>> {
    let search = Mlp::search(Only(MlpParams { dropout: rate })).cv(KFold::new(2)).train(train());
    search.fit(&corners::corners(60, 2.0)).expect("a report").into_fitted()
}

/// Checks means and deviations of `passes` passes against those of w x m / (1 - p) with m of rate 1 - p.
fn check_moments(
    found: (&[[f64; 2]], &[[f64; 2]]),
    features: &Features,
    (weight, bias): ([[f32; 4]; 2], [f32; 2]),
    passes: f64,
) {
    let rate = 0.3;
    for row in 0..features.len() {
        for output in 0..2 {
            let terms = || (0..4).map(|at| f64::from(weight[output][at]) * f64::from(features.row(row)[at]));
            let mean = terms().sum::<f64>() + f64::from(bias[output]);
            let variance = terms().map(|term| term * term).sum::<f64>() * rate / (1.0 - rate);
            let (found_mean, found_std) = (found.0[row][output], found.1[row][output]);
            // Five standard errors of a mean; those of a deviation are smaller than these for masks of this rate. And
            // the rounding of the rate to 2^-16, and of f32.
            let bound = 5.0 * (variance / passes).sqrt() + 1e-3;
            assert!((found_mean - mean).abs() < bound, "{found_mean}, expected {mean} within {bound}");
            let deviation = variance.sqrt();
            assert!((found_std - deviation).abs() < bound, "{found_std}, expected {deviation} within {bound}");
        }
    }
}

#[test]
fn moments_are_those_of_the_masks_on_both_paths() {
    let (data, passes) = (numbers(), 4000);
    let features = Features::from_rows((0..5).map(|row| data.features().row(row * 7))).expect("rows");

    let report = Linearly::search(Grid).cv(KFold::new(2)).train(train()).fit(&data).expect("a report");
    let net = &report.fitted().network::<LinearlyNet>().expect("that network").output;
    let found = report.fitted().mc_predict(&features, McDropout(passes), 3).expect("a network of dropout alone");
    check_moments((&found.mean(), &found.std()), &features, (net.weight.array(), net.bias.array()), passes as f64);

    let report = LinearlyTaped::search(Grid).cv(KFold::new(2)).train(train()).fit(&data).expect("a report");
    let net = &report.fitted().network::<LinearlyTapedNet>().expect("that network").output;
    let found = report.fitted().mc_predict(&features, McDropout(passes), 3).expect("a network of dropout alone");
    check_moments((&found.mean(), &found.std()), &features, (net.weight.array(), net.bias.array()), passes as f64);
}

#[test]
fn a_seed_gives_the_same_bits_and_the_model_does_not_change() {
    let (fitted, data) = (mlp(0.4), corners::corners(60, 2.0));
    let (before, predicted) = (fitted.to_bytes().unwrap(), fitted.predict_proba(data.features()).unwrap());
    let sample = |seed: u64| fitted.mc_predict(data.features(), McDropout(7), seed).expect("dropout alone");
    let (one, two, other) = (sample(1), sample(1), sample(2));
    assert_eq!((one.mean(), one.std()), (two.mean(), two.std()));
    assert_ne!(one.mean(), other.mean());
    assert_eq!(fitted.to_bytes().unwrap(), before);
    assert_eq!(fitted.predict_proba(data.features()).unwrap(), predicted);
    assert_ne!(one.mean(), predicted, "dropout is on");
}

#[test]
fn every_row_has_masks_of_its_own() {
    // More than one evaluation batch of the same row.
    let features = Features::from_rows((0..600).map(|_| [1.0, -2.0, 0.5, 3.0])).expect("rows");
    let found = mlp(0.4).mc_predict(&features, McDropout(5), 0).expect("dropout alone").mean();
    let mut distinct = found.clone();
    distinct.sort_by(|a, b| a.partial_cmp(b).expect("probabilities"));
    distinct.dedup();
    // 5 masks of up to 16 units that are on: two rows may have the same by chance, a batch may not repeat another.
    assert!(distinct.len() > 500, "{} of 600", distinct.len());
    assert_ne!(found[..88], found[512..]);
}

#[test]
fn without_a_rate_nothing_spreads() {
    let (fitted, data) = (mlp(0.0), corners::corners(60, 2.0));
    let found = fitted.mc_predict(data.features(), McDropout(5), 0).expect("dropout alone");
    assert!(found.std().iter().flatten().all(|std| *std == 0.0));
    assert!(found.mutual_information().iter().all(|information| *information == 0.0));
    for (mean, expected) in
        found.mean().iter().flatten().zip(fitted.predict_proba(data.features()).unwrap().iter().flatten())
    {
        // Both compute the same in single precision, one by dropgrid's step and one by dfdx's.
        assert!((mean - expected).abs() < 1e-5, "{mean}, expected {expected}");
    }
}

#[test]
fn entropies_are_those_of_the_means() {
    let data = corners::corners(60, 2.0);
    let found = mlp(0.4).mc_predict(data.features(), McDropout(20), 0).expect("dropout alone");
    let information = found.mutual_information();
    for ((mean, entropy), information) in found.mean().iter().zip(found.entropy()).zip(&information) {
        let expected: f64 = mean.iter().map(|p| -p * p.ln()).sum();
        assert!((entropy - expected).abs() < 1e-12, "{entropy}, expected {expected}");
        assert!((0.0..=*entropy).contains(information));
    }
    assert!(information.iter().any(|information| *information > 1e-3), "passes differ: {information:?}");
    let score = found.predictions().score(Accuracy, &data).expect("a score");
    let right = found.predictions().classes().iter().zip(data.targets().labels()).filter(|(a, b)| a == b).count();
    assert_eq!(score, right as f64 / 60.0);

    let flags = MultiLabel::<2>::new((0..60).map(|row| [row % 3 == 0, row % 2 == 0])).expect("flags");
    let data = Dataset::from_features(data.features().clone(), flags).expect("data");
    let report = Flags::search(Grid).cv(KFold::new(2)).train(train()).fit(&data).expect("a report");
    let found = report.fitted().mc_predict(data.features(), McDropout(20), 0).expect("dropout alone");
    for (mean, entropy) in found.mean().iter().flatten().zip(found.entropy().iter().flatten()) {
        let expected = -mean * mean.ln() - (1.0 - mean) * (1.0 - mean).ln();
        assert!((entropy - expected).abs() < 1e-12, "{entropy}, expected {expected}");
    }
    assert!(found.mutual_information().iter().flatten().all(|information| *information >= 0.0));
}

#[test]
fn a_batch_normalisation_is_refused() {
    let data = corners::corners(60, 2.0);
    let report = Normed::search(Grid).cv(KFold::new(2)).train(train()).fit(&data).expect("a report");
    let before = report.fitted().to_bytes().unwrap();
    let error = report.fitted().mc_predict(data.features(), McDropout(5), 0).expect_err("it would train");
    let expected = ["norm.running_mean", "norm.running_var"];
    assert!(matches!(&error, Error::Fit(Failure::NotDropoutAlone { tensors }) if *tensors == expected), "{error}");
    assert_eq!(report.fitted().to_bytes().unwrap(), before);
}

#[test]
fn statistics_that_both_phases_use_alike_are_no_hindrance() {
    let data = corners::corners(60, 2.0);
    let report = Scaled::search(Grid).cv(KFold::new(2)).train(train()).fit(&data).expect("a report");
    let found = report.fitted().mc_predict(data.features(), McDropout(200), 0).expect("dropout alone").mean();
    let expected = report.fitted().predict_proba(data.features()).unwrap();
    let far = found.iter().flatten().zip(expected.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // The mean of softmaxes is not the softmax of the mean, but near it for a network of a few steps; without the
    // statistics it would be another network.
    assert!(far < 0.15, "{far}");
}

#[test]
fn no_passes_are_no_prediction() {
    let error = mlp(0.4).mc_predict(corners::corners(60, 2.0).features(), McDropout(0), 0).expect_err("no passes");
    assert_eq!(error.to_string(), "McDropout is 0, expected at least 1 pass");
    let error =
        mlp(0.4).mc_predict(&Features::from_rows([[1.0]]).expect("a row"), McDropout(1), 0).expect_err("one column");
    assert_eq!(error.to_string(), "the network takes rows of 4 features, but the data has 1");
}

/// A step so large that the weights are no numbers, behind the only loss that is looked at.
#[test]
fn weights_that_are_no_numbers_are_what_is_said() {
    let train = Train::sgd(3e38).weight_decay(100.0).epochs(1).batch_size(60);
    let data = corners::corners(60, 2.0);
    macro_rules! check {
        ($($model:ident),+) => {$(
            let search = $model::search(Grid).cv(KFold::new(2)).train(train.clone()).mc_scoring(McDropout(3));
            let error = search.progress(false).cross_validate(&data).expect_err("weights that are no numbers");
            let Error::AllFitsFailed { reasons, .. } = &error else { panic!("{error}") };
            for reason in reasons.split("; ") {
                assert!(reason.contains(" x diverged: `hidden.0."), "{reason}");
                assert!(reason.contains("of the trained network holds "), "{reason}");
            }
        )+};
    }
    // Without statistics, and with some, which training passes leave alone.
    check!(Mlp, Scaled);
}
