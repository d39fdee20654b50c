//! The paths that a Rust file names, made absolute.

use super::code;

/// The absolute paths that `text`, the code of module `own`, names by `crate`, `super` or `self`, without the code of
/// tests.
pub(super) fn imported_paths(text: &str, own: &[String]) -> Vec<Vec<String>> {
    paths(text, own, |word| ["crate", "super", "self"].contains(&word))
}

/// The absolute paths of the `use` declarations in `text` that begin with another word: those of parts of the module.
pub(super) fn relative_paths(text: &str, own: &[String]) -> Vec<Vec<String>> {
    let tokens = tokens(text);
    let starts =
        tokens.iter().zip(tokens.iter().skip(1)).filter(|(word, _)| *word == "use").map(|(_, next)| next.clone());
    let starts: std::collections::BTreeSet<String> =
        starts.filter(|word| word.starts_with(char::is_alphabetic)).collect();
    paths(text, own, |word| starts.contains(word) && !["crate", "super", "self"].contains(&word))
}

fn paths(text: &str, own: &[String], starts: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    // The modules that are open, with the depth of their braces; a test's is `None`.
    let (mut depth, mut open): (usize, Vec<(Option<String>, usize)>) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at].as_str();
        match token {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if open.last().is_some_and(|(_, at)| *at == depth) {
                    open.pop();
                }
            }
            "mod" if tokens.get(at + 2).is_some_and(|next| next == "{") => {
                let is_test = tokens[at + 1] == "tests"
                    || tokens[..at].ends_with(&["#", "[", "cfg", "(", "test", ")", "]"].map(str::to_owned));
                open.push(((!is_test).then(|| tokens[at + 1].clone()), depth));
            }
            _ if starts(token) && tokens.get(at + 1).is_some_and(|next| next == "::") => {
                let mut module = own.to_vec();
                let is_test = open.iter().any(|(name, _)| name.is_none());
                module.extend(open.iter().filter_map(|(name, _)| name.clone()));
                let mut leaves = Vec::new();
                let end = tree(&tokens, at, &module, &mut leaves);
                if !is_test {
                    found.extend(leaves);
                }
                at = end.max(at + 1);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads the path or the tree of paths at `at`, relative to `base`; gives where it ends.
fn tree(tokens: &[String], mut at: usize, base: &[String], leaves: &mut Vec<Vec<String>>) -> usize {
    let (mut path, is_start) = (base.to_vec(), |at: usize| at == 0 || tokens[at - 1] != "::");
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while at < tokens.len() && tokens[at] != "}" {
                    at = tree(tokens, at, &path, leaves);
                    if tokens.get(at).is_some_and(|token| token == "as") {
                        at += 2;
                    }
                    if tokens.get(at).is_some_and(|token| token == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Some("crate") if is_start(at) => path.clear(),
            Some("super") => {
                path.pop();
            }
            Some("self") => {}
            Some(word) if word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') => {
                path.push(word.to_owned());
            }
            // A star, or the arguments of a generic item.
            _ => {
                leaves.push(path);
                return (at + 1).min(tokens.len());
            }
        }
        at += 1;
        if tokens.get(at).is_none_or(|token| token != "::") {
            leaves.push(path);
            return at;
        }
        at += 1;
    }
}

/// The words and signs of `text` without comments, texts and letters.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let text = code(text);
    let letters: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let letter = letters[at];
        if letter.is_alphanumeric() || letter == '_' {
            let word: String = letters[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
            at += word.chars().count();
            tokens.push(word);
        } else if letter == '"' {
            at += 1;
            while at < letters.len() && letters[at] != '"' {
                at += if letters[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if letter == '\'' && (letters.get(at + 2) == Some(&'\'') || letters.get(at + 1) == Some(&'\\')) {
            at += if letters[at + 1] == '\\' { 4 } else { 3 };
        } else if letters[at..].starts_with(&[':', ':']) {
            tokens.push("::".to_owned());
            at += 2;
        } else {
            if !letter.is_whitespace() {
                tokens.push(letter.to_string());
            }
            at += 1;
        }
    }
    tokens
}
