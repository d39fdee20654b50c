//! Writes pages of searches that were never run: `cargo run -p dropgrid-view --example pages FOLDER`.

#[path = "../tests/view/demo.rs"]
mod demo;

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).map_or_else(|| PathBuf::from("target/pages"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for count in [3, 100, 100_000] {
        let view = demo::search(count);
        fs::write(folder.join(format!("{count}.html")), dropgrid_view::page(&view))?;
        for plot in dropgrid_view::plots(&view).iter().filter(|_| count == 100) {
            fs::write(folder.join(format!("{}.svg", plot.name)), plot.svg())?;
        }
    }
    Ok(())
}
