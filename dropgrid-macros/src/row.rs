//! `#[derive(Row)]` and `#[derive(Category)]`: rows of data as types of the user's.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Fields, Ident, LitStr, Path, Variant, ext::IdentExt, meta::ParseNestedMeta,
    spanned::Spanned,
};

use crate::{
    errors::{Errors, nearest},
    model::plain,
};

/// The arguments of `#[row(..)]` or `#[category(..)]` on one thing.
#[derive(Default)]
struct Arguments {
    skip: bool,
    name: Option<LitStr>,
    rename_all: Option<Case>,
    path: Option<Path>,
}

impl Arguments {
    /// Reads the attributes called `attribute`, of which the arguments `known` may stand here.
    fn read(attrs: &[Attribute], attribute: &str, known: &[&str], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(attribute)) {
            errors.take(attr.parse_nested_meta(|meta| read.argument(&meta, attribute, known)));
        }
        read
    }

    fn argument(&mut self, meta: &ParseNestedMeta<'_>, attribute: &str, known: &[&str]) -> syn::Result<()> {
        let name = meta.path.get_ident().map(plain).unwrap_or_default();
        if !known.contains(&name.as_str()) {
            let hint = match nearest(&name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "here it takes {}",
                    known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")
                ),
            };
            return Err(meta.error(format!("unknown argument of `#[{attribute}(..)]`: {hint}")));
        }
        match name.as_str() {
            "skip" => self.skip = true,
            "name" => self.name = Some(meta.value()?.parse()?),
            "rename_all" => {
                let text: LitStr = meta.value()?.parse()?;
                self.rename_all = Some(Case::of(&text)?);
            }
            _ => self.path = Some(meta.value()?.call(Path::parse_mod_style)?),
        }
        Ok(())
    }

    /// dropgrid's module for generated code.
    fn private(&self) -> TokenStream {
        match &self.path {
            Some(path) => quote!(#path::__private),
            None => quote!(::dropgrid::__private),
        }
    }
}

/// A rule by which the names of variants become those of categories, as serde has them.
#[derive(Clone, Copy)]
enum Case {
    Lower,
    Upper,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    const ALL: [(&'static str, Self); 7] = [
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("camelCase", Self::Camel),
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
    ];

    fn of(text: &LitStr) -> syn::Result<Self> {
        let value = text.value();
        let found = Self::ALL.into_iter().find(|(name, _)| *name == value);
        found.map(|(_, case)| case).ok_or_else(|| {
            let all: Vec<String> = Self::ALL.iter().map(|(name, _)| format!("{name:?}")).collect();
            syn::Error::new_spanned(text, format!("unknown case: write one of {}", all.join(", ")))
        })
    }

    /// The name of a variant, which is in `PascalCase`, by this rule.
    fn apply(self, name: &str) -> String {
        let separated = |separator: char| {
            let mut text = String::new();
            for (at, letter) in name.chars().enumerate() {
                if at > 0 && letter.is_uppercase() {
                    text.push(separator);
                }
                text.extend(letter.to_lowercase());
            }
            text
        };
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Camel => {
                let mut letters = name.chars();
                letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
            }
            Self::Snake => separated('_'),
            Self::ScreamingSnake => separated('_').to_uppercase(),
            Self::Kebab => separated('-'),
            Self::ScreamingKebab => separated('-').to_uppercase(),
        }
    }
}

/// The impl of `Row` for a struct with named fields.
pub(crate) fn row(input: TokenStream) -> syn::Result<TokenStream> {
    const WRITE: &str =
        "a row is a struct with named fields, each a column: write `struct Passenger { age: Option<f32>, fare: f32 }`";
    let input: DeriveInput = syn::parse2(input)?;
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(_) | Fields::Unit => return Err(syn::Error::new_spanned(&input.ident, WRITE)),
        },
        Data::Enum(data) => return Err(syn::Error::new_spanned(data.enum_token, WRITE)),
        Data::Union(data) => return Err(syn::Error::new_spanned(data.union_token, WRITE)),
    };
    let mut errors = Errors::default();
    let own = Arguments::read(&input.attrs, "row", &["crate"], &mut errors);
    let path = own.private();
    let mut names: Vec<String> = Vec::new();
    let (mut columns, mut cells) = (Vec::new(), Vec::new());
    for field in fields {
        let arguments = Arguments::read(&field.attrs, "row", &["skip", "name"], &mut errors);
        let Some(ident) = field.ident.as_ref().filter(|_| !arguments.skip) else {
            if let Some(name) = &arguments.name {
                errors.at(name, "a field that is skipped is no column and has no name");
            }
            continue;
        };
        let name = arguments.name.as_ref().map_or_else(|| plain(ident), LitStr::value);
        if names.contains(&name) {
            errors.at(ident, format!("another column is called `{name}` already: rename one of the two"));
        }
        let ty = &field.ty;
        let (field, named) = (plain(ident), arguments.name.as_ref().map(|name| quote!(.named(#name))));
        columns.push(quote_spanned!(ty.span()=> #path::RowColumn::of::<#ty>(#field) #named));
        cells.push(quote_spanned!(ty.span()=> #path::Cell::cell(&self.#ident)));
        names.push(name);
    }
    if columns.is_empty() {
        errors.at(&input.ident, "the row has no columns: every field is skipped");
    }
    errors.finish()?;
    let name = &input.ident;
    let (generics, args, clause) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics #path::Row for #name #args #clause {
            const COLUMNS: &'static [#path::RowColumn] = &[#(#columns),*];

            fn push_cells(&self, cells: &mut #path::Vec<::core::option::Option<f64>>) {
                #(cells.push(#cells);)*
            }
        }
    })
}

/// The impls of `Category` and of `Cell` for an enum without fields.
pub(crate) fn category(input: TokenStream) -> syn::Result<TokenStream> {
    const WRITE: &str = "categories are the variants of an enum: write `enum Sex { Female, Male }`";
    let input: DeriveInput = syn::parse2(input)?;
    let variants = match &input.data {
        Data::Enum(data) => &data.variants,
        Data::Struct(data) => return Err(syn::Error::new_spanned(data.struct_token, WRITE)),
        Data::Union(data) => return Err(syn::Error::new_spanned(data.union_token, WRITE)),
    };
    let mut errors = Errors::default();
    let own = Arguments::read(&input.attrs, "category", &["rename_all", "crate"], &mut errors);
    let path = own.private();
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, "an enum of categories has no generics");
    }
    if variants.is_empty() {
        errors.at(&input.ident, WRITE);
    }
    let mut names: Vec<String> = Vec::new();
    for variant in variants {
        if !matches!(variant.fields, Fields::Unit) {
            errors.at(&variant.fields, "a category has no fields: a column has one value a row");
        }
        let name = name_of(variant, own.rename_all, &mut errors);
        if names.contains(&name) {
            errors.at(&variant.ident, format!("another category is called `{name}` already: rename one of the two"));
        }
        names.push(name);
    }
    errors.finish()?;
    let name = &input.ident;
    let idents: Vec<&Ident> = variants.iter().map(|variant| &variant.ident).collect();
    let codes = 0..idents.len();
    let same: Vec<usize> = codes.clone().collect();
    Ok(quote! {
        #[automatically_derived]
        impl #path::Cell for #name {
            const KIND: #path::CellKind = #path::CellKind::Category(<Self as #path::Category>::NAMES);

            fn cell(&self) -> ::core::option::Option<f64> {
                ::core::option::Option::Some(#path::Category::code(self) as f64)
            }
        }

        #[automatically_derived]
        impl #path::Category for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn code(&self) -> usize {
                match self { #(Self::#idents => #codes),* }
            }

            fn from_code(code: usize) -> ::core::option::Option<Self> {
                match code {
                    #(#same => ::core::option::Option::Some(Self::#idents),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}

/// The name of a category.
fn name_of(variant: &Variant, case: Option<Case>, errors: &mut Errors) -> String {
    let arguments = Arguments::read(&variant.attrs, "category", &["name"], errors);
    let ident = variant.ident.unraw().to_string();
    match (&arguments.name, case) {
        (Some(name), _) => name.value(),
        (None, Some(case)) => case.apply(&ident),
        (None, None) => ident,
    }
}
