//! The network of a candidate as a graph for other programs.

use std::any::Any;

use super::{Init, Model, Network, Seed, Visitor, init::BuildLog, types::own_layers};
use crate::{
    data::batches::shape,
    error::{Error, Result},
    graph::{Edge, Element, Graph},
    space::architectures,
};

/// Appends the operators of a network to a graph, given a function that adds an input for samples of these axes.
pub(crate) struct ExportNetwork<'a, I> {
    /// The network; `None` builds one.
    pub(crate) network: Option<&'a dyn Any>,
    pub(crate) graph: &'a mut Graph,
    pub(crate) input: I,
}

impl<M: Model, I: FnOnce(&mut Graph, &[usize]) -> Edge> Visitor<M> for ExportNetwork<'_, I> {
    type Value = Result<Edge>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Result<Edge> {
        let network = self.network.and_then(|network| network.downcast_ref::<N>());
        let log = if network.is_some() { BuildLog::type_alone() } else { BuildLog::default() };
        let built = build(&Init::alone(Seed(0)).logged(&log));
        let refused = |faults: Vec<String>| Err(Error::Export { model: M::NAME, faults });
        let Some(export) = log.export::<N>() else { return refused(own_layers::<N>(M::LAYERS)) };
        let input = (self.input)(self.graph, &shape::<N::Sample>());
        let output = match network {
            Some(network) => export(network, self.graph, input),
            None => export(&built?, self.graph, input),
        };
        if self.graph.faults().is_empty() { Ok(output) } else { refused(self.graph.faults().to_vec()) }
    }
}

/// Checks that every architecture of a model can be exported.
///
/// # Errors
/// [`Error::Export`].
pub(super) fn check<M: Model>() -> Result<()> {
    for architecture in architectures(&M::Space::default()) {
        let Some(params) = architecture.first() else { continue };
        let input = |graph: &mut Graph, axes: &[usize]| graph.input("features", Element::Float, axes);
        let exported = M::visit(&params, ExportNetwork { network: None, graph: &mut Graph::new(), input });
        // A candidate whose settings are out of range is refused by a search.
        if let Ok(Err(error @ Error::Export { .. })) = exported {
            return Err(error);
        }
    }
    Ok(())
}
