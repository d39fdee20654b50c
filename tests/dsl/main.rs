//! What `#[searchable]` makes of a struct.

mod declarations;
mod depth;
mod expressions;
mod hygiene;
mod ranges;
mod space;
/// Public, so that what it generates has to be documented.
pub mod twins;
