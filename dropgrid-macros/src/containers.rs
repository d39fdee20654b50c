//! Containers of a searchable struct, by their names.

use syn::{GenericArgument, PathArguments, Type};

/// The layers before the searchable struct that a field with `#[searchable]` has, and the type that is to be that
/// struct: the last of a tuple, and what is in a `Residual` or a `Repeated`.
pub(crate) fn searchable_struct(ty: &Type) -> (Vec<&Type>, &Type) {
    let (mut before, mut ty) = (Vec::new(), ty);
    loop {
        ty = match ty {
            Type::Paren(inner) => &inner.elem,
            Type::Group(inner) => &inner.elem,
            Type::Tuple(tuple) if tuple.elems.len() > 1 => {
                before.extend(tuple.elems.iter().take(tuple.elems.len() - 1));
                &tuple.elems[tuple.elems.len() - 1]
            }
            Type::Path(path) => {
                let last =
                    path.path.segments.last().filter(|last| last.ident == "Residual" || last.ident == "Repeated");
                let first = last.and_then(|last| match &last.arguments {
                    PathArguments::AngleBracketed(arguments) => arguments.args.first(),
                    _ => None,
                });
                let Some(GenericArgument::Type(inner)) = first else { return (before, ty) };
                inner
            }
            _ => return (before, ty),
        };
    }
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};
    use syn::parse_quote;

    use super::*;

    #[test]
    fn the_struct_is_the_last_of_tuples_and_in_the_containers() {
        let ty: Type = parse_quote!((A, nn::Residual<(B, Repeated<Block<8>, 2>)>));
        let (before, inner) = searchable_struct(&ty);
        assert_eq!(quote!(#(#before)*).to_string(), quote!(A B).to_string());
        assert_eq!(inner.to_token_stream().to_string(), quote!(Block<8>).to_string());
        let ty: Type = parse_quote!((Block,));
        assert_eq!(searchable_struct(&ty).1.to_token_stream().to_string(), quote!((Block,)).to_string());
    }
}
