//! What a model costs the compiler, against the number of its architectures. `cargo bench --bench compile`
//!
//! A crate with one model is built in the dev profile, its dependencies built before: cold (the crate anew) and
//! incremental (one grid value changed). Medians in seconds, and as ratios to one architecture.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

const RUNS: usize = 5;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = root.join("target").join("compile-bench");
    println!("{:>13} {:>9} {:>7} {:>13} {:>7}", "architectures", "cold s", "ratio", "incremental s", "ratio");
    let mut first = None;
    for architectures in [1, 2, 4, 8, 16, 32, 64] {
        let package = Package { root, folder: folder.path().join(format!("model{architectures}")), architectures };
        package.write(0.1);
        package.build(&target);
        let cold = median(|run| {
            // Without its incremental state and with another value, nothing of the crate is left to reuse.
            let _ = fs::remove_dir_all(target.join("debug").join("incremental"));
            package.write(0.2 + run as f64 / 100.0);
            package.build(&target)
        });
        package.build(&target);
        let incremental = median(|run| {
            package.write(0.3 + run as f64 / 100.0);
            package.build(&target)
        });
        let (cold_one, incremental_one) = *first.get_or_insert((cold, incremental));
        let (cold_ratio, incremental_ratio) = (cold / cold_one, incremental / incremental_one);
        println!("{architectures:>13} {cold:>9.2} {cold_ratio:>7.2} {incremental:>13.2} {incremental_ratio:>7.2}");
    }
}

/// A crate with one model.
struct Package<'a> {
    root: &'a Path,
    folder: PathBuf,
    architectures: usize,
}

impl Package<'_> {
    fn write(&self, rate: f64) {
        let widths: Vec<String> = (1..=self.architectures).map(|number| (8 * number).to_string()).collect();
        let manifest = format!(
            "[package]\nname = \"model{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\ndropgrid = {{ path = \"{}\" }}\n\n[workspace]\n\n[profile.dev]\nopt-level = 1\n\n[profile.dev.package.dropgrid-kernel]\nopt-level = 3\n",
            self.architectures,
            self.root.display()
        );
        let source = format!(
            "use dropgrid::prelude::*;\n\n#[searchable]\nstruct Mlp<#[grid({})] const HIDDEN: usize> {{\n    hidden: (Linear<64, HIDDEN>, ReLU),\n    #[grid(0.0, {rate})]\n    dropout: Dropout,\n    output: Linear<HIDDEN, 10>,\n}}\n\nfn main() -> dropgrid::Result<()> {{\n    let data = Dataset::from_csv(\"digits.csv\", Classes::<10>::in_column(\"digit\"))?;\n    println!(\"{{}}\", Mlp::search(Grid).fit(&data)?);\n    Ok(())\n}}\n",
            widths.join(", ")
        );
        fs::create_dir_all(self.folder.join("src")).expect("a writable folder");
        fs::copy(self.root.join("Cargo.lock"), self.folder.join("Cargo.lock")).expect("the lock file");
        fs::write(self.folder.join("Cargo.toml"), manifest).expect("a writable folder");
        fs::write(self.folder.join("src").join("main.rs"), source).expect("a writable folder");
    }

    /// Builds, and gives the time in seconds.
    fn build(&self, target: &Path) -> f64 {
        let start = Instant::now();
        let mut cargo = Command::new(env!("CARGO"));
        let cargo = cargo.args(["build", "--quiet", "--offline"]).current_dir(&self.folder);
        let status = cargo.env("CARGO_TARGET_DIR", target).stdin(Stdio::null()).status().expect("cargo runs");
        assert!(status.success(), "the model with {} architectures does not build", self.architectures);
        start.elapsed().as_secs_f64()
    }
}

fn median(mut run: impl FnMut(usize) -> f64) -> f64 {
    let mut times: Vec<f64> = (0..RUNS).map(&mut run).collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
