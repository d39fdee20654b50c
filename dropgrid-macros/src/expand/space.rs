//! `MlpSpace`: all candidates.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::Names;
use crate::model::{Axis, Model};

pub(super) fn expand(model: &Model, names: &Names) -> TokenStream {
    let Names { core, params, space, .. } = names;
    let vis = &model.vis;
    let axes: Vec<Axis<'_>> = model.axes().collect();
    let idents: Vec<_> = axes.iter().map(Axis::name).collect();
    let types: Vec<_> = axes.iter().map(Axis::ty).collect();
    let docs: Vec<_> = axes.iter().map(Axis::doc).collect();
    let methods: Vec<_> = docs.iter().map(|doc| format!("Replaces the values of this axis. {doc}")).collect();
    let positions = 0..axes.len();
    let infos = axes.iter().map(|axis| {
        let name = axis.name();
        match axis {
            Axis::Width(_) => quote!(self.#name.architecture_info()),
            Axis::Layer(..) | Axis::Train(..) => quote!(self.#name.info()),
        }
    });
    let checks = axes.iter().map(|axis| check(axis, names));
    let values = axes.iter().map(|axis| declared(axis, names));
    let doc = format!("The search space of [`{}`]: every candidate, computed when asked for.", model.name);
    let declared_doc = format!("The space as declared on [`{}`].", model.name);
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #vis struct #space {
            #(#[doc = #docs] #idents: #core::Axis<#types>,)*
        }

        impl #space {
            #[doc = #declared_doc]
            pub fn declared() -> Self {
                Self { #(#idents: #values,)* }
            }
            #(
                #[doc = #methods]
                #[must_use]
                pub fn #idents(mut self, values: impl ::core::iter::IntoIterator<Item = #types>) -> Self {
                    self.#idents = self.#idents.with(values);
                    self
                }
            )*
        }

        #[automatically_derived]
        impl #core::Space for #space {
            type Params = #params;

            fn axes(&self) -> #core::Vec<#core::AxisInfo> {
                #core::Vec::from([#(#infos),*])
            }

            fn at(&self, positions: &[usize]) -> #params {
                #params { #(#idents: self.#idents.at(positions[#positions]),)* }
            }

            fn check(&self) -> #core::Result<()> {
                #(#checks)*
                ::core::result::Result::Ok(())
            }
        }

        #[automatically_derived]
        impl<'space> ::core::iter::IntoIterator for &'space #space {
            type Item = #params;
            type IntoIter = #core::Iter<'space, #space>;

            fn into_iter(self) -> Self::IntoIter {
                #core::Space::iter(self)
            }
        }
    }
}

/// The declared values, checked against the type of the axis at each value's place.
fn declared(axis: &Axis<'_>, names: &Names) -> TokenStream {
    let core = &names.core;
    let (name, ty) = (axis.name().to_string(), axis.ty());
    let values = axis.grid().values.iter().map(|value| quote_spanned!(value.span()=> #core::value::<#ty>(#value)));
    quote!(#core::Axis::grid(#name, #core::Vec::<#ty>::from([#(#values),*])))
}

fn check(axis: &Axis<'_>, names: &Names) -> TokenStream {
    let core = &names.core;
    let name = axis.name();
    let text = name.to_string();
    match axis {
        Axis::Width(width) => {
            let values = &width.grid.values;
            quote!(self.#name.check(|value| #core::compiled(#text, *value, &[#(#values),*]))?;)
        }
        Axis::Layer(field, _) => {
            let ty = &field.ty;
            quote_spanned! {ty.span()=>
                self.#name.check(|value| <#core::Built<#ty> as #core::Tunable>::check(#text, *value))?;
            }
        }
        Axis::Train(..) => quote!(self.#name.check(|_| ::core::result::Result::Ok(()))?;),
    }
}
