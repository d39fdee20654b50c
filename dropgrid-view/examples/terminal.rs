//! Draws the text of a terminal as SVG: `some-command | cargo run -p dropgrid-view --example terminal > terminal.svg`.

use std::io::{self, Read};

/// The size of a letter.
const LETTER: (f64, f64) = (7.83, 17.0);
const MARGIN: f64 = 16.0;

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let lines: Vec<&str> = text.lines().collect();
    let widest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let (width, height) = (2.0 * MARGIN + LETTER.0 * widest as f64, 2.0 * MARGIN + LETTER.1 * lines.len() as f64);
    println!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-label=\"a report in a terminal\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#171b22\"/>\n\
         <g fill=\"#dfe4ec\" font-size=\"13\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\">"
    );
    for (row, line) in lines.iter().enumerate() {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        let (y, length) = (MARGIN + LETTER.1 * (row as f64 + 0.75), LETTER.0 * line.chars().count() as f64);
        // The first row of a table is that of the best candidate.
        let bold = if line.starts_with("│    1 ") { " font-weight=\"700\" fill=\"#fff\"" } else { "" };
        println!(
            "<text x=\"{MARGIN}\" y=\"{y:.1}\" textLength=\"{length:.1}\" xml:space=\"preserve\"{bold}>{line}</text>"
        );
    }
    println!("</g></svg>");
    Ok(())
}
