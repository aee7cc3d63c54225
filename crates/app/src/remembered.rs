//! What was worked out before and stays true for ever, because it follows from what never changes: a policy from the text
//! with its digest, a count from documents. Nothing here can be stale, and nothing is lost when it is forgotten.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// More than is asked for in an hour; beyond it everything is forgotten and worked out anew.
const MOST: usize = 1_000;

/// Answers by their question.
#[derive(Debug)]
pub(crate) struct Remembered<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    /// The answer that was kept.
    pub(crate) fn find(&self, question: &K) -> Option<V> {
        self.lock().get(question).cloned()
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, question: K, answer: V) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(question, answer);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
