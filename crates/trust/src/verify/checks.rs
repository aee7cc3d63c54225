//! The steps of one verification while it runs, and how much of it is still allowed.

use super::{Outcome, Signer, Step, StepResult};
use jiff::Timestamp;
use std::borrow::Cow;

/// So many signatures are checked for one document, whatever is in it: a few seconds of work.
const MOST_SIGNATURE_CHECKS: u32 = 20_000;

/// How many signatures may still be checked.
pub(super) struct Budget {
    left: u32,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { left: MOST_SIGNATURE_CHECKS }
    }

    /// Takes one check. False when there is none left.
    pub(super) fn take(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_left
    }
}

/// What is said where the budget ended.
pub(super) const TOO_MUCH: &str = "the document holds so many signatures that checking all of them was given up";

/// The steps so far.
#[derive(Default)]
pub(super) struct Checks {
    pub(super) steps: Vec<Step>,
}

impl Checks {
    pub(super) fn passed(&mut self, name: &'static str, words: impl Into<String>) {
        self.add(name, StepResult::Passed, words.into());
    }

    pub(super) fn failed(&mut self, name: &'static str, words: impl Into<String>) {
        self.add(name, StepResult::Failed, words.into());
    }

    pub(super) fn skipped(&mut self, name: &'static str, words: impl Into<String>) {
        self.add(name, StepResult::Skipped, words.into());
    }

    fn add(&mut self, name: &'static str, result: StepResult, words: String) {
        self.steps.push(Step { name: Cow::Borrowed(name), result, words });
    }
}

/// What came of one signature.
pub(super) struct Ruling {
    pub(super) outcome: Outcome,
    /// Who it is by: believed when the outcome is verified, and a claim otherwise.
    pub(super) signer: Option<Signer>,
    /// When it existed at the latest, where that was verified.
    pub(super) signed_at: Option<Timestamp>,
}

impl Ruling {
    pub(super) fn verified(signer: Signer, signed_at: Option<Timestamp>) -> Self {
        Self { outcome: Outcome::Verified, signer: Some(signer), signed_at }
    }

    pub(super) fn invalid(why: impl Into<String>, signer: Option<Signer>) -> Self {
        Self { outcome: Outcome::Invalid { why: why.into() }, signer, signed_at: None }
    }

    pub(super) fn unchecked(why: impl Into<String>, signer: Option<Signer>) -> Self {
        Self { outcome: Outcome::Unchecked { why: why.into() }, signer, signed_at: None }
    }

    pub(super) fn unknown(who: impl Into<String>, signer: Option<Signer>) -> Self {
        Self { outcome: Outcome::UnknownSigner { who: who.into() }, signer, signed_at: None }
    }

    /// The more of a root's or a signature's word there is, the earlier: one that verifies beats one that is known to be
    /// wrong, which beats one that could not be checked, which beats one by strangers.
    pub(super) fn rank(&self) -> u8 {
        match self.outcome {
            Outcome::Verified => 0,
            Outcome::Invalid { .. } => 1,
            Outcome::Unchecked { .. } => 2,
            Outcome::UnknownSigner { .. } => 3,
            Outcome::Unsigned => 4,
        }
    }
}
