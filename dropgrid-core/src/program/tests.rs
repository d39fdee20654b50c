mod fading;
mod products;

use super::*;
use crate::kernel::{pool::Pool, simd::forced::on_each};

const ROWS: usize = 5;
const KEY: [u32; 8] = [3; 8];

fn number(at: usize) -> f32 {
    ((at * 37 + 11) % 101) as f32 / 101.0 - 0.5
}

/// A dense layer with parameters of its own; `name` stands for the address of its tensors.
fn linear(program: &mut Program, from: Value, name: usize, size: [usize; 2]) -> Value {
    let numbers: Vec<f32> = (0..size[0] * size[1]).map(|at| number(at * 3 + name)).collect();
    let weight = program.parameter(name, &numbers);
    let bias = program.parameter(name + 1, &numbers[..size[1]]);
    program.linear(from, size, weight, bias)
}

/// A loss that is linear in the output, so that its gradient by the output is its weights.
fn loss(run: &mut Run) -> f64 {
    (0..ROWS * run.program().widths[0]).for_each(|at| run.batch()[at] = number(at * 5));
    let output = run.forward(ROWS, KEY).iter().enumerate();
    output.map(|(at, value)| f64::from(*value) * f64::from(number(at * 7))).sum()
}

/// Checks the gradient of every parameter on every level of the kernels.
fn check(make: impl Fn(&mut Program, Value) -> Value) -> Run {
    check_on(&[4], make)
}

fn check_on(axes: &[usize], make: impl Fn(&mut Program, Value) -> Value) -> Run {
    let runs = on_each(|| against_quotients(axes, &make));
    runs.into_iter().next().expect("the base").1
}

/// Checks the gradient of every parameter against difference quotients, after a step that leaves its traces.
fn against_quotients(axes: &[usize], make: impl Fn(&mut Program, Value) -> Value) -> Run {
    let mut program = Program::new(axes);
    let output = make(&mut program, Value(0));
    let mut run = Run::new(program.finish(output), ROWS + 3).expect("memory");
    for _ in 0..2 {
        loss(&mut run);
        let (_, gradient) = run.output(ROWS);
        gradient.iter_mut().enumerate().for_each(|(at, gradient)| *gradient = number(at * 7));
        run.backward(ROWS);
    }
    let found = run.parameters().1.to_vec();
    for parameter in run.program().parameters.clone() {
        for at in parameter.range {
            let start = run.parameters().0[at];
            let mut moved = |by: f32| {
                run.parameters().0[at] = start + by;
                let loss = loss(&mut run);
                run.parameters().0[at] = start;
                loss
            };
            let quotient = (moved(0.01) - moved(-0.01)) / 0.02;
            // Third derivatives times 0.01^2 / 6, and rounding of the loss to single precision over 0.02.
            assert!((f64::from(found[at]) - quotient).abs() < 2e-3, "{at}: {} {quotient}", found[at]);
        }
    }
    run
}

#[test]
fn gradients_are_those_of_the_function() {
    check(|program, x| {
        let x = linear(program, x, 10, [4, 6]);
        let x = program.elementwise(x, Function::Tanh);
        let x = program.dropout(x, 0.4);
        linear(program, x, 20, [6, 3])
    });
}

#[test]
fn a_layer_used_twice_gets_the_sum_of_its_gradients() {
    check(|program, x| {
        let x = linear(program, x, 10, [4, 4]);
        let x = program.elementwise(x, Function::Sigmoid);
        linear(program, x, 10, [4, 4])
    });
}

#[test]
fn a_value_read_twice_gets_the_sum_of_its_gradients() {
    check(|program, x| {
        let x = linear(program, x, 10, [4, 4]);
        let body = program.elementwise(x, Function::Tanh);
        let body = linear(program, body, 20, [4, 4]);
        let body = program.dropout(body, 0.25);
        let sum = program.add(body, x);
        program.add(sum, sum)
    });
}

#[test]
fn a_rectifier_and_a_dropout_become_part_of_the_product_before_them() {
    let run = check(|program, x| {
        let x = linear(program, x, 10, [4, 6]);
        let x = program.elementwise(x, Function::Relu);
        let x = program.dropout(x, 0.4);
        let x = linear(program, x, 20, [6, 6]);
        program.elementwise(x, Function::Relu)
    });
    assert_eq!(run.program().operations.len(), 2);
}

#[test]
fn what_is_read_again_is_not_folded() {
    let run = check(|program, x| {
        let x = linear(program, x, 10, [4, 4]);
        let rectified = program.elementwise(x, Function::Relu);
        program.add(rectified, x)
    });
    assert_eq!(run.program().operations.len(), 3);
}

#[test]
fn no_gradient_is_computed_where_no_parameter_needs_it() {
    let run = check(|program, x| {
        let x = program.elementwise(x, Function::Tanh);
        let x = program.dropout(x, 0.4);
        linear(program, x, 10, [4, 3])
    });
    let sizes: Vec<usize> = run.value_gradients.iter().map(|gradient| gradient.len()).collect();
    assert_eq!(sizes, [0, 0, 0, (ROWS + 3) * 3]);
}

#[test]
fn samples_keep_their_axes() {
    let mut program = Program::new(&[2, 3]);
    let x = program.elementwise(Value(0), Function::Tanh);
    let x = linear(&mut program, x, 10, [3, 5]);
    assert_eq!(program.shape(x), [2, 5]);
}

#[test]
fn a_program_of_no_operations_gives_the_batch() {
    let mut run = Run::new(Program::new(&[4]).finish(Value(0)), ROWS).expect("memory");
    loss(&mut run);
    assert_eq!(run.forward(1, KEY), [0, 5, 10, 15].map(number));
    run.backward(ROWS);
}

/// A convolution with parameters of its own: inputs, outputs, kernel, groups; and stride, padding, dilation.
fn conv(
    program: &mut Program,
    from: Value,
    name: usize,
    [inputs, outputs, kernel, groups]: [usize; 4],
    steps: [usize; 3],
) -> Value {
    let (inputs, taps) = (inputs / groups, kernel * kernel);
    let numbers: Vec<f32> = (0..outputs * inputs * taps).map(|at| number(at * 3 + name)).collect();
    let weight = program.kernel(name, &numbers, [inputs, taps]);
    let bias = program.parameter(name + 1, &numbers[..outputs]);
    program.convolve(from, [outputs, kernel, groups], steps, [weight, bias])
}

#[test]
fn images_have_the_gradients_of_the_function() {
    check_on(&[2, 5, 4], |program, x| {
        let x = conv(program, x, 10, [2, 4, 3, 1], [1, 1, 1]);
        let x = program.elementwise(x, Function::Tanh);
        let x = conv(program, x, 20, [4, 4, 2, 2], [1, 0, 2]);
        let x = program.dropout(x, 0.25);
        let x = program.pool(x, Pool::Average, 2, [1, 1, 1]);
        let x = program.flatten(x);
        linear(program, x, 30, [4 * 4 * 3, 3])
    });
    check_on(&[3, 4, 4], |program, x| {
        let x = conv(program, x, 10, [3, 2, 1, 1], [1, 0, 1]);
        let x = program.elementwise(x, Function::Sigmoid);
        let pooled = program.pool(x, Pool::Max, 2, [2, 0, 1]);
        let pooled = program.pool_all(pooled, Pool::Average);
        let all = program.pool_all(x, Pool::Max);
        program.add(all, pooled)
    });
}

#[test]
fn a_kernel_used_twice_gets_the_sum_of_its_gradients() {
    check_on(&[2, 4, 4], |program, x| {
        let x = conv(program, x, 10, [2, 2, 3, 1], [1, 1, 1]);
        let x = program.elementwise(x, Function::Tanh);
        conv(program, x, 10, [2, 2, 3, 1], [1, 1, 1])
    });
}

#[test]
fn channels_lie_last_on_one_side_of_a_sum_only_where_they_do_on_the_other() {
    let run = check_on(&[2, 3, 3], |program, x| {
        let body = conv(program, x, 10, [2, 2, 3, 1], [1, 1, 1]);
        let sum = program.add(body, x);
        let sum = program.add(x, sum);
        program.flatten(sum)
    });
    // A convolution of one tap by the identity returns its input, channels first.
    let mut program = Program::new(&[2, 2, 2]);
    let weight = program.kernel(1, &[1.0, 0.0, 0.0, 1.0], [2, 1]);
    let bias = program.parameter(2, &[0.0, 0.0]);
    let out = program.convolve(Value(0), [2, 1, 1], [1, 0, 1], [weight, bias]);
    let mut same = Run::new(program.finish(out), 2).expect("memory");
    let numbers: Vec<f32> = (0..16).map(|at| at as f32).collect();
    same.batch().copy_from_slice(&numbers);
    assert_eq!(same.forward(2, KEY), numbers);
    assert_eq!(run.program().shape(run.program().output), [18]);
}

#[test]
fn a_rectifier_and_a_dropout_become_part_of_a_convolution() {
    let run = check_on(&[1, 4, 4], |program, x| {
        let x = conv(program, x, 10, [1, 3, 3, 1], [1, 0, 1]);
        let x = program.elementwise(x, Function::Relu);
        let x = program.dropout(x, 0.4);
        program.pool_all(x, Pool::Average)
    });
    assert_eq!(run.program().operations.len(), 2);
}

#[test]
fn whole_channels_drop_where_channels_lie_last() {
    let noise = Rate::new(0.5).map(|rate| Noise::Channels { rate, channels: 8, run: 9, times: 1 });
    let run = check_on(&[1, 3, 3], |program, x| {
        let x = conv(program, x, 10, [1, 8, 3, 1], [1, 1, 1]);
        program.noise(x, noise)
    });
    let mut run = run;
    let output = run.forward(ROWS, KEY);
    let dropped = output.chunks_exact(9).filter(|channel| channel.iter().all(|value| *value == 0.0)).count();
    let kept = output.chunks_exact(9).filter(|channel| channel.iter().all(|value| *value != 0.0)).count();
    assert!(dropped > 5 && kept > 5 && dropped + kept == ROWS * 8, "{dropped} {kept}");
}

#[test]
fn a_kernel_is_written_back_as_its_tensor_lies() {
    let mut program = Program::new(&[2, 3, 3]);
    let numbers: Vec<f32> = (0..24).map(|at| at as f32).collect();
    let range = program.kernel(7, &numbers, [2, 4]);
    assert_eq!(program.numbers[range][..8], [0.0, 4.0, 1.0, 5.0, 2.0, 6.0, 3.0, 7.0]);
    assert_eq!(*program.parameters[0].of(&program.numbers), numbers);
}

/// Numbers between -0.5 and 0.5 as codes of three categories.
#[derive(Debug)]
struct Thirds;

impl Transform for Thirds {
    fn apply(&self, row: &mut Vec<f64>) {
        for cell in row {
            *cell = ((*cell + 0.5) * 3.0).floor();
        }
    }
}

#[test]
fn embeddings_and_values_side_by_side_have_the_gradients_of_the_function() {
    let run = check(|program, x| {
        let codes = program.prepare(x, &[2, 0], &[0.0, 0.1], Thirds, 2);
        let table: Vec<f32> = (0..6).map(number).collect();
        let table = program.parameter(30, &table);
        let embedded = program.embed(codes, table.clone(), 2);
        let again = program.embed(codes, table, 2);
        let dense = linear(program, x, 10, [4, 3]);
        let all = program.concat(&[embedded, x, dense, embedded]);
        let all = linear(program, all, 20, [4 + 4 + 3 + 4, 4]);
        program.add(all, again)
    });
    let sizes: Vec<usize> = run.value_gradients.iter().map(|gradient| gradient.len() / (ROWS + 3)).collect();
    assert_eq!(sizes, [0, 0, 4, 4, 3, 15, 4, 4], "codes and batch need no gradient");
}

#[test]
fn columns_are_prepared_in_double_precision() {
    #[derive(Debug)]
    struct Less(f64);
    impl Transform for Less {
        fn apply(&self, row: &mut Vec<f64>) {
            row[0] -= self.0;
            row.push(-1.0);
        }
    }
    let prepare = |width| {
        let mut program = Program::new(&[2]);
        let out = program.prepare(Program::INPUT, &[1, 0], &[1.7e9], Less(1.7e9 + 3.0), width);
        let mut run = Run::new(program.finish(out), 2).expect("memory");
        run.batch().copy_from_slice(&[7.0, 60.0, f32::NAN, -0.25]);
        run.forward(2, KEY).to_vec()
    };
    let found = prepare(3);
    assert_eq!([&found[..4], &found[5..]].concat(), [57.0, 7.0, -1.0, -3.25, -1.0]);
    assert!(found[4].is_nan());
    assert!(prepare(2).iter().all(|number| number.is_nan()), "a row of another length is none");
}
