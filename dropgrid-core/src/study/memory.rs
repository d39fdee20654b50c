//! A store that lasts as long as the process.

use std::collections::HashMap;

use super::{Identity, Kept, Legend, Store};
use crate::error::Result;

/// Keeps fits in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    identity: Option<Identity>,
    legend: Option<Legend>,
    kept: HashMap<(String, u32), Kept>,
}

impl Store for Memory {
    fn identity(&mut self) -> Result<Option<Identity>> {
        Ok(self.identity.clone())
    }

    fn identify(&mut self, identity: &Identity) -> Result<()> {
        self.identity = Some(identity.clone());
        Ok(())
    }

    fn legend(&mut self) -> Result<Option<Legend>> {
        Ok(self.legend.clone())
    }

    fn explain(&mut self, legend: &Legend) -> Result<()> {
        self.legend = Some(legend.clone());
        Ok(())
    }

    fn kept(&mut self) -> Result<Vec<Kept>> {
        Ok(self.kept.values().cloned().collect())
    }

    fn keep(&mut self, fits: &[Kept]) -> Result<()> {
        for fit in fits {
            self.kept.entry((fit.params.clone(), fit.record.fold)).or_insert_with(|| fit.clone());
        }
        Ok(())
    }
}
