//! Faults that the compiler finds while it evaluates a constant, told in a sentence of core's.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::spans::of_span;

/// The sentences about the ends and steps of ranges.
pub(super) const OF_RANGES: [&str; 6] =
    ["FiniteEnds", "LowFirst", "NotEmpty", "AboveZero", "StepAboveZero", "ReachesTheEnd"];

/// The sentences about values outside the range of the hyperparameter of a field.
pub(super) const OF_VALUES: [&str; 5] = ["Rate", "Share", "NonNegative", "Positive", "FiniteNumber"];

/// The sentences about settings that the layer of a field does not have.
pub(super) const OF_SETTINGS: [&str; 3] = ["HasP", "HasEpsilon", "HasMomentum"];

/// The sentences about columns of a row.
pub(super) const OF_COLUMNS: [&str; 5] =
    ["HasColumn", "TakesCategories", "TakesNumbers", "AsManyCategories", "TakesMissing"];

/// The sentences about rows that a network takes without fields of columns.
pub(super) const OF_ROWS: [&str; 3] = ["WholeRow", "NoCategories", "NoMissingCells"];

/// Bounds that hold where `fault`, a constant `Option` of a text, is none of the sentences; `field` is the type that is
/// called like the field that they name. They are shown at `span`, and what `fault` names where it stands.
pub(super) fn told(
    fault: &TokenStream,
    sentences: &[&str],
    field: Option<&TokenStream>,
    core: &Ident,
    span: Span,
) -> TokenStream {
    let bounds = sentences.iter().map(|sentence| {
        let sentence = Ident::new(sentence, span);
        let field = field.map(|field| quote!(<#field>));
        of_span(
            quote! {
                let _ = <<#core::Holds<{
                    #core::is_not(__FAULT, <#core::Holds<true> as #core::#sentence #field>::TEXT)
                }> as #core::Asked<__Parameter>>::Of as #core::#sentence #field>::HOLDS;
            },
            span,
        )
    });
    let text = of_span(quote!(::core::option::Option<&'static str>), span);
    // At the place of the macro, so that the compiler proposes no bound and no parameter there.
    let parameter = Ident::new("__Parameter", Span::call_site());
    let told = quote!(fn __told<#parameter>() { #(#bounds)* });
    let (none, name) = (quote!(_), Ident::new("__FAULT", Span::call_site()));
    quote_spanned! {span=>
        #[allow(dead_code, non_snake_case, trivial_numeric_casts, unused_parens, clippy::all, clippy::pedantic)]
        const #none: () = {
            const #name: #text = #fault;
            #told
        };
    }
}
