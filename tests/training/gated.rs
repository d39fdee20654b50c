//! The layer of `examples/own_layer.rs`: its promises, both of its steps, its file and its graph.

#[path = "../../examples/own_layer.rs"]
#[allow(dead_code, unreachable_pub, reason = "the example has a program, too")]
mod example;

use dropgrid::{prelude::*, testing};

use self::example::{GatedResidual, Gates, circle};
use crate::own_layer::own_layer;

/// A layer without a fast step: a network with it trains on the tape.
#[derive(Debug, Clone, Copy, Default)]
struct OnTape;

own_layer!(OnTape, |_this, input| train: input, evaluate: input);

#[searchable]
struct Fast {
    input: Linear<2, 4>,
    #[grid(0.0)]
    block: GatedResidual<4>,
    output: Linear<4, 2>,
}

#[searchable]
struct Taped {
    input: Linear<2, 4>,
    #[grid(0.0)]
    block: GatedResidual<4>,
    output: (Linear<4, 2>, OnTape),
}

#[test]
fn a_layer_of_ones_own_keeps_the_promises() {
    testing::check::<Gates>();
    let data = circle(200).expect("data");
    let search = Gates::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(30)).seed(7).progress(false);
    let report = search.fit(&data).expect("a report");
    assert!(report.best_score() > 0.75, "{report}");
    let bytes = report.fitted().to_bytes().expect("bytes");
    let again = Fitted::<Gates, Classes<2>>::from_bytes(&bytes).expect("a model");
    assert_eq!(again.predict_proba(data.features()).unwrap(), report.fitted().predict_proba(data.features()).unwrap());
}

#[test]
fn its_fast_step_learns_what_the_tape_learns() {
    let data = circle(100).expect("data");
    macro_rules! probabilities {
        ($model:ident) => {{
            let search = $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(5)).seed(7);
            let fitted = search.progress(false).fit(&data).expect("a report").into_fitted();
            fitted.predict_proba(data.features()).expect("probabilities").concat()
        }};
    }
    let (fast, taped) = (probabilities!(Fast), probabilities!(Taped));
    // Twenty steps of Adam on sums in another order.
    assert!(fast.iter().zip(&taped).all(|(fast, taped)| (fast - taped).abs() < 1e-4));
}

/// The program of the example, whose files stay in the folder of builds.
#[test]
fn the_example_runs() {
    example::main().expect("a winner and its files");
}

#[cfg(feature = "onnx")]
#[test]
fn it_is_exported() {
    Gates::exports().expect("every layer can");
}
