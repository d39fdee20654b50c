//! The compiler's names of types, without the paths of modules.

use std::any::type_name;

/// The type's name with every path cut to its last word: `Mlp<4, Kind<E>>` for `a::Mlp<4, b::Kind<c::d::E>>`. Values of
/// const parameters stay.
///
/// Aliases and constants are resolved in it, and it is the same wherever the types are declared.
pub(crate) fn short_name<T: ?Sized>() -> String {
    short(type_name::<T>())
}

/// The layers of a network of type `N` whose fields have these names, each as `hidden: (Linear<64, 10>, ReLU)`.
pub(crate) fn layers_of<N>(fields: &[&str]) -> Vec<String> {
    let name = short_name::<N>();
    let mut types = arguments(&name);
    // The origins of columns are a field of the network and no layer.
    if types.len() == fields.len() + 1 && types.last().is_some_and(|last| last.starts_with("Origins<")) {
        types.pop();
    }
    if types.len() != fields.len() {
        // The macro did not make this network.
        return vec![format!("network: {name}")];
    }
    fields.iter().zip(types).map(|(field, ty)| format!("{field}: {}", declared(ty))).collect()
}

/// True where a network of type `N` has layers that neither dropgrid nor dfdx has, or where the macro did not make it.
pub(crate) fn has_own_layers<N>() -> bool {
    let types = arguments(type_name::<N>());
    types.is_empty() || types.into_iter().any(is_own)
}

/// True where the name of a type has one of another crate than dropgrid's, dfdx and Rust's.
fn is_own(ty: &str) -> bool {
    const KNOWN: [&str; 7] = ["dropgrid_core", "dropgrid_kernel", "dropgrid", "dfdx", "core", "alloc", "std"];
    let mut words = ty.split(|letter: char| !is_word(letter));
    words.any(|word| word.split_once("::").is_some_and(|(root, _)| !root.is_empty() && !KNOWN.contains(&root)))
}

/// The fields of a network of type `N` with layers that neither dropgrid nor dfdx has; all fields where there is none.
/// Each comes with what to do so that it can be exported.
#[cfg(feature = "onnx")]
pub(super) fn own_layers<N>(fields: &[&str]) -> Vec<String> {
    let types = arguments(type_name::<N>());
    let layers = layers_of::<N>(fields);
    let own = layers.iter().zip(&types).filter(|(_, ty)| is_own(ty)).map(|(layer, _)| layer);
    let mut own: Vec<&String> = own.collect();
    if own.is_empty() {
        own = layers.iter().collect();
    }
    own.into_iter().map(|layer| format!("implement `dropgrid::nn::Export` for the layers of `{layer}`")).collect()
}

/// The name of a layer's type as it is declared.
pub(super) fn declared_name<L>() -> String {
    declared(&short_name::<L>())
}

/// The name without the parameters that every built layer has.
fn declared(ty: &str) -> String {
    ty.replace(", f32, Cpu>", ">")
}

fn short(name: &str) -> String {
    let mut short = String::new();
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        let word = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
        if word > 0 {
            let (path, after) = rest.split_at(word);
            let last = path.rsplit("::").next().unwrap_or_default();
            // An item within another one: `<a::A as b::B>::method::Item`.
            if path.starts_with("::") {
                let begin = short.strip_suffix("{{closure}}").map(str::len);
                let begin = begin.or_else(|| short.ends_with('>').then(|| before_closed(&short)).flatten());
                short.truncate(begin.unwrap_or(short.len()));
            }
            short += last;
            rest = after;
            continue;
        }
        let len = match letter {
            // A character as a parameter may be any of the signs below.
            '\'' => quoted(rest),
            _ => letter.len_utf8(),
        };
        short += &rest[..len];
        rest = &rest[len..];
    }
    short
}

/// True of the letters of names, paths and numbers.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | ':' | '#')
}

/// The length of a quoted character, or of the mark of a lifetime.
fn quoted(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    let mut escaped = false;
    match letters.next() {
        Some((_, '\\')) => escaped = true,
        Some(_) => {}
        None => return 1,
    }
    for (at, letter) in letters {
        match letter {
            '\'' if !escaped || at > 2 => return at + 1,
            _ if !escaped => return 1,
            _ => {}
        }
    }
    1
}

/// The position of the bracket that opens what closes at the end of the text, moved to the start of the word before it.
fn before_closed(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices().rev() {
        match letter {
            '>' if !text[..at].ends_with('-') => depth += 1,
            '<' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let word = text[..at].rfind(|letter| !is_word(letter)).map_or(0, |before| before + 1);
            return Some(word);
        }
    }
    None
}

/// The parameters of the outermost type of a name.
fn arguments(name: &str) -> Vec<&str> {
    let Some(inner) = name.split_once('<').and_then(|(_, inner)| inner.strip_suffix('>')) else { return Vec::new() };
    let mut arguments = Vec::new();
    let (mut depth, mut start, mut skip) = (0_usize, 0, 0);
    for (at, letter) in inner.char_indices() {
        if at < skip {
            continue;
        }
        match letter {
            '\'' => skip = at + quoted(&inner[at..]),
            '<' | '(' | '[' | '{' => depth += 1,
            // The arrow of a function is no bracket.
            '>' if inner[..at].ends_with('-') => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                arguments.push(inner[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = inner[start..].trim();
    if !last.is_empty() {
        arguments.push(last);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_paths_and_keep_their_values() {
        let cases = [
            ("dropgrid_core::data::target::classes::Classes<10>", "Classes<10>"),
            ("a::b::Mlp<4, c::Kind<d::E>>", "Mlp<4, Kind<E>>"),
            ("Binary", "Binary"),
            ("(a::A, [b::B; 3], &'static mut c::C, &[d::D])", "(A, [B; 3], &'static mut C, &[D])"),
            ("a::Of<-1, true, 'x', '\\'', '<', '\\u{1f600}', 2>", "Of<-1, true, 'x', '\\'', '<', '\\u{1f600}', 2>"),
            ("fn(a::A) -> b::B<c::C>", "fn(A) -> B<C>"),
            ("alloc::boxed::Box<dyn a::T<b::B> + core::marker::Send>", "Box<dyn T<B> + Send>"),
            ("a::main::r#type::C<r#gen::D>", "C<D>"),
            ("<a::A<3> as b::B>::method::Item<c::C>", "Item<C>"),
            ("a::<impl b::B for a::A>::method::Item", "Item"),
            ("a::f<b::B>::Item", "Item"),
            ("a::main::{{closure}}", "{{closure}}"),
            ("a::main::{{closure}}::Item", "Item"),
        ];
        for (name, expected) in cases {
            assert_eq!(short(name), expected);
        }
    }

    #[test]
    fn the_compilers_own_names_are_read() {
        mod deep {
            pub(super) struct Of<T, const N: usize, const C: char>(pub(super) [T; N]);
        }
        struct Layers<A, B, C>(A, B, C);
        type Alias = deep::Of<Vec<u8>, { 2 + 2 }, '<'>;
        type Net = Layers<(Alias, Option<Alias>), fn(u8) -> Alias, [Alias; 2]>;

        assert_eq!(short_name::<Alias>(), "Of<Vec<u8>, 4, '<'>");
        let of = "Of<Vec<u8>, 4, '<'>";
        let expected = [format!("a: ({of}, Option<{of}>)"), format!("b: fn(u8) -> {of}"), format!("c: [{of}; 2]")];
        assert_eq!(layers_of::<Net>(&["a", "b", "c"]), expected);
        assert_eq!(layers_of::<u8>(&["a"]), ["network: u8"]);
        let _ = |of: Alias, net: Net| drop((of.0, net.0, net.1, net.2));
    }
}
