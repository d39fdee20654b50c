//! Tests of embeddings against PyTorch, whose results `tests/golden/embed.py` writes, and of chains that end in an
//! embedding.

use dfdx::{
    shapes::{HasShape, Rank0},
    tensor::{NoneTape, OwnedTape, TensorFromVec},
    tensor_ops::{Backward, SumTo},
};

use super::*;
use crate::{
    kernel::update::{self, Adam},
    nn::{LowerColumns, each_tensor},
    program::{Program, Run},
};

/// Returns a part of the sequence from which the script takes its tensors.
pub(super) fn numbers(start: usize, len: usize) -> Vec<f32> {
    (start..start + len).map(|at| (((at * 37 + 11) % 101) as f64 / 101.0 - 0.5) as f32).collect()
}

const CODES: [f64; 6] = [4.0, 0.0, 2.0, 4.0, 1.0, 0.0];

/// Returns the embedding with the table of the script.
fn table() -> crate::nn::Embed<5, 3, f32, Cpu> {
    let mut embed = built::<Embed<5, 3>>();
    embed.weight.copy_from(&numbers(20, 15));
    embed
}

#[track_caller]
pub(super) fn assert_close(name: &str, found: &[f32]) {
    let lines = include_str!("../../../../../tests/golden/embed.txt").lines();
    let line = lines.filter_map(|line| line.split_once(' ')).find(|line| line.0 == name).expect("a result").1;
    let wanted: Vec<f64> = line.split(' ').map(|number| number.parse().expect("a number")).collect();
    assert_eq!(found.len(), wanted.len(), "{name}");
    // The tolerance covers a few roundings of numbers below 1.
    let is_close = found.iter().zip(&wanted).all(|(found, wanted)| (f64::from(*found) - wanted).abs() < 1e-6);
    assert!(is_close, "{name}: {found:?} instead of {wanted:?}");
}

/// Returns the program of a layer for the columns at these positions of a batch of rows of `width` numbers, with the
/// batch copied in.
fn program(layer: &impl LowerColumns, width: usize, positions: &[usize], origins: &[f64], rows: usize) -> Run {
    let mut program = Program::new(&[width]);
    let output = layer.lower_columns(&mut program, Program::INPUT, positions, origins);
    Run::new(program.finish(output), rows).expect("memory")
}

/// Computes the output of a layer for rows of cells, and the gradients of the sum of its squares, on the tape.
fn taped<L: ColumnLayer<f32, Cpu>>(layer: &L, cells: &[f64]) -> (Vec<f32>, dfdx::tensor::Gradients<f32, Cpu>) {
    let output = layer.forward_columns(cells, &Cpu::default(), OwnedTape::default()).expect("memory");
    let y = output.as_vec();
    let shape = *output.shape();
    assert_eq!(shape, (cells.len() / L::COLUMNS, L::WIDTH));
    let weights = Cpu::default().tensor_from_vec(numbers(500, y.len()), shape);
    (y, (output * weights).sum::<Rank0, _>().backward())
}

fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

#[test]
fn an_embedding_is_pytorchs_with_the_same_bits_on_both_ways() {
    let embed = table();
    let mut run = program(&embed, 1, &[0], &[], 8);
    let batch = CODES.map(|code| code as f32);
    // The second pass would show state left over from the first.
    for _ in 0..2 {
        run.batch()[..6].copy_from_slice(&batch);
        let y = run.forward(6, [0; 8]).to_vec();
        run.output(6).1.copy_from_slice(&numbers(500, 18));
        run.backward(6);
        let d = run.parameters().1[..15].to_vec();
        assert_close("y", &y);
        assert_close("d", &d);
        let (taped, gradients) = taped(&embed, &CODES);
        assert_eq!(bits(&taped), bits(&y));
        assert_eq!(bits(&gradients.get(&embed.weight).as_vec()), bits(&d));
        let evaluated = embed.forward_columns(&CODES, &Cpu::default(), NoneTape).expect("memory");
        assert_eq!(bits(&evaluated.as_vec()), bits(&y));
    }
}

#[test]
fn a_step_of_adam_moves_every_row() {
    let mut run = program(&table(), 1, &[0], &[], 6);
    let before = run.numbers()[..15].to_vec();
    let [mut first, mut second] = [vec![0.0; 16], vec![0.0; 16]];
    for t in 1..=3 {
        run.batch().copy_from_slice(&CODES.map(|code| code as f32));
        let y = run.forward(6, [0; 8]).to_vec();
        let gradient: Vec<f32> = y.iter().zip(numbers(500, 18)).map(|(y, weight)| weight + 2.0 * y).collect();
        run.output(6).1.copy_from_slice(&gradient);
        run.backward(6);
        let adam = Adam { lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8, l2: 0.0, decoupled: 0.1 * 0.01, t };
        let (parameters, gradients) = run.parameters();
        update::adam(adam, parameters, gradients, &mut first, &mut second, None);
    }
    assert_close("adam", &run.numbers()[..15]);
    // Category 3 does not occur, so only weight decay changes its row.
    assert!(before.iter().zip(run.numbers()).all(|(before, after)| before != after));
}

#[test]
fn the_initial_table_is_of_standard_normal_draws() {
    let embed: crate::nn::Embed<200, 50, f32, Cpu> = Embed::<200, 50>::build_on_device(&Cpu::seed_from_u64(3));
    let numbers = embed.weight.as_vec();
    let mean = |of: &dyn Fn(f64) -> f64| numbers.iter().map(|number| of(f64::from(*number))).sum::<f64>() / 1e4;
    // The tolerances are five standard errors of 10,000 draws.
    assert!(
        mean(&|x| x).abs() < 0.05 && (mean(&|x| x * x) - 1.0).abs() < 0.071 && (mean(&|x| x.powi(4)) - 3.0).abs() < 0.5
    );
}

#[test]
fn codes_that_are_no_category_give_no_number() {
    let embed = table();
    let codes = [5.0, -1.0, f64::NAN, 1.5, 1.0];
    let (taped, gradients) = taped(&embed, &codes);
    let mut run = program(&embed, 1, &[0], &[], 5);
    run.batch().copy_from_slice(&codes.map(|code| code as f32));
    let y = run.forward(5, [0; 8]).to_vec();
    assert!(y[..12].iter().chain(&taped[..12]).all(|number| number.is_nan()));
    assert_eq!([&y[12..], &taped[12..]], [&numbers(23, 3)[..]; 2]);
    drop(gradients);
}

/// The first column has numbers far from zero, the second has categories. Both may have missing cells.
#[test]
fn chains_agree_on_both_ways() {
    let mut numbers_chain = built::<(WithIndicator<Impute<2, Median>>, Standardize<4>)>();
    let mut deck = built::<(Impute<1, OwnCategory<4>>, Embed<5, 3>)>();
    deck.1 = table();
    // The inputs of the network: a number relative to its origin, a code, a number.
    let origins = [1_700_000_000.0, 0.0, 0.0];
    let input: Vec<f32> = vec![
        60.0,
        2.0,
        0.25,
        120.0,
        f32::NAN,
        0.5,
        f32::NAN,
        0.0,
        4.0,
        240.0,
        3.0,
        f32::NAN,
        0.0,
        f32::NAN,
        -1.0,
        30.0,
        2.0,
        1.0,
    ];
    let cells = |positions: &[usize]| -> Vec<f64> {
        let row = |row: &[f32]| positions.iter().map(|&at| origins[at] + f64::from(row[at])).collect::<Vec<_>>();
        input.chunks(3).flat_map(row).collect()
    };
    let [first, second] = [cells(&[2, 0]), cells(&[1])];
    fit_chain(&mut numbers_chain, &first).expect("values");
    fit_chain(&mut deck, &second).expect("categories");

    let mut program = Program::new(&[3]);
    let parts = [
        numbers_chain.lower_columns(&mut program, Program::INPUT, &[2, 0], &[0.0, origins[0]]),
        deck.lower_columns(&mut program, Program::INPUT, &[1], &[]),
    ];
    let both = program.concat(&[parts[0], parts[1], parts[0]]);
    let mut run = Run::new(program.finish(both), 7).expect("memory");
    run.batch()[..18].copy_from_slice(&input);
    let y = run.forward(6, [0; 8]).to_vec();
    let mut weights = vec![0.0; y.len()];
    for (row, numbers) in numbers(500, 18).chunks(3).enumerate() {
        weights[row * 11 + 4..][..3].copy_from_slice(numbers);
    }
    run.output(6).1.copy_from_slice(&weights);
    run.backward(6);
    let d = run.parameters().1[..15].to_vec();

    let (left, _) = taped_values(&numbers_chain, &first);
    let (right, gradients) = taped(&deck, &second);
    for (row, y) in y.chunks(11).enumerate() {
        let wanted = [&left[row * 4..][..4], &right[row * 3..][..3], &left[row * 4..][..4]].concat();
        assert_eq!(bits(y), bits(&wanted), "row {row}");
    }
    assert_eq!(bits(&gradients.get(&deck.1.weight).as_vec()), bits(&d));
    assert!(y.iter().all(|number| number.is_finite()));
    let mut trained = 0;
    each_tensor(&deck, |_, is_trained| {
        trained += usize::from(is_trained);
        Ok(())
    })
    .expect("tensors");
    assert_eq!(trained, 1, "the table alone is trained");
}

/// Covers embeddings and steps of several columns in one field.
#[test]
fn layers_side_by_side_agree_on_both_ways() {
    let mut layers =
        built::<PerColumn<(Embed<5, 3>, Standardize<1>, (Impute<1, OwnCategory<4>>, Embed<5, 3>), OneHot<2>)>>();
    layers.layers.0 = table();
    layers.layers.2.1 = table();
    layers.layers.2.1.weight.copy_from(&numbers(60, 15));
    let cells = [4.0, 0.5, 2.0, 1.0, 0.0, -1.5, f64::NAN, 0.0, 2.0, 3.0, 0.0, 1.0];
    fit_chain(&mut layers, &cells).expect("values");
    let mut run = program(&layers, 4, &[0, 1, 2, 3], &[], 3);
    run.batch()[..12].copy_from_slice(&cells.map(|cell| cell as f32));
    let y = run.forward(3, [0; 8]).to_vec();
    run.output(3).1.copy_from_slice(&numbers(500, 27));
    run.backward(3);
    // Each tensor begins at a cache line.
    let gradients = run.parameters().1.to_vec();
    let (taped, on_tape) = taped(&layers, &cells);
    assert_eq!(bits(&taped), bits(&y));
    assert!(y.iter().all(|number| number.is_finite()));
    let wanted = [&layers.layers.0, &layers.layers.2.1].map(|table| bits(&on_tape.get(&table.weight).as_vec()));
    assert_eq!([bits(&gradients[..15]), bits(&gradients[16..31])], wanted);
    assert!(gradients[..15].iter().chain(&gradients[16..31]).any(|gradient| *gradient != 0.0));
    let evaluated = layers.forward_columns(&cells, &Cpu::default(), NoneTape).expect("memory");
    assert_eq!(bits(&evaluated.as_vec()), bits(&y));
}

/// Returns the output of a layer without parameters.
fn taped_values<L: ColumnLayer<f32, Cpu>>(layer: &L, cells: &[f64]) -> (Vec<f32>, usize) {
    let output = layer.forward_columns(cells, &Cpu::default(), OwnedTape::default()).expect("memory");
    (output.as_vec(), L::WIDTH)
}
