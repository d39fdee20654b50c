//! A model in a crate that knows dropgrid by another name.

use grids::prelude::*;

/// A model with an axis of each kind that is generated differently.
#[searchable(crate = grids, tests)]
pub struct Mlp<#[grid(4, 8)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<2, HIDDEN>, Act),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 2>,
    #[train]
    #[grid(1e-3, 1e-2)]
    lr: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_searched() -> grids::Result<()> {
        let rows: Vec<[f32; 2]> = (0..20_u8).map(|row| [f32::from(row), f32::from(row % 2)]).collect();
        let labels: Vec<usize> = (0..20).map(|row| row % 2).collect();
        let data = Dataset::new(&rows, Classes::<2>::new(labels)?)?;
        let report = Mlp::search(Grid).cv(KFold::new(2)).train(Train::default().epochs(1)).fit(&data)?;
        assert_eq!(report.results().fits(), 32);
        Ok(())
    }
}
