//! A number that is no code is refused wherever an embedding stands at the head: behind other names, in layers of one's
//! own, on the tape and in programs.

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection},
    },
    shapes::Dtype,
    tensor::{Cpu, CpuError},
    tensor_ops::Device,
};
use dropgrid::{
    TakesCodes, nn,
    nn::Lower,
    prelude::*,
    program::{Program, Value},
    testing,
};

/// A layer that hands its input to an embedding of three codes.
macro_rules! words {
    ($name:ident, $built:ident) => {
        #[derive(Debug, Clone, Copy)]
        struct $name;

        #[derive(Debug, Clone)]
        struct $built<E: Dtype, D: Device<E>>(nn::Embedding<3, 8, E, D>);

        impl BuildOnDevice<Cpu, f32> for $name {
            type Built = $built<f32, Cpu>;
        }

        impl<E: Dtype, D: Device<E>> TensorCollection<E, D> for $built<E, D> {
            type To<E2: Dtype, D2: Device<E2>> = $built<E2, D2>;

            fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
                visitor.visit_fields(Self::module("table", |it| &it.0, |it| &mut it.0), $built)
            }
        }

        impl<T> Module<T> for $built<f32, Cpu>
        where
            nn::Embedding<3, 8, f32, Cpu>: Module<T, Error = CpuError>,
        {
            type Output = <nn::Embedding<3, 8, f32, Cpu> as Module<T>>::Output;
            type Error = CpuError;

            fn try_forward(&self, input: T) -> Result<Self::Output, CpuError> {
                self.0.try_forward(input)
            }
        }

        impl<T> ModuleMut<T> for $built<f32, Cpu>
        where
            nn::Embedding<3, 8, f32, Cpu>: ModuleMut<T, Error = CpuError>,
        {
            type Output = <nn::Embedding<3, 8, f32, Cpu> as ModuleMut<T>>::Output;
            type Error = CpuError;

            fn try_forward_mut(&mut self, input: T) -> Result<Self::Output, CpuError> {
                self.0.try_forward_mut(input)
            }
        }
    };
}

words!(Lowered, BuiltLowered);
words!(Told, BuiltTold);

impl Lower for BuiltLowered<f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        self.0.lower(program, input)
    }
}

impl TakesCodes for BuiltTold<f32, Cpu> {
    const CODES: usize = nn::Embedding::<3, 8, f32, Cpu>::CODES;
}

type Alias = Embedding<3, 8>;

/// Behind an alias in a tuple.
#[searchable(input = 4)]
struct InATuple {
    words: (Alias, Tanh),
    output: (Reshape<Rank1<32>>, Linear<32, 3>),
}

/// In a network that `Sin` keeps on the tape.
#[searchable(input = 4)]
struct OnTheTape<#[grid(Alias)] Words> {
    words: Words,
    output: (Sin, Reshape<Rank1<32>>, Linear<32, 3>),
}

#[searchable(input = 4)]
struct Block {
    words: Embedding<3, 8>,
    act: Sin,
}

/// In a searchable struct.
#[searchable(input = 4)]
struct InAStruct {
    #[searchable]
    block: Block,
    output: (Reshape<Rank1<32>>, Linear<32, 3>),
}

/// In a layer of one's own that says its codes, on the tape.
#[searchable(input = 4)]
struct InOwnTold {
    words: Told,
    output: (Reshape<Rank1<32>>, Linear<32, 3>),
}

/// In a layer of one's own that runs as a program.
#[searchable(input = 4)]
struct InOwnLowered {
    words: Lowered,
    output: (Reshape<Rank1<32>>, Linear<32, 3>),
}

#[test]
fn every_embedding_at_the_head_refuses_a_number_that_is_no_code() {
    let data = |code: f32| {
        let rows = (0..12).map(|at| [at % 3, at / 3 % 3, at % 2, 1].map(|code| code as f32)).chain([[code; 4]]);
        Dataset::new(rows, Classes::<3>::new((0..13).map(|at| at % 3)).expect("labels")).expect("data")
    };
    let wanted = "row 13, column `0`: 3 is no category, expected a whole number in 0..3";
    let of_one = "row 1, column `3`: 0.5 is no category, expected a whole number in 0..3";
    macro_rules! check {
        ($($model:ident)+) => {$(
            let search = || {
                let search = $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2).batch_size(4));
                search.seed(5).progress(false)
            };
            assert_eq!(search().fit(&data(3.0)).expect_err("a code that is none").to_string(), wanted);
            let report = search().fit(&data(2.0)).expect("a report");
            let fitted = report.fitted();
            let features = Features::from_rows([[0.0, 1.0, 2.0, 0.5]]).expect("features");
            assert_eq!(fitted.predict(&features).expect_err("no code").to_string(), of_one);
            let mut predictor = fitted.row_predictor().expect("a predictor");
            assert_eq!(predictor.predict(&[0.0, 1.0, 2.0, 0.5]).expect_err("no code").to_string(), of_one);
            testing::check::<$model>();
        )+};
    }
    check!(InATuple OnTheTape InAStruct InOwnTold InOwnLowered);
}
