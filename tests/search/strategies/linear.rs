//! Strategies in large spaces: the work of a search grows as its jobs do.

use std::fmt;

use dropgrid::{
    metric::Direction,
    record::{FoldInfo, MetricInfo, Record},
    seed::below,
    space::{AxisInfo, Finite, Params, Position, Space},
    strategy::Trials,
};
use serde::{Deserialize, Serialize};

use super::*;

/// The candidates that spaces have made.
static MADE: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Number {
    x: usize,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.x.fmt(f)
    }
}

impl Params for Number {
    const NAMES: &'static [&'static str] = &["x"];

    fn texts(&self) -> dropgrid::Result<Vec<String>> {
        Ok(vec![self.x.to_string()])
    }

    fn check(&self, _: usize) -> dropgrid::Result<()> {
        Ok(())
    }
}

/// So many numbers.
#[derive(Debug, Clone, Default)]
struct Line(usize);

impl Space for Line {
    type Params = Number;
    type Kind = Finite;

    fn axes(&self) -> Vec<AxisInfo> {
        Vec::new()
    }

    fn len_of(&self, _: usize) -> Option<usize> {
        Some(self.0)
    }

    fn at(&self, positions: &[Position]) -> Number {
        MADE.fetch_add(1, Ordering::Relaxed);
        let [Position::At(x)] = *positions else { panic!("{positions:?}") };
        Number { x }
    }

    fn positions_of(&self, params: &Number) -> Option<Vec<Position>> {
        (params.x < self.0).then_some(vec![Position::At(params.x)])
    }

    fn snap(&self, _: usize, _: f64) -> Option<Position> {
        None
    }

    fn draw(&self, _: usize, rng: &mut rand_chacha::ChaCha8Rng) -> Position {
        Position::At(below(rng, self.0 as u64) as usize)
    }

    fn check(&self) -> dropgrid::Result<()> {
        Ok(())
    }
}

/// The numbers of proposals, of jobs in them, of candidates made, and of records of a search without a training. The
/// first job is the last one that ends.
fn counts(strategy: &dyn Strategy<Line>, candidates: usize) -> [usize; 4] {
    let folds = [FoldInfo::new(2, 1)];
    let metrics = [MetricInfo::new("score", Direction::Maximize)];
    let (space, mut trials) = (Line(candidates), Trials::new(&folds, f64::NAN));
    let (mut proposals, mut jobs, mut late, mut is_released) = (0, 0, None, false);
    MADE.store(0, Ordering::Relaxed);
    loop {
        let mut view = View::new(&space, &folds, &metrics, &|_| 9, &trials);
        view.epoch_range = (9, 9);
        let proposed = strategy.propose(&view).expect("jobs");
        (proposals, jobs) = (proposals + 1, jobs + proposed.len());
        let before = trials.record_count();
        for job in proposed {
            if is_released || late.get_or_insert_with(|| job.clone()) != &job {
                trials.add(|| job.params.clone(), record(&job));
            }
        }
        if trials.record_count() == before {
            let Some(job) = late.take() else { return [proposals, jobs, MADE.load(Ordering::Relaxed), before] };
            is_released = true;
            trials.add(|| job.params.clone(), record(&job));
        }
    }
}

fn record(job: &Job<Number>) -> Record {
    let mut record = Record::new(job, Ok(vec![(job.params.x * 7919 % 10_007) as f64]));
    record.curve = epochs(job).into_iter().collect();
    record
}

/// The epochs of a part of a training, with the number as their monitored value.
fn epochs(job: &Job<Number>) -> Vec<Epoch> {
    let Budget::Epochs(count) = job.budget else { return Vec::new() };
    let epoch = |number| Epoch::new(number, 0.0).with_monitored(job.params.x as f64);
    (1..=count.get() as usize).map(epoch).collect()
}

/// Prunes every second candidate after its third epoch, and counts its calls.
#[derive(Debug)]
struct EverySecond;

static ASKED: AtomicUsize = AtomicUsize::new(0);

impl dropgrid::strategy::Pruner for EverySecond {
    fn is_due(&self, epoch: u32, _: dropgrid::strategy::Others<'_>) -> bool {
        epoch == 3
    }

    fn prunes(&self, watched: &dropgrid::strategy::Watched<'_>) -> Option<String> {
        ASKED.fetch_add(1, Ordering::Relaxed);
        (watched.values[2] % 2.0 == 0.0).then(|| "an even number".to_owned())
    }
}

/// A job is proposed once, but for the one that is still under way, and its candidate is made once.
#[test]
fn a_large_search_makes_each_candidate_once() {
    const MANY: usize = 100_000;
    for strategy in [&Grid as &dyn Strategy<Line>, &Random::new(usize::MAX)] {
        let [proposals, jobs, made, records] = counts(strategy, MANY);
        assert_eq!(records, MANY);
        assert!(proposals <= MANY / (1 << 14) + 4, "{strategy:?}: {proposals} proposals");
        assert_eq!([jobs, made], [MANY + proposals - 2; 2], "{strategy:?}");
    }
    let few = MANY / 10;
    let [proposals, _, made, records] = counts(&Asha::new(Grid).factor(3), few);
    assert!(records > few && proposals < 200, "{records} records of {proposals} proposals");
    assert!(made <= few + proposals, "{made} candidates made");
    let [proposals, jobs, made, records] = counts(&SuccessiveHalving::new(Grid).factor(3), MANY);
    let third = MANY.div_ceil(3);
    assert_eq!(records, MANY + third + third.div_ceil(3));
    assert!(proposals <= records / (1 << 14) + 8, "{proposals} proposals");
    assert!(jobs <= records + proposals && made <= MANY + proposals, "{jobs} jobs, {made} candidates made");
    // Each is decided once, while the first one is under way all the time.
    let few = MANY / 25;
    let [proposals, jobs, made, records] = counts(&Pruning::new(Grid, EverySecond), few);
    assert_eq!(records, few + few / 2);
    // Of those that are made ahead, a few wait and are made again.
    assert!(jobs <= records + proposals && made <= 2 * few, "{jobs} jobs, {made} candidates made");
    let asked = ASKED.load(Ordering::Relaxed);
    assert!(asked <= few + few / 10, "{asked} decisions on {few} candidates");
}
