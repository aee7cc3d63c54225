//! Joins the ids of vulnerabilities anew, as far as records changed. The answer is the one that joining all records gives.
//!
//! An id belongs to the CVE id that is nearest, and no way past another CVE id is shorter. So what an id is called depends
//! on nothing but what hangs together with it without a CVE id in between, and that is little, however large the data.

use crate::problem::Answer;
use shipworthy_advisories::alias;
use shipworthy_store::Session;
use shipworthy_store::advisory_alias::{self, Name};
use std::collections::BTreeSet;

/// Names the vulnerabilities of the touched ids, and of all that hang together with them, by what the records say now. Gives
/// all ids that were looked at.
pub(super) async fn rejoin(session: &mut Session, touched: &BTreeSet<String>) -> Answer<BTreeSet<String>> {
    let mut region: BTreeSet<String> = BTreeSet::new();
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    let mut edge: Vec<String> = touched.iter().filter(|id| !is_cve(id)).cloned().collect();
    while !edge.is_empty() {
        region.extend(edge.iter().cloned());
        let mut reached = BTreeSet::new();
        for pair in advisory_alias::pairs(session, &edge).await? {
            let ends = [&pair.0, &pair.1].into_iter().filter(|id| !is_cve(id) && !region.contains(*id));
            reached.extend(ends.cloned());
            pairs.insert(pair);
        }
        edge = reached.into_iter().collect();
    }
    let ids: Vec<String> = region.iter().cloned().collect();
    advisory_alias::rename(session, &ids, names(&ids, &pairs)).await?;
    Ok(region)
}

/// The names in a region, without those of ids that name themselves.
fn names(region: &[String], pairs: &BTreeSet<(String, String)>) -> Vec<Name> {
    let alone: &[String] = &[];
    let said = pairs.iter().map(|(id, alias)| (id.as_str(), std::slice::from_ref(alias)));
    let joined = alias::join(said.chain(region.iter().map(|id| (id.as_str(), alone))));
    let mut names = Vec::new();
    for alias::Vulnerability { name, ids, covers } in joined {
        // CVE ids name themselves, also where they stand at the border of the region.
        for id in ids.into_iter().filter(|id| !is_cve(id) && (*id != name || !covers.is_empty())) {
            names.push(Name { id, vulnerability: name.clone(), covers: covers.clone() });
        }
    }
    names
}

fn is_cve(id: &str) -> bool {
    alias::preference(id).0 == 0
}
