//! The check that the networks of a model take the rows of the data.

use crate::{
    data::Features,
    error::Result,
    model::{Init, Model, check_columns},
    phase::{check_codes, check_len},
    seed::Seed,
    train::{NetworkType, TrainTarget, build_network},
};

/// Checks that the rows of the data have the width that an architecture's networks take, and, if the networks take
/// codes, that every value is one of their codes. If the model is trained, also checks that its first fields prepare
/// every column.
pub(super) fn check_input<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    features: &Features,
    is_trained: bool,
) -> Result<()> {
    let NetworkType { input, layers } = NetworkType::of::<M>(params)?;
    check_len(features, input.iter().product())?;
    // The number of codes is a property of the layer, so the layer is built to read it.
    if layers.iter().any(|layer| layer.contains("Embedding<"))
        && let Some(codes) = build_network::<M, T>(params, &Init::alone(Seed(0)))?.network.codes()
    {
        check_codes(features, codes)?;
    }
    if is_trained { check_columns::<M>(features, &layers) } else { Ok(()) }
}
