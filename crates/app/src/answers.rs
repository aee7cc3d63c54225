//! Answers of gates as they were written last, by decision. Which decision answers a question is asked of the database
//! every time; only the work of writing it out is saved, so nothing here can be stale for long or lost.

use axum::body::Bytes;
use shipworthy_model::DecisionId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The most bytes that are kept.
const LARGEST_BYTES: usize = 16 * 1024 * 1024;

/// Written answers.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<DecisionId, Bytes>,
    size_bytes: usize,
}

impl Answers {
    /// The answer as it was written last.
    pub(crate) fn get(&self, id: DecisionId) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).answers.get(&id).cloned()
    }

    /// Keeps an answer; when there are too many, all others are forgotten.
    pub(crate) fn keep(&self, id: DecisionId, answer: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.size_bytes + answer.len() > LARGEST_BYTES {
            *kept = Kept::default();
        }
        kept.size_bytes += answer.len();
        kept.answers.insert(id, answer);
    }
}
