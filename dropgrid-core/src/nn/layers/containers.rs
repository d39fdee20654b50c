//! The layer traits of containers: tuples, residual blocks and repetitions.

use dfdx::nn::modules::{AddInto, GeneralizedResidual, Repeated, Residual, SplitInto};

use crate::{
    data::FitRows,
    error::Result,
    graph::{Edge, Graph},
    nn::{Export, Lower, PositionIndependent, Preprocess, Range, Seq, Settings, TakesCodes, TakesInput, Tunable},
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

impl<F: Export> Export for Residual<F> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let body = graph.within("0", |graph| self.0.export(graph, input));
        graph.add(body, input)
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

impl<F: Export, R: Export> Export for GeneralizedResidual<F, R> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let left = graph.within("f", |graph| self.f.export(graph, input));
        let right = graph.within("r", |graph| self.r.export(graph, input));
        graph.add(left, right)
    }
}

impl<F: TakesInput<Rest>, const N: usize, Rest> TakesInput<Rest> for Repeated<F, N> {
    type Sample = F::Sample;
}

impl<F: Lower, const N: usize> Lower for Repeated<F, N> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        self.modules.iter().fold(input, |value, module| module.lower(program, value))
    }
}

/// Implements [`Tunable`] and [`Settings`] of a container by the layers `$all` of type `$layer` in it. Each of them
/// gets every value.
macro_rules! searched_inside {
    ([$($generics:tt)*] $layer:ident in $container:ty, |$it:ident| $all:expr, $all_mut:expr) => {
        impl<$($generics)*> Tunable for $container
        where
            $layer: Tunable,
        {
            const SETTING: &'static str = $layer::SETTING;
            const ALIAS: Option<&'static str> = $layer::ALIAS;
            const RANGE: Range = $layer::RANGE;

            fn tune(&mut self, value: f64) {
                let $it = self;
                for layer in $all_mut {
                    layer.tune(value);
                }
            }
        }

        impl<$($generics)*> Settings for $container
        where
            $layer: Settings,
        {
            const SETTINGS: &'static [(&'static str, Range)] = $layer::SETTINGS;

            fn set(&mut self, setting: &str, value: f64) {
                let $it = self;
                for layer in $all_mut {
                    layer.set(setting, value);
                }
            }

            fn fault(&self) -> Option<(String, &'static str)> {
                let $it = self;
                $all.into_iter().find_map(Settings::fault)
            }
        }
    };
}

searched_inside!([F] F in Residual<F>, |it| [&it.0], [&mut it.0]);
searched_inside!([F, const N: usize] F in Repeated<F, N>, |it| &it.modules, &mut it.modules);
// An axis on a tuple searches its last layer, since a block usually ends in its dropout.
searched_inside!([A, L] L in (A, L), |it| [&it.1], [&mut it.1]);
searched_inside!([A, B, L] L in (A, B, L), |it| [&it.2], [&mut it.2]);
searched_inside!([A, B, C, L] L in (A, B, C, L), |it| [&it.3], [&mut it.3]);
searched_inside!([A, B, C, D, L] L in (A, B, C, D, L), |it| [&it.4], [&mut it.4]);
searched_inside!([A, B, C, D, F, L] L in (A, B, C, D, F, L), |it| [&it.5], [&mut it.5]);

impl<F: Export, const N: usize> Export for Repeated<F, N> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let modules = self.modules.iter().enumerate();
        modules.fold(input, |edge, (at, module)| graph.within(&at.to_string(), |graph| module.export(graph, edge)))
    }
}

/// Implements the export of parallel blocks of layers.
macro_rules! side_by_side {
    ($($layer:ident $at:tt),+) => {
        /// Outputs a tuple with one part for each layer.
        impl<$($layer: Export),+> Export for SplitInto<($($layer,)+)> {
            fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
                let parts = [$(graph.within(stringify!($at), |graph| self.0.$at.export(graph, input))),+];
                graph.tuple(&parts)
            }
        }

        /// Takes a tuple with one part for each layer.
        impl<$($layer: Export),+> Export for AddInto<($($layer,)+)> {
            fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
                let parts = graph.parts(input);
                let mut sum = None;
                $(
                    let Some(&part) = parts.get($at) else {
                        graph.refuse("`AddInto` takes what `SplitInto` gives");
                        return input;
                    };
                    let part = graph.within(stringify!($at), |graph| self.0.$at.export(graph, part));
                    sum = Some(sum.map_or(part, |sum| graph.add(sum, part)));
                )+
                sum.unwrap_or(input)
            }
        }
    };
}

side_by_side!(A 0, B 1);
side_by_side!(A 0, B 1, C 2);
side_by_side!(A 0, B 1, C 2, D 3);
side_by_side!(A 0, B 1, C 2, D 3, F 4);
side_by_side!(A 0, B 1, C 2, D 3, F 4, G 5);

/// Implements the layer traits of a tuple. `$rest` is the type-level list of the layers after the first.
macro_rules! tuple {
    ($first:ident $($later:ident)* => $rest:ty) => {
        impl<$first: TakesInput<$rest>, $($later,)* Rest> TakesInput<Rest> for ($first, $($later,)*) {
            type Sample = $first::Sample;
        }

        impl<$first: Lower, $($later: Lower),*> Lower for ($first, $($later,)*) {
            #[allow(non_snake_case, reason = "a layer and its type")]
            fn lower(&self, program: &mut Program, value: Value) -> Value {
                let ($first, $($later,)*) = self;
                let value = $first.lower(program, value);
                $(let value = $later.lower(program, value);)*
                value
            }
        }

        impl<$first: Export, $($later: Export),*> Export for ($first, $($later,)*) {
            #[allow(non_snake_case, reason = "a layer and its type")]
            fn export(&self, graph: &mut Graph, edge: Edge) -> Edge {
                let ($first, $($later,)*) = self;
                let at = 0;
                let edge = graph.within("0", |graph| $first.export(graph, edge));
                $(
                    let at = at + 1;
                    let edge = graph.within(&at.to_string(), |graph| $later.export(graph, edge));
                )*
                let _: i32 = at;
                edge
            }
        }

        impl<$first: TakesCodes, $($later),*> TakesCodes for ($first, $($later,)*) {
            const CODES: usize = $first::CODES;
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
