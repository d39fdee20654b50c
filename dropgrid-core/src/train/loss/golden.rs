//! Tests of every loss and its gradient against PyTorch, on slices and on the tape. `tests/golden/losses.py` writes the
//! file and describes it.

use dfdx::{
    tensor::{Cpu, TensorFromVec, Trace},
    tensor_ops::Backward,
};

use super::{Criterion, TrainTarget};
use crate::{
    data::{Binary, Classes, Dataset, Fit, MultiLabel, Regression, batches::Sample},
    recipe::{ClassWeight, Loss, PosWeight, Train},
};

const GOLDEN: &str = include_str!("../../../../tests/golden/losses.txt");

struct Case<'a> {
    recipe: &'a str,
    output: Vec<f32>,
    truth: Vec<f64>,
    weights: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
}

fn numbers<F: std::str::FromStr>(text: &str, separator: char) -> Vec<F> {
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
    text.split(separator).filter(|text| !text.is_empty()).map(number).collect()
}

impl Case<'_> {
    fn recipe(&self) -> Train {
        self.recipe.split_whitespace().fold(Train::default(), |recipe, setting| {
            let (name, value) = setting.split_once('=').expect("a setting");
            let number = || value.parse().expect("a number");
            let losses = [Loss::Focal, Loss::Mse, Loss::Mae, Loss::Huber, Loss::SmoothL1];
            match name {
                "loss" => recipe.loss(*losses.iter().find(|loss| loss.to_string() == value).expect("a loss")),
                "label_smoothing" => recipe.label_smoothing(number()),
                "focal_gamma" => recipe.focal_gamma(number()),
                "huber_delta" => recipe.huber_delta(number()),
                "sample_weights" => recipe.sample_weights(value == "true"),
                "class_weight" if value == "balanced" => recipe.class_weight(ClassWeight::Balanced),
                "class_weight" => recipe.class_weight(numbers(value, ',')),
                "pos_weight" if value == "balanced" => recipe.pos_weight(PosWeight::Balanced),
                "pos_weight" if value.contains(',') => recipe.pos_weight(numbers(value, ',')),
                "pos_weight" => recipe.pos_weight(number()),
                _ => panic!("{name} is no setting"),
            }
        })
    }

    /// Returns the differences from PyTorch.
    fn fault<T: TrainTarget>(&self, targets: T) -> Option<String> {
        let recipe = self.recipe();
        let rows: Vec<usize> = (0..self.weights.len()).collect();
        let data = Dataset::new(rows.iter().map(|_| [0.0]), targets).and_then(|data| {
            recipe.check()?;
            data.with_weights(self.weights.clone())
        });
        let data = data.expect("data and a recipe");
        let mut criterion = Criterion::new(&Fit::new(&data, &rows), &recipe).expect("a loss");
        let exact = criterion.evaluation_loss(&self.output, &rows).expect("a loss");
        let mut gradient = vec![f32::NAN; self.output.len()];
        let loss = criterion.gradient(&self.output, &rows, &mut gradient).expect("a loss");
        let output = Cpu::default().tensor_from_vec(self.output.clone(), T::Output::batch(rows.len()));
        let (taped, scalar) = criterion.taped(output.leaky_trace(), &rows).expect("a loss");
        let taped_gradient = scalar.backward().get(&output).as_vec();
        // The file's numbers have nine digits. Single precision has seven: in a sum relative to the terms, which are
        // outputs up to 1e4, and in a gradient relative to the largest element of the row.
        let close = |a: f64, b: f64, relative: f64| (a - b).abs() <= relative * (1.0 + b.abs());
        if !close(exact, self.loss, 1e-8) || [loss, taped].iter().any(|&loss| !close(loss.into(), self.loss, 5e-7)) {
            return Some(format!("{}: {exact}, {loss}, {taped} where PyTorch has {}", self.recipe, self.loss));
        }
        let differs = |found: &Vec<f32>| {
            let is_close = |(found, wanted): (&f32, &f64)| close(f64::from(*found), *wanted, 3e-7);
            found.len() != self.gradient.len() || !found.iter().zip(&self.gradient).all(is_close)
        };
        let fault = [gradient, taped_gradient].into_iter().find(differs);
        fault.map(|fault| format!("{}: {fault:?} where PyTorch has {:?}", self.recipe, self.gradient))
    }
}

#[test]
fn losses_and_gradients_are_pytorchs() {
    let golden = std::env::var("DROPGRID_GOLDEN_LOSSES")
        .map_or_else(|_| GOLDEN.to_owned(), |path| std::fs::read_to_string(path).expect("a golden file"));
    let lines: Vec<&str> = golden.lines().skip(1).collect();
    let mut faults = Vec::new();
    for lines in lines.chunks_exact(7) {
        let part = |at: usize, name: &str| lines[at].strip_prefix(name).unwrap_or_else(|| panic!("no {name}"));
        let case = Case {
            recipe: part(1, "recipe "),
            output: numbers(part(2, "output "), ' '),
            truth: numbers(part(3, "truth "), ' '),
            weights: numbers(part(4, "weights "), ' '),
            loss: part(5, "loss ").parse().expect("a number"),
            gradient: numbers(part(6, "gradient "), ' '),
        };
        let truth = case.truth.iter();
        faults.extend(match part(0, "case ") {
            "classes" => {
                let labels: Vec<usize> =
                    truth.map(|truth| (0..5).find(|&class| class as f64 == *truth).expect("a class")).collect();
                case.fault(Classes::<5>::new(labels).expect("labels"))
            }
            "binary" => case.fault(Binary::new(truth.map(|truth| *truth == 1.0)).expect("labels")),
            "flags" => {
                let rows = case.truth.as_chunks::<3>().0.iter();
                case.fault(MultiLabel::new(rows.map(|row| row.map(|flag| flag == 1.0))).expect("flags"))
            }
            "values" => case.fault(Regression::new(case.truth.as_chunks::<2>().0.iter().copied()).expect("numbers")),
            other => panic!("no target {other}"),
        });
    }
    assert!(lines.len() >= 7 * 70 && lines.len().is_multiple_of(7), "{} lines", lines.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
