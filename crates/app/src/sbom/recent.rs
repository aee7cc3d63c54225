//! The contents of releases that were asked for lately. They follow from documents, which never change, so that none can be
//! stale; how much is kept is bounded, and what was not asked for the longest goes first.

use crate::sbom::Contents;
use shipworthy_model::Digest;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Components that are kept together: some 80 MB, by what inventories of images say of each.
const MOST: usize = 100_000;

/// Contents by the documents that they are read from, newest question last.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<VecDeque<(Vec<Digest>, Arc<Contents>)>>);

impl Recent {
    /// The contents that were kept.
    pub(crate) fn find(&self, documents: &[Digest]) -> Option<Arc<Contents>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == documents)?;
        let found = kept.remove(place)?;
        let contents = Arc::clone(&found.1);
        kept.push_back(found);
        Some(contents)
    }

    /// Keeps contents. Those that alone are more than is kept are not.
    pub(crate) fn keep(&self, documents: Vec<Digest>, contents: &Arc<Contents>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != documents);
        kept.push_back((documents, Arc::clone(contents)));
        while kept.iter().map(|(_, contents)| weight(contents)).sum::<usize>() > MOST {
            kept.pop_front();
        }
    }
}

fn weight(contents: &Contents) -> usize {
    // A dependency is four bytes; and many releases without components do not pile up.
    contents.components.len() + contents.edges() / 100 + 50
}

#[cfg(test)]
mod tests {
    use super::*;
    use shipworthy_model::Component;

    fn of(components: usize) -> Arc<Contents> {
        Arc::new(Contents { components: vec![Component::default(); components], ..Contents::default() })
    }

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        let recent = Recent::default();
        let documents = |name: &str| vec![Digest::of(name.as_bytes())];
        for name in ["a", "b"] {
            recent.keep(documents(name), &of(40_000));
        }
        assert!(recent.find(&documents("a")).is_some());
        recent.keep(documents("c"), &of(40_000));
        let is_kept = |name: &str| recent.find(&documents(name)).is_some();
        assert_eq!([is_kept("a"), is_kept("b"), is_kept("c")], [true, false, true]);
        recent.keep(documents("d"), &of(120_000));
        assert!(!is_kept("d"));
    }
}
