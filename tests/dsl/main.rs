//! What `#[searchable]` makes of a struct.

mod declarations;
mod depth;
mod expressions;
mod hygiene;
mod nested;
mod ranges;
mod space;
/// Public, so that what it generates has to be documented.
pub mod twins;
