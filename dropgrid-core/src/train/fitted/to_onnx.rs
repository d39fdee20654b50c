//! Export of a fitted model to ONNX.

use std::path::Path;

use super::Fitted;
use crate::{
    data::{Binary, FeatureKind, Target as _},
    error::Result,
    file,
    graph::{Edge, Element, Graph},
    model::{ExportNetwork, Model},
    train::loss::{Link, TrainTarget},
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Writes the model to an [ONNX](https://onnx.ai) file, from which other programs predict. The preparation of the
    /// columns, the network and the predictions are one graph with operators of opset [17](crate::graph::OPSET).
    ///
    /// Predictions are those of an evaluation pass, without dropout.
    ///
    /// Inputs, for any number of rows N:
    ///
    /// - If columns have categories, each column is an input of shape (N, 1) with the column's name. Categories are
    ///   texts; an empty text is a missing cell. Numbers are in double precision; NaN is a missing cell.
    /// - Otherwise there is one input `features` of shape (N, sample), with the columns in the order of
    ///   [`columns`](Self::columns). It is in double precision if columns have [origins](Self::origins), which the
    ///   graph subtracts, or if fields of the model prepare columns. Otherwise it is in single precision.
    ///
    /// Outputs:
    ///
    /// - Classes: `label` (N), the name of the most probable class, or its number if classes have no names;
    ///   `probabilities` (N, classes).
    /// - Two classes: the same, but the label depends on the threshold.
    /// - Flags: `flags` (N, flags), which are true above the threshold; `probabilities` (N, flags).
    /// - Regression: `values` (N, numbers) in double precision, in the units of the data.
    /// - Targets without a [link](crate::train::Link): `outputs`, the output of the network.
    ///
    /// If an input has the name of an output, the output is called `label_1`. Some rows are an error for `predict`:
    /// those with an unknown category, a missing cell that the model does not accept, or a number outside of single
    /// precision. For such a row, `probabilities`, `values` and `outputs` are NaN, `label` is empty or -1, and all
    /// `flags` are false.
    ///
    /// The metadata has `model`, `target` and, as JSON, `hyperparameters`. If they exist, it also has `classes` and
    /// `columns` as JSON and `threshold`.
    ///
    /// # Errors
    /// [`Error::Export`](crate::Error::Export) if a layer cannot be exported, which [`Model::exports`] reports before
    /// training; the errors of [`file::write`].
    pub fn to_onnx(&self, path: impl AsRef<Path>) -> Result<()> {
        file::write(path, self.to_onnx_bytes()?)
    }

    /// Returns the bytes of the file that [`to_onnx`](Self::to_onnx) writes. The same model gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Export`](crate::Error::Export) if a layer cannot be exported.
    pub fn to_onnx_bytes(&self) -> Result<Vec<u8>> {
        let mut graph = Graph::new();
        let mut cells = None;
        let input = |graph: &mut Graph, axes: &[usize]| *cells.insert(self.export_input(graph, axes));
        let network = Some(self.network.as_any());
        let output = M::visit(&self.params, ExportNetwork { network, graph: &mut graph, input })??;
        let takes_missing = M::COLUMNS.is_some();
        let output = cells.map_or(output, |cells| graph.without_refused(output, cells, takes_missing));
        let outputs = self.export_predictions(&mut graph, output);
        Ok(graph.into_onnx(M::NAME, &outputs, &self.export_metadata()))
    }

    /// Appends the input of the network: cells minus the origins, in single precision. A network whose fields prepare
    /// columns adds the origins again, so its fields get the cells that they were fitted on, with the same rounding.
    fn export_input(&self, graph: &mut Graph, axes: &[usize]) -> Edge {
        let has_categories =
            self.kinds.as_deref().is_some_and(|kinds| kinds.iter().any(|kind| *kind != FeatureKind::Number));
        let cells = if has_categories {
            // Create all inputs first, so that each has the name of its column.
            let inputs: Vec<Edge> = (0..axes.iter().product()).map(|column| self.column_input(graph, column)).collect();
            let columns = inputs.into_iter().enumerate();
            let columns: Vec<Edge> = columns.map(|(column, input)| self.encoded(graph, column, input)).collect();
            let cells = graph.concat(&columns);
            graph.reshape(cells, axes)
        } else if M::COLUMNS.is_some() || self.origins.is_some() {
            graph.input("features", Element::Double, axes)
        } else {
            graph.input("features", Element::Float, axes)
        };
        let moved = match self.origins() {
            Some(origins) => {
                let origins = graph.doubles("origins", axes, origins);
                graph.apply_like("Sub", &[cells, origins])
            }
            None => cells,
        };
        graph.cast(moved, Element::Float)
    }

    /// Returns the names of a column's categories, or `None` for a column of numbers.
    fn categories_of(&self, column: usize) -> Option<&[String]> {
        match self.kinds.as_deref()?.get(column)? {
            FeatureKind::Category(categories) => Some(categories),
            FeatureKind::Number => None,
        }
    }

    /// Appends the input of one column, under the column's name.
    fn column_input(&self, graph: &mut Graph, column: usize) -> Edge {
        let name = self.columns().and_then(|columns| columns.get(column)).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| format!("column_{column}"), Clone::clone);
        let element = if self.categories_of(column).is_some() { Element::Text } else { Element::Double };
        graph.input(&name, element, &[1])
    }

    /// Appends the conversion of a column's input to cells in double precision.
    fn encoded(&self, graph: &mut Graph, column: usize, input: Edge) -> Edge {
        self.categories_of(column).map_or(input, |categories| graph.encode(input, categories))
    }

    /// Appends the outputs of the graph and returns them by name.
    fn export_predictions(&self, graph: &mut Graph, output: Edge) -> Vec<(&'static str, Edge)> {
        let Some(link) = T::LINK else { return vec![("outputs", output)] };
        let output = graph.cast(output, Element::Double);
        match link {
            Link::Softmax => {
                let probabilities = graph.apply_like("Softmax", &[output]);
                let class = graph.largest(probabilities);
                let class = graph.or_none(class, probabilities);
                let label = self.export_label(graph, class);
                vec![("label", label), ("probabilities", graph.cast(probabilities, Element::Float))]
            }
            Link::Logistic if T::NAME == Binary::NAME => {
                let positive = graph.apply_like("Sigmoid", &[output]);
                let class = graph.is_above(positive, self.threshold);
                let class = graph.cast(class, Element::Integer);
                let class = graph.reshape(class, &[]);
                let class = graph.or_none(class, positive);
                let label = self.export_label(graph, class);
                let one = graph.doubles("one", &[1], &[1.0]);
                let negative = graph.apply_like("Sub", &[one, positive]);
                let probabilities = graph.concat(&[negative, positive]);
                vec![("label", label), ("probabilities", graph.cast(probabilities, Element::Float))]
            }
            Link::Logistic => {
                let probabilities = graph.apply_like("Sigmoid", &[output]);
                let flags = graph.is_above(probabilities, self.threshold);
                vec![("flags", flags), ("probabilities", graph.cast(probabilities, Element::Float))]
            }
            Link::Identity => {
                let values = self.scaler().map_or(output, |scaler| scaler.export(graph, output));
                vec![("values", values)]
            }
        }
    }

    /// Appends the conversion of the number of a class, or -1, to the name of the class. Without names, the number is
    /// the label.
    fn export_label(&self, graph: &mut Graph, class: Edge) -> Edge {
        match &self.names {
            Some(names) => graph.look_up(names, class),
            None => class,
        }
    }

    fn export_metadata(&self) -> Vec<(&'static str, String)> {
        let json = |names: &[String]| serde_json::Value::from(names).to_string();
        let params = serde_json::to_string(&self.params).unwrap_or_default();
        let mut entries =
            vec![("model", M::NAME.to_owned()), ("target", T::NAME.to_owned()), ("hyperparameters", params)];
        entries.extend(self.names.as_deref().map(|names| ("classes", json(names))));
        entries.extend(self.columns().map(|columns| ("columns", json(columns))));
        if T::LINK == Some(Link::Logistic) {
            entries.push(("threshold", self.threshold.to_string()));
        }
        entries
    }
}
