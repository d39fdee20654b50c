//! The worth of strategies: all of them choose from the same full tables of scores. `benches/strategies/run` makes the
//! tables, replays our strategies and those of other libraries, and writes docs/strategy-bench.md.

mod models;
mod replay;
mod tables;
mod winner;

use std::path::PathBuf;

use models::{BreastCancer, Diabetes, Digits, FashionMnist};

fn main() -> dropgrid::Result<()> {
    // `cargo bench` ends the arguments with `--bench`, which is no strategy.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (command, folder) = (arguments.next(), arguments.next().map(PathBuf::from));
    match (command.as_deref(), folder) {
        (Some("tables"), Some(folder)) => {
            tables::write::<Diabetes>(&folder)?;
            tables::write::<BreastCancer>(&folder)?;
            tables::write::<Digits>(&folder)?;
            tables::write::<FashionMnist>(&folder)
        }
        // The strategies of these names, or all.
        (Some("replay"), Some(folder)) => {
            let (mut out, names): (String, Vec<String>) = (String::new(), arguments.collect());
            replay::write::<Diabetes>(&folder, &names, &mut out);
            replay::write::<BreastCancer>(&folder, &names, &mut out);
            replay::write::<Digits>(&folder, &names, &mut out);
            replay::write::<FashionMnist>(&folder, &names, &mut out);
            dropgrid::file::write(folder.join("ours.tsv"), out)
        }
        // Started by `cargo bench` and not by the script.
        _ => {
            println!("benches/strategies/run compares strategies");
            Ok(())
        }
    }
}
