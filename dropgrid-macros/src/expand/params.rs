//! `MlpParams`: one candidate.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, spanned::Spanned};

use super::Names;
use crate::model::{Axis, Model};

pub(super) fn expand(model: &Model, names: &Names) -> TokenStream {
    let Names { core, params, .. } = names;
    let vis = &model.vis;
    let fields = model.axes().map(|axis| {
        let (name, ty) = (axis.name(), axis.ty());
        let doc = axis.doc();
        quote! {
            #[doc = #doc]
            pub #name: #ty
        }
    });
    let texts = model.axes().map(|axis| axis.name().to_string());
    let doc = format!("The hyperparameters of one candidate of [`{}`].", model.name);
    let serde = LitStr::new(&quote!(#core::serde).to_string().replace(' ', ""), model.name.span());
    quote! {
        #[doc = #doc]
        #[derive(
            ::core::clone::Clone, ::core::cmp::PartialEq, ::core::fmt::Debug,
            #core::serde::Serialize, #core::serde::Deserialize,
        )]
        #[serde(crate = #serde, deny_unknown_fields)]
        #vis struct #params {
            #(#fields,)*
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #params {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }

        #[automatically_derived]
        impl #core::Params for #params {
            const NAMES: &'static [&'static str] = &[#(#texts),*];
        }
    }
}

impl Axis<'_> {
    /// The type of the axis' values.
    pub(super) fn ty(&self) -> TokenStream {
        match self {
            Axis::Width(_) => quote!(usize),
            Axis::Layer(..) => quote!(f64),
            Axis::Train(field, _) => {
                let ty = &field.ty;
                quote!(#ty)
            }
        }
    }

    /// What the axis is and which values were declared.
    pub(super) fn doc(&self) -> String {
        let what = match self {
            Axis::Width(width) => format!("The width `{}`", width.param),
            Axis::Layer(field, _) => format!("The hyperparameter of the layer `{}`", field.name),
            Axis::Train(field, _) => format!("The training setting `{}`", field.name),
        };
        let values = &self.grid().values;
        let text: Vec<String> = values
            .iter()
            .map(|value| value.span().source_text().unwrap_or_else(|| quote!(#value).to_string()))
            .collect();
        format!("{what}: {} in the declared grid.", text.join(", "))
    }
}
