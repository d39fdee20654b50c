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

/// Checks that the rows of the data have the width that an architecture's networks take, and, if the type of the
/// networks shows that they take codes, that every value is one of their codes. If the model is trained, also checks
/// that its first fields prepare every column.
pub(super) fn check_input<M: Model>(params: &M::Params, features: &Features, is_trained: bool) -> Result<()> {
    let NetworkType { input, layers, .. } = NetworkType::of::<M>(params)?;
    check_len(features, input.iter().product())?;
    if let Some(codes) = Head::of::<M>(params)?.codes {
        check_codes(features, codes)?;
    }
    if is_trained { check_columns::<M>(features, &layers) } else { Ok(()) }
}

/// Checks that every value is a code where only the program of a network shows that it takes codes: the type of a
/// network does not show that a layer of the user's own hands its input to an `Embedding`. It builds the network, so it
/// comes after all other checks.
///
/// A network that cannot be built passes: its fits fail and say why.
pub(super) fn check_codes_of_program<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    features: &Features,
) -> Result<()> {
    if !NetworkType::of::<M>(params)?.has_own_layers || Head::of::<M>(params)?.codes.is_some() {
        return Ok(());
    }
    let codes = engine::catch(|| Ok(build_network::<M, T>(params, &Init::alone(Seed(0)))?.network.codes()));
    codes.ok().flatten().map_or(Ok(()), |codes| check_codes(features, codes))
}
