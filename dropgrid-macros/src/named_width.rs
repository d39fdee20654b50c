//! Widths that are written by the name of a constant, `Linear<64, CLASSES>`.
//!
//! The compiler reads a bare name among generic arguments as a type. Where nothing has that name, it says so at each
//! place to which the type of the field goes, and that a type is no number. So each such name is written once, as the
//! value of a constant of the model's own, which stands in the layer.

use proc_macro2::{Ident, Span};
use syn::{
    Expr, GenericArgument, PathArguments, PathSegment, Type, parse_quote,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

use crate::{
    mentions,
    model::{ChoiceValues, Model, plain},
};

/// The layers whose first arguments, so many, are numbers.
const LAYERS: [(&str, usize); 30] = [
    ("AvgPool1D", 3),
    ("AvgPool2D", 3),
    ("BatchNorm1D", 1),
    ("BatchNorm2D", 1),
    ("Conv1D", 7),
    ("Conv2D", 7),
    ("DropoutOneIn", 1),
    ("Embed", 2),
    ("Embedding", 2),
    ("GroupInfrequent", 1),
    ("Gru", 3),
    ("Impute", 1),
    ("LayerNorm1D", 1),
    ("Linear", 2),
    ("Lstm", 3),
    ("MaxAbs", 1),
    ("MaxPool1D", 3),
    ("MaxPool2D", 3),
    ("MinMax", 1),
    ("MultiHeadAttention", 2),
    ("OneHot", 1),
    ("Ordinal", 1),
    ("OwnCategory", 1),
    ("PReLU1D", 1),
    ("PowerTransform", 1),
    ("QuantileTransform", 1),
    ("RobustScale", 1),
    ("Standardize", 1),
    ("TransformerEncoder", 3),
    ("UnbiasedLinear", 2),
];

/// A constant that the model has of another one.
pub(crate) struct NamedWidth {
    /// The name of it.
    pub(crate) own: Ident,
    /// What is written in the layer.
    pub(crate) written: Ident,
}

/// Puts a constant of the model's own in the place of each, and returns them.
pub(crate) fn replace(model: &mut Model) -> Vec<NamedWidth> {
    let taken = mentions::all(&model.tokens);
    let params = model.generics.const_params().map(|param| plain(&param.ident));
    let mut names = Names { model: plain(&model.name), params: params.collect(), taken, found: Vec::new() };
    for field in &mut model.fields {
        names.visit_type_mut(&mut field.ty);
    }
    for choice in &mut model.choices {
        if let ChoiceValues::Types(types) = &mut choice.values {
            for (_, ty) in types {
                names.visit_type_mut(ty);
            }
        }
    }
    names.found
}

/// True where the parameter is a number of a layer.
pub(crate) fn is_in_layers(model: &Model, param: &Ident) -> bool {
    struct Numbers<'a> {
        param: &'a Ident,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Numbers<'_> {
        fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
            if let PathArguments::AngleBracketed(arguments) = &segment.arguments {
                let is_param = |argument: &GenericArgument| match argument {
                    GenericArgument::Type(Type::Path(path)) => path.path.is_ident(self.param),
                    GenericArgument::Const(Expr::Path(path)) => path.path.is_ident(self.param),
                    _ => false,
                };
                self.found |= arguments.args.iter().take(numbers(segment)).any(is_param);
            }
            visit::visit_path_segment(self, segment);
        }
    }
    let mut numbers = Numbers { param, found: false };
    model.layers().for_each(|field| numbers.visit_type(&field.ty));
    numbers.found
}

/// The number of first arguments of a layer that are numbers.
fn numbers(segment: &PathSegment) -> usize {
    LAYERS.iter().find(|(layer, _)| segment.ident == layer).map_or(0, |(_, numbers)| *numbers)
}

struct Names {
    model: String,
    params: Vec<String>,
    taken: std::collections::HashSet<String>,
    found: Vec<NamedWidth>,
}

impl Names {
    /// The constant of the model's own for that name.
    fn own(&mut self, written: &Ident) -> Ident {
        if let Some(known) = self.found.iter().find(|known| known.written == *written) {
            return known.own.clone();
        }
        let mut name = format!("__{}_{}", self.model, plain(written));
        while self.taken.contains(&name) {
            name.push('_');
        }
        let own = Ident::new(&name, Span::call_site());
        self.found.push(NamedWidth { own: own.clone(), written: written.clone() });
        own
    }
}

impl VisitMut for Names {
    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
        let numbers = numbers(segment);
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            for argument in arguments.args.iter_mut().take(numbers) {
                if let GenericArgument::Type(Type::Path(path)) = argument
                    && path.qself.is_none()
                    && let Some(written) = path.path.get_ident()
                    && !self.params.contains(&plain(written))
                {
                    let own = self.own(&written.clone());
                    *argument = GenericArgument::Const(parse_quote!({ #own }));
                }
            }
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}
