//! Writes pages of searches that were never run: `cargo run -p dropgrid-view --example pages FOLDER`.

#[path = "../tests/view/demo.rs"]
mod demo;
#[path = "../tests/view/strange.rs"]
mod strange;

use std::{env, fs, io, path::PathBuf, time::Instant};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).map_or_else(|| PathBuf::from("target/pages"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for count in [3, 100, 3000, 100_000] {
        let view = demo::search(count);
        let start = Instant::now();
        let page = dropgrid_view::page(&view);
        println!("{count} candidates: {} kB, drawn in {} ms", page.len() / 1000, start.elapsed().as_millis());
        fs::write(folder.join(format!("{count}.html")), page)?;
        for plot in dropgrid_view::plots(&view).iter().filter(|_| count == 100) {
            fs::write(folder.join(format!("{}.svg", plot.name)), plot.svg())?;
        }
    }
    let others = [
        ("empty", strange::empty()),
        ("failed", strange::failed()),
        ("running", strange::running()),
        ("damaged", strange::damaged()),
        ("constrained", strange::constrained(40)),
        ("named", strange::named()),
        ("many-axes", strange::many_axes()),
        ("many-classes", strange::many_classes()),
        ("numbers", strange::numbers()),
    ];
    for (name, view) in others {
        fs::write(folder.join(format!("{name}.html")), dropgrid_view::page(&view))?;
    }
    Ok(())
}
