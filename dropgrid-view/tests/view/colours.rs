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

fn linear(part: f64) -> f64 {
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What those see who lack the first, the second or no kind of cones, in linear red, green and blue: Machado, Oliveira and
/// Fernandes 2009, [table 1](https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html), severity 1.
const CONES: [(&str, [[f64; 3]; 3]); 3] = [
    (
        "protanopia",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deuteranopia",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
];

/// A colour as those see it who have these cones, in [CIELAB](https://en.wikipedia.org/wiki/CIELAB_color_space) (D65).
fn lab(colour: [f64; 3], cones: [[f64; 3]; 3]) -> [f64; 3] {
    let of = |rows: [[f64; 3]; 3], [a, b, c]: [f64; 3]| rows.map(|row| row[0] * a + row[1] * b + row[2] * c);
    let seen = of(cones, colour.map(linear)).map(|part| part.clamp(0.0, 1.0));
    const XYZ: [[f64; 3]; 3] = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175_0],
        [0.019_333_9, 0.119_192_0, 0.950_304_1],
    ];
    let [x, y, z] = of(XYZ, seen);
    let f = |t: f64| if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [f(x / 0.950_47), f(y), f(z / 1.088_83)];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The style of the page by day, in the dark and on paper.
fn media(style: &str) -> [(&str, &str); 3] {
    let (day, rest) = style.split_once("@media(prefers-color-scheme:dark){").expect("dark colours");
    let (dark, print) = rest.split_once("@media print{").expect("colours of paper");
    [("day", day), ("dark", dark), ("print", print)]
}

#[test]
fn lines_of_classes_can_be_told_apart() {
    let page = page(&demo::search(3));
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    for (medium, style) in media(style) {
        let colours = ["hue", "warm", "third", "fourth", "ink"].map(|name| colour(style, name));
        for (who, cones) in CONES {
            let seen = colours.map(|colour| lab(colour, cones));
            for (at, a) in seen.iter().enumerate() {
                for b in &seen[..at] {
                    let apart = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    // Two colours beside each other are told apart from about 2.3 on; lines are thin and far apart.
                    assert!(apart >= 20.0, "{medium}, {who}: {apart:.1}");
                }
            }
        }
    }
    // Lines of the same colour differ by their dashes.
    assert!(style.contains(".plot .c5,.plot .c6,.plot .c7,.plot .c8,.plot .c9{stroke-dasharray:"));
}

#[test]
fn texts_and_marks_can_be_told_from_what_is_behind_them() {
    let page = page(&demo::search(3));
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    for (medium, style) in media(style) {
        let of = |name: &str| colour(style, name);
        for (shades, text) in [(0..=5, "on-light"), (6..=8, "on-dark")] {
            for shade in shades {
                for kind in ["h", "e"].into_iter().filter(|&kind| kind == "h" || shade > 0) {
                    let found = contrast(of(&format!("{kind}{shade}")), of(text));
                    assert!(found >= 4.5, "{medium}: {kind}{shade} has {found:.2}");
                }
            }
        }
        for (name, least) in
            [("ink", 4.5), ("soft", 4.5), ("hue", 4.5), ("warm", 4.5), ("quiet", 3.0), ("third", 3.0), ("fourth", 3.0)]
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
