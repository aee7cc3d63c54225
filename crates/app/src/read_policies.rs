//! Policies that were read before. Reading one takes a millisecond, a gate asks a dozen, and a text with the same digest
//! is the same policy for ever.

use shipworthy_model::Digest;
use shipworthy_policy::Policy;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// More than anybody has in force; beyond it everything is forgotten and read anew.
const MOST: usize = 1_000;

/// Policies by the digest of their source.
#[derive(Debug, Default)]
pub(crate) struct ReadPolicies(Mutex<HashMap<Digest, Arc<Policy>>>);

impl ReadPolicies {
    /// The policy whose source has this digest.
    ///
    /// # Errors
    /// What is wrong with the source.
    pub(crate) fn read(&self, digest: &Digest, source: &str) -> Result<Arc<Policy>, String> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(policy) = known().get(digest) {
            return Ok(Arc::clone(policy));
        }
        let policy = Arc::new(Policy::parse(source).map_err(|error| error.to_string())?);
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(digest.clone(), Arc::clone(&policy));
        Ok(policy)
    }
}
