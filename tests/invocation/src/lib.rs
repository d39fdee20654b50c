//! How the compiler was called for the crate that uses this macro.

use proc_macro::{Group, Literal, Punct, Spacing, TokenStream, TokenTree};

/// The compiler's path, and each `--extern` and `-L` that it was given: a list of texts.
///
/// # Panics
/// The path of the compiler is unknown, or an argument is no Unicode.
#[proc_macro]
pub fn invocation(_: TokenStream) -> TokenStream {
    let compiler = std::env::current_exe().expect("the path of the compiler");
    let mut texts = vec![compiler.to_str().expect("a path in Unicode").to_owned()];
    let mut arguments = std::env::args();
    while let Some(argument) = arguments.next() {
        if argument == "--extern" || argument == "-L" {
            let value = arguments.next().expect("a value behind the argument");
            texts.extend([argument, value]);
        }
    }
    let list =
        texts.iter().flat_map(|text| [TokenTree::from(Literal::string(text)), Punct::new(',', Spacing::Alone).into()]);
    TokenTree::from(Group::new(proc_macro::Delimiter::Bracket, list.collect())).into()
}
