//! Fields as the layers that they are made of.

use syn::Type;

/// The layers of a field in their order: those of a tuple one by one, unless one of them gives several tensors, which
/// only the tuple as a whole makes one of again.
pub(super) fn flatten<'a>(ty: &'a Type, layers: &mut Vec<&'a Type>) {
    match ty {
        Type::Tuple(tuple) if tuple.elems.iter().any(splits) => layers.push(ty),
        Type::Tuple(tuple) if !tuple.elems.is_empty() => tuple.elems.iter().for_each(|ty| flatten(ty, layers)),
        Type::Paren(inner) => flatten(&inner.elem, layers),
        Type::Group(inner) => flatten(&inner.elem, layers),
        _ => layers.push(ty),
    }
}

/// True of a layer that gives several tensors.
fn splits(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "SplitInto"),
        Type::Paren(inner) => splits(&inner.elem),
        Type::Group(inner) => splits(&inner.elem),
        _ => false,
    }
}
