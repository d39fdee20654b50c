//! Layers as operators of a [`Graph`].

use std::marker::PhantomData;

use crate::graph::{Edge, Graph};

/// A layer that can be exported to other programs: it describes its evaluation pass as operators of
/// [ONNX](https://onnx.ai/onnx/operators/).
///
/// Every layer of dropgrid is one, and so are tuples, residual blocks and models that consist of such layers.
///
/// Implement it for a layer of your own that is made of such layers, or by operators of ONNX:
/// ```
/// # use dfdx::tensor::{AsArray, Cpu, Tensor};
/// # use dfdx::shapes::Rank1;
/// # use dropgrid_core::{graph::{Edge, Graph}, nn::{Export, Linear}};
/// /// Scales what a dense layer gives by the sines of its numbers.
/// struct Waves(Linear<8, 8, f32, Cpu>);
///
/// impl Export for Waves {
///     fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
///         let hidden = self.0.export(graph, input);
///         let sines = graph.apply_like("Sin", &[hidden]);
///         graph.multiply(hidden, sines)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be exported to ONNX",
    note = "a network with such a layer trains and predicts; implement `dropgrid::nn::Export` to export it"
)]
pub trait Export {
    /// Appends the operators of an evaluation pass through this layer, applied to `input`, and returns their output.
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge;
}

/// A function that exports a network `N`.
#[doc(hidden)]
pub type ExportFn<N> = fn(&N, &mut Graph, Edge) -> Edge;

/// Exports a layer under its name.
#[doc(hidden)]
pub fn export_layer<L: Export>(graph: &mut Graph, name: &str, layer: &L, input: Edge) -> Edge {
    graph.within(name, |graph| layer.export(graph, input))
}

/// Finds the function that exports the network type `N`, as [`Statistics`](super::Statistics) finds the one that fits
/// its statistics.
#[derive(Debug)]
#[doc(hidden)]
pub struct Exports<N>(PhantomData<fn() -> N>);

impl<N> Exports<N> {
    /// The query for `N`.
    #[allow(clippy::new_without_default, reason = "a query has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<N: Export> Exports<N> {
    /// [`Export::export`]; `None` without the feature `onnx`, so that it is not compiled for a network.
    pub fn exporting(self) -> Option<ExportFn<N>> {
        of_feature::<N>()
    }
}

#[cfg(feature = "onnx")]
#[allow(clippy::unnecessary_wraps, reason = "there is none without the feature")]
fn of_feature<N: Export>() -> Option<ExportFn<N>> {
    Some(N::export)
}

#[cfg(not(feature = "onnx"))]
fn of_feature<N: Export>() -> Option<ExportFn<N>> {
    None
}

/// The answer of [`Exports`] for networks that are not [`Export`].
#[doc(hidden)]
pub trait NoExport<N>: Sized {
    /// `None`: some layer cannot be exported.
    fn exporting(self) -> Option<ExportFn<N>> {
        None
    }
}

impl<N> NoExport<N> for Exports<N> {}
