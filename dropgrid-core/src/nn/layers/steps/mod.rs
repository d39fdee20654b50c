//! Steps that prepare columns of the data, and embeddings of categories.

mod codes;
mod embed;
mod group_infrequent;
mod impute;
mod max_abs;
mod one_hot;
mod ordinal;
mod per_column;
mod power_transform;
mod quantile_transform;
mod robust_scale;
mod rule;

pub use embed::Embed;
pub use group_infrequent::GroupInfrequent;
pub use impute::{Constant, Fill, Impute, Mean, Median, MostFrequent, OwnCategory, WithIndicator};
pub use max_abs::MaxAbs;
pub use one_hot::{DropFirst, DropIfBinary, OneHot};
pub use ordinal::Ordinal;
pub use per_column::PerColumn;
pub use power_transform::PowerTransform;
pub use quantile_transform::{Normal, OutputDistribution, QuantileTransform, Uniform};
pub use robust_scale::RobustScale;
pub use rule::{Refusal, UnknownRule, Zeros};

/// The declarations of the layers.
pub(in crate::nn) mod builder {
    pub use super::{
        embed::builder::Embed,
        group_infrequent::builder::GroupInfrequent,
        impute::builder::{Impute, WithIndicator},
        max_abs::builder::MaxAbs,
        ordinal::builder::Ordinal,
        per_column::builder::PerColumn,
        power_transform::builder::PowerTransform,
        quantile_transform::builder::QuantileTransform,
        robust_scale::builder::RobustScale,
    };
}
