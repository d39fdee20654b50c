//! The contrasts of the page's colours, as WCAG 2 has them: 4.5 of texts, 3 of marks.

use dropgrid_view::page;

use crate::demo;

/// The colours of the last declaration of each name in a text.
fn colour(style: &str, name: &str) -> [f64; 3] {
    let text = style.rsplit(&format!("--{name}:#")).next().expect("a colour");
    let digits: String = text.chars().take_while(char::is_ascii_hexdigit).collect();
    let digits = if digits.len() == 3 { digits.chars().flat_map(|it| [it, it]).collect() } else { digits };
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).expect("a number")) / 255.0)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |part: f64| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn texts_and_marks_can_be_told_from_what_is_behind_them() {
    let page = page(&demo::search(3));
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    let (day, rest) = style.split_once("@media(prefers-color-scheme:dark){").expect("dark colours");
    let (dark, print) = rest.split_once("@media print{").expect("colours of paper");
    for (medium, style) in [("day", day), ("dark", dark), ("print", print)] {
        let of = |name: &str| colour(style, name);
        for (shades, text) in [(0..=5, "on-light"), (6..=8, "on-dark")] {
            for shade in shades {
                for kind in ["h", "e"].into_iter().filter(|&kind| kind == "h" || shade > 0) {
                    let found = contrast(of(&format!("{kind}{shade}")), of(text));
                    assert!(found >= 4.5, "{medium}: {kind}{shade} has {found:.2}");
                }
            }
        }
        for (name, least) in [("ink", 4.5), ("soft", 4.5), ("hue", 4.5), ("warm", 4.5), ("quiet", 3.0), ("third", 3.0)]
        {
            let found = contrast(of(name), of("paper"));
            assert!(found >= least, "{medium}: {name} has {found:.2}");
        }
        // Dots let through 30 % of what is behind them.
        let mixed = [0, 1, 2].map(|part| 0.7 * of("soft")[part] + 0.3 * of("paper")[part]);
        assert!(contrast(mixed, of("paper")) >= 3.0, "{medium}: a dot");
    }
    for class in [".dot", ".fold"] {
        assert!(style.contains(&format!(".plot {class}{{fill:var(--soft);fill-opacity:.7}}")), "{class}");
    }
}
