//! Takes in what was fetched, and counts.

use crate::app::App;
use crate::caller::Caller;
use crate::learn::{Learned, learn};
use bytes::Bytes;
use shipworthy_store::advisory_sync::Brought;

/// What a feed brought so far.
pub(super) struct Taking<'a> {
    pub(super) app: &'a App,
    caller: &'a Caller,
    /// What came so far.
    pub(super) brought: Brought,
}

impl<'a> Taking<'a> {
    /// Nothing so far.
    pub(super) fn new(app: &'a App, caller: &'a Caller) -> Self {
        Self { app, caller, brought: Brought::default() }
    }

    /// Takes in a document as a whole.
    pub(super) async fn document(&mut self, bytes: Bytes) -> Result<(), String> {
        self.count(learn(self.app, self.caller, bytes).await.map_err(|problem| problem.detail)?);
        Ok(())
    }

    /// Takes in some of many records; those that cannot be read are left out.
    pub(super) async fn part(&mut self, part: Vec<u8>) -> Result<(), String> {
        match learn(self.app, self.caller, part.into()).await {
            Ok(learned) => self.count(learned),
            Err(problem) if problem.status == 422 => self.leave_out(problem.detail),
            Err(problem) => return Err(problem.detail),
        }
        Ok(())
    }

    fn count(&mut self, learned: Learned) {
        for (records, changed) in learned.sources.values() {
            self.brought.records += records;
            self.brought.changed += changed;
        }
        for warning in learned.warnings {
            self.leave_out(format!("{}: {}", warning.at, warning.message));
        }
    }

    /// Counts something that cannot be had.
    pub(super) fn leave_out(&mut self, why: String) {
        self.brought.left_out += 1;
        self.brought.left_out_first.get_or_insert(why);
    }
}
