//! Checks of the shapes between the layers of a model.
//!
//! The bounds of the network check the same for the whole; here the compiler names the two fields and the shape.
//! Generated code hands a shape from layer to layer, and from the end of one architecture to the beginning of the next.
//! Where a layer does not take it, the shape behind it is not known, and nothing more is told.

use dfdx::{
    nn::{BuildOnDevice, Module},
    shapes::{Rank1, Rank2, Rank3, Shape},
    tensor::{Cpu, NoneTape, Tensor},
};

use crate::{
    data::batches::{BatchShape, Sample},
    nn::{InputShape, check::Never},
};

/// A sample of so many numbers, in messages.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct FlatRow<const N: usize>;

/// A sample of so many rows and columns, in messages.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct Sequence<const ROWS: usize, const COLUMNS: usize>;

/// A sample of so many channels, rows and columns, in messages.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct Images<const CHANNELS: usize, const ROWS: usize, const COLUMNS: usize>;

/// The shape before the first architecture.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(doc, doc(hidden))]
pub struct Nothing;

/// A shape that no architecture ends in.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct Anything;

/// The numbers that the fields at the head make of the columns of a row: what a network of columns begins with.
#[derive(Debug)]
#[doc(hidden)]
pub struct Columns<const N: usize>;

impl<const N: usize> InputShape for Columns<N> {
    type Sample = Rank1<N>;
}

/// The shape of a sample that has a name in messages.
#[doc(hidden)]
pub trait NamedSample: Sample {
    /// The type that is named so.
    type Name;
    /// A value of it.
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

/// The shape at the end of an architecture, behind which the next one is checked.
#[doc(hidden)]
pub trait Then {
    /// The shape `Next`, which is known where this one is.
    type Then<Next>;

    /// Gives that shape.
    fn then<Next>(next: Next) -> Self::Then<Next>;
}

/// A network whose input shape is known; `Before` is the shape at the end of the architecture that was checked before
/// it.
#[cfg_attr(doc, doc(hidden))]
pub trait Begins<Before> {
    /// The shape of one sample of input.
    type Sample;

    /// Gives that shape.
    fn begin(before: Before) -> Self::Sample;
}

impl<N: InputShape<Sample: NamedSample>, Before: Then> Begins<Before> for N {
    type Sample = Before::Then<<N::Sample as NamedSample>::Name>;

    fn begin(_: Before) -> Self::Sample {
        Before::then(<N::Sample as NamedSample>::NAME)
    }
}

/// Defines a trait of the layers that take the output of the layer in front of them, and give a shape.
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
            note = "a `Flatten2D` makes `Images<C, H, W>` rows of C H W numbers, which the `Linear` behind it takes"
        )]
        #[cfg_attr(doc, doc(hidden))]
        pub trait $takes<Given, $($place),+, Mark> {
            /// The shape of one sample of output.
            type Sample;

            /// Gives that shape.
            fn give(given: Given) -> Self::Sample;
        }
    };
}

takes! {
    /// A declared layer, in the field `After`, that takes samples of shape `Given`, the output of the field `Before`.
    Takes<Before, After>, "`{After}` does not take what `{Before}` gives" and "in a tuple each layer takes what the one before it gives"
}

takes! {
    /// A declared layer, in the tuple of the field `Field`, that takes samples of shape `Given`, the output of the
    /// layer in front of it.
    TakesInTuple<Field>, "in `{Field}`, a layer does not take what the layer before it gives"
}

/// The mark of a layer that takes a shape.
#[derive(Debug)]
#[doc(hidden)]
pub struct Found;

/// The mark of none.
#[derive(Debug)]
#[doc(hidden)]
pub struct NotFound;

/// Implements a trait of layers for each kind of shapes, and for two that are never given: so no layer takes one kind
/// alone, which the compiler would expect before it has seen the shape. Of a `Residual<Linear<2, 8>>`, which takes
/// nothing, these two remain.
///
/// Each is implemented twice, once for no layer: of two the compiler finds that one fails, and of one alone it takes
/// the shape of what a `Residual<Linear<2, 8>>` would give, and finds faults behind it.
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
            // The shape first, by which the compiler judges the layer.
            $sample: Sample<Batch = In>,
            L: BuildOnDevice<Cpu, f32>,
            L::Built: Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>>,
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

/// The output shape `Self` of an architecture, which is that of the first architecture of its model, `First`.
#[diagnostic::on_unimplemented(
    message = "the architectures of a model do not give outputs of one shape",
    label = "the first architecture gives `{First}`, another one `{Self}`",
    note = "widths of the last layer cannot be searched: the target needs one shape of output"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait OneShape<First> {
    /// The shape.
    type Same;

    /// Gives the shape back.
    fn same(self, first: First) -> Self::Same;
}

/// Implements the traits of the ends of architectures for each kind of shapes. There are two [`OneShape`]s of each, so
/// that the compiler waits for the first architecture's shape.
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
