//! Recurrent layers computed with tensor operations, for any device.

use dfdx::{
    shapes::{Axis, ConstDim, Dtype, HasShape},
    tensor::{PutTape, SplitTape, Tape, Tensor},
    tensor_ops::{Device, ReshapeTo, TryConcatAlong},
};

use super::{
    super::{
        passes::ByTensorOps,
        tensor_ops::{Masks, Rows, Steps, dense, take_rows},
    },
    DirectionWeights, Recurrent,
    kind::{Directions, RecurrentCell, States},
};
use crate::nn::tensor::cpu_f32::TensorResult;

/// Computes the states of one direction from `x` of shape (batch steps, inputs). Shape (batch steps, units), or (batch,
/// units) if only the last state is needed.
fn states<Cell: RecurrentCell, In: ConstDim, const H: usize, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    weights: &DirectionWeights<Cell, In, H, E, D>,
    x: Tensor<Rows, E, D, T>,
    [batch, steps]: [usize; 2],
    backwards: bool,
    only_last: bool,
) -> TensorResult<Rows, E, D, T> {
    let (gates, device, mut tape) = (Cell::CELL.gates(), x.device().clone(), T::default());
    let by_input = dense(x, &weights.weight_ih, &weights.bias_ih)?.try_reshape_like(&(batch * steps * gates, H))?;
    // Tensors that are used several times are kept without a tape. `tape` collects their tapes.
    let plain = |tensor: Tensor<Rows, E, D, T>, tape: &mut T| {
        let (tensor, own) = tensor.split_tape();
        *tape = std::mem::take(tape).merge(own);
        tensor
    };
    let by_input = plain(by_input, &mut tape);
    let zeros: Tensor<Rows, E, D> = device.try_zeros_like(&(batch, H))?;
    let (mut state, mut cell) = (zeros.clone(), zeros);
    let mut all: Option<Tensor<Rows, E, D, T>> = None;
    for at in 0..steps {
        let step = if backwards { steps - 1 - at } else { at };
        let by_state = dense(state.retaped::<T>(), &weights.weight_hh, &weights.bias_hh)?;
        let by_state = plain(by_state.try_reshape_like(&(batch * gates, H))?, &mut tape);
        let part = |matrix: &Tensor<Rows, E, D>, row: &dyn Fn(usize) -> usize| -> Result<Vec<_>, D::Err> {
            let rows = |gate: usize| (0..batch).map(|sample| row(sample) * gates + gate).collect();
            (0..gates).map(|gate| take_rows(matrix.retaped::<T>(), rows(gate))).collect()
        };
        let input = part(&by_input, &|sample| sample * steps + step)?;
        let recurrent = part(&by_state, &|sample| sample)?;
        let after = Cell::step(input, recurrent, [state.retaped::<T>(), cell.retaped::<T>()])?;
        [state, cell] = after.map(|tensor| plain(tensor, &mut tape));
        let now = state.retaped::<T>();
        all = Some(match all {
            Some(before) if !only_last => (before, now).try_concat_along(Axis::<0>)?,
            _ => now,
        });
    }
    let all = all.unwrap_or_else(|| state.retaped::<T>());
    let (all, own) = all.split_tape();
    let all = all.put_tape(tape.merge(own));
    if only_last {
        return Ok(all);
    }
    // The rows are ordered by the time at which a step was read, then by sample. Reorder them by sample, then by step.
    let place = |step: usize| if backwards { steps - 1 - step } else { step };
    let rows = (0..batch).flat_map(|sample| (0..steps).map(move |step| place(step) * batch + sample));
    take_rows(all, rows.collect())
}

/// Computes one layer in all directions and concatenates the states of the directions.
fn layer<Way: Directions, Cell: RecurrentCell, In: ConstDim, const H: usize, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    directions: &[DirectionWeights<Cell, In, H, E, D>],
    x: Tensor<Rows, E, D, T>,
    size: [usize; 2],
    only_last: bool,
) -> TensorResult<Rows, E, D, T> {
    let [forwards, backwards] = [&directions[0], &directions[Way::COUNT - 1]];
    let one = states(forwards, x.retaped::<T>(), size, false, only_last)?;
    let both = if Way::COUNT == 1 {
        one
    } else {
        let other = states(backwards, x.retaped::<T>(), size, true, only_last)?;
        (one, other).try_concat_along(Axis::<1>)?
    };
    let ((both, own), (_, before)) = (both.split_tape(), x.split_tape());
    Ok(both.put_tape(own.merge(before)))
}

impl<
    Cell: RecurrentCell,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    Out: States,
    Way: Directions,
    E: Dtype,
    D: Device<E>,
> ByTensorOps<E, D> for Recurrent<Cell, I, H, LAYERS, Out, Way, E, D>
{
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let (batch, steps, _) = *input.shape();
        let size = [batch, steps];
        let only_last = |at: usize| Out::ONLY_LAST && at + 1 == LAYERS;
        let mut x = layer::<Way, _, _, H, _, _, _>(
            &self.first,
            input.try_reshape_like(&(batch * steps, I))?,
            size,
            only_last(0),
        )?;
        for (at, directions) in self.rest.chunks_exact(Way::COUNT).enumerate() {
            x = layer::<Way, _, _, H, _, _, _>(directions, masks.drop(x, self.p)?, size, only_last(at + 1))?;
        }
        let steps = if Out::ONLY_LAST { 1 } else { steps };
        x.try_reshape_like(&(batch, steps, Way::COUNT * H))
    }
}
