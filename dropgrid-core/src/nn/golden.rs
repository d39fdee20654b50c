//! Every layer of the prelude, on the tape and as a program: against PyTorch, of which `tests/golden/layers.py` writes what it
//! gives, and against difference quotients in double precision.

mod cases;
mod noise;
mod widen;

use std::collections::{BTreeSet, HashMap};

use dfdx::{
    nn::tensor_collection::TensorCollection,
    tensor::{Cpu, Gradients},
};

use self::widen::widen;
use super::{Lower, each_tensor, each_tensor_mut};
use crate::program::{Program, Run};

const ROWS: usize = 6;

/// The seed of the device of each pass, so that noise is the same.
const DEVICE: u64 = 11;

/// A stretch of the sequence that the script takes its tensors from.
fn numbers(start: usize, len: usize) -> Vec<f32> {
    (start..start + len).map(|at| (((at * 37 + 11) % 101) as f64 / 101.0 - 0.5) as f32).collect()
}

/// The cases, of which each number is looked at once.
struct Golden {
    left: HashMap<(String, String), Vec<f64>>,
    cases: BTreeSet<String>,
}

impl Golden {
    fn read() -> Self {
        let lines = include_str!("../../../tests/golden/layers.txt").lines().map(|line| {
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
        let wanted = wanted.unwrap_or_else(|| panic!("{case} {name}: no number that is not yet looked at"));
        for found in found {
            assert_close(&format!("{case} {name}"), found, &wanted, 5e-6);
        }
    }
}

/// Numbers in single precision against others in double: a few roundings, relative where they are above 1. NaN and infinities
/// are the same.
#[track_caller]
fn assert_close(what: &str, found: &[f32], wanted: &[f64], bound: f64) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        let same = f64::from(*found) == f64::from(*wanted as f32) || found.is_nan() && wanted.is_nan();
        let difference = (f64::from(*found) - wanted).abs() / wanted.abs().max(1.0);
        assert!(same || difference < bound, "{what}: {found} instead of {wanted}");
    }
}

/// Writes a stretch to each parameter, as the script does.
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

/// Moves number `at` of parameter `which`; the parameter's new number.
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

/// What a pass and the way back give.
#[derive(Debug, Clone)]
struct Found {
    output: Vec<f32>,
    input: Vec<f32>,
    parameters: Vec<Vec<f32>>,
    statistics: Vec<Vec<f32>>,
}

/// The gradients of the parameters, and the numbers of the other tensors.
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

/// A layer's program, where it has one: a method of the type goes before that of a trait.
struct Way<'a, L>(&'a L);

impl<L: Lower + TensorCollection<f32, Cpu>> Way<'_, L> {
    #[allow(clippy::unnecessary_wraps, reason = "as the trait's method of the same name")]
    fn program(&self, axes: &[usize], x: &[f32], key: [u32; 8]) -> Option<Found> {
        let mut program = Program::new(axes);
        // A rectifier of slope 1 changes nothing, but is a parameter, so that the gradient of the batch is computed.
        let slope = program.parameter(1, &[1.0]);
        let batch = program.slopes(Program::INPUT, slope);
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
                // What was fitted on the data is part of an operation.
                None => assert!(!is_trained, "a parameter has no place"),
            }
            Ok(())
        });
        seen.expect("tensors");
        Some(Found { output, input, parameters, statistics })
    }
}

trait Otherwise {
    fn program(&self, _axes: &[usize], _x: &[f32], _key: [u32; 8]) -> Option<Found> {
        None
    }
}

impl<L> Otherwise for Way<'_, L> {}

/// The layers that the prelude hands on.
fn prelude() -> BTreeSet<&'static str> {
    let text = include_str!("../../../src/prelude.rs");
    let list = |from: &str, to: &str| text.split(from).nth(1).and_then(|rest| rest.split(to).next()).expect("a list");
    let own = list("    nn::{", "    },");
    let stock = list("dfdx::nn::builders::{", "};");
    let words =
        |text: &'static str| text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words(own).chain(words(stock)).filter(|word| !["builder", "Module", "ModuleMut"].contains(word)).collect()
}

#[test]
fn every_layer_of_the_prelude_is_checked() {
    let cases = Golden::read().cases;
    // Keras has these, and PyTorch has not: `nn::noise::keras` holds them to it.
    let keras = include_str!("../../../tests/golden/noise.txt");
    assert!(keras.contains("gaussian_dropout") && keras.contains("gaussian_noise"));
    let known =
        cases.iter().map(|case| case.split('_').next().unwrap_or(case)).chain(["GaussianDropout", "GaussianNoise"]);
    let known: BTreeSet<&str> = known.collect();
    assert_eq!(prelude(), known);
}
