//! What cross-validation answers beside the best candidate: one candidate's scores, out-of-fold predictions, the score
//! of the search itself, curves, a permutation test; what a failed fit counts as; which candidate is trained in the
//! end; the results as data.

mod choice;
mod honest;
mod one_candidate;
mod repeats;
mod results;

use dropgrid::prelude::*;

use crate::corners;

#[searchable]
struct Mlp<#[grid(4, 16)] const HIDDEN: usize> {
    hidden: (Linear<4, HIDDEN>, ReLU),
    #[grid(0.0, 0.2, 0.5)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
}

fn corners() -> Dataset<Classes<3>> {
    corners::corners(90, 2.0)
}

fn recipe() -> Train {
    Train::adam(2e-2).epochs(8).batch_size(16)
}

fn one() -> MlpParams {
    MlpParams { hidden: 16, dropout: 0.2 }
}
