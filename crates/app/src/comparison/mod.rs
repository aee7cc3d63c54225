//! What a release brings that another had not, and what it no longer has: components, licences, findings. Two states of
//! knowledge come in and differences go out; what was looked at in one of them only is not compared but named. Vulnerabilities that
//! only one of them was scanned for are compared as far as our own matching knows them.

pub(crate) mod components;
pub(crate) mod findings;

use crate::current::Read;
use crate::sbom::Contents;
use shipworthy_model::FindingKind;
use shipworthy_store::gate_finding::GateFinding;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is known of a release, as far as it is compared.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its version, for people.
    pub(crate) version: String,
    /// What it is made of.
    pub(crate) contents: Arc<Contents>,
    /// Every finding of every document, the most severe first.
    pub(crate) findings: Vec<GateFinding>,
    /// The kinds of findings that its evidence looked for.
    pub(crate) looked_for: BTreeSet<FindingKind>,
    /// Whether its components are matched with advisories.
    pub(crate) is_matched: bool,
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Differences {
    pub(crate) components: components::Components,
    pub(crate) licenses: components::Licenses,
    pub(crate) findings: findings::Findings,
    /// What is not compared, and why.
    pub(crate) not_compared: Vec<NotCompared>,
}

/// Something that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotCompared {
    /// `components`, `licenses` or a kind of findings.
    pub(crate) what: String,
    /// Why, in a sentence.
    pub(crate) because: String,
}

/// The kinds that were looked for, by the current evidence of a release.
pub(crate) fn looked_for(current: &[Read]) -> BTreeSet<FindingKind> {
    current.iter().flat_map(|read| read.looked_for.iter().copied()).collect()
}

/// What differs between a release and the one that it is compared with.
pub(crate) fn compare(before: &Known, after: &Known) -> Differences {
    let mut differences = Differences::default();
    let lacking = [before, after].into_iter().find(|known| known.contents.inventories == 0);
    match lacking {
        None => {
            let (old, new) = (&before.contents.components, &after.contents.components);
            differences.components = components::compare(old, new);
            differences.licenses = components::compare_licenses(old, new);
        }
        Some(known) => {
            for what in ["components", "licenses"] {
                let because = format!("{} has no inventory", known.version);
                differences.not_compared.push(NotCompared { what: what.to_owned(), because });
            }
        }
    }
    let mut kinds = BTreeSet::new();
    for kind in FindingKind::ALL {
        let silent = match (before.looked_for.contains(kind), after.looked_for.contains(kind)) {
            (true, true) => {
                kinds.insert(*kind);
                continue;
            }
            (false, false) => None,
            (true, false) => Some(after),
            (false, true) => Some(before),
        };
        let is_matched = *kind == FindingKind::Vulnerability && before.is_matched && after.is_matched;
        if is_matched {
            differences.findings = findings::compare(&matched(before), &matched(after), &BTreeSet::from([*kind]));
        }
        if let Some(Known { version, .. }) = silent {
            let instead = if is_matched { "; compared is what its components match" } else { "" };
            let because = format!("nothing in the evidence of {version} looked for it{instead}");
            differences.not_compared.push(NotCompared { what: kind.to_string(), because });
        }
    }
    differences.findings.extend(findings::compare(&before.findings, &after.findings, &kinds));
    differences
}

/// The findings of our own matching.
fn matched(known: &Known) -> Vec<GateFinding> {
    known.findings.iter().filter(|finding| finding.is_matching).cloned().collect()
}
