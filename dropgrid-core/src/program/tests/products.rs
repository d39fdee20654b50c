//! Products of values.

use super::*;

#[test]
fn a_product_passes_its_gradient_to_both_factors() {
    check(|program, input| {
        let [left, right] = [100, 200].map(|name| linear(program, input, name, [4, 6]));
        program.multiply(left, right)
    });
    check(|program, input| {
        let left = linear(program, input, 100, [4, 6]);
        let square = program.multiply(left, left);
        linear(program, square, 200, [6, 2])
    });
    // The batch needs no gradient.
    check(|program, input| {
        let gate = linear(program, input, 100, [4, 4]);
        program.multiply(gate, input)
    });
}

#[test]
fn a_parameter_of_each_sample_has_the_sum_of_its_gradients() {
    let repeated = |program: &mut Program, name: usize, axes: &[usize]| {
        let numbers: Vec<f32> = (0..axes.iter().product()).map(|at| number(at * 3 + name)).collect();
        let parameter = program.parameter(name, &numbers);
        program.repeat(parameter, axes.to_vec())
    };
    check(|program, input| {
        let hidden = linear(program, input, 100, [4, 6]);
        let [gain, shift] = [200, 300].map(|name| repeated(program, name, &[6]));
        let scaled = program.multiply(hidden, gain);
        program.add(scaled, shift)
    });
    // The same one twice, on the batch itself.
    check(|program, input| {
        let [gain, again] = [200; 2].map(|name| repeated(program, name, &[4]));
        let scaled = program.multiply(input, gain);
        program.multiply(scaled, again)
    });
    check_on(&[3, 2], |program, input| {
        let gain = repeated(program, 200, &[3, 2]);
        program.multiply(input, gain)
    });
}
