//! The check that the networks of a model take the rows of the data.

use crate::{
    data::Features,
    engine,
    error::Result,
    model::{Head, Init, Model, check_columns},
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
    let NetworkType { input, layers, has_own_layers } = NetworkType::of::<M>(params)?;
    check_len(features, input.iter().product())?;
    let codes = match Head::of::<M>(params)?.codes {
        None if has_own_layers => codes_of_program::<M, T>(params),
        codes => codes,
    };
    if let Some(codes) = codes {
        check_codes(features, codes)?;
    }
    if is_trained { check_columns::<M>(features, &layers) } else { Ok(()) }
}

/// Returns the number of codes that a candidate's network takes if it runs as a program. The type of a network does not
/// show that a layer of the user's own hands its input to an `Embedding`.
///
/// A network that cannot be built has none: its fits fail and say why.
fn codes_of_program<M: Model, T: TrainTarget<Output = M::Output>>(params: &M::Params) -> Option<usize> {
    engine::catch(|| Ok(build_network::<M, T>(params, &Init::alone(Seed(0)))?.network.codes())).ok().flatten()
}
