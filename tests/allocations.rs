//! A training step allocates nothing: a fit of many epochs allocates as often as one of few. And a worker more costs a
//! model with its optimizer and its batches, but nothing of the data.

#![allow(unsafe_code, reason = "an allocator is an unsafe trait; this one counts and passes on")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

use dropgrid::prelude::*;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(live, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Every kind of operation: folded, by itself, with two inputs, with state.
#[searchable]
struct Model {
    scale: Standardize<6>,
    hidden: (Linear<6, 32>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    body: Residual<(WeightNorm<Linear<32, 32>>, LayerNorm1D<32>, Tanh, BatchNorm1D<32>)>,
    #[grid(0.1)]
    late: Dropout,
    #[grid(0.1)]
    noise: GaussianNoise,
    #[grid(0.1)]
    alpha: AlphaDropout,
    output: Linear<32, 3>,
}

/// The same features as images.
#[searchable(input = Rank3<1, 2, 3>)]
struct Images {
    first: (Conv2D<1, 4, 2, 1, 1>, ReLU, MaxPool2D<2>),
    #[grid(0.25)]
    dropout: Dropout,
    body: Residual<(Conv2D<4, 4, 3, 1, 1, 1, 2>, Tanh)>,
    output: (AvgPool2D<2>, Flatten2D, Linear<8, 3>),
}

macro_rules! allocations {
    ($model:ident, $epochs:expr, $optimizer:expr, $data:expr) => {{
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        $model::search(Grid)
            .cv(KFold::new(2))
            .train(Train::adam(1e-3).optimizer($optimizer).epochs($epochs).batch_size(16))
            .workers(1)
            .progress(false)
            .fit($data)
            .expect("a report");
        ALLOCATIONS.load(Ordering::Relaxed) - before
    }};
}

/// 38 epochs of three fits are 342 steps more. Threads that wait for one another allocate now and then.
#[track_caller]
fn assert_few(what: &str, few: usize, many: usize) {
    assert!(many.saturating_sub(few) < 20, "{what}: {few} allocations for 2 epochs, {many} for 40");
}

/// The peak of live bytes of a search, beyond those before it.
fn peak(workers: usize, data: &Dataset<Classes<3>>) -> usize {
    let before = LIVE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    Large::search(Grid)
        .cv(KFold::new(4))
        .train(Train::adam(1e-3).epochs(2).batch_size(16))
        .workers(workers)
        .progress(false)
        .fit(data)
        .expect("a report");
    PEAK.load(Ordering::Relaxed) - before
}

#[searchable]
struct Large {
    hidden: (Linear<6, 1000>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<1000, 3>,
}

fn data(rows: usize) -> Dataset<Classes<3>> {
    let features: Vec<[f32; 6]> =
        (0..rows).map(|row| [0, 1, 2, 3, 4, 5].map(|at| ((row * 7 + at) % 13) as f32)).collect();
    let labels = Classes::<3>::new((0..rows).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    Dataset::new(&features, labels).expect("data")
}

// The only test of this file, so that nothing else allocates beside it.
#[test]
fn neither_steps_nor_workers_cost_memory() {
    let small = data(90);
    for optimizer in [Optimizer::adam(), Optimizer::sgd(), Optimizer::rmsprop()] {
        let _first = allocations!(Model, 1, optimizer, &small);
        let (few, many) = (allocations!(Model, 2, optimizer, &small), allocations!(Model, 40, optimizer, &small));
        assert_few(&format!("{optimizer:?}"), few, many);
    }
    let adam = Optimizer::adam();
    let _first = allocations!(Images, 1, adam, &small);
    assert_few("images", allocations!(Images, 2, adam, &small), allocations!(Images, 40, adam, &small));

    let large = data(20_000);
    let parameters = 6 * 1000 + 1000 + 1000 * 3 + 3;
    // Its tensors, the program's parameters, their gradients and Adam's two moments.
    let model = 5 * parameters * size_of::<f32>();
    // The widest value and its gradient in training, and in evaluation's larger batches the output of each layer.
    let batches = 16 * 1000 * 4 * size_of::<f32>() + 512 * 1000 * 3 * size_of::<f32>();
    // The order of its rows, and the predictions that it scores.
    let rows = 20_000 * (size_of::<usize>() + 3 * size_of::<f64>());
    let more = peak(2, &large).saturating_sub(peak(1, &large));
    assert!(more < model + batches + rows, "{more} bytes for a worker more");
}
