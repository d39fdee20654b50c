//! Layers as operators of a [`Graph`].

use std::marker::PhantomData;

use crate::graph::{Edge, Graph};

/// A layer that can be exported: it describes its evaluation pass as operators of
/// [ONNX](https://onnx.ai/onnx/operators/).
///
/// Every layer of dropgrid implements it. Tuples, residual blocks and models implement it if their layers do.
///
/// Implement it for your own layer by the `export` of its parts or by operators of ONNX:
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

/// Exports a layer. `name` prefixes the names of its operators.
#[doc(hidden)]
pub fn export_layer<L: Export>(graph: &mut Graph, name: &str, layer: &L, input: Edge) -> Edge {
    graph.within(name, |graph| layer.export(graph, input))
}

/// Finds the function that exports the network type `N`, in the way of [`Statistics`](super::Statistics).
#[derive(Debug)]
#[doc(hidden)]
pub struct Exports<N>(PhantomData<fn() -> N>);

impl<N> Exports<N> {
    /// Creates the query for `N`.
    #[allow(clippy::new_without_default, reason = "a query has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<N: Export> Exports<N> {
    /// Returns [`Export::export`], or `None` without the feature `onnx`, so that the function is not compiled.
    pub fn exporting(self) -> Option<ExportFn<N>> {
        export_fn::<N>()
    }
}

#[cfg(feature = "onnx")]
#[allow(clippy::unnecessary_wraps, reason = "there is none without the feature")]
fn export_fn<N: Export>() -> Option<ExportFn<N>> {
    Some(N::export)
}

#[cfg(not(feature = "onnx"))]
fn export_fn<N: Export>() -> Option<ExportFn<N>> {
    None
}

/// The result of [`Exports`] for networks that do not implement [`Export`].
#[doc(hidden)]
pub trait NoExport<N>: Sized {
    /// Returns `None`: some layer cannot be exported.
    fn exporting(self) -> Option<ExportFn<N>> {
        None
    }
}

impl<N> NoExport<N> for Exports<N> {}
