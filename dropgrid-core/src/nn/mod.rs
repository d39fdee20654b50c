//! What dropgrid must know of a layer beyond dfdx's own traits: what can be tuned on it, and what input it fixes.

pub mod constant;
mod input;
mod range;
pub mod seam;
mod tunable;

pub use input::{End, InputShape, Seq, TakesInput};
pub use range::Range;
pub use tunable::{Settings, Tunable, check_setting, has_setting, range_of};
