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
