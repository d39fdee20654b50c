//! Checks of layers' settings that the compiler makes while it compiles the struct: that there are settings of these
//! names, that each has one source, and that constant values are in their range.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Ident, Lit, Type, spanned::Spanned};

use super::{
    Names, Part, gates,
    generics::{ident, is_open, type_at},
    located,
    told::{OF_SETTINGS, OF_VALUES, told},
};
use crate::{
    axis::Domain,
    literal, mentions,
    model::{Axis, Field, Model, Role, Tie, plain},
};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let first = vec![0; model.choices.len()];
    let layers = model.layers().filter(|field| !is_open(model, &field.ty));
    let checks = layers.flat_map(|field| {
        let ty = type_at(model, &field.ty, &first);
        of_layer(field, &gates::layer(model, &ty, &names.core, names), model, names)
    });
    Part { items: TokenStream::new(), impls: checks.collect() }
}

/// The checks of ranges alone, of layers whose types depend on no generics: a fault elsewhere leaves them as they are.
pub(super) fn ranges(model: &Model, names: &Names) -> TokenStream {
    let layers = model.layers().filter(|field| matches!(field.ty, Type::Path(_)) && !is_generic(model, &field.ty));
    let checks = layers.flat_map(|field| {
        let Role::Layer { axis, ties } = &field.role else { return Vec::new() };
        let searched = axis.iter().flat_map(|axis| constants(&axis.domain).map(|value| (axis.setting.as_ref(), value)));
        let tied = ties.iter().filter(|tie| is_constant(&tie.value, &model.axes()));
        let all = searched.chain(tied.map(|tie| (Some(&tie.setting), (&tie.value, false))));
        let all = all.filter(|(_, (value, _))| !is_generic(model, *value));
        let ty = field.ty.to_token_stream();
        all.map(|(setting, value)| inside(field, &ty, setting, value, names)).collect()
    });
    checks.collect()
}

/// True of the value of a tie that asks no axis, neither by a name that is misspelt: that is told where the tie is
/// evaluated.
fn is_constant(value: &Expr, axes: &[Axis<'_>]) -> bool {
    is_checked(value) && mentions::of(value, axes).is_empty() && mentions::near(value, axes).is_empty()
}

/// True where the tokens mention a generic parameter of the model.
fn is_generic(model: &Model, tokens: &impl ToTokens) -> bool {
    model.generics.params.iter().any(|param| mentions::name(tokens, ident(param)))
}

fn of_layer(field: &Field, ty: &TokenStream, model: &Model, names: &Names) -> Vec<TokenStream> {
    let Role::Layer { axis, ties } = &field.role else { return Vec::new() };
    let axes = model.axes();
    let settings = axis.iter().filter_map(|values| values.setting.as_ref()).chain(ties.iter().map(|tie| &tie.setting));
    let mut checks: Vec<TokenStream> = settings
        .map(|setting| {
            let text = plain(setting);
            let core = located(&names.core, setting.span());
            let spec = settings_spec(field, ty, &core);
            let unknown = quote!(#core::unknown(#spec.settings, #text));
            let unknown = told(&unknown, &OF_SETTINGS, Some(&names.marker(&field.name)), &core, setting.span());
            quote_spanned!(setting.span()=> #unknown #core::known!(#spec, #text);)
        })
        .collect();
    for Tie { setting, value } in ties {
        if axis.as_ref().is_some_and(|values| values.setting.is_none()) {
            let text = plain(setting);
            let core = located(&names.core, setting.span());
            let twice = quote!(#core::set_twice(<#ty as #core::TunableLayer>::SPEC.alias, #text));
            checks.push(told(&twice, &["SetOnce"], None, &core, setting.span()));
        }
        let is_constant = is_constant(value, &axes) && !is_open(model, value);
        checks.extend(is_constant.then(|| inside(field, ty, Some(setting), (value, false), names)));
    }
    if let Some(values) = axis {
        let constants = constants(&values.domain);
        checks.extend(constants.map(|value| inside(field, ty, values.setting.as_ref(), value, names)));
    }
    checks
}

/// The named settings of a field's layer: those of its steps, where it takes columns of the data.
pub(super) fn settings_spec(field: &Field, ty: &TokenStream, core: &Ident) -> TokenStream {
    if field.columns.is_some() {
        quote!(#core::column_settings_spec::<#ty>())
    } else {
        quote!(<#ty as #core::SettingsLayer>::SPEC)
    }
}

/// The values of an axis that the compiler knows, each with whether it is the open end of a range: that is never drawn,
/// and the numbers just below it are, which are known of an end that is written as a number.
fn constants(domain: &Domain) -> impl Iterator<Item = (&Expr, bool)> {
    let all: Vec<(&Expr, bool)> = match domain {
        Domain::List(values) => values.iter().map(|value| (value, false)).collect(),
        Domain::Stepped { low, high, .. } | Domain::Log { low, high, .. } => vec![(low, false), (high, false)],
        Domain::Continuous { low, high, inclusive, .. } => vec![(low, false), (high, !inclusive)],
    };
    let is_told = |(value, is_open_end): &(&Expr, bool)| !is_open_end || literal::number(value).is_some();
    all.into_iter().filter(|(value, _)| is_checked(value)).filter(is_told)
}

/// True where the compiler knows the value of an expression; a whole number here is a type error, which is told once.
fn is_checked(value: &Expr) -> bool {
    match value {
        Expr::Lit(lit) => matches!(lit.lit, Lit::Float(_)),
        Expr::Unary(unary) => is_checked(&unary.expr),
        Expr::Paren(paren) => is_checked(&paren.expr),
        Expr::Group(group) => is_checked(&group.expr),
        _ => literal::is_constant(value),
    }
}

/// The value is inside the range of the layer's hyperparameter, or the numbers below it are where it is an open end.
fn inside(
    field: &Field,
    ty: &TokenStream,
    setting: Option<&Ident>,
    (value, is_open_end): (&Expr, bool),
    names: &Names,
) -> TokenStream {
    let core = located(&names.core, value.span());
    let name = plain(&field.name);
    let shown = quote!(#value).to_string().replace(' ', "");
    let (range, setting) = match setting.map(plain) {
        None => {
            let spec = quote!(<#ty as #core::TunableLayer>::SPEC);
            (quote!(#spec.range), quote!(#spec.setting))
        }
        Some(setting) => {
            let spec = settings_spec(field, ty, &core);
            (quote!(#core::range_or_any(#spec.settings, #setting)), quote!(#setting))
        }
    };
    let number = match literal::number(value) {
        // A layer computes in single precision.
        Some(end) if is_open_end => f64::from((end as f32).next_down().max(f32::MIN)).to_token_stream(),
        Some(_) => value.to_token_stream(),
        // Of a constant of another type, the compiler then says the same here and below, which it prints once.
        None => quote!({ const __VALUE: f64 = #value; __VALUE }),
    };
    let marker = names.marker(&field.name);
    let outside = told(&quote!(#core::outside(#range, #number)), &OF_VALUES, Some(&marker), &core, value.span());
    quote_spanned!(value.span()=> #outside #core::inside!(#range, #name, #setting, #number, #shown);)
}
