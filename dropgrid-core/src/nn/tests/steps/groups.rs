//! Tests of groups of infrequent categories, and of a network that reads categories beside numbers.

use dfdx::nn::tensor_collection::TensorCollection;

use super::{
    embed::{assert_close, numbers},
    *,
};
use crate::{
    error::{DataError, Error},
    nn::{Cells, Lower, LowerColumns, Part, each_part, each_part_mut},
    program::{Program, Run},
};

const NAN: f64 = f64::NAN;

/// Returns what a step makes of these codes.
fn codes(step: &impl Step, cells: &[f64]) -> Vec<f64> {
    transformed(&*step.transform(), 1, cells)
}

#[test]
fn each_category_stays_until_its_training_rows_are_too_few() {
    let mut step = built::<GroupInfrequent<4>>();
    let every = [0.0, 1.0, 2.0, 3.0, -1.0, NAN];
    assert_eq!(codes(&step, &every), [0.0, 1.0, 2.0, 3.0, 4.0, 4.0], "before fitting");
    let fit = [0.0, 0.0, 0.0, 1.0, 2.0, 2.0, NAN, -1.0];
    for (least, wanted) in [
        (0.0, [0.0, 1.0, 2.0, 3.0, 4.0, 4.0]),
        (1.0, [0.0, 1.0, 2.0, 4.0, 4.0, 4.0]),
        (2.0, [0.0, 4.0, 2.0, 4.0, 4.0, 4.0]),
        (2.5, [0.0, 4.0, 4.0, 4.0, 4.0, 4.0]),
        (9.0, [4.0; 6]),
    ] {
        step.set("min_frequency", least);
        step.fit(&fit).expect("categories");
        assert_eq!(codes(&step, &every), wanted, "{least}");
    }
    assert_eq!(built::<GroupInfrequent<4>>().min_frequency, 1.0);
    // A cell that is no code is neither missing nor unknown.
    assert!(codes(&step, &[4.0, 0.5, -2.0]).iter().all(|code| code.is_nan()));
    let refused = step.fit(&[1.0, 4.0]);
    assert!(matches!(refused, Err(Error::Data(DataError::NotACategory { value: 4.0, categories: 4 }))), "{refused:?}");
}

#[test]
fn a_chain_with_a_group_takes_missing_and_unknown_cells() {
    fn takes<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> Cells {
        L::Built::TAKES.of(0)
    }
    let every = Cells::category(8).or_missing().or_unknown();
    assert_eq!(takes::<(GroupInfrequent<8>, Embed<9, 4>)>(), every);
    assert_eq!(takes::<(Impute<1, OwnCategory<8>>, GroupInfrequent<9>, Embed<10, 4>)>(), every);
    assert_eq!(takes::<PerColumn<(GroupAndEmbed, OneHot<2>)>>(), every);
}

type GroupAndEmbed = (GroupInfrequent<8>, Embed<9, 4>);

/// Copies the tensors and settings of a layer to a newly built one, as a saved model does.
fn copied<L: TensorCollection<f32, Cpu>>(layer: &L, mut to: L) -> L {
    let (mut tensors, mut settings) = (Vec::new(), Vec::new());
    let read = each_part(layer, |_, part| {
        match part {
            Part::Tensor(tensor, is_trained) => {
                assert!(!is_trained);
                tensors.push(tensor.numbers());
            }
            Part::Setting(value) => settings.push(value),
        }
        Ok(())
    });
    read.expect("parts");
    let (mut tensors, mut settings) = (tensors.into_iter(), settings.into_iter());
    let written = each_part_mut(&mut to, |_, part| {
        match part {
            Part::Tensor(tensor, _) => tensor.replace(tensors.next().expect("a tensor"))?,
            Part::Setting(value) => *value = settings.next().expect("a setting"),
        }
        Ok(())
    });
    written.expect("parts");
    to
}

#[test]
fn a_saved_step_knows_its_groups() {
    let mut step = built::<GroupInfrequent<4>>();
    step.set("min_frequency", 2.0);
    step.fit(&[3.0, 3.0, 1.0]).expect("categories");
    let loaded = copied(&step, built::<GroupInfrequent<4>>());
    assert_eq!(codes(&loaded, &[0.0, 1.0, 2.0, 3.0]), [4.0, 4.0, 4.0, 3.0]);
    assert_eq!(loaded.min_frequency, 2.0);
}

/// Categories of two columns in vectors, beside two columns of scaled numbers: `tests/golden/embed.py` has the same network.
#[test]
fn a_network_of_entity_embeddings_is_pytorchs() {
    let first_cells = [4.0, 0.0, 2.0, 4.0, 1.0, 0.0];
    let second_cells = [0.0, 1.0, 1.0, NAN, 0.0, 2.0];
    let mut first = built::<Embed<5, 3>>();
    let mut second = built::<(GroupInfrequent<4>, Embed<5, 2>)>();
    let mut scale = built::<Standardize<2>>();
    let (mut hidden, mut output) = (built::<Linear<7, 4>>(), built::<Linear<4, 2>>());
    first.weight.copy_from(&numbers(20, 15));
    second.1.weight.copy_from(&numbers(60, 10));
    hidden.weight.copy_from(&numbers(100, 28));
    hidden.bias.copy_from(&numbers(140, 4));
    output.weight.copy_from(&numbers(160, 8));
    output.bias.copy_from(&numbers(180, 2));
    second.0.set("min_frequency", 2.0);
    let columns = numbers(700, 12);
    fit_chain(&mut first, &first_cells).expect("categories");
    fit_chain(&mut second, &second_cells).expect("categories");
    fit_chain(&mut scale, &columns.iter().map(|cell| f64::from(*cell)).collect::<Vec<_>>()).expect("numbers");

    let mut program = Program::new(&[4]);
    let parts = [
        first.lower_columns(&mut program, Program::INPUT, &[0], &[]),
        second.lower_columns(&mut program, Program::INPUT, &[1], &[]),
        scale.lower_columns(&mut program, Program::INPUT, &[2, 3], &[]),
    ];
    let joined = program.concat(&parts);
    let inner = hidden.lower(&mut program, joined);
    let inner = Tanh.lower(&mut program, inner);
    let last = output.lower(&mut program, inner);
    let mut run = Run::new(program.finish(last), 6).expect("memory");
    for (row, numbers) in run.batch().chunks_exact_mut(4).enumerate() {
        numbers.copy_from_slice(&[
            first_cells[row] as f32,
            second_cells[row] as f32,
            columns[2 * row],
            columns[2 * row + 1],
        ]);
    }
    let y = run.forward(6, [0; 8]).to_vec();
    run.output(6).1.copy_from_slice(&numbers(500, 12));
    run.backward(6);
    assert_close("entity_y", &y);
    // Each tensor begins at a cache line of 16 numbers.
    let gradients = run.parameters().1.to_vec();
    let mut start = 0;
    for (at, len) in [15_usize, 10, 28, 4, 8, 2].into_iter().enumerate() {
        assert_close(&format!("entity_d{at}"), &gradients[start..start + len]);
        start += len.next_multiple_of(16);
    }
}
