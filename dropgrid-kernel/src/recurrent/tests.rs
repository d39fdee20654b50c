use super::*;
use crate::simd::forced::{lengths, on_each, same_on_each};

fn numbers(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0).collect()
}

/// Inputs and weights of a direction, in double precision.
#[derive(Clone)]
struct Case {
    all: Recurrence,
    samples: usize,
    /// The inputs, the weights by input and by state, and their biases.
    numbers: [Vec<f64>; 5],
}

impl Case {
    fn new(cell: Cell, samples: usize, [steps, inputs, units]: [usize; 3], backwards: bool) -> Self {
        let (all, width) = (Recurrence { cell, steps, inputs, units, backwards }, cell.gates() * units);
        let lengths = [samples * steps * inputs, width * inputs, width * units, width, width];
        let mut seed = 0;
        let numbers = lengths.map(|len| {
            seed += 1;
            numbers(len, seed).into_iter().map(f64::from).collect()
        });
        Self { all, samples, numbers }
    }

    /// The states of all steps by the formulas, of shape (samples, steps, units).
    #[allow(clippy::many_single_char_names, reason = "the gates in their papers' letters")]
    fn states(&self) -> Vec<f64> {
        let Recurrence { cell, steps, inputs, units, backwards } = self.all;
        let [x, input, state, input_bias, state_bias] = &self.numbers;
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let mut states = vec![0.0; self.samples * steps * units];
        for sample in 0..self.samples {
            let (mut h, mut c) = (vec![0.0; units], vec![0.0; units]);
            for at in 0..steps {
                let step = if backwards { steps - 1 - at } else { at };
                let x = &x[(sample * steps + step) * inputs..][..inputs];
                let product = |weight: &[f64], row: usize, by: &[f64]| -> f64 {
                    by.iter().enumerate().map(|(at, by)| weight[row * by_len(weight, units, cell) + at] * by).sum()
                };
                let by_input = |row: usize| product(input, row, x) + input_bias[row];
                let by_state = |row: usize, h: &[f64]| product(state, row, h) + state_bias[row];
                let before = h.clone();
                for unit in 0..units {
                    let [first, second, third] = [0, 1, 2].map(|gate| gate * units + unit);
                    let sum = |row: usize| by_input(row) + by_state(row, &before);
                    match cell {
                        Cell::Lstm => {
                            let (i, f, g) = (sigmoid(sum(first)), sigmoid(sum(second)), sum(third).tanh());
                            c[unit] = f * c[unit] + i * g;
                            h[unit] = sigmoid(sum(3 * units + unit)) * f64::tanh(c[unit]);
                        }
                        Cell::Gru => {
                            let (r, z) = (sigmoid(sum(first)), sigmoid(sum(second)));
                            let n = (by_input(third) + r * by_state(third, &before)).tanh();
                            h[unit] = (1.0 - z) * n + z * before[unit];
                        }
                    }
                }
                states[(sample * steps + step) * units..][..units].copy_from_slice(&h);
            }
        }
        states
    }

    /// The sum of the states times factors.
    fn loss(&self) -> f64 {
        let states = self.states();
        states.iter().zip(numbers(states.len(), 9)).map(|(h, factor)| h * f64::from(factor)).sum()
    }

    /// The states, then the gradients of the loss by the inputs and the weights, by the kernel.
    fn run(&self) -> Vec<Vec<f32>> {
        let Recurrence { steps, units, .. } = self.all;
        let single = self.numbers.clone().map(|part| part.into_iter().map(|x| x as f32).collect::<Vec<_>>());
        let [x, input, state, input_bias, state_bias] = &single;
        let weights = Weights { input, state, input_bias, state_bias };
        let (mut scratch, mut kept) = (GemmScratch::default(), vec![0.0; self.all.kept(self.samples + 1)]);
        let mut states = vec![0.0; self.samples * steps * units];
        let factors = numbers(states.len(), 9);
        let mut gradients = single.clone().map(|part| vec![0.0; part.len()]);
        // Twice, so that the first pass leaves nothing that changes the second.
        for _ in 0..2 {
            self.all.forward(&mut scratch, self.samples, x, weights, &mut kept);
            self.all.states(self.samples, &mut kept, false, |sample, step, h| {
                states[(sample * steps + step) * units..][..units].copy_from_slice(h);
            });
            for part in &mut gradients {
                part.fill(0.0);
            }
            let [to_x, input, state, input_bias, state_bias] = &mut gradients;
            let to = WeightGradients { input, state, input_bias, state_bias };
            let gradient = |step: usize, to: &mut [f32]| {
                for (sample, to) in to.chunks_exact_mut(units).enumerate() {
                    copy(&factors[(sample * steps + step) * units..][..units], to, true);
                }
            };
            self.all.backward(&mut scratch, self.samples, weights, gradient, &mut kept, to, to_x);
        }
        let mut found = vec![states];
        found.extend(gradients);
        found
    }
}

/// The length of a row of a weight by input or by state.
fn by_len(weight: &[f64], units: usize, cell: Cell) -> usize {
    weight.len() / (cell.gates() * units)
}

/// Compares a direction with its formulas and their difference quotients, on each level.
fn check(case: &Case) {
    let states = case.states();
    let quotient = |part: usize, at: usize| {
        let moved = |by: f64| {
            let mut case = case.clone();
            case.numbers[part][at] += by;
            case.loss()
        };
        (moved(1e-5) - moved(-1e-5)) / 2e-5
    };
    let quotients = (0..5).map(|part| (0..case.numbers[part].len()).map(|at| quotient(part, at)).collect());
    let wanted: Vec<Vec<f64>> = std::iter::once(states).chain(quotients).collect();
    on_each(|| {
        for (part, (found, wanted)) in case.run().iter().zip(&wanted).enumerate() {
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.iter().zip(wanted) {
                // Sums of a few dozen numbers near 1 in single precision.
                let difference = (f64::from(*found) - wanted).abs() / wanted.abs().max(1.0);
                assert!(difference < 1e-5, "{:?}, part {part}: {found} {wanted}", case.all);
            }
        }
    });
}

#[test]
fn states_and_gradients_are_those_of_the_formulas() {
    for (cell, backwards) in [(Cell::Lstm, false), (Cell::Lstm, true), (Cell::Gru, false), (Cell::Gru, true)] {
        let sizes: &[[usize; 3]] = if cfg!(miri) { &[[2, 1, 2]] } else { &[[4, 3, 5], [1, 2, 3], [3, 1, 1]] };
        for size in sizes {
            check(&Case::new(cell, if cfg!(miri) { 1 } else { 3 }, *size, backwards));
        }
    }
}

#[test]
fn a_sequence_does_not_depend_on_its_neighbours() {
    for cell in [Cell::Lstm, Cell::Gru] {
        let case = Case::new(cell, 3, [2, 2, 3], false);
        let mut alone = case.clone();
        alone.samples = 1;
        alone.numbers[0].truncate(4);
        on_each(|| assert_eq!(alone.run()[0], case.run()[0][..6]));
    }
}

// Elementwise, so that the bits are the same.
#[test]
fn steps_of_any_number_of_units_have_the_same_bits_on_each_level() {
    for units in lengths() {
        let bits = |parts: &[&[f32]]| parts.concat().iter().map(|number| number.to_bits()).collect::<Vec<u32>>();
        let (before, gradient) = (numbers(2 * units, 1), numbers(2 * units, 2));
        same_on_each(|| {
            let mut gates = numbers(8 * units, 3);
            let [mut c, mut tanh_c, mut h, mut to_c] = [0; 4].map(|_| vec![0.5; 2 * units]);
            lstm::forward(units, &numbers(8 * units, 4), &before, &mut gates, &mut c, &mut tanh_c, &mut h);
            let forward = bits(&[&gates, &c, &tanh_c, &h]);
            lstm::backward(units, &before, &tanh_c, &gradient, &mut gates, &mut to_c);
            [forward, bits(&[&gates, &to_c])]
        });
        same_on_each(|| {
            let (mut gates, mut product) = (numbers(6 * units, 3), numbers(6 * units, 4));
            let [mut inner, mut h] = [0; 2].map(|_| vec![0.0; 2 * units]);
            gru::forward(units, &product, &before, &mut gates, &mut inner, &mut h);
            let (forward, mut to_h) = (bits(&[&gates, &inner, &h]), gradient.clone());
            gru::backward(units, &before, &mut inner, &mut to_h, &mut gates, &mut product);
            [forward, bits(&[&gates, &inner, &to_h, &product])]
        });
    }
}
