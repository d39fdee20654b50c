//! Warnings about data and recipes, given before any training.

use std::time::Instant;

use super::bound::BoundSearch;
use crate::{
    data::{Dataset, Features, Moments, Truth},
    engine,
    error::Result,
    model::{Head, Init, Model},
    recipe::{TargetTransform, Train},
    seed::Seed,
    space::{architectures, every_value},
    split::{Split, Warning},
    train::{Link, NetworkType, TrainTarget, build_network, loses_variance},
};

/// The largest absolute mean or standard deviation of targets that a network reaches with a usual learning rate.
const REACH: f64 = 10.0;

/// The number of image rows that are examined.
const IMAGES: usize = 64;

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Returns the warnings about the features, the targets and the batches of this search on `data`. A network that
    /// cannot be built gives no warning: its fits fail and state the reason.
    pub(super) fn warnings<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        splits: &[Split],
    ) -> Vec<Warning> {
        let features = data.features();
        let notes = data.notes().iter().map(|note| Warning::Note { note: note.clone() });
        let mut warnings: Vec<Warning> = notes.chain(merged(features)).collect();
        warnings.extend(constant(features));
        let listed = self.strategy.listed();
        let candidates = if listed.is_empty() { every_value(self.space) } else { listed.to_vec() };
        let recipe = |params: &M::Params| M::recipe(params, self.settings.recipe.clone());
        let recipes: Vec<Train> = candidates.iter().map(recipe).collect();
        if T::LINK == Some(Link::Identity)
            && recipes.iter().any(|it| it.target_transform == TargetTransform::None && it.own_loss.is_none())
        {
            warnings.extend(spread(data.targets()));
        }
        let far = far(features);
        let single = self.batch_of_one(data, splits, &recipes);
        let networks: Vec<M::Params> = if listed.is_empty() {
            architectures(self.space).filter_map(|of_one| of_one.first()).collect()
        } else {
            candidates
        };
        for params in networks {
            let is_scaled = || engine::catch(|| Ok(Head::of::<M>(&params)?)).map_or(true, |head| head.has_statistics);
            if !far.is_empty() && !is_scaled() {
                warnings.push(Warning::FarFromZero { columns: far.clone() });
            }
            if let Ok(network) = engine::catch(|| Ok(inspect::<M, T>(&params, features, single.is_some())?)) {
                warnings.extend(network.channels);
                warnings.extend(single.clone().filter(|_| network.loses_variance));
            }
        }
        let mut known = Vec::new();
        warnings.retain(|warning| {
            let is_new = !known.contains(warning);
            known.push(warning.clone());
            is_new
        });
        warnings
    }

    /// Returns the first fold in which an epoch ends with a batch of one row.
    fn batch_of_one<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        splits: &[Split],
        recipes: &[Train],
    ) -> Option<Warning> {
        let runner = self.runner(data, splits, Instant::now());
        (0..).zip(splits).find_map(|(fold, split)| {
            let part = split.train.as_slice();
            // The validation rows are the same for all candidates of a fold. A part that cannot be split is an error of
            // the search.
            let held = recipes.iter().find(|recipe| recipe.needs_validation());
            let held = held.and_then(|recipe| runner.validation_split(recipe, fold, part, 0).ok());
            recipes.iter().find_map(|recipe| {
                let held = held.as_ref().filter(|_| recipe.needs_validation());
                let (rows, batch_size) = (held.map_or(part.len(), |held| held.fit.len()), recipe.batch_size);
                let is_kept = recipe.batches(rows) > rows / batch_size;
                let is_one = batch_size == 1 || rows % batch_size == 1 && is_kept;
                is_one.then_some(Warning::BatchOfOne { fold: fold as usize, rows, batch_size })
            })
        })
    }
}

/// Returns the columns in which distinct cells become the same number in single precision.
fn merged(features: &Features) -> impl Iterator<Item = Warning> {
    features.merged().iter().map(|merged| Warning::MergedCells {
        column: features.column_name(merged.column),
        cells: merged.cells,
        numbers: merged.numbers,
    })
}

/// Returns the columns that lie far from zero and are not constant.
fn far(features: &Features) -> Vec<String> {
    let origins = features.origins().unwrap_or_default();
    let differs = |column: usize| (0..features.len()).any(|row| features.input_row(row)[column] != 0.0);
    let far = (0..origins.len()).filter(|&column| origins[column] != 0.0 && differs(column));
    far.map(|column| features.column_name(column)).collect()
}

/// Returns a warning about columns that have the same number in every row.
///
/// If the number is also the lowest of most other columns, it is a background, such as the border of images, and not an
/// error.
fn constant(features: &Features) -> Option<Warning> {
    /// The number of columns from which on a background can be recognised.
    const MANY: usize = 16;
    let (rows, width) = (features.len(), features.width());
    if rows < 2 {
        return None;
    }
    let (mut low, mut high) = (features.input_row(0).to_vec(), features.input_row(0).to_vec());
    for row in 1..rows {
        let ends = low.iter_mut().zip(&mut high);
        for ((low, high), &input) in ends.zip(features.input_row(row)) {
            (*low, *high) = (low.min(input), high.max(input));
        }
    }
    let is_background = |column: usize| {
        let same = low.iter().filter(|&&other| other.to_bits() == low[column].to_bits()).count();
        width >= MANY && 2 * same > width
    };
    // In a column with one number and missing cells, the missing cells carry information.
    let is_told = |column: usize| !low[column].is_nan() && features.missing(column) > 0;
    let columns = (0..width).filter(|&column| low[column].to_bits() == high[column].to_bits() && !is_told(column));
    let columns: Vec<String> =
        columns.filter(|&column| !is_background(column)).map(|column| features.column_name(column)).collect();
    (!columns.is_empty()).then_some(Warning::ConstantColumns { columns })
}

/// Returns a warning about the first target that is out of a network's reach.
fn spread<T: TrainTarget>(targets: &T) -> Option<Warning> {
    let rows: Vec<usize> = (0..targets.samples()).collect();
    let truth = targets.truth(&rows);
    let width = targets.width();
    let moments = Moments::of(T::Kind::numbers(&truth)?.chunks_exact(width));
    let numbers = moments.mean.iter().zip(moments.deviation()).enumerate();
    let mut far = numbers.filter(|(_, (mean, deviation))| {
        mean.abs() > REACH || *deviation > REACH || (*deviation > 0.0 && *deviation < 1.0 / REACH)
    });
    let (output, (&mean, deviation)) = far.next()?;
    Some(Warning::TargetSpread { output: (width > 1).then_some(output), mean, deviation })
}

struct Inspection {
    channels: Option<Warning>,
    loses_variance: bool,
}

/// Examines the network of an architecture. `trains` is true if some epoch has a batch of one row.
fn inspect<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    features: &Features,
    trains: bool,
) -> Result<Inspection> {
    let built = trains.then(|| build_network::<M, T>(params, &Init::alone(Seed(0)))).transpose()?;
    let channels = match NetworkType::of::<M>(params)?.input[..] {
        [channels, height, width] => channels_last([channels, height, width], features),
        _ => None,
    };
    Ok(Inspection { channels, loses_variance: built.is_some_and(|mut built| loses_variance(&mut *built.network)) })
}

/// Returns true for the usual numbers of colour channels: three, or four with transparency.
fn is_colours(channels: usize) -> bool {
    matches!(channels, 3 | 4)
}

/// Returns a warning if the channels of images are the last axis, by the declared shape or by the rows.
fn channels_last(input: [usize; 3], features: &Features) -> Option<Warning> {
    /// The smallest number of pixels on a side from which on rows are recognised as images.
    const SIDE: usize = 8;
    let [first, second, last] = input;
    let is_large = first >= SIDE && second >= SIDE;
    if is_large && (is_colours(last) || last == 1 && first == second) {
        return Some(Warning::ChannelsLast { input });
    }
    let is_image = is_colours(first) && second >= SIDE && last >= SIDE;
    (is_image && are_interleaved(features, first)).then_some(Warning::InterleavedChannels { input })
}

/// Returns true if numbers at a distance of `channels` differ less than half as much as neighbours do. Neighbours are
/// then colours of one pixel, and numbers at that distance are the same colour of neighbouring pixels.
fn are_interleaved(features: &Features, channels: usize) -> bool {
    let apart = |distance: usize| {
        let rows = (0..features.len().min(IMAGES)).map(|row| features.input_row(row));
        let steps = rows.flat_map(|row| row.iter().zip(&row[distance.min(row.len())..]));
        let (sum, count) =
            steps.fold((0.0, 0_usize), |(sum, count), (a, b)| (sum + f64::from((a - b).abs()), count + 1));
        sum / count.max(1) as f64
    };
    2.0 * apart(channels) < apart(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes images of 8 by 8 pixels with two smooth channels and a third that is the opposite of the first, channels
    /// last or first.
    fn images(is_last: bool) -> Features {
        let pixel = |image: usize, channel: usize, at: usize| {
            let slope = (at / 8 + at % 8 + image) as f32;
            [slope, 40.0, 60.0 - slope][channel]
        };
        let row = |image: usize| -> Vec<f32> {
            let order = |at: usize| if is_last { (at % 3, at / 3) } else { (at / 64, at % 64) };
            (0..192).map(|at| pixel(image, order(at).0, order(at).1)).collect()
        };
        Features::from_rows((0..5).map(row)).expect("images")
    }

    #[test]
    fn channels_last_are_seen_in_the_shape_and_in_the_rows() {
        let (last, first) = (images(true), images(false));
        assert_eq!(channels_last([3, 8, 8], &last), Some(Warning::InterleavedChannels { input: [3, 8, 8] }));
        assert_eq!(channels_last([3, 8, 8], &first), None);
        assert_eq!(channels_last([8, 8, 3], &last), Some(Warning::ChannelsLast { input: [8, 8, 3] }));
        for (input, is_odd) in [([28, 28, 1], true), ([32, 48, 4], true), ([1, 8, 8], false), ([16, 28, 1], false)] {
            assert_eq!(channels_last(input, &first).is_some(), is_odd, "{input:?}");
        }
    }

    #[test]
    fn a_constant_is_told_and_a_background_is_not() {
        let table = Features::from_rows([[1.0, 5.0], [2.0, 5.0]]).and_then(|it| it.with_names(["a", "b"]));
        let columns = vec!["b".to_owned()];
        assert_eq!(constant(&table.expect("features")), Some(Warning::ConstantColumns { columns }));
        let image =
            |row: usize| -> Vec<f32> { (0..64).map(|at| if at % 8 == 0 { 0.0 } else { (at * row) as f32 }).collect() };
        assert_eq!(constant(&Features::from_rows((0..4).map(image)).expect("features")), None);
        assert_eq!(constant(&Features::from_rows([[1.0]]).expect("features")), None, "one row tells nothing");
    }
}
