//! The vulnerabilities of a release, as its findings have them: one for each component, with everything that any of the
//! tools says of it and what is said about it.

use crate::current::Read;
use crate::gather::{join_artifacts, origin};
use crate::vex::{Heard, Word};
use shipworthy_model::{ComponentRef, Cvss, Digest, Finding, FindingKind, Severity};
use shipworthy_policy::FindingFact;
use shipworthy_store::finding::{self, Filter, Place};
use shipworthy_store::gate_finding::{self, GateFinding};
use shipworthy_store::{Session, StoreError, finding_match};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A vulnerability in a component.
#[derive(Clone, Debug)]
pub(crate) struct Vulnerability {
    /// The one name of the vulnerability.
    pub(crate) name: String,
    /// Its other names.
    pub(crate) aliases: BTreeSet<String>,
    /// One line for people.
    pub(crate) title: String,
    /// How bad, as the tool says that thinks worst of it.
    pub(crate) severity: Severity,
    /// CVSS ratings as published.
    pub(crate) cvss: Vec<Cvss>,
    /// The component; absent when it is the release as a whole.
    pub(crate) component: Option<ComponentRef>,
    /// Versions of the component without it.
    pub(crate) fixed_versions: Vec<String>,
    /// Whether it is known to be exploited.
    pub(crate) is_known_exploited: bool,
    /// What else the tool that thinks worst of it says.
    pub(crate) details: Option<Details>,
    /// What is said about it.
    pub(crate) word: Option<Word>,
    /// The artifacts it was found in; empty when it was found in the release as a whole.
    artifacts: Vec<Digest>,
}

/// What a tool says at length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    pub(crate) description: Option<String>,
    pub(crate) cwes: Vec<u32>,
    pub(crate) references: Vec<String>,
    pub(crate) remediation: Option<String>,
}

/// The vulnerabilities that the current evidence of a release finds, by name and component.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_release(
    session: &mut Session,
    current: &[Read],
    heard: &Heard,
) -> Result<Vec<Vulnerability>, StoreError> {
    let documents: Vec<Digest> = current.iter().map(|read| read.evidence.document.digest.clone()).collect();
    let mut by_identity: BTreeMap<String, Vulnerability> = BTreeMap::new();
    let artifacts: HashMap<&Digest, Vec<Digest>> =
        current.iter().map(|read| (&read.evidence.document.digest, origin(read).artifacts)).collect();
    for found in gate_finding::of_documents(session, &documents).await? {
        if found.kind != FindingKind::Vulnerability {
            continue;
        }
        let artifacts = artifacts.get(&found.document).cloned().unwrap_or_default();
        match by_identity.get_mut(&found.identity) {
            Some(known) => join(known, found, &artifacts),
            None => {
                by_identity.insert(found.identity.clone(), vulnerability(found, artifacts));
            }
        }
    }
    let mut details = details(session, &documents).await?;
    let mut all: Vec<Vulnerability> = Vec::with_capacity(by_identity.len());
    for (identity, mut vulnerability) in by_identity {
        vulnerability.details = details.remove(&identity);
        vulnerability.word = heard.word(&fact(&vulnerability), vulnerability.component.as_ref());
        all.push(vulnerability);
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

fn vulnerability(found: GateFinding, artifacts: Vec<Digest>) -> Vulnerability {
    let brief = found.brief;
    let name = found.vulnerability.unwrap_or_else(|| brief.rule.clone());
    let aliases = brief.aliases.into_iter().chain([brief.rule]).filter(|alias| *alias != name).collect();
    Vulnerability {
        aliases,
        name,
        title: brief.title,
        severity: brief.severity,
        cvss: brief.cvss,
        component: brief.component,
        fixed_versions: brief.fixed_versions,
        is_known_exploited: found.known_exploited.is_some(),
        details: None,
        word: None,
        artifacts,
    }
}

/// Adds what another document says, which thinks no worse of it.
fn join(known: &mut Vulnerability, again: GateFinding, artifacts: &[Digest]) {
    let brief = again.brief;
    let names = brief.aliases.into_iter().chain([brief.rule]).filter(|name| *name != known.name);
    known.aliases.extend(names);
    for rating in brief.cvss {
        if !known.cvss.contains(&rating) {
            known.cvss.push(rating);
        }
    }
    if known.fixed_versions.is_empty() {
        known.fixed_versions = brief.fixed_versions;
    }
    if known.component.as_ref().is_none_or(|component| component.purl.is_none()) {
        known.component = brief.component.or(known.component.take());
    }
    join_artifacts(&mut known.artifacts, artifacts);
}

/// It as exceptions see it.
fn fact(vulnerability: &Vulnerability) -> FindingFact {
    let Vulnerability { name, aliases, severity, component, artifacts, .. } = vulnerability;
    let phase = shipworthy_model::Phase::Artifact;
    FindingFact {
        aliases: aliases.iter().cloned().collect(),
        purl: component.as_ref().and_then(|component| component.purl.clone()),
        artifacts: artifacts.clone(),
        ..FindingFact::new(FindingKind::Vulnerability, phase, name, *severity)
    }
}

/// Findings that are read at once: their texts are long.
const AT_ONCE: usize = 2_000;

/// What the tool says at length that thinks worst of each, by identity.
async fn details(session: &mut Session, documents: &[Digest]) -> Result<HashMap<String, Details>, StoreError> {
    let filter = Filter { kinds: vec![FindingKind::Vulnerability], ..Filter::default() };
    let matched = finding_match::of_documents(session, documents).await?;
    let mut all = HashMap::new();
    let mut after: Option<Place> = None;
    loop {
        let found = finding::of_documents(session, documents, &matched, &filter, after.as_ref(), AT_ONCE).await?;
        let is_last = found.len() < AT_ONCE;
        after = found.last().map(|last| Place { severity: last.finding.severity, identity: last.identity.clone() });
        for listed in found {
            let Finding { description, cwes, references, remediation, .. } = listed.finding;
            all.insert(listed.identity, Details { description, cwes, references, remediation });
        }
        if is_last {
            return Ok(all);
        }
    }
}
