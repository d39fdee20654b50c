//! Trainings that go on long after they have converged: what fades becomes 0, and no buffer ever holds a denormal
//! number.

use super::*;
use crate::kernel::{
    loss::cross_entropy,
    recurrent::Cell,
    update::{
        Adadelta, Adagrad, Adam, Adamax, Lion, NAdam, RAdam, RmsProp, ScheduleFree, Sgd, adadelta, adagrad, adam,
        adamax, lion, nadam, radam, rmsprop, schedule_free, sgd,
    },
};

const INPUTS: usize = 64;
const CLASSES: usize = 10;
const BATCH: usize = 32;
/// The batches of an epoch.
const BATCHES: usize = 3;
const EPOCHS: usize = 600;

/// A row of one of ten kinds. The last columns are 0 from the second epoch on: the moments of their weights fade, and
/// under weight decay the weights.
fn cell(row: usize, column: usize, is_first_epoch: bool) -> f32 {
    match column {
        56.. if !is_first_epoch => 0.0,
        _ if column % CLASSES == row % CLASSES => 1.0 + number(row * 13 + column),
        _ => 0.2 * number(row * 29 + column),
    }
}

fn denormals<'a>(buffers: impl Iterator<Item = &'a [f32]>) -> usize {
    buffers.flatten().filter(|number| number.is_subnormal()).count()
}

/// Trains a network with a step of an optimizer, which has three buffers, and looks at every buffer after every step.
fn train(network: impl Fn(&mut Program, Value) -> Value, mut step: impl FnMut(usize, &mut Run, &mut [Vec<f32>; 3])) {
    let mut program = Program::new(&[INPUTS]);
    let output = network(&mut program, Value(0));
    let mut run = Run::new(program.finish(output), BATCH).expect("memory");
    let mut state = [(); 3].map(|()| vec![0.0; run.numbers().len()]);
    let rows = [true, false].map(|is_first_epoch| -> Vec<f32> {
        (0..BATCH * BATCHES * INPUTS).map(|at| cell(at / INPUTS, at % INPUTS, is_first_epoch)).collect()
    });
    let mut last = f32::NAN;
    for t in 0..EPOCHS * BATCHES {
        let first = t % BATCHES * BATCH;
        let rows = &rows[usize::from(t >= BATCHES)];
        run.batch().copy_from_slice(&rows[first * INPUTS..][..BATCH * INPUTS]);
        run.forward(BATCH, [t as u32; 8]);
        let (output, gradient) = run.output(BATCH);
        gradient.copy_from_slice(output);
        last = cross_entropy(gradient, CLASSES, (first..first + BATCH).map(|row| row % CLASSES));
        run.backward(BATCH);
        step(t, &mut run, &mut state);
        let found = denormals(run.buffers().chain(state.iter().map(|buffer| &**buffer)));
        assert_eq!(found, 0, "denormal numbers after step {t}");
    }
    assert!(last < 0.5, "the training has not converged: {last}");
}

fn rectified(program: &mut Program, x: Value) -> Value {
    let x = linear(program, x, 10, [INPUTS, 128]);
    let x = program.elementwise(x, Function::Relu);
    let x = program.dropout(x, 0.2);
    linear(program, x, 20, [128, CLASSES])
}

fn saturated(program: &mut Program, x: Value) -> Value {
    let x = linear(program, x, 10, [INPUTS, 40]);
    let x = program.elementwise(x, Function::Sigmoid);
    let x = program.dropout(x, 0.5);
    let x = linear(program, x, 20, [40, 40]);
    let x = program.elementwise(x, Function::Gelu);
    let x = linear(program, x, 30, [40, 40]);
    let x = program.elementwise(x, Function::Tanh);
    linear(program, x, 40, [40, CLASSES])
}

fn normalised(program: &mut Program, x: Value) -> Value {
    let x = linear(program, x, 10, [INPUTS, 40]);
    let scale = program.parameter(50, &[1.0; 40]);
    let shift = program.parameter(51, &[0.0; 40]);
    let statistics = [program.state(52, &[1.0; 40]), program.state(53, &[1e-30; 40])];
    let x = program.batch_norm(x, [1e-5, 0.1], [scale, shift], statistics);
    let x = program.elementwise(x, Function::Relu);
    let x = linear(program, x, 20, [40, 40]);
    let gamma = program.parameter(60, &[1.0; 40]);
    let beta = program.parameter(61, &[0.0; 40]);
    let x = program.layer_norm(x, gamma, beta, 1e-5);
    let x = program.elementwise(x, Function::Silu);
    linear(program, x, 30, [40, CLASSES])
}

/// Recurrent layers of 8 units in one or two directions, with parameters of their own, on steps of `inputs` numbers.
fn recurrent(program: &mut Program, x: Value, name: usize, cell: Cell, [inputs, directions]: [usize; 2]) -> Value {
    let width = cell.gates() * 8;
    let mut parameter = |name: usize, len: usize| {
        program.parameter(name, &(0..len).map(|at| 0.7 * number(at * 3 + name)).collect::<Vec<f32>>())
    };
    let direction = |at: usize| {
        let name = name + 4 * at;
        let [input, state] = [parameter(name, width * inputs), parameter(name + 1, width * 8)];
        [input, state, parameter(name + 2, width), parameter(name + 3, width)]
    };
    let all = (0..directions).map(direction).collect();
    program.recurrent(x, cell, 8, all, directions == 1)
}

fn remembered(program: &mut Program, x: Value) -> Value {
    let x = program.reshape(x, vec![8, 8]);
    let x = linear(program, x, 10, [8, 24]);
    let x = program.attention(x, 2, false, 0.1);
    let x = recurrent(program, x, 20, Cell::Lstm, [8, 2]);
    let x = recurrent(program, x, 40, Cell::Gru, [16, 1]);
    linear(program, x, 50, [8, CLASSES])
}

fn adam_with(l2: f64, decoupled: f64, amsgrad: bool) -> impl FnMut(usize, &mut Run, &mut [Vec<f32>; 3]) {
    move |t, run, [first, second, highest]| {
        // The second moment fades by a tenth in each step, too: by a thousandth, it would take a day.
        let t = i32::try_from(t + 1).expect("few steps");
        let step = Adam { lr: 0.01, beta1: 0.9, beta2: 0.9, eps: 1e-8, l2, decoupled, t };
        let (parameters, gradients) = run.parameters();
        adam(step, parameters, gradients, first, second, amsgrad.then_some(highest));
    }
}

fn rmsprop_with(momentum: Option<f64>, is_centered: bool) -> impl FnMut(usize, &mut Run, &mut [Vec<f32>; 3]) {
    move |_, run, [squares, mean, velocity]| {
        let step = RmsProp { lr: 1e-3, alpha: 0.9, eps: 1e-8, momentum, l2: 0.0 };
        let (parameters, gradients) = run.parameters();
        rmsprop(step, parameters, gradients, squares, is_centered.then_some(mean), velocity);
    }
}

#[test]
fn nothing_fades_into_denormal_numbers_under_adam() {
    train(rectified, adam_with(0.0, 0.0, false));
    train(saturated, adam_with(0.0, 0.0, false));
    train(normalised, adam_with(0.0, 0.0, true));
    train(remembered, adam_with(0.0, 0.0, false));
}

#[test]
fn nothing_fades_into_denormal_numbers_under_weight_decay() {
    // The weights of columns that are always 0 fade by 5 % in each step.
    train(rectified, adam_with(0.0, 0.05, false));
    train(normalised, adam_with(1e-6, 0.0, false));
}

#[test]
fn nothing_fades_into_denormal_numbers_under_momentum() {
    train(rectified, |_, run, [velocity, ..]| {
        let step = Sgd { lr: 0.05, momentum: Some(0.9), share: 1.0, nesterov: true, l2: 0.0 };
        let (parameters, gradients) = run.parameters();
        sgd(step, parameters, gradients, velocity);
    });
}

#[test]
fn nothing_fades_into_denormal_numbers_under_rmsprop() {
    train(rectified, rmsprop_with(None, false));
    train(rectified, rmsprop_with(Some(0.9), true));
}

#[test]
fn nothing_fades_into_denormal_numbers_under_other_optimizers() {
    let (lr, beta1, beta2, eps, l2, decoupled) = (0.01, 0.9, 0.9, 1e-8, 0.0, 0.0);
    let count = |t: usize| i32::try_from(t + 1).expect("few steps");
    let mut product = 1.0;
    train(rectified, |t, run, [m, v, _]| {
        product *= 0.85;
        let step = NAdam { lr, beta1, beta2, eps, l2, decoupled, t: count(t), momentums: [0.85, 0.85], product };
        let (parameters, gradients) = run.parameters();
        nadam(step, parameters, gradients, m, v);
    });
    train(rectified, |t, run, [m, v, _]| {
        let (parameters, gradients) = run.parameters();
        radam(RAdam { lr, beta1, beta2, eps, l2, decoupled, t: count(t) }, parameters, gradients, m, v);
    });
    train(rectified, |t, run, [m, highest, _]| {
        let (parameters, gradients) = run.parameters();
        adamax(Adamax { lr, beta1, beta2, eps, l2, t: count(t) }, parameters, gradients, m, highest);
    });
    train(rectified, |t, run, [squares, ..]| {
        let (parameters, gradients) = run.parameters();
        adagrad(Adagrad { lr, lr_decay: 0.0, eps, l2, t: count(t) }, parameters, gradients, squares);
    });
    train(rectified, |_, run, [squares, steps, _]| {
        let (parameters, gradients) = run.parameters();
        adadelta(Adadelta { lr: 1.0, alpha: 0.9, eps: 1e-6, l2 }, parameters, gradients, squares, steps);
    });
    // Weights of columns that are always 0 fade by 5 % in each step.
    train(rectified, |_, run, [m, ..]| {
        let (parameters, gradients) = run.parameters();
        lion(Lion { lr: 0.01, beta1, beta2, decoupled: 0.05 }, parameters, gradients, m);
    });
    train(rectified, |t, run, [v, z, x]| {
        let (parameters, gradients) = run.parameters();
        if t == 0 {
            z.copy_from_slice(parameters);
            x.copy_from_slice(parameters);
        }
        let step = ScheduleFree { lr, beta1, beta2, eps, decay: 0.1, share: 1.0 / (t as f64 + 1.0), t: count(t) };
        schedule_free(step, parameters, gradients, v, z, x);
    });
}
