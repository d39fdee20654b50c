//! The struct as the rules of dropgrid see it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, GenericParam, Generics, Ident, LitInt, LitStr, Path, Type, Visibility};

use crate::{
    axis::{Domain, Values},
    named_width::NamedWidth,
};

/// A model: the annotated struct.
pub(crate) struct Model {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// The generics as declared, without axis attributes.
    pub(crate) generics: Generics,
    /// The searched generics, in the order of declaration.
    pub(crate) choices: Vec<Choice>,
    pub(crate) fields: Vec<Field>,
    pub(crate) options: Options,
    /// The constants of the model's own in its layers.
    pub(crate) named_widths: Vec<NamedWidth>,
    /// The declaration as its author wrote it.
    pub(crate) source: String,
    /// The whole declaration, to know which names are taken.
    pub(crate) tokens: TokenStream,
}

/// The arguments of the attribute itself.
#[derive(Default)]
pub(crate) struct Options {
    /// `input = 64`: the shape of one sample.
    pub(crate) input: Option<Input>,
    /// `rows = Passenger`: the type of a row of the data.
    pub(crate) rows: Option<Type>,
    /// `crate = path`: where dropgrid is.
    pub(crate) path: Option<Path>,
    /// `forbid = condition`: candidates that there are not.
    pub(crate) forbid: Vec<Expr>,
    /// The text of each of these rules, as it is declared.
    pub(crate) forbid_texts: Vec<String>,
    /// `max_architectures = 100`.
    pub(crate) max_architectures: Option<LitInt>,
    /// `tests`: tests of the model are wanted.
    pub(crate) tests: bool,
}

impl Options {
    /// The path of dropgrid.
    pub(crate) fn dropgrid(&self) -> TokenStream {
        self.path.as_ref().map_or_else(|| quote!(::dropgrid), ToTokens::to_token_stream)
    }
}

/// A stated input shape.
pub(crate) enum Input {
    /// Rows of so many features.
    Width(LitInt),
    /// A dfdx shape.
    Shape(Box<Type>),
}

/// A searched generic parameter. Each of its values is compiled as an architecture of its own.
pub(crate) struct Choice {
    /// The parameter as declared: `HIDDEN`.
    pub(crate) param: Ident,
    /// The axis' name: `hidden`.
    pub(crate) axis: Ident,
    pub(crate) values: ChoiceValues,
    /// The axis exists only where this holds. Elsewhere the parameter is its first value.
    pub(crate) when: Option<Expr>,
}

pub(crate) enum ChoiceValues {
    /// The values of a const parameter.
    Widths(Vec<Expr>),
    /// The values of a type parameter, each with its name in the params.
    Types(Vec<(Ident, Type)>),
}

impl ChoiceValues {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Widths(values) => values.len(),
            Self::Types(types) => types.len(),
        }
    }
}

pub(crate) struct Field {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) role: Role,
    /// `#[columns(..)]`: the columns that a layer at the head takes.
    pub(crate) columns: Option<Columns>,
    /// `#[searchable]`: the declared type, a searchable struct or a container of one. [`ty`](Self::ty) is a layer of
    /// that.
    pub(crate) inner: Option<Type>,
}

/// The columns that a field takes.
pub(crate) struct Columns {
    /// The attribute, for messages.
    pub(crate) attr: Attribute,
    pub(crate) names: Vec<ColumnName>,
    /// `..`: the columns that no field names.
    pub(crate) rest: bool,
}

/// The name of a column in `#[columns(..)]`.
pub(crate) enum ColumnName {
    /// The name of a field of the row.
    Ident(Ident),
    /// A name that no field of a struct can have.
    Text(LitStr),
}

impl ColumnName {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Ident(ident) => plain(ident),
            Self::Text(text) => text.value(),
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Ident(ident) => ident.span(),
            Self::Text(text) => text.span(),
        }
    }
}

/// The role of a field.
pub(crate) enum Role {
    /// A layer, with an axis or none, and settings tied to hyperparameters.
    Layer { axis: Option<Values>, ties: Vec<Tie> },
    /// A setting of the training recipe.
    Train(Hyper),
    /// A hyperparameter of the model's own.
    Param(Hyper),
}

/// The axis of a field that is no layer.
pub(crate) struct Hyper {
    pub(crate) domain: Domain,
    /// The axis exists only where this holds.
    pub(crate) when: Option<Expr>,
}

/// `#[set(setting = value)]`.
pub(crate) struct Tie {
    pub(crate) setting: Ident,
    pub(crate) value: Expr,
}

/// One axis of the space, in declaration order.
pub(crate) enum Axis<'a> {
    Choice(&'a Choice),
    /// On a layer: its principal hyperparameter, or a named setting.
    Layer(&'a Field, &'a Values),
    /// On a searchable struct: all of its axes.
    Inner(&'a Field),
    Train(&'a Field, &'a Hyper),
    Param(&'a Field, &'a Hyper),
}

impl Model {
    /// The layers in the order of application.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| matches!(field.role, Role::Layer { .. }))
    }

    /// The layers at the head that take columns of the data.
    pub(crate) fn column_fields(&self) -> impl Iterator<Item = (&Field, &Columns)> {
        self.layers().filter_map(|field| Some((field, field.columns.as_ref()?)))
    }

    /// The names of the columns in the order in which the fields name them first.
    pub(crate) fn column_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for name in self.column_fields().flat_map(|(_, columns)| &columns.names).map(ColumnName::text) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The axes in declaration order.
    pub(crate) fn axes(&self) -> Vec<Axis<'_>> {
        let fields = self.fields.iter().filter_map(|field| match &field.role {
            Role::Layer { .. } if field.inner.is_some() => Some(Axis::Inner(field)),
            Role::Layer { axis, .. } => axis.as_ref().map(|values| Axis::Layer(field, values)),
            Role::Train(hyper) => Some(Axis::Train(field, hyper)),
            Role::Param(hyper) => Some(Axis::Param(field, hyper)),
        });
        self.choices.iter().map(Axis::Choice).chain(fields).collect()
    }

    /// The layers that are searchable structs, each with its declared type.
    pub(crate) fn inner(&self) -> impl Iterator<Item = (&Field, &Type)> {
        self.layers().filter_map(|field| Some((field, field.inner.as_ref()?)))
    }

    /// Every `#[set(...)]`.
    pub(crate) fn ties(&self) -> impl Iterator<Item = &Tie> {
        self.fields.iter().flat_map(|field| match &field.role {
            Role::Layer { ties, .. } => ties.as_slice(),
            Role::Train(_) | Role::Param(_) => &[],
        })
    }

    /// The number of combinations of the searched parameters, whether they occur or not.
    pub(crate) fn combinations(&self) -> usize {
        self.choices.iter().map(|choice| choice.values.len()).fold(1, usize::saturating_mul)
    }

    /// The searched parameter that a generic is, if it is one.
    pub(crate) fn choice_of(&self, param: &GenericParam) -> Option<usize> {
        let ident = match param {
            GenericParam::Const(param) => &param.ident,
            GenericParam::Type(param) => &param.ident,
            GenericParam::Lifetime(_) => return None,
        };
        self.choices.iter().position(|choice| choice.param == *ident)
    }

    /// A name derived from the model's, at the model's place: `MlpParams`.
    pub(crate) fn derived(&self, suffix: &str) -> Ident {
        Ident::new(&format!("{}{suffix}", plain(&self.name)), self.name.span())
    }
}

impl Axis<'_> {
    pub(crate) fn name(&self) -> &Ident {
        match self {
            Axis::Choice(choice) => &choice.axis,
            Axis::Layer(field, _) | Axis::Train(field, _) | Axis::Param(field, _) | Axis::Inner(field) => &field.name,
        }
    }

    /// The values, where the axis is not a searched generic.
    pub(crate) fn domain(&self) -> Option<&Domain> {
        match self {
            Axis::Choice(_) | Axis::Inner(_) => None,
            Axis::Layer(_, values) => Some(&values.domain),
            Axis::Train(_, hyper) | Axis::Param(_, hyper) => Some(&hyper.domain),
        }
    }

    pub(crate) fn when(&self) -> Option<&Expr> {
        match self {
            Axis::Choice(choice) => choice.when.as_ref(),
            Axis::Layer(..) | Axis::Inner(_) => None,
            Axis::Train(_, hyper) | Axis::Param(_, hyper) => hyper.when.as_ref(),
        }
    }

    pub(crate) fn is_continuous(&self) -> bool {
        self.domain().is_some_and(Domain::is_continuous)
    }

    /// The name without the `r#` that lets a keyword be one.
    pub(crate) fn text(&self) -> String {
        plain(self.name())
    }
}

/// The name of a searched type's enum.
pub(crate) fn choice_enum(model: &Model, choice: &Choice) -> Ident {
    Ident::new(&format!("{}{}", plain(&model.name), plain(&choice.param)), choice.param.span())
}

/// An identifier's text without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or_else(|| text.clone(), str::to_owned)
}

/// An identifier of that text, with `r#` where it is a keyword.
pub(crate) fn identifier(text: &str, span: Span) -> Ident {
    // A keyword since the edition of 2024, which syn does not know as one.
    let is_keyword = text == "gen" || syn::parse_str::<Ident>(text).is_err();
    if is_keyword { Ident::new_raw(text, span) } else { Ident::new(text, span) }
}
