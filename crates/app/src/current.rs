//! Which of a release's evidence speaks for it now. An image is scanned again and again; of two such scans the newer
//! one stands for both.
//!
//! Of two documents of the same format and tool about exactly the same subjects, an artifact or environment among
//! them, the one that came later replaces the earlier if it states at least the same sections and looked for at least
//! the same kinds of findings. Everything else adds up: test results and coverage of the parts of a build, reviews,
//! provenance, and findings about a commit, which tools report in several documents. What is unsure counts.

use shipworthy_model::{Digest, FindingKind, Phase, ReleaseId, Report, Subject};
use shipworthy_store::document::Sections;
use shipworthy_store::evidence::Evidence;
use shipworthy_store::{Session, StoreError, document, evidence, finding, inventory};
use std::collections::{BTreeMap, BTreeSet};

/// Evidence that was understood, with what was understood.
#[derive(Clone, Debug)]
pub struct Read {
    /// The evidence.
    pub evidence: Evidence,
    /// What its document says, components and findings apart.
    pub sections: Sections,
    /// The kinds of findings that were looked for, found or not.
    pub looked_for: BTreeSet<FindingKind>,
}

/// The evidence that speaks for a release now, with what is about the named environments.
///
/// # Errors
/// When the database fails.
pub async fn of_release(
    session: &mut Session,
    release: ReleaseId,
    environments: &[String],
) -> Result<Vec<Read>, StoreError> {
    let all = evidence::of_release(session, release, environments).await?;
    let documents: Vec<Digest> = all.iter().map(|evidence| evidence.document.digest.clone()).collect();
    let sections = document::sections(session, &documents).await?;
    // Reports say what they looked for since they are read into it; older ones are asked for what they found.
    let is_silent = |sections: &Sections| sections.report.findings.is_some() && sections.report.looked_for.is_empty();
    let silent: Vec<Digest> =
        documents.into_iter().filter(|digest| sections.get(digest).is_some_and(is_silent)).collect();
    let kinds = finding::kinds_by_document(session, &silent).await?;
    Ok(current(all, sections, &kinds))
}

/// Notes which inventories speak for a release now. Whenever its evidence changes, this follows in the same transaction.
///
/// # Errors
/// When the database fails.
pub async fn settle(session: &mut Session, release: ReleaseId) -> Result<(), StoreError> {
    let speaking = of_release(session, release, &[]).await?;
    let speaking = speaking.into_iter().filter(|read| read.sections.report.inventory.is_some());
    let documents: Vec<Digest> = speaking.map(|read| read.evidence.document.digest).collect();
    inventory::settle(session, release, &documents).await
}

/// The evidence that speaks for a release now, in the order of arrival. `evidence` is in that order and may hold the
/// same document more than once; `kinds` are the kinds of findings that occur in documents that do not say what they looked for.
#[must_use]
pub fn current(
    evidence: Vec<Evidence>,
    mut sections: BTreeMap<Digest, Sections>,
    kinds: &BTreeMap<Digest, BTreeSet<FindingKind>>,
) -> Vec<Read> {
    let mut all: Vec<Read> = Vec::new();
    for evidence in evidence {
        let digest = &evidence.document.digest;
        // Evidence is listed once for each set of subjects; its document is read once.
        let Some(sections) = sections.remove(digest) else { continue };
        let looked_for = looked_for(&evidence, &sections.report, kinds.get(digest));
        all.push(Read { evidence, sections, looked_for });
    }
    let is_replaced = |(index, earlier): (usize, &Read)| all[index + 1..].iter().any(|later| replaces(later, earlier));
    let replaced: Vec<bool> = all.iter().enumerate().map(is_replaced).collect();
    all.into_iter().zip(replaced).filter(|(_, is_replaced)| !is_replaced).map(|(read, _)| read).collect()
}

/// What a document that looked for problems looked for: what it says itself, what it found, and where both are nothing,
/// what its phase is there to find.
fn looked_for(evidence: &Evidence, report: &Report, found: Option<&BTreeSet<FindingKind>>) -> BTreeSet<FindingKind> {
    let mut kinds = found.cloned().unwrap_or_default();
    kinds.extend(&report.looked_for);
    if report.findings.is_some() && kinds.is_empty() {
        kinds.insert(match evidence.document.phase {
            Some(Phase::Source | Phase::Build) => FindingKind::Code,
            Some(Phase::Artifact) | None => FindingKind::Vulnerability,
            Some(Phase::Deploy) => FindingKind::Misconfiguration,
        });
    }
    kinds
}

fn replaces(later: &Read, earlier: &Read) -> bool {
    let (new, old) = (&later.evidence, &earlier.evidence);
    let is_of_a_thing = |subject: &Subject| matches!(subject, Subject::Artifact(_) | Subject::Environment(_));
    new.document.format == old.document.format
        && new.document.tool == old.document.tool
        && new.scope == old.scope
        && new.subjects == old.subjects
        && old.subjects.iter().any(is_of_a_thing)
        && !adds_up(&earlier.sections.report)
        && states_as_much(&later.sections.report, &earlier.sections.report)
        && earlier.looked_for.is_subset(&later.looked_for)
}

/// Whether a report holds something of which a release has many at once.
fn adds_up(report: &Report) -> bool {
    report.tests.is_some()
        || report.coverage.is_some()
        || report.review.is_some()
        || report.build.is_some()
        || report.provenance.is_some()
        || report.attestation.is_some()
        || report.performance.is_some()
        || report.verification.is_some()
        || !report.deployments.is_empty()
        || !report.approvals.is_empty()
        || !report.vex.is_empty()
}

fn states_as_much(later: &Report, earlier: &Report) -> bool {
    let has = |later: bool, earlier: bool| later || !earlier;
    let benchmark = |report: &Report| report.benchmark.as_ref().map(|benchmark| benchmark.name.clone());
    let described = |report: &Report| {
        report.inventory.as_ref().map(|inventory| inventory.describes.as_ref().map(|c| c.name.clone()))
    };
    has(later.findings.is_some(), earlier.findings.is_some())
        && has(later.measures.is_some(), earlier.measures.is_some())
        && has(later.scorecard.is_some(), earlier.scorecard.is_some())
        && benchmark(later) == benchmark(earlier)
        && described(later) == described(earlier)
}
