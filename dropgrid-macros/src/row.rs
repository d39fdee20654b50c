//! `#[derive(Row)]` and `#[derive(Category)]`: rows of data as types of the user's.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Fields, Ident, LitStr, Path, Variant, WherePredicate, ext::IdentExt,
    meta::ParseNestedMeta, parse_quote, spanned::Spanned,
};

use crate::{
    errors::{Errors, nearest},
    mentions,
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
                // Serde's word for it is the one here.
                _ if name == "name" && known.contains(&"rename") => "did you mean `rename`?".to_owned(),
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
            "rename" => self.name = Some(meta.value()?.parse()?),
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

/// A rule by which the names of variants become those of categories, and the names of fields those of columns, as serde
/// has them.
#[derive(Clone, Copy)]
enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    const ALL: [(&'static str, Self); 8] = [
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("PascalCase", Self::Pascal),
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

    /// The name of a field, which is in `snake_case`, by this rule.
    fn apply_to_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_uppercase(),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.replace('_', "-").to_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => Self::Camel.apply(&pascal(name)),
        }
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
            Self::Pascal => name.to_owned(),
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

/// A name in `snake_case` as one in `PascalCase`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    name.split('_').filter_map(word).collect()
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
    let own = Arguments::read(&input.attrs, "row", &["rename_all", "crate"], &mut errors);
    let path = own.private();
    let mut names: Vec<String> = Vec::new();
    let (mut columns, mut cells, mut types) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let arguments = Arguments::read(&field.attrs, "row", &["skip", "rename"], &mut errors);
        let Some(ident) = field.ident.as_ref().filter(|_| !arguments.skip) else {
            if let Some(name) = &arguments.name {
                errors.at(name, "a field that is skipped is no column and has no name");
            }
            continue;
        };
        let by_rule = || own.rename_all.map_or_else(|| plain(ident), |case| case.apply_to_field(&plain(ident)));
        let name = arguments.name.as_ref().map_or_else(by_rule, LitStr::value);
        if names.contains(&name) {
            errors.at(ident, format!("another column is called `{name}` already: rename one of the two"));
        }
        let ty = &field.ty;
        let field = plain(ident);
        types.push(ty);
        // Each use asks for the trait in the same way, so that what is no cell is one error.
        let cell = quote_spanned!(ty.span()=> <#ty as #path::Cell>);
        columns.push(quote! {
            #path::RowColumn { field: #field, name: #name, kind: #cell::KIND, optional: #cell::OPTIONAL }
        });
        cells.push(quote!(#cell::cell(&self.#ident)));
        names.push(name);
    }
    if columns.is_empty() {
        errors.at(&input.ident, "the row has no columns: every field is skipped");
    }
    errors.finish()?;
    let name = &input.ident;
    let mut generics = input.generics.clone();
    // A column may be of a type that is a parameter.
    let params: Vec<Ident> = generics.type_params().map(|param| param.ident.clone()).collect();
    let open = types.into_iter().filter(|ty| params.iter().any(|param| mentions::name(*ty, param)));
    let bounds: Vec<WherePredicate> = open.map(|ty| parse_quote!(#ty: #path::Cell)).collect();
    if !bounds.is_empty() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    let (generics, args, clause) = generics.split_for_impl();
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
    let arguments = Arguments::read(&variant.attrs, "category", &["rename"], errors);
    let ident = variant.ident.unraw().to_string();
    match (&arguments.name, case) {
        (Some(name), _) => name.value(),
        (None, Some(case)) => case.apply(&ident),
        (None, None) => ident,
    }
}
