//! Which products a CSAF document says to be affected, mended or neither, and the rules of the specification about that.

use std::collections::HashMap;

use serde::Deserialize;

use crate::csaf::tree::Products;
use crate::reading::{capped, nullable};

/// The products in each status, by their ids. `recommended` says nothing of the vulnerability.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Statuses {
    #[serde(deserialize_with = "nullable")]
    pub(super) known_affected: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) first_affected: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) last_affected: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) known_not_affected: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) fixed: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) first_fixed: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) under_investigation: Vec<String>,
}

/// That all products are defined, and none is in statuses that contradict each other: mandatory tests 6.1.1 and 6.1.6.
///
/// # Errors
/// The second half of a sentence that begins with the place.
pub(super) fn check(statuses: &Statuses, products: &Products<'_>) -> Result<(), String> {
    let Statuses {
        known_affected,
        first_affected,
        last_affected,
        known_not_affected,
        fixed,
        first_fixed,
        under_investigation,
    } = statuses;
    let groups: [(&str, &[&Vec<String>]); 4] = [
        ("affected", &[known_affected, first_affected, last_affected]),
        ("not affected", &[known_not_affected]),
        ("fixed", &[fixed, first_fixed]),
        ("under investigation", &[under_investigation]),
    ];
    let mut said: HashMap<&str, &str> = HashMap::new();
    for (group, lists) in groups {
        for id in lists.iter().copied().flatten() {
            products.expect(id)?;
            let before = said.insert(id, group).filter(|before| *before != group);
            if let Some(before) = before {
                let id = capped(id, 100);
                return Err(format!("says of the product `{id}` that it is {before} and that it is {group}"));
            }
        }
    }
    Ok(())
}
