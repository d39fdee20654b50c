//! Advice on a field of a plain type that is not used as it stands: the setting, layer or width that it was meant to
//! be.

use syn::{GenericArgument, PathArguments, Type};

use crate::settings;

/// The text to write in place of a field whose name and type are elsewhere those of a setting, a layer or a width.
pub(crate) fn meant(name: &str, ty: &str) -> Option<String> {
    if let Some(setting) = settings::named(name) {
        let known = if setting == name { "a training setting" } else { "a training setting by another name" };
        return Some(format!("`{name}` is {known}: write `#[train] #[grid(..)] {setting}: {}`", settings::ty(setting)));
    }
    if ["f32", "f64"].contains(&ty) && name.contains("drop") {
        return Some(format!(
            "dropout is a layer: write `#[grid(0.1, 0.2)] {name}: Dropout` behind the layer it is of"
        ));
    }
    if ty == "usize" {
        let param = name.to_uppercase();
        return Some(format!(
            "a width is a parameter of the struct: write `#[grid(32, 64)] const {param}: usize` among its generics, and `Linear<64, {param}>` as the layer"
        ));
    }
    None
}

/// What to write in place of a list of layers and of a layer that may be missing, before `; `.
pub(crate) fn on_layers_in(ty: &Type) -> &'static str {
    const IN_A_ROW: &str =
        "layers one behind the other are a tuple, `(Linear<64, 64>, ReLU)`, or a `Repeated<Linear<64, 64>, 3>`; ";
    const LEFT_OUT: &str = "a layer that may be left out is searched as a type: write `#[grid(BatchNorm1D<64>, Identity)] Norm` among the struct's generics; ";
    match ty {
        Type::Array(array) if is_generic(&array.elem) => IN_A_ROW,
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return "" };
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return "" };
            let Some(GenericArgument::Type(inner)) = arguments.args.first() else { return "" };
            match last.ident.to_string().as_str() {
                "Vec" if is_generic(inner) => IN_A_ROW,
                "Option" if is_generic(inner) => LEFT_OUT,
                _ => "",
            }
        }
        _ => "",
    }
}

/// True of a type with arguments, as layers of a width have.
fn is_generic(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| !last.arguments.is_none()),
        Type::Tuple(tuple) => tuple.elems.iter().any(is_generic),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn a_field_is_meant_by_its_name_and_type() {
        let advice = |name, ty| meant(name, ty).unwrap_or_default();
        assert_eq!(advice("lr", "f64"), "`lr` is a training setting: write `#[train] #[grid(..)] lr: f64`");
        let alias = "`n_epochs` is a training setting by another name: write `#[train] #[grid(..)] epochs: usize`";
        assert_eq!(advice("n_epochs", "usize"), alias);
        assert!(advice("dropout_rate", "f32").contains("`#[grid(0.1, 0.2)] dropout_rate: Dropout`"));
        assert!(advice("units", "usize").contains("`#[grid(32, 64)] const UNITS: usize`"));
        assert_eq!(meant("temperature", "f64"), None);
    }
}
