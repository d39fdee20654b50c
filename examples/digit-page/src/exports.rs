//! The functions that the page calls.
//!
//! They take and return numbers. Their names are exported without a generator of bindings, which takes an attribute that counts
//! as unsafe: two functions of one name would be one.
#![allow(unsafe_code, reason = "names of exported functions; there is no unsafe block")]

use std::cell::RefCell;

use dropgrid::{prelude::*, train::RowPredictor};

use crate::{Cells, Drawing, Reader, trained};

/// The state of a page.
struct Page {
    drawing: Drawing,
    cells: Cells,
    predictor: RowPredictor<'static, Reader, Classes<10>>,
    probabilities: [f64; 10],
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::new(Page::open());
}

impl Page {
    fn open() -> Self {
        // The model lives as long as the page.
        let fitted = Box::leak(Box::new(trained().expect("the model of this crate")));
        let predictor = fitted.row_predictor().expect("memory for a row");
        Self { drawing: Drawing::default(), cells: [0.0; 64], predictor, probabilities: [0.0; 10] }
    }
}

fn page<R>(work: impl FnOnce(&mut Page) -> R) -> R {
    PAGE.with_borrow_mut(work)
}

/// Begins a new drawing.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn clear() {
    page(|page| page.drawing = Drawing::default());
}

/// Begins a stroke.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn begin_stroke() {
    page(|page| page.drawing.begin());
}

/// Draws on to a point.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn line_to(x: f32, y: f32) {
    page(|page| page.drawing.line_to(x, y));
}

/// Makes the cells those of the drawing.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn read_drawing() {
    page(|page| page.cells = page.drawing.cells());
}

/// The ink of a cell, which is below 64.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn cell(at: usize) -> f32 {
    page(|page| page.cells[at])
}

/// Sets the ink of a cell, which is below 64.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn set_cell(at: usize, ink: f32) {
    page(|page| page.cells[at] = ink);
}

/// Predicts the digit of the cells.
///
/// # Panics
/// Where the ink of a cell is not finite.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn predict() {
    page(|page| page.probabilities = page.predictor.predict_proba(&page.cells).expect("finite cells"));
}

/// The predicted probability of a digit, which is below 10.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub extern "C" fn probability(digit: usize) -> f64 {
    page(|page| page.probabilities[digit])
}
