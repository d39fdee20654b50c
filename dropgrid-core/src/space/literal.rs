//! Candidates as Rust writes them.

/// A struct `name` with its fields, one a line, each by name, type and `Debug` text. What has no type is written
/// already.
///
/// # Examples
/// ```
/// # use dropgrid_core::space::literal;
/// let fields = [("act", "MlpAct", "ReLU".to_owned()), ("momentum", "Option<f64>", "Some(0.9)".to_owned())];
/// assert_eq!(literal("MlpParams", &fields), "MlpParams {\n    act: MlpAct::ReLU,\n    momentum: Some(0.9),\n}");
/// ```
#[doc(hidden)]
pub fn literal(name: &str, fields: &[(&str, &str, String)]) -> String {
    if fields.is_empty() {
        return format!("{name} {{}}");
    }
    let field = |(name, ty, debug): &(&str, &str, String)| format!("    {name}: {},\n", value(ty, debug));
    format!("{name} {{\n{}}}", fields.iter().map(field).collect::<String>())
}

/// A value of type `ty` from its `Debug` text, which has no paths.
fn value(ty: &str, debug: &str) -> String {
    let ty: String = ty.chars().filter(|letter| !letter.is_whitespace()).collect();
    let path = ty.split('<').next().unwrap_or_default();
    let last = path.rsplit("::").next().unwrap_or_default();
    let word: String = debug.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    match (last, debug) {
        ("", _) => debug.replace('\n', "\n    "),
        ("f32" | "f64", "inf") => format!("{last}::INFINITY"),
        ("f32" | "f64", "-inf") => format!("{last}::NEG_INFINITY"),
        ("f32" | "f64", "NaN") => format!("{last}::NAN"),
        ("Option", "None") => debug.to_owned(),
        ("Option", _) => {
            let inner = ty[path.len()..].strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
            let given = debug.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')'));
            match (inner, given) {
                (Some(inner), Some(given)) => format!("Some({})", value(inner, given)),
                _ => debug.to_owned(),
            }
        }
        ("String", _) => format!("{debug}.to_owned()"),
        ("Vec", _) => format!("vec!{debug}"),
        // A struct says its own name, an enum the name of its variant.
        _ if word == last => format!("{path}{}", &debug[word.len()..]),
        _ if debug.starts_with(char::is_uppercase) => format!("{path}::{debug}"),
        _ => debug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_rust_reads_them() {
        let cases = [
            ("f64", "1e-5", "1e-5"),
            ("f64", "inf", "f64::INFINITY"),
            ("usize", "32", "32"),
            ("bool", "true", "true"),
            ("MlpAct", "ReLU", "MlpAct::ReLU"),
            ("my :: Kind", "Deep { layers: 3 }", "my::Kind::Deep { layers: 3 }"),
            ("my::Shape", "Shape { of: 1.5 }", "my::Shape { of: 1.5 }"),
            ("::core::option::Option<Optimizer>", "Some(Sgd)", "Some(Optimizer::Sgd)"),
            ("Option<f64>", "None", "None"),
            ("&'static str", "\"a\"", "\"a\""),
            ("String", "\"a\"", "\"a\".to_owned()"),
            ("Vec<usize>", "[1, 2]", "vec![1, 2]"),
        ];
        for (ty, debug, expected) in cases {
            assert_eq!(value(ty, debug), expected);
        }
        assert_eq!(literal("PlainParams", &[]), "PlainParams {}");
        let inner = literal("BlockParams", &[("dropout", "f64", "0.1".to_owned())]);
        let outer = "MlpParams {\n    block: BlockParams {\n        dropout: 0.1,\n    },\n}";
        assert_eq!(literal("MlpParams", &[("block", "", inner)]), outer);
    }
}
