//! The contract of layers that consist of layers: tuples, residual blocks and repetitions.

use dfdx::nn::modules::{GeneralizedResidual, Repeated, Residual};

use crate::{
    data::FitRows,
    error::Result,
    nn::{Lower, PositionIndependent, Preprocess, Seq, TakesInput},
    program::{Program, Value},
};

impl<F: TakesInput<Rest>, Rest> TakesInput<Rest> for Residual<F> {
    type Sample = F::Sample;
}

impl<F: Lower> Lower for Residual<F> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let body = self.0.lower(program, input);
        program.add(body, input)
    }
}

impl<F: TakesInput<Rest>, R, Rest> TakesInput<Rest> for GeneralizedResidual<F, R> {
    type Sample = F::Sample;
}

impl<F: Lower, R: Lower> Lower for GeneralizedResidual<F, R> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let left = self.f.lower(program, input);
        let right = self.r.lower(program, input);
        program.add(left, right)
    }
}

impl<F: TakesInput<Rest>, const N: usize, Rest> TakesInput<Rest> for Repeated<F, N> {
    type Sample = F::Sample;
}

impl<F: Lower, const N: usize> Lower for Repeated<F, N> {
    const EVALUATES: bool = F::EVALUATES;

    fn lower(&self, program: &mut Program, input: Value) -> Value {
        self.modules.iter().fold(input, |value, module| module.lower(program, value))
    }
}

/// Implements the contract of a tuple, whose layers after the first are `$rest` as a list.
macro_rules! tuple {
    ($first:ident $($later:ident)* => $rest:ty) => {
        impl<$first: TakesInput<$rest>, $($later,)* Rest> TakesInput<Rest> for ($first, $($later,)*) {
            type Sample = $first::Sample;
        }

        impl<$first: Lower, $($later: Lower),*> Lower for ($first, $($later,)*) {
            const EVALUATES: bool = $first::EVALUATES $(&& $later::EVALUATES)*;

            #[allow(non_snake_case, reason = "a layer and its type")]
            fn lower(&self, program: &mut Program, value: Value) -> Value {
                let ($first, $($later,)*) = self;
                let value = $first.lower(program, value);
                $(let value = $later.lower(program, value);)*
                value
            }
        }

        impl<$first: Preprocess, $($later: PositionIndependent),*> Preprocess for ($first, $($later,)*) {
            fn fit_statistics(&mut self, rows: &FitRows<'_>) -> Result<()> {
                self.0.fit_statistics(rows)
            }
        }
    };
}

tuple!(A => Rest);
tuple!(A B => Seq<B, Rest>);
tuple!(A B C => Seq<B, Seq<C, Rest>>);
tuple!(A B C D => Seq<B, Seq<C, Seq<D, Rest>>>);
tuple!(A B C D F => Seq<B, Seq<C, Seq<D, Seq<F, Rest>>>>);
tuple!(A B C D F G => Seq<B, Seq<C, Seq<D, Seq<F, Seq<G, Rest>>>>>);
