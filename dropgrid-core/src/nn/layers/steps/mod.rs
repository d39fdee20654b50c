//! Steps that prepare columns of the data, and embeddings of categories.

mod codes;
mod embed;

pub use embed::Embed;

/// The types by which the layers are declared.
pub(in crate::nn) mod builder {
    pub use super::embed::builder::Embed;
}
