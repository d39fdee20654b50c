//! Access to the numbers of tensors, and to all tensors and settings of a network.

pub(super) mod cpu_f32;
pub(super) mod double;
pub(super) mod numbers;
mod settings;
mod walk;

pub use double::Double;
pub(crate) use settings::{Setting, settings};
pub(crate) use walk::{AnyTensor, Part, Parts, Read, Write, each_part, each_part_mut, each_tensor, each_tensor_mut};
