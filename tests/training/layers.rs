//! Layers that dfdx lacks, searched and trained: the promises of a model, the same bits on any number of workers, and
//! the same network on both ways of training.

use dropgrid::{prelude::*, testing};

use crate::{corners::corners, own_layer::own_layer};

/// Everything that has noise, and everything that normalises.
#[searchable]
struct Everything {
    scale: Standardize<4>,
    #[grid(0.0, 0.1)]
    noise: GaussianNoise,
    hidden: (WeightNorm<Linear<4, 32>>, BatchNorm1D<32>, SELU),
    #[grid(0.1)]
    alpha: AlphaDropout,
    body: Residual<(LayerNorm1D<32>, WeightNorm<Linear<32, 32>>, Mish)>,
    #[grid(0.1)]
    gaussian: GaussianDropout,
    output: Linear<32, 3>,
}

#[test]
fn a_model_of_them_keeps_its_promises() {
    testing::check::<Everything>();
}

#[test]
fn a_search_over_them_learns_and_gives_the_same_bits_on_any_number_of_workers() {
    let data = corners(120, 2.0);
    let search = |workers| {
        Everything::search(Grid)
            .cv(StratifiedKFold::new(3).shuffle())
            .train(Train::adam(1e-2).epochs(15).batch_size(20))
            .seed(4)
            .workers(workers)
            .progress(false)
            .fit(&data)
            .expect("a report")
    };
    let report = search(1);
    assert!(report.best_score() > 0.9, "{report}");
    assert_eq!(report.digest(), search(3).digest());
    let fitted = report.fitted();
    assert_eq!(fitted.predict(data.features()).expect("rows fit"), fitted.predict(data.features()).expect("rows fit"));
}

/// Does nothing, but dropgrid does not know that: a network with it trains on the tape.
#[derive(Debug, Clone, Default)]
struct Opaque;

own_layer!(Opaque, |_layer, input| train: input, evaluate: input);

#[searchable]
struct Lowered {
    hidden: (WeightNorm<Linear<4, 16>>, BatchNorm1D<16>, ELU),
    #[grid(0.0)]
    dropout: Dropout,
    body: (LayerNorm1D<16>, SiLU),
    output: Linear<16, 3>,
}

#[searchable]
struct Taped {
    hidden: (WeightNorm<Linear<4, 16>>, BatchNorm1D<16>, ELU),
    #[grid(0.0)]
    dropout: Dropout,
    body: (LayerNorm1D<16>, SiLU),
    output: Linear<16, 3>,
    opaque: Opaque,
}

#[test]
fn running_statistics_and_weights_are_the_same_on_both_ways() {
    let data = corners(60, 1.0);
    macro_rules! fitted {
        ($model:ident, $net:ty) => {{
            // Adam would blow up the rounding of a gradient that is 0: that of a bias in front of a batch
            // normalisation.
            let search = $model::search(Grid).cv(KFold::new(2)).train(Train::sgd(0.1).epochs(8).batch_size(15));
            let fitted = search.seed(6).progress(false).fit(&data).expect("a report").into_fitted();
            let norm = &fitted.network::<$net>().expect("the only architecture").hidden.1;
            let mut numbers = norm.running_mean.as_vec();
            numbers.extend(norm.running_var.as_vec());
            let probabilities = fitted.predict_proba(data.features()).expect("rows fit").concat();
            numbers.into_iter().map(f64::from).chain(probabilities).collect::<Vec<f64>>()
        }};
    }
    let (lowered, taped) = (fitted!(Lowered, LoweredNet), fitted!(Taped, TapedNet));
    let difference = lowered.iter().zip(&taped).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // 32 steps in single precision, whose sums are taken in another order.
    assert!(difference < 1e-4, "they differ by {difference}");
    assert!(lowered[..16].iter().any(|mean| mean.abs() > 0.01), "the statistics have moved");
}
