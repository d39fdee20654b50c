//! The values of the axes of a space, as candidates show them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::space::{Params, Position, Space, every_value};

/// The values of each hyperparameter that some candidate has, in the order of the space; none of an axis that is a range.
pub(super) fn axis_values<S: Space>(space: &S) -> Vec<Vec<Value>> {
    let mut axes = vec![BTreeMap::new(); S::Params::NAMES.len()];
    for params in every_value(space) {
        let positions = space.positions_of(&params).unwrap_or_default();
        for ((axis, position), value) in axes.iter_mut().zip(positions).zip(params.values()) {
            if let Position::At(at) = position {
                axis.insert(at, value);
            }
        }
    }
    axes.into_iter().map(|axis| axis.into_values().collect()).collect()
}
