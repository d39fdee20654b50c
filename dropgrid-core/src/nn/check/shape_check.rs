//! Checks of the shapes between the layers of a model.
//!
//! The trait bounds of the network check the same shapes for the whole network; these checks let the compiler name the
//! two fields and the shape. Generated code passes a shape from layer to layer, and from the last layer of one
//! architecture to the first layer of the next. After a layer that does not accept its input, the shape is unknown, and
//! the compiler reports no further errors.

use dfdx::{
    nn::{BuildOnDevice, Module, ModuleMut},
    shapes::{Rank1, Rank2, Rank3, Shape},
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, Tensor},
};

use crate::{
    data::batches::{BatchShape, Sample},
    nn::{InputShape, check::Never},
};

/// The shape of a sample of `N` numbers, as compiler messages name it.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct FlatRow<const N: usize>;

/// The shape of a sample of `ROWS` × `COLUMNS` numbers, as compiler messages name it.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct Sequence<const ROWS: usize, const COLUMNS: usize>;

/// The shape of a sample of `CHANNELS` × `ROWS` × `COLUMNS` numbers, as compiler messages name it.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct Images<const CHANNELS: usize, const ROWS: usize, const COLUMNS: usize>;

/// The shape before the first architecture.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct Nothing;

/// A shape that no architecture outputs.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct Anything;

/// The shape of the `N` numbers that the fields with `#[columns(..)]` output. The rest of such a network takes them as
/// its input.
#[derive(Debug)]
#[doc(hidden)]
pub struct Columns<const N: usize>;

impl<const N: usize> InputShape for Columns<N> {
    type Sample = Rank1<N>;
}

/// The shape of a sample that has a name in compiler messages.
#[doc(hidden)]
pub trait NamedSample: Sample {
    /// The type with that name.
    type Name;
    /// A value of [`Name`](Self::Name).
    const NAME: Self::Name;
}

impl<const N: usize> NamedSample for Rank1<N> {
    type Name = FlatRow<N>;
    const NAME: FlatRow<N> = FlatRow;
}

impl<const M: usize, const N: usize> NamedSample for Rank2<M, N> {
    type Name = Sequence<M, N>;
    const NAME: Sequence<M, N> = Sequence;
}

impl<const M: usize, const N: usize, const O: usize> NamedSample for Rank3<M, N, O> {
    type Name = Images<M, N, O>;
    const NAME: Images<M, N, O> = Images;
}

/// The output shape of an architecture, after which the next architecture is checked.
#[doc(hidden)]
pub trait Then {
    /// The shape `Next`. It is known only if this shape is known.
    type Then<Next>;

    /// Returns `next`.
    fn then<Next>(next: Next) -> Self::Then<Next>;
}

/// A network with a known input shape. `Before` is the output shape of the architecture that was checked before it.
#[cfg_attr(doc, doc(hidden))]
pub trait Begins<Before> {
    /// The shape of one input sample.
    type Sample;

    /// Returns the input shape.
    fn begin(before: Before) -> Self::Sample;
}

impl<N: InputShape<Sample: NamedSample>, Before: Then> Begins<Before> for N {
    type Sample = Before::Then<<N::Sample as NamedSample>::Name>;

    fn begin(_: Before) -> Self::Sample {
        Before::then(<N::Sample as NamedSample>::NAME)
    }
}

/// Defines a trait of layers that accept the output of the layer before them.
macro_rules! takes {
    (
        $(#[$about:meta])*
        $takes:ident<$($place:ident),+>, $message:literal $(and $note:literal)?
    ) => {
        $(#[$about])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "this layer does not take `{Given}`",
            $(note = $note,)?
            note = "a `Linear<I, O>` takes `FlatRow<I>` and gives `FlatRow<O>`: make the two widths equal",
            note = "a `Conv2D<I, O, K, S, P>` takes `Images<I, H, W>` and gives O channels, a `MaxPool2D<K, S, P>` or an `AvgPool2D` takes images of any channels: both sides, plus 2 P, are at least K",
            note = "a `Residual<F>` adds what `F` gives to what it takes: make the two one shape",
            note = "a `Flatten2D` makes `Images<C, H, W>` rows of C H W numbers, which the `Linear` behind it takes",
            note = "a layer of your own takes a shape in both phases: `Module` is of tensors without a tape, `ModuleMut` of those with one, and the `Error` of both is `CpuError`"
        )]
        #[cfg_attr(doc, doc(hidden))]
        pub trait $takes<Given, $($place),+, Mark> {
            /// The shape of one output sample.
            type Sample;

            /// Returns the output shape.
            fn give(given: Given) -> Self::Sample;
        }
    };
}

takes! {
    /// A declared layer in the field `After` that accepts samples of shape `Given`, the output of the field `Before`.
    Takes<Before, After>, "`{After}` does not take what `{Before}` gives" and "in a tuple each layer takes what the one before it gives"
}

takes! {
    /// A declared layer in the tuple of the field `Field` that accepts samples of shape `Given`, the output of the
    /// layer before it.
    TakesInTuple<Field>, "in `{Field}`, a layer does not take what the layer before it gives"
}

/// Marks the impl for layers that accept the shape.
#[derive(Debug)]
#[doc(hidden)]
pub struct Found;

/// Marks the impl for no layer.
#[derive(Debug)]
#[doc(hidden)]
pub struct NotFound;

/// Implements a layer trait for each kind of shape, and for two kinds that never occur.
///
/// With impls for one kind only, the compiler would assume that kind before it has seen the shape. For a
/// `Residual<Linear<2, 8>>`, which accepts no shape, the two extra kinds prevent this.
///
/// Each kind has a second impl that applies to no layer. With a single impl, the compiler would select it despite an
/// unmet bound, infer the output shape that a `Residual<Linear<2, 8>>` would have, and report errors in the layers
/// behind it.
macro_rules! takes_shapes {
    ($takes:ident<$($place:ident),+>) => {
        takes_shapes! { $takes<$($place),+> never Anything }
        takes_shapes! { $takes<$($place),+> never Nothing }
        takes_shapes! { $takes<$($place),+> FlatRow<A>, Rank1<A>, A }
        takes_shapes! { $takes<$($place),+> Sequence<A, B>, Rank2<A, B>, A, B }
        takes_shapes! { $takes<$($place),+> Images<A, B, C>, Rank3<A, B, C>, A, B, C }
    };
    ($takes:ident<$($place:ident),+> never $given:ident) => {
        #[diagnostic::do_not_recommend]
        impl<L: BuildOnDevice<Cpu, f32>, $($place),+, Mark> $takes<$given, $($place),+, Mark> for L {
            type Sample = Nothing;

            fn give(_: $given) -> Nothing {
                Nothing
            }
        }
    };
    ($takes:ident<$($place:ident),+> $given:ty, $sample:ty, $($n:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<$(const $n: usize,)+ L: Never, $($place),+> $takes<$given, $($place),+, NotFound> for L {
            type Sample = Nothing;

            fn give(_: $given) -> Nothing {
                Nothing
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$(const $n: usize,)+ L, In, Out, $($place),+> $takes<$given, $($place),+, Found> for L
        where
            // The bound on the shape comes first, because the compiler uses it to judge the layer.
            $sample: Sample<Batch = In>,
            L: BuildOnDevice<Cpu, f32>,
            L::Built: Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>, Error = CpuError>
                + ModuleMut<
                    Tensor<In, f32, Cpu, OwnedTape<f32, Cpu>>,
                    Output = Tensor<Out, f32, Cpu, OwnedTape<f32, Cpu>>,
                    Error = CpuError,
                >,
            In: Shape,
            Out: BatchShape,
            Out::Sample: NamedSample,
        {
            type Sample = <Out::Sample as NamedSample>::Name;

            fn give(_: $given) -> Self::Sample {
                Out::Sample::NAME
            }
        }
    };
}

takes_shapes! { Takes<Before, After> }
takes_shapes! { TakesInTuple<Field> }

/// The output shape `Self` of an architecture. It must equal `First`, the output shape of the model's first
/// architecture.
#[diagnostic::on_unimplemented(
    message = "the architectures of a model do not give outputs of one shape",
    label = "the first architecture gives `{First}`, another one `{Self}`",
    note = "widths of the last layer cannot be searched: the target needs one shape of output"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait OneShape<First> {
    /// The common shape.
    type Same;

    /// Returns the shape.
    fn same(self, first: First) -> Self::Same;
}

/// Implements the traits of an architecture's output for each kind of shape. Each kind has two [`OneShape`] impls, so
/// that the compiler waits for the shape of the first architecture.
macro_rules! ends {
    ($($shape:ty $(, $n:ident)*;)+) => {$(
        impl<$(const $n: usize),*> Then for $shape {
            type Then<Next> = Next;

            fn then<Next>(next: Next) -> Next {
                next
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$(const $n: usize),*> OneShape<Self> for $shape {
            type Same = Self;

            fn same(self, _: Self) -> Self {
                self
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$(const $n: usize),*> OneShape<Anything> for $shape {
            type Same = Self;

            fn same(self, _: Anything) -> Self {
                self
            }
        }
    )+};
}

ends! {
    Nothing;
    FlatRow<A>, A;
    Sequence<A, B>, A, B;
    Images<A, B, C>, A, B, C;
}
