//! Messages of the compiler without what changes from machine to machine, and with each line of our crates.

/// Paths that begin where the workspace, the registry or the compiler's library does; no line numbers but those of the file
/// that was compiled, and margins that are as wide as these need.
pub(crate) fn without_places(message: &str) -> String {
    let diagnostics = message.split("\n\n").map(|diagnostic| diagnostic.trim_matches('\n'));
    let kept = diagnostics.filter(|diagnostic| !diagnostic.is_empty() && !is_summary(diagnostic));
    let texts: Vec<String> = kept.map(diagnostic_without_places).collect();
    texts.join("\n\n") + "\n"
}

fn is_summary(diagnostic: &str) -> bool {
    const SUMMARIES: [&str; 3] =
        ["error: aborting due to ", "For more information about ", "Some errors have detailed explanations"];
    SUMMARIES.iter().any(|summary| diagnostic.starts_with(summary))
}

fn diagnostic_without_places(diagnostic: &str) -> String {
    let mut foreign = false;
    let margin = diagnostic.lines().find_map(|line| line.find("-->")).unwrap_or(0);
    let lines: Vec<Line> = diagnostic
        .lines()
        .filter(|line| !is_about_long_names(line))
        .map(|line| {
            let line = Line::of(line);
            match line {
                Line::Place { arrow, place } => {
                    let (path, at) = path_and_position(&place);
                    foreign = !path.starts_with("tests/ui/");
                    let place = if foreign { portable(path) } else { format!("{path}{at}") };
                    Line::Place { arrow, place }
                }
                // A suggestion, say, which is of the file that was compiled.
                Line::Text(text) if text.starts_with(char::is_alphabetic) => {
                    foreign = false;
                    Line::Text(text)
                }
                Line::Code { rest, .. } if foreign => Line::Code { number: String::new(), rest },
                line => line,
            }
        })
        .collect();
    let widest = lines.iter().map(Line::width).max().unwrap_or(0);
    let texts: Vec<String> = lines.iter().map(|line| line.text(widest, margin)).collect();
    texts.join("\n")
}

/// A line of a message, by its margin.
enum Line {
    /// `  --> file:1:2`, or `  ::: file:1:2`
    Place { arrow: String, place: String },
    /// `12 | code`, or `   | ^^^^`
    Code { number: String, rest: String },
    /// `   = note: ...`
    Remark(String),
    /// Any other, without a margin.
    Text(String),
}

impl Line {
    fn of(line: &str) -> Line {
        let content = line.trim_start();
        for arrow in ["-->", ":::"] {
            if let Some(place) = content.strip_prefix(arrow) {
                return Line::Place { arrow: arrow.to_owned(), place: place.trim().to_owned() };
            }
        }
        let digits = content.len() - content.trim_start_matches(|character: char| character.is_ascii_digit()).len();
        let (number, rest) = content.split_at(digits);
        let rest = rest.trim_start();
        // A suggestion marks its lines with `+`, `-` and `~` in the place of the bar.
        let marked = rest.starts_with('|') || (digits > 0 && rest.starts_with(['+', '-', '~']));
        match () {
            () if marked => Line::Code { number: number.to_owned(), rest: rest.to_owned() },
            () if content.starts_with("= ") => Line::Remark(content.to_owned()),
            () => Line::Text(line.trim_end().to_owned()),
        }
    }

    /// The width of its line number.
    fn width(&self) -> usize {
        match self {
            Line::Code { number, .. } => number.len(),
            _ => 0,
        }
    }

    /// The line with a margin of this width, where it had that of `margin`.
    fn text(&self, widest: usize, margin: usize) -> String {
        match self {
            Line::Place { arrow, place } => format!("{:widest$}{arrow} {place}", ""),
            Line::Code { number, rest } => format!("{number:>widest$} {rest}").trim_end().to_owned(),
            Line::Remark(text) => format!("{:widest$} {text}", ""),
            Line::Text(text) => counted(without_indent(text, margin.saturating_sub(widest))),
        }
    }
}

/// Names of types that are too long stand in a file, whose name is another each time.
fn is_about_long_names(line: &str) -> bool {
    [
        "= note: the full name for the type has been written to",
        "= note: consider using `--verbose` to print the full type",
    ]
    .iter()
    .any(|remark| line.trim_start().starts_with(remark))
}

/// The text with as many spaces fewer in front of it, as far as there are some.
fn without_indent(text: &str, spaces: usize) -> &str {
    let indent = text.len() - text.trim_start().len();
    &text[indent.min(spaces)..]
}

/// `  and 45 others`, whose number grows with each type of ours.
fn counted(text: &str) -> String {
    let words: Vec<&str> = text.trim_start().split(' ').collect();
    match words[..] {
        ["and", number, "others"] if number.parse::<usize>().is_ok() => text.replace(number, "$N"),
        _ => text.to_owned(),
    }
}

/// A path, and `:line:column` behind it.
fn path_and_position(place: &str) -> (&str, &str) {
    let numbers = |character: char| character.is_ascii_digit() || character == ':';
    let path = place.trim_end_matches(numbers);
    (path, &place[path.len()..])
}

/// The path from the root of what it is in: this workspace, a crate of the registry, or the library of the compiler.
fn portable(path: &str) -> String {
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    if let Some((_, path)) =
        path.split_once("/library/").filter(|(root, _)| root.contains("rustlib") || root.contains("/rustc/"))
    {
        format!("$RUST/{path}")
    } else if let Some((_, path)) = path.split_once("/registry/src/") {
        let krate = path.split_once('/').map_or(path, |(_, krate)| krate);
        let (name, path) = krate.split_once('/').unwrap_or((krate, ""));
        let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
        format!("$CARGO/{name}-$VERSION/{path}")
    } else {
        path.strip_prefix(workspace).unwrap_or(path).to_owned()
    }
}
