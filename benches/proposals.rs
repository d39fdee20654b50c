//! The time of all proposals of a search, of so many candidates and of twice as many: it grows as they do. Of a pruning
//! also the time of one proposal, which has a look at a candidate where one is due.
//! `cargo bench --bench proposals`

use std::{
    collections::{HashSet, VecDeque},
    time::{Duration, Instant},
};

use dropgrid::{
    metric::Direction,
    prelude::*,
    record::{Budget, Curve, Epoch, FoldInfo, Job, MetricInfo, Record},
    seed::Seed,
    strategy::{Strategy, Trials, View},
};

#[searchable]
struct Net {
    #[grid(0.0..=0.999, step = 0.001)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(log(1e-4..=1e-1), points = 100)]
    lr: f64,
}

/// The jobs in the queue below which a strategy is asked for more after every record.
const LOW: usize = 32;

/// The epochs of a whole training.
const EPOCHS: u32 = 16;

/// The values that a training monitors. Those of a candidate get better, and no two candidates have the same.
fn curve(budget: Budget, score: f64) -> Curve {
    let epochs = if let Budget::Epochs(epochs) = budget { epochs.get() } else { EPOCHS };
    let epoch =
        |number: u32| Epoch::new(number as usize, 0.0).with_monitored(score * f64::from(number) / f64::from(EPOCHS));
    (1..=epochs).map(epoch).collect()
}

/// The time of the proposals of a search on three folds, without a training, and their number.
fn time(strategy: &impl Strategy<NetSpace>, space: &NetSpace) -> (Duration, usize) {
    let folds = vec![FoldInfo::new(100, 50); 3];
    let metrics = [MetricInfo::new("score", Direction::Maximize)];
    let mut trials: Trials<NetParams> = Trials::new(&folds, f64::NAN);
    let (mut queue, mut pending) = (VecDeque::new(), HashSet::new());
    let (mut spent, mut proposals) = (Duration::ZERO, 0);
    let key = |job: &Job<NetParams>| (job.candidate, job.fold, job.budget);
    loop {
        if queue.len() < LOW {
            let mut view = View::new(space, &folds, &metrics, &|_| EPOCHS, &trials);
            (view.best_score, view.classes, view.seed) = (Some(1.0), Some(3), Seed(1));
            view.epoch_range = (EPOCHS, EPOCHS);
            let start = Instant::now();
            let jobs = strategy.propose(&view).expect("jobs");
            spent += start.elapsed();
            proposals += 1;
            let is_new = |job: &Job<NetParams>| {
                trials.get(job.candidate).is_none_or(|it| it.record(job.fold, job.budget).is_none())
            };
            queue.extend(jobs.into_iter().filter(|job| is_new(job) && pending.insert(key(job))));
        }
        let Some(job) = queue.pop_front() else { return (spent, proposals) };
        pending.remove(&key(&job));
        // A hash of the candidate, and a little of the fold.
        let hash = job.candidate.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let score = hash as f64 / (1_u64 << 24) as f64 * 0.9 + 0.01 * f64::from(job.fold);
        let mut record = Record::new(&job, Ok(vec![score]));
        if strategy.watches() {
            record.curve = curve(job.budget, score);
        }
        trials.add(|| job.params, record);
    }
}

fn report(name: &str, strategy: &impl Strategy<NetSpace>) {
    let half: Vec<f64> = (0..500).map(|at| f64::from(at) / 1000.0).collect();
    let (half, _) = time(strategy, &Net::space().dropout(half));
    let (whole, proposals) = time(strategy, &Net::space());
    let ratio = whole.as_secs_f64() / half.as_secs_f64();
    println!(
        "{name:18} 50,000 candidates {half:9.2?}, 100,000 {whole:9.2?} in {proposals} proposals, ratio {ratio:.1}"
    );
}

/// The time of a proposal of a pruning that keeps most candidates, so that each is compared with many.
fn report_pruning(rates: u32) {
    let rates: Vec<f64> = (0..rates).map(|at| f64::from(at) / 1000.0).collect();
    let strategy = Pruning::new(Grid, PercentilePruner::new(90.0).interval_steps(8));
    let candidates = rates.len() * 100;
    let (whole, proposals) = time(&strategy, &Net::space().dropout(rates));
    let one = whole / proposals as u32;
    println!("Pruning            {candidates:6} candidates {whole:9.2?} in {proposals} proposals, {one:9.2?} each");
}

fn main() {
    report_pruning(10);
    report_pruning(100);
    report("Grid", &Grid);
    report("Random", &Random::new(usize::MAX));
    report("Sobol", &Sobol::new(usize::MAX));
    report("Grid.exact()", &Grid.exact());
    report("Race", &Race::new(Grid));
    report("SuccessiveHalving", &SuccessiveHalving::new(Grid));
    report("Asha", &Asha::new(Grid));
    report("Hyperband", &Hyperband::new(Grid).factor(2));
}
