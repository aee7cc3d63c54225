//! Findings that were counted before. Counting is most of the work of a page of findings, every page of a list asks for it
//! again, and documents never change: the same question has the same answer for ever.

use shipworthy_model::SeverityCounts;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// More lists than are looked at in an hour; beyond it everything is forgotten and counted anew.
const MOST: usize = 1_000;

/// Counts by the question that they answer.
#[derive(Debug, Default)]
pub(crate) struct FindingCounts(Mutex<HashMap<String, SeverityCounts>>);

impl FindingCounts {
    pub(crate) fn find(&self, question: &str) -> Option<SeverityCounts> {
        self.lock().get(question).copied()
    }

    pub(crate) fn keep(&self, question: String, counts: SeverityCounts) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(question, counts);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, SeverityCounts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
