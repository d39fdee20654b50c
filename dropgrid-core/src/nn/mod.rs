//! What dropgrid must know of a layer beyond dfdx's own traits: what can be tuned on it, and what input it fixes.

mod input;
mod tunable;

pub use input::{End, InputShape, Seq, TakesInput};
pub use tunable::{Range, Tunable};
