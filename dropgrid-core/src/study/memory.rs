//! A store that lasts as long as the process.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{Checkpoint, Damaged, EndState, FitName, Identity, Kept, Legend, Standing, Store};
use crate::error::Result;

/// Keeps fits and checkpoints in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    identity: Option<Identity>,
    legend: Option<Legend>,
    kept: HashMap<(String, u32), Kept>,
    /// One may be of several fits.
    checkpoints: HashMap<(String, u32), Arc<Checkpoint>>,
    /// By training, fold and epochs.
    ends: BTreeMap<(String, u32, u32), EndState>,
}

impl Store for Memory {
    fn identity(&mut self) -> Result<Option<Identity>> {
        Ok(self.identity.clone())
    }

    fn identify(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool> {
        let is_known = self.identity.as_ref() == was;
        if is_known {
            self.identity = Some(identity.clone());
        }
        Ok(is_known)
    }

    fn legend(&mut self) -> Result<Option<Legend>> {
        Ok(self.legend.clone())
    }

    fn explain(&mut self, legend: &Legend) -> Result<()> {
        self.legend = Some(legend.clone());
        Ok(())
    }

    fn drop_damaged(&mut self) -> Result<Vec<Damaged>> {
        Ok(Vec::new())
    }

    fn kept(&mut self) -> Result<Vec<Kept>> {
        Ok(self.kept.values().cloned().collect())
    }

    fn claim(&mut self, wanted: &[&[FitName]], most: usize, _: bool) -> Result<Vec<Standing>> {
        let record = |fit: &FitName| Some(self.kept.get(&(fit.params.clone(), fit.fold))?.record.clone());
        let mut left = most;
        let stand = |fits: &&[FitName]| match fits.iter().map(record).collect() {
            Some(records) => Standing::Kept(records),
            None if left == 0 => Standing::Free { deaths: 0 },
            None => {
                left -= 1;
                Standing::Claimed
            }
        };
        Ok(wanted.iter().map(stand).collect())
    }

    fn has_news(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn give_back(&mut self, _: &[FitName]) -> Result<()> {
        Ok(())
    }

    fn leave(&mut self) -> Result<()> {
        Ok(())
    }

    fn let_go(&mut self, fits: &[FitName]) -> Result<()> {
        for fit in fits {
            let name = (fit.params.clone(), fit.fold);
            if self.kept.get(&name).is_some_and(|kept| kept.record.outcome.is_err()) {
                self.kept.remove(&name);
            }
        }
        Ok(())
    }

    fn retry_failed(&mut self) -> Result<()> {
        self.kept.retain(|_, kept| kept.record.outcome.is_ok());
        Ok(())
    }

    fn keep(&mut self, fits: &[Kept]) -> Result<()> {
        for fit in fits {
            let name = (fit.params.clone(), fit.record.fold);
            self.checkpoints.remove(&name);
            if self.kept.get(&name).is_none_or(|known| known.record.gives_way_to(&fit.record)) {
                self.kept.insert(name, fit.clone());
            }
        }
        Ok(())
    }

    fn checkpoint(&mut self, params: &str, fold: u32) -> Result<Option<Checkpoint>> {
        let name = (params.to_owned(), fold);
        let known = self.checkpoints.get(&name).map(|known| Checkpoint::clone(known));
        Ok(known.map(|known| Checkpoint { params: name.0, fold, ..known }))
    }

    fn save(&mut self, checkpoint: &Checkpoint, of: &[FitName]) -> Result<()> {
        let state = Arc::new(checkpoint.clone());
        let others = of.iter().map(|fit| (fit.params.clone(), fit.fold));
        for name in others.chain([(checkpoint.params.clone(), checkpoint.fold)]) {
            self.checkpoints.insert(name, Arc::clone(&state));
        }
        Ok(())
    }

    fn forget(&mut self, params: &str, fold: u32) -> Result<()> {
        self.checkpoints.remove(&(params.to_owned(), fold));
        Ok(())
    }

    fn end_states(&mut self) -> Result<Vec<(String, u32, u32)>> {
        Ok(self.ends.keys().cloned().collect())
    }

    fn end_state(&mut self, training: &str, fold: u32, most: u32) -> Result<Option<EndState>> {
        let of = |epochs| (training.to_owned(), fold, epochs);
        Ok(self.ends.range(of(0)..=of(most)).next_back().map(|(_, end)| end.clone()))
    }

    fn save_end(&mut self, end: &EndState) -> Result<()> {
        self.ends.insert((end.training.clone(), end.fold, end.epochs), end.clone());
        Ok(())
    }

    fn forget_ends(&mut self) -> Result<()> {
        self.ends.clear();
        Ok(())
    }
}
