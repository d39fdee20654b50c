//! The struct as the rules of dropgrid see it.

use proc_macro2::Span;
use syn::{Attribute, Generics, Ident, LitInt, Path, Type, Visibility};

use crate::axis::Grid;

/// A model: the annotated struct.
pub(crate) struct Model {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// The generics as declared, without axis attributes.
    pub(crate) generics: Generics,
    /// The widths, in the order of the generics.
    pub(crate) widths: Vec<Width>,
    pub(crate) fields: Vec<Field>,
    pub(crate) options: Options,
}

/// The arguments of the attribute itself.
pub(crate) struct Options {
    /// `input = 64`: the shape of one sample.
    pub(crate) input: Option<Input>,
    /// `crate = path`: where dropgrid is.
    pub(crate) path: Option<Path>,
}

/// A stated input shape.
pub(crate) enum Input {
    /// Rows of so many features.
    Width(LitInt),
    /// A dfdx shape.
    Shape(Box<Type>),
}

/// A searched const parameter.
pub(crate) struct Width {
    /// The parameter as declared: `HIDDEN`.
    pub(crate) param: Ident,
    /// The axis' name: `hidden`.
    pub(crate) axis: Ident,
    pub(crate) grid: Grid,
}

pub(crate) struct Field {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
}

/// What a field is.
pub(crate) enum Role {
    /// A layer, with an axis on its principal hyperparameter or none.
    Layer(Option<Grid>),
    /// A setting of the training recipe.
    Train(Grid),
}

/// One axis of the space, in declaration order.
pub(crate) enum Axis<'a> {
    Width(&'a Width),
    Layer(&'a Field, &'a Grid),
    Train(&'a Field, &'a Grid),
}

impl Model {
    /// The layers in the order of application.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| matches!(field.role, Role::Layer(_)))
    }

    /// The axes in declaration order.
    pub(crate) fn axes(&self) -> impl Iterator<Item = Axis<'_>> {
        let fields = self.fields.iter().filter_map(|field| match &field.role {
            Role::Layer(Some(grid)) => Some(Axis::Layer(field, grid)),
            Role::Layer(None) => None,
            Role::Train(grid) => Some(Axis::Train(field, grid)),
        });
        self.widths.iter().map(Axis::Width).chain(fields)
    }

    /// A name derived from the model's, at the model's place: `MlpParams`.
    pub(crate) fn derived(&self, suffix: &str) -> Ident {
        Ident::new(&format!("{}{suffix}", self.name), self.name.span())
    }
}

impl Axis<'_> {
    pub(crate) fn name(&self) -> &Ident {
        match self {
            Axis::Width(width) => &width.axis,
            Axis::Layer(field, _) | Axis::Train(field, _) => &field.name,
        }
    }

    pub(crate) fn grid(&self) -> &Grid {
        match self {
            Axis::Width(width) => &width.grid,
            Axis::Layer(_, grid) | Axis::Train(_, grid) => grid,
        }
    }
}

/// A local name that no user's name can be.
pub(crate) fn local(name: &str, index: usize) -> Ident {
    Ident::new(&format!("{name}{index}"), Span::mixed_site())
}
