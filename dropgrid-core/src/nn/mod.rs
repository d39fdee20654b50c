//! Layers: dropgrid's own, and what it must know of any layer beyond dfdx's traits: what can be tuned on it, what input
//! it fixes, and how a training step runs it.

pub mod constant;
mod dropout;
mod input;
mod linear;
mod lower;
mod range;
pub mod seam;
mod tensors;
mod tunable;

pub use dropout::{Dropout, dropout_mask};
pub use input::{End, InputShape, Seq, TakesInput};
pub use linear::{Linear, builder};
pub use lower::Lower;
pub(crate) use lower::{program, write_back};
pub use range::Range;
pub use tunable::{Settings, Tunable, check_setting, range_of};
