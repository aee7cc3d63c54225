//! Slows down guessing of passwords: after some failures a name rests for a while.

use crate::problem::{Answer, Problem};
use axum::http::StatusCode;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures by name. Names that do not exist count too, so that resting tells nothing.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<String, Failures>>);

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

const FREE_FAILURES: u32 = 5;
const MOST_REMEMBERED: usize = 10_000;

impl Attempts {
    /// Whether this name may be tried now.
    ///
    /// # Errors
    /// 429 while the name rests.
    pub(crate) fn check(&self, name: &str) -> Answer<()> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        let Some(failures) = failures else { return Ok(()) };
        let rest = rest_after(failures.count);
        let left = rest.saturating_sub(failures.last.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        let detail = format!("too many failed attempts: try again in {} s", left.as_secs() + 1);
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts", detail))
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, name: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_REMEMBERED {
            all.retain(|_, failures| failures.last.elapsed() < rest_after(failures.count));
        }
        let failures = all.entry(name.to_owned()).or_insert(Failures { count: 0, last: Instant::now() });
        failures.count = failures.count.saturating_add(1);
        failures.last = Instant::now();
    }

    /// Forgets the failures of a name.
    pub(crate) fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// 2, 4, 8 … seconds after the free failures, at most 15 minutes.
fn rest_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs((2u64 << more.min(9)).min(900)),
    }
}
