//! Tests of every layer of the prelude, on the tape and as a program, against results of PyTorch, which
//! `tests/golden/layers.py` writes, and against finite differences in double precision.

mod cases;
mod noise;
mod sequences;
mod widen;

use std::collections::{BTreeSet, HashMap};

use dfdx::{
    nn::tensor_collection::TensorCollection,
    tensor::{Cpu, Gradients},
};

use self::widen::widen;
use super::table;
use crate::{
    nn::{Lower, each_tensor, each_tensor_mut},
    program::{Program, Run},
};

const ROWS: usize = 6;

/// The seed of the device of each pass. All passes then have the same noise.
const DEVICE: u64 = 11;

/// Returns a part of the sequence from which the script takes its tensors.
fn numbers(start: usize, len: usize) -> Vec<f32> {
    (start..start + len).map(|at| (((at * 37 + 11) % 101) as f64 / 101.0 - 0.5) as f32).collect()
}

/// The results of the script. Each is compared once.
struct Golden {
    left: HashMap<(String, String), Vec<f64>>,
    cases: BTreeSet<String>,
}

impl Golden {
    fn read() -> Self {
        let lines = include_str!("../../../../../tests/golden/layers.txt").lines().map(|line| {
            let mut words = line.split(' ');
            let mut word = || words.next().expect("a word").to_owned();
            let name = (word(), word());
            (name, words.map(|number| number.parse().expect("a number")).collect())
        });
        let left: HashMap<_, _> = lines.collect();
        let cases = left.keys().map(|(case, _): &(String, String)| case.clone()).collect();
        Self { left, cases }
    }

    #[track_caller]
    fn check(&mut self, case: &str, name: &str, found: &[&[f32]]) {
        let wanted = self.left.remove(&(case.to_owned(), name.to_owned()));
        let wanted = wanted.unwrap_or_else(|| panic!("{case} {name}: no result that was not compared yet"));
        for found in found {
            assert_close(&format!("{case} {name}"), found, &wanted, 5e-6);
        }
    }
}

/// Compares numbers in single and double precision, with a relative error for numbers above 1. NaN equals NaN.
#[track_caller]
fn assert_close(what: &str, found: &[f32], wanted: &[f64], bound: f64) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        let same = f64::from(*found) == f64::from(*wanted as f32) || found.is_nan() && wanted.is_nan();
        let difference = (f64::from(*found) - wanted).abs() / wanted.abs().max(1.0);
        assert!(same || difference < bound, "{what}: {found} instead of {wanted}");
    }
}

/// Fills each parameter with a part of the sequence, as the script does.
fn fill<N: TensorCollection<f32, Cpu>>(layer: &mut N) {
    let mut start = 20;
    let filled = each_tensor_mut(layer, |tensor, is_trained| {
        if is_trained {
            let len = tensor.numbers().len();
            tensor.copy_from(&numbers(start, len));
            start += 10;
        }
        Ok(())
    });
    filled.expect("tensors");
}

/// Adds `by` to element `at` of parameter `which` and returns the new element.
fn nudge<N: TensorCollection<f32, Cpu>>(layer: &mut N, which: usize, at: usize, by: f32) -> f32 {
    let (mut count, mut moved) = (0, f32::NAN);
    let changed = each_tensor_mut(layer, |tensor, is_trained| {
        if is_trained {
            if count == which {
                let mut numbers = tensor.numbers();
                numbers[at] += by;
                moved = numbers[at];
                tensor.copy_from(&numbers);
            }
            count += 1;
        }
        Ok(())
    });
    changed.expect("tensors");
    moved
}

/// The results of a training pass: the output, the gradients of the input and of the parameters, and the other tensors.
#[derive(Debug, Clone)]
struct PassResult {
    output: Vec<f32>,
    input: Vec<f32>,
    parameters: Vec<Vec<f32>>,
    statistics: Vec<Vec<f32>>,
}

/// Returns the gradients of the parameters and the numbers of the other tensors.
fn tensors<N: TensorCollection<f32, Cpu>>(layer: &N, gradients: &mut Gradients<f32, Cpu>) -> [Vec<Vec<f32>>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    let seen = each_tensor(layer, |tensor, is_trained| {
        if is_trained {
            found[0].push(tensor.gradient(gradients)?.clone());
        } else {
            found[1].push(tensor.numbers());
        }
        Ok(())
    });
    seen.expect("tensors");
    found
}

/// Runs the program of a layer if it has one: an inherent method takes precedence over a trait's method.
struct ProgramPass<'a, L>(&'a L);

impl<L: Lower + TensorCollection<f32, Cpu>> ProgramPass<'_, L> {
    #[allow(clippy::unnecessary_wraps, reason = "the trait has a method of the same name")]
    fn program(&self, axes: &[usize], x: &[f32], key: [u32; 8]) -> Option<PassResult> {
        let mut program = Program::new(axes);
        // A leaky rectified linear unit of slope 1 changes nothing. Its slope is a parameter, so the gradient of the
        // batch is computed.
        let slope = program.parameter(1, &[1.0]);
        let batch = program.prelu(Program::INPUT, slope);
        let output = self.0.lower(&mut program, batch);
        let mut run = Run::new(program.finish(output), ROWS).expect("memory");
        run.batch().copy_from_slice(x);
        let output = run.forward(ROWS, key).to_vec();
        let weights = numbers(500, output.len());
        run.output(ROWS).1.copy_from_slice(&weights);
        run.backward(ROWS);
        let input = run.gradient_of(batch).to_vec();
        let gradients = run.parameters().1.to_vec();
        let program = run.program();
        let [mut parameters, mut statistics] = [Vec::new(), Vec::new()];
        let seen = each_tensor(self.0, |tensor, is_trained| {
            let known = if is_trained { &program.parameters } else { &program.states };
            let place = known.iter().find(|known| Some(known.address) == tensor.address());
            match place {
                Some(place) if is_trained => parameters.push(place.of(&gradients).to_vec()),
                Some(place) => statistics.push(place.of(&program.state).to_vec()),
                // Statistics of the data are constants of an operation, not state.
                None => assert!(!is_trained, "a parameter has no place"),
            }
            Ok(())
        });
        seen.expect("tensors");
        Some(PassResult { output, input, parameters, statistics })
    }
}

trait NoProgram {
    fn program(&self, _axes: &[usize], _x: &[f32], _key: [u32; 8]) -> Option<PassResult> {
        None
    }
}

impl<L> NoProgram for ProgramPass<'_, L> {}

#[test]
fn every_layer_of_the_prelude_is_checked() {
    let cases = Golden::read().cases;
    // Keras has these two layers and PyTorch does not. `layers::noise::keras` tests them.
    let keras = include_str!("../../../../../tests/golden/noise.txt");
    assert!(keras.contains("gaussian_dropout") && keras.contains("gaussian_noise"));
    let checked =
        cases.iter().map(|case| case.split('_').next().unwrap_or(case)).chain(["GaussianDropout", "GaussianNoise"]);
    let wanted: BTreeSet<&str> = table::listed().into_iter().chain(table::CONTAINERS).collect();
    assert_eq!(checked.collect::<BTreeSet<&str>>(), wanted);
}
