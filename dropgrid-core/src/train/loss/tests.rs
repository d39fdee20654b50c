//! Tests of the losses: edge cases, and agreement with the metrics of the same names.

use dfdx::{
    tensor::{Cpu, TensorFromVec, Trace},
    tensor_ops::Backward,
};

use super::{Criterion, Link, TargetTensor, TrainTarget};
use crate::{
    data::{
        Binary, Classes, Dataset, Fit, Regression,
        batches::{Sample, width},
    },
    error::{Failure, ScoringError},
    metric::{LogLoss, MeanAbsoluteError, MeanSquaredError, Metric},
    phase::{Evaluation, Pass},
    recipe::{Loss, Train},
};

const ROWS: usize = 37;

/// Returns irregular numbers in [-4, 4].
fn numbers(count: usize, salt: usize) -> Vec<f32> {
    (0..count).map(|at| ((at * 7919 + salt * 104_729) % 8191) as f32 / 1024.0 - 4.0).collect()
}

fn leaf<T: TrainTarget>(values: &[f32], rows: usize) -> TargetTensor<T> {
    Cpu::default().tensor_from_vec(values.to_vec(), T::Output::batch(rows))
}

fn data<T: TrainTarget>(targets: T) -> Dataset<T> {
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

fn values() -> Dataset<Regression<2>> {
    let values = numbers(ROWS * 2, 3);
    data(Regression::new(values.chunks_exact(2).map(|row| [row[0].into(), row[1].into()])).expect("numbers"))
}

/// Returns the loss and the gradient of `output`, and the loss in double precision.
fn losses<T: TrainTarget>(
    data: &Dataset<T>,
    recipe: &Train,
    rows: &[usize],
    output: &[f32],
) -> (f32, Vec<f32>, Result<f64, Failure>) {
    let all: Vec<usize> = (0..data.len()).collect();
    let mut criterion = Criterion::new(&Fit::new(data, &all), recipe).expect("a loss");
    let mut gradient = vec![f32::NAN; output.len()];
    let loss = criterion.gradient(output, rows, &mut gradient).expect("a loss");
    (loss, gradient, criterion.evaluation_loss(output, rows))
}

// Covers weights, since a default loss has a separate kernel.
#[test]
fn sure_outputs_do_not_overflow() {
    let plain = Train::default();
    for recipe in [&plain, &plain.clone().class_weight([1.0; 5]), &plain.clone().loss(Loss::Focal)] {
        // Row 2 has class 4.
        let (loss, gradient, exact) = losses(&classes(), recipe, &[2], &[0.0, 0.0, 0.0, 1e30, -1e30]);
        assert_eq!((loss, exact), (2e30, Ok(2e30_f32.into())), "{recipe:?}");
        // For a focal loss, the derivative includes ln p times p, which is 0.
        assert_eq!(gradient, [0.0, 0.0, 0.0, 1.0, -1.0], "{recipe:?}");
        assert_eq!(losses(&classes(), recipe, &[2], &[0.0, 0.0, 0.0, -1e30, 1e30]).0, 0.0, "{recipe:?}");
    }
    for recipe in [&plain, &plain.clone().class_weight([1.0; 2]), &plain.clone().loss(Loss::Focal)] {
        // Row 0 is positive.
        let (loss, gradient, exact) = losses(&binary(), recipe, &[0], &[-1e30]);
        assert_eq!((loss, gradient, exact), (1e30, vec![-1.0], Ok(1e30_f32.into())), "{recipe:?}");
        assert_eq!(losses(&binary(), recipe, &[0], &[1e30]).0, 0.0, "{recipe:?}");
    }
}

#[test]
fn an_output_that_is_not_finite_shows() {
    let smooth = Train::default().label_smoothing(0.1);
    let focal = Train::default().loss(Loss::Focal);
    let finite = |loss: &(f32, Vec<f32>, Result<f64, Failure>)| {
        loss.0.is_finite() || loss.2.as_ref().is_ok_and(|exact| exact.is_finite())
    };
    for odd in [f32::NAN, f32::INFINITY] {
        for recipe in [Train::default(), smooth.clone(), focal.clone()] {
            for at in 0..5 {
                let mut output = [0.5; 5];
                output[at] = odd;
                assert!(!finite(&losses(&classes(), &recipe, &[2], &output)), "{recipe:?}: {odd} at {at}");
            }
            for row in [0, 1] {
                assert!(!finite(&losses(&binary(), &recipe, &[row], &[odd])), "{recipe:?}: {odd}");
            }
        }
        for &loss in Link::Identity.losses() {
            let recipe = Train::default().loss(loss);
            // The derivative of a linear function is finite everywhere.
            assert!(!finite(&losses(&values(), &recipe, &[0], &[odd, 0.0])), "{loss}: {odd}");
        }
    }
}

#[test]
fn rows_of_no_weight_change_nothing() {
    let recipe = Train::default().sample_weights(true);
    // Rows 0 and 4 have the weight 0.
    let (loss, gradient, exact) = losses(&values(), &recipe, &[0, 4], &[1.0, 2.0, 3.0, 4.0]);
    assert_eq!((loss, gradient), (0.0, vec![0.0; 4]));
    assert_eq!(exact, Err(Failure::Scoring(ScoringError::ZeroWeights { rows: 2 })));
    let (loss, gradient, exact) = losses(&classes(), &recipe, &[4, 0], &numbers(10, 1));
    assert_eq!((loss, gradient, exact.is_err()), (0.0, vec![0.0; 10], true));
    let data = values();
    let without = Criterion::new(&Fit::new(&data, &[0, 4]), &recipe).err();
    assert_eq!(without, Some(Failure::Scoring(ScoringError::ZeroWeights { rows: 2 })));
}

/// The squared error is so simple that both implementations round alike.
#[test]
fn the_squared_error_has_the_bits_of_the_tape() {
    let (data, recipe) = (values(), Train::default());
    let rows: Vec<usize> = (0..ROWS).collect();
    let output = numbers(ROWS * 2, 1);
    let (_, gradient, _) = losses(&data, &recipe, &rows, &output);
    let mut criterion = Criterion::new(&Fit::new(&data, &rows), &recipe).expect("a loss");
    let leaf = leaf::<Regression<2>>(&output, ROWS);
    let (_, taped) = criterion.taped(leaf.leaky_trace(), &rows).expect("a loss");
    assert_eq!(taped.backward().get(&leaf).as_vec(), gradient);
}

/// Returns the evaluation loss, and the score that `metric` gives the predictions of the same pass.
fn loss_and_score<T: TrainTarget, M: Metric<Kind = T::Kind>>(data: &Dataset<T>, recipe: &Train, metric: M) -> [f64; 2] {
    let rows: Vec<usize> = (0..ROWS).collect();
    let output = numbers(ROWS * width::<T::Output>(), 1);
    let pass = Pass::<T::Output, Evaluation>::from_tensor(leaf::<T>(&output, ROWS));
    let predictions = T::predictions(&pass);
    let truth = data.targets().truth(&rows);
    let mut scored = T::pair(&truth, &predictions).expect("predictions of the truth").above(0.5);
    if recipe.sample_weights {
        scored = scored.weighted(data.weights().expect("weights")).expect("weights");
    }
    let score = metric.score(&scored).expect("a score").value;
    let criterion = Criterion::new(&Fit::new(data, &rows), recipe).expect("a loss");
    [criterion.evaluation_loss(&output, &rows).expect("a loss"), score]
}

/// The loss that training minimises equals the metric of the same name.
#[test]
fn losses_are_the_metrics_of_their_names() {
    for sample_weights in [false, true] {
        let recipe = Train::default().sample_weights(sample_weights);
        let mae = recipe.clone().loss(Loss::Mae);
        for (name, [loss, score]) in [
            ("cross-entropy", loss_and_score(&classes(), &recipe, LogLoss)),
            ("binary cross-entropy", loss_and_score(&binary(), &recipe, LogLoss)),
            ("mse", loss_and_score(&values(), &recipe, MeanSquaredError)),
            ("mae", loss_and_score(&values(), &mae, MeanAbsoluteError)),
        ] {
            // Both sum a few dozen numbers in double precision. The numbers of `values` are exact in single precision.
            assert!((loss - score).abs() < 1e-13 * (1.0 + score), "{name}, weights {sample_weights}: {loss} {score}");
        }
    }
}
