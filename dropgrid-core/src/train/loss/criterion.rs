//! The loss of a fit.

use dfdx::{
    shapes::Rank0,
    tensor::{AsArray, Cpu, OwnedTape, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo, TryMul},
};

use super::{Link, Objective, counts::Counts};
use crate::{
    data::{
        Dataset, Fit,
        batches::{Sample, width},
    },
    error::{Failure, ScoringError},
    kernel::loss::{Distance, Logistic, Softmax, cross_entropy, distance, logistic},
    model::device,
    recipe::{Loss, Train},
};

/// A batch of outputs on the tape.
pub(crate) type Taped<T> = Tensor<<<T as Objective>::Output as Sample>::Batch, f32, Cpu, OwnedTape<f32, Cpu>>;
/// A loss on the tape.
pub(crate) type Scalar = Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

/// What a fit makes small: the recipe's loss, with what it takes from the rows that are trained on.
///
/// The loss of some rows is Σ w l / Σ w, where w is what a row [counts](Counts).
pub(crate) struct Criterion<'a, T> {
    data: &'a Dataset<T>,
    rule: Rule,
    counts: Counts<'a>,
    /// Whether it is the target's own loss, of rows that count the same.
    is_plain: bool,
    /// What the arithmetic of a batch takes beside its outputs, a number for each row or for each output.
    buffers: [Vec<f32>; 2],
}

enum Rule {
    /// That of a target whose outputs dropgrid does not know how to read.
    Own,
    Softmax(Softmax),
    Logistic(Logistic),
    Distance(Distance),
}

impl<'a, T: Objective> Criterion<'a, T> {
    /// The loss of `recipe` for a fit on the rows of `view`, on which balanced weights are counted.
    ///
    /// # Errors
    /// [`Failure::Build`] where the recipe does not go with the data, which a search knows before any training.
    pub(crate) fn new(view: &Fit<'a, T>, recipe: &Train) -> Result<Self, Failure> {
        let data = view.data();
        super::check(recipe, data).map_err(|error| Failure::Build { message: error.to_string() })?;
        let counts = Counts::new(view, recipe);
        let (smoothing, delta) = (recipe.label_smoothing, recipe.huber_delta);
        let loss = recipe.loss.or(T::LINK.map(Link::loss));
        let gamma = if loss == Some(Loss::Focal) { recipe.focal_gamma } else { 0.0 };
        let is_even = counts.is_even() && smoothing == 0.0 && gamma == 0.0;
        let (rule, is_plain) = match T::LINK {
            None => (Rule::Own, true),
            Some(Link::Softmax) => {
                let weights = counts.of_classes(width::<T::Output>());
                (Rule::Softmax(Softmax::new(&weights, smoothing, gamma)), is_even)
            }
            Some(Link::Logistic) => {
                let pos = counts.positives(view, &recipe.pos_weight);
                let is_plain = is_even && pos.iter().all(|&pos| pos == 1.0);
                (Rule::Logistic(Logistic { pos, smoothing, gamma }), is_plain)
            }
            Some(Link::Identity) => {
                let distance = match loss {
                    Some(Loss::Mae) => Distance::Absolute,
                    Some(Loss::Huber) => Distance::Huber(delta),
                    Some(Loss::SmoothL1) => Distance::SmoothL1(delta),
                    _ => Distance::Square,
                };
                (Rule::Distance(distance), is_even && distance == Distance::Square)
            }
        };
        Ok(Self { data, rule, counts, is_plain, buffers: [Vec::new(), Vec::new()] })
    }

    /// The data whose rows it is a loss of.
    pub(crate) fn data(&self) -> &'a Dataset<T> {
        self.data
    }

    /// What `rows` count together: their number, where each counts 1.
    pub(crate) fn count(&self, rows: &[usize]) -> f64 {
        self.counts.of_all(rows)
    }

    /// From the network's output for `rows`, row-major, to their loss, and its derivative by the output in `gradient`.
    /// A batch that is no larger than those before it allocates nothing, but for a loss of the tape.
    ///
    /// # Errors
    /// [`Failure::Device`] where the loss is one of the tape and the device cannot allocate.
    pub(crate) fn gradient(&mut self, output: &[f32], rows: &[usize], gradient: &mut [f32]) -> Result<f32, Failure> {
        let Self { data, rule, counts, is_plain, buffers: [first, second] } = self;
        let (targets, outputs) = (data.targets(), width::<T::Output>());
        let labels = rows.iter().map(|&row| counts.label(row));
        match rule {
            Rule::Own => {
                let output = leaf::<T>(output, rows.len())?;
                let loss = targets.loss(output.leaky_trace(), rows);
                let value = loss.array();
                loss.try_backward().map_err(device)?.get(&output).copy_into(gradient);
                Ok(value)
            }
            Rule::Softmax(_) if *is_plain => {
                gradient.copy_from_slice(output);
                Ok(cross_entropy(gradient, outputs, labels))
            }
            Rule::Softmax(softmax) => {
                let share = counts.share(rows);
                first.clear();
                first.extend(rows.iter().map(|&row| (counts.sample(row) * share) as f32));
                Ok(softmax.gradient(output, labels, first, gradient))
            }
            Rule::Logistic(sides) => {
                first.resize(output.len(), 0.0);
                second.resize(output.len(), 0.0);
                targets.wanted(rows, first);
                let share = counts.share(rows) / outputs as f64;
                let each = first.chunks_exact_mut(outputs).zip(second.chunks_exact_mut(outputs));
                for (&row, (on, off)) in rows.iter().zip(each) {
                    let share = counts.of(row) * share;
                    for (at, (on, off)) in on.iter_mut().zip(off).enumerate() {
                        [*on, *off] = sides.sides(at, *on).map(|side| (share * side) as f32);
                    }
                }
                Ok(logistic(output, first, second, sides.gamma as f32, gradient))
            }
            Rule::Distance(rule) => {
                first.resize(output.len(), 0.0);
                targets.wanted(rows, first);
                let share = counts.share(rows) / outputs as f64;
                second.clear();
                if !counts.is_even() {
                    let shares = rows.iter().map(|&row| (counts.of(row) * share) as f32);
                    second.extend(shares.flat_map(|share| std::iter::repeat_n(share, outputs)));
                }
                Ok(distance(*rule, output, first, second, share as f32, gradient))
            }
        }
    }

    /// As [`gradient`](Self::gradient), on the tape: the loss, and what takes its gradient back.
    ///
    /// The target's own loss is the tape's. Others are computed on slices; the sum of the outputs times their gradient
    /// has that gradient.
    ///
    /// # Errors
    /// [`Failure::Device`] where the device cannot allocate.
    pub(crate) fn taped(&mut self, output: Taped<T>, rows: &[usize]) -> Result<(f32, Scalar), Failure> {
        if self.is_plain {
            let loss = self.data.targets().loss(output, rows);
            return Ok((loss.array(), loss));
        }
        let values = output.as_vec();
        let mut gradient = vec![0.0; values.len()];
        let value = self.gradient(&values, rows, &mut gradient)?;
        let gradient = leaf::<T>(&gradient, rows.len())?;
        Ok((value, output.try_mul(gradient).and_then(SumTo::try_sum).map_err(device)?))
    }

    /// The loss of `rows` in `f64`, from what an evaluation pass gives for all of them, row-major. It is what training
    /// makes small, with its smoothing and its weights; an output that is no number shows.
    ///
    /// # Errors
    /// [`Failure::Scoring`] where the rows count nothing; [`Failure::Device`] where the loss is one of the tape and the
    /// device cannot allocate.
    pub(crate) fn evaluation_loss(&self, output: &[f32], rows: &[usize]) -> Result<f64, Failure> {
        let Self { data, rule, counts, .. } = self;
        if let Rule::Own = rule {
            return Ok(data.targets().loss(leaf::<T>(output, rows.len())?.leaky_trace(), rows).array().into());
        }
        let mut wanted = vec![0.0; width::<T::Output>()];
        let (mut sum, mut whole) = (0.0, 0.0);
        for (&row, output) in rows.iter().zip(output.chunks_exact(wanted.len())) {
            let (times, loss) = match rule {
                Rule::Own => continue,
                Rule::Softmax(softmax) => (counts.sample(row), softmax.loss(output, counts.label(row))),
                Rule::Logistic(logistic) => {
                    data.targets().wanted(&[row], &mut wanted);
                    (counts.of(row), logistic.loss(output, &wanted))
                }
                Rule::Distance(distance) => {
                    data.targets().wanted(&[row], &mut wanted);
                    (counts.of(row), distance.loss(output, &wanted))
                }
            };
            sum += times * loss;
            whole += counts.of(row);
        }
        if whole == 0.0 {
            return Err(Failure::Scoring(ScoringError::ZeroWeights { rows: rows.len() }));
        }
        Ok(sum / whole)
    }
}

/// Numbers as a batch of outputs.
fn leaf<T: Objective>(values: &[f32], rows: usize) -> Result<Tensor<<T::Output as Sample>::Batch, f32, Cpu>, Failure> {
    Cpu::default().try_tensor_from_vec(values.to_vec(), T::Output::batch(rows)).map_err(device)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;
    use crate::{
        data::{Binary, Classes, MultiLabel, Regression},
        recipe::{ClassWeight, PosWeight},
    };

    const ROWS: usize = 37;

    /// Numbers in [-4, 4] without a pattern that matters.
    fn numbers(count: usize, salt: usize) -> Vec<f32> {
        (0..count).map(|at| ((at * 7919 + salt * 104_729) % 8191) as f32 / 1024.0 - 4.0).collect()
    }

    fn data<T: Objective>(targets: T) -> Dataset<T> {
        let weights: Vec<f64> = (0..ROWS).map(|row| (row * 5 % 4) as f64 * 0.75).collect();
        let data = Dataset::new((0..ROWS).map(|row| [row as f32]), targets).expect("data");
        data.with_weights(weights).expect("weights")
    }

    fn classes() -> Dataset<Classes<5>> {
        data(Classes::new((0..ROWS).map(|row| row * row % 5).collect::<Vec<_>>()).expect("labels"))
    }

    fn binary() -> Dataset<Binary> {
        data(Binary::new((0..ROWS).map(|row| row % 3 == 0)).expect("labels"))
    }

    fn flags() -> Dataset<MultiLabel<3>> {
        data(MultiLabel::new((0..ROWS).map(|row| [row % 2 == 0, row % 5 == 0, row % 7 < 5])).expect("flags"))
    }

    fn values() -> Dataset<Regression<2>> {
        let values = numbers(ROWS * 2, 3);
        data(Regression::new(values.chunks_exact(2).map(|row| [row[0].into(), row[1].into()])).expect("numbers"))
    }

    /// The loss on slices is that of evaluation, and the gradient what difference quotients of that say; the tape gives
    /// the same.
    fn is_its_own_derivative<T: Objective + Debug>(data: &Dataset<T>, recipe: &Train) {
        let fit: Vec<usize> = (0..ROWS).filter(|row| row % 4 != 1).collect();
        let rows: Vec<usize> = (0..ROWS).rev().collect();
        let mut criterion = Criterion::new(&Fit::new(data, &fit), recipe).expect("a loss");
        let mut output = numbers(ROWS * width::<T::Output>(), 1);
        let mut gradient = vec![f32::NAN; output.len()];
        let loss = criterion.gradient(&output, &rows, &mut gradient).expect("a loss");
        let exact = criterion.evaluation_loss(&output, &rows).expect("a loss");
        // A few dozen terms of single precision.
        assert!((f64::from(loss) - exact).abs() < 2e-6 * (1.0 + exact), "{recipe:?}: {loss} {exact}");

        for at in 0..output.len() {
            let logit = output[at];
            let mut moved = |by| {
                output[at] = logit + by;
                criterion.evaluation_loss(&output, &rows).expect("a loss")
            };
            // A power of two, so that the quotient's width is exact; no number stands this close to a bend.
            let step = 1.0 / 4096.0;
            let quotient = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
            output[at] = logit;
            // The third derivative times h²/6, and single precision.
            assert!((f64::from(gradient[at]) - quotient).abs() < 1e-7, "{recipe:?}: {} {quotient}", gradient[at]);
        }

        let leaf = leaf::<T>(&output, ROWS).expect("a tensor");
        let (value, taped) = criterion.taped(leaf.leaky_trace(), &rows).expect("a loss");
        assert!((f64::from(value) - exact).abs() < 2e-6 * (1.0 + exact), "{recipe:?}: {value} {exact}");
        let taped = taped.backward().get(&leaf).as_vec();
        for (taped, gradient) in taped.iter().zip(&gradient) {
            assert!((taped - gradient).abs() < 1e-7, "{recipe:?}: {taped} {gradient}");
        }
    }

    fn recipes(losses: &[Loss], settings: &[fn(Train) -> Train]) -> Vec<Train> {
        let mut recipes = Vec::new();
        for &loss in losses {
            for setting in settings {
                for sample_weights in [false, true] {
                    recipes.push(setting(Train::default().loss(loss).sample_weights(sample_weights)));
                }
            }
        }
        recipes
    }

    #[test]
    fn every_loss_is_its_own_derivative_on_both_paths() {
        for recipe in recipes(
            Link::Softmax.losses(),
            &[
                |recipe| recipe,
                |recipe| recipe.label_smoothing(0.2),
                |recipe| recipe.class_weight([0.5, 2.0, 1.0, 0.0, 4.0]).focal_gamma(0.5),
                |recipe| recipe.class_weight(ClassWeight::Balanced).label_smoothing(0.1).focal_gamma(3.0),
            ],
        ) {
            is_its_own_derivative(&classes(), &recipe);
        }
        for recipe in recipes(
            Link::Logistic.losses(),
            &[
                |recipe| recipe,
                |recipe| recipe.label_smoothing(0.2),
                |recipe| recipe.pos_weight(2.5).focal_gamma(0.5),
                |recipe| recipe.pos_weight(PosWeight::Balanced).label_smoothing(0.1),
            ],
        ) {
            is_its_own_derivative(&binary(), &recipe);
            is_its_own_derivative(&binary(), &recipe.clone().class_weight([0.25, 2.0]));
            is_its_own_derivative(&binary(), &recipe.clone().class_weight(ClassWeight::Balanced));
            is_its_own_derivative(&flags(), &recipe);
        }
        is_its_own_derivative(&flags(), &Train::default().pos_weight([0.5, 3.0, 1.0]));
        for recipe in recipes(Link::Identity.losses(), &[|recipe| recipe, |recipe| recipe.huber_delta(0.3)]) {
            is_its_own_derivative(&values(), &recipe);
        }
    }
}
