//! How far the build of a release can be trusted: each artifact judged by SLSA 1.2, the Build and the Source track apart,
//! from the attestations that are here, the builders that are trusted and what is expected of the service.

use crate::current;
use crate::problem::{Answer, Problem};
use crate::trust::{self, Content, Judged};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Digest, Report, ReviewApproval};
use shipworthy_policy::input::ReviewFacts;
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::{Session, builder, expectation};
use shipworthy_trust::predicate::NamedDigest;
use shipworthy_trust::slsa::{
    Case, Conclusion, Expectations, Reviews, SourceAssessment, SourceCase, SourceVerifier, TrustedBuilder, assess,
    assess_source, conclude,
};
use shipworthy_trust::verify::{Attested, Outcome};
use shipworthy_trust::vsa::Summary;
use std::collections::BTreeMap;

/// Whom the administrator trusts, as the table of builders keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "track", rename_all = "snake_case")]
pub enum Trusted {
    /// A build platform.
    Build(TrustedBuilder),
    /// A source control system whose summaries are believed.
    Source(SourceVerifier),
}

/// How far a release can be trusted.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// The Build track, artifact by artifact in the order of the release.
    pub build: Vec<Conclusion>,
    /// The Source track of its commit. Absent where the release names none.
    pub source: Option<SourceAssessment>,
    /// What was expected of the build.
    pub expectations: Expectations,
}

/// Judges a release by the evidence that speaks for it now.
///
/// # Errors
/// When the database fails, or holds what this version cannot read.
pub async fn assess_release(session: &mut Session, owned: &OwnedRelease) -> Answer<Assessed> {
    let read = current::of_release(session, owned.release.id, &[]).await?;
    let documents = read.iter().map(|read| &read.evidence.document);
    let documents: BTreeMap<Digest, Timestamp> =
        documents.map(|document| (document.digest.clone(), document.received_at)).collect();
    let judged = trust::of_release(session, owned, &documents).await?;
    let reports = read.iter().map(|read| (&read.evidence.document.digest, &read.sections.report));
    let reviews = reviews(reports, owned.release.commit.as_deref());
    from_judged(session, owned, &judged, reviews.as_ref()).await
}

/// As [`assess_release`], where somebody judged the attestations already.
///
/// # Errors
/// As there.
pub(crate) async fn from_judged(
    session: &mut Session,
    owned: &OwnedRelease,
    judged: &BTreeMap<Digest, Vec<Judged>>,
    reviews: Option<&Reviews>,
) -> Answer<Assessed> {
    let expectations = expectations(session, owned).await?;
    let (builders, verifiers) = trusted(session).await?;
    let believed: Vec<(Attested, &Content)> = judged.values().flatten().filter_map(believed).collect();
    let package = format!("{}/{}", owned.application_name, owned.service_name);
    let of_artifact = |digest: &Digest| {
        let artifact = NamedDigest::from(digest);
        let assessments = believed.iter().filter_map(|(attested, content)| match content {
            Content::Provenance(provenance) => Some(assess(&Case {
                artifact: &artifact,
                package: &package,
                attested,
                provenance: Some(provenance),
                builders: &builders,
                expectations: &expectations,
            })),
            Content::Summary(_) => None,
        });
        conclude(&artifact, assessments.collect())
    };
    let build = owned.release.artifacts.iter().map(|artifact| of_artifact(&artifact.digest)).collect();
    let source = source(owned, &believed, &verifiers, &expectations, reviews);
    Ok(Assessed { build, source, expectations })
}

/// An attestation as its word counts for the release: one of somebody who may not say it is as good as one of nobody.
fn believed(judged: &Judged) -> Option<(Attested, &Content)> {
    let content = judged.content.as_ref()?;
    let mut attested = judged.attested.clone();
    if attested.outcome.is_verified() && judged.verification != trust::word::VERIFIED {
        attested.outcome = Outcome::UnknownSigner { who: judged.why.clone().unwrap_or_default() };
    }
    Some((attested, content))
}

fn source(
    owned: &OwnedRelease,
    believed: &[(Attested, &Content)],
    verifiers: &[SourceVerifier],
    expectations: &Expectations,
    reviews: Option<&Reviews>,
) -> Option<SourceAssessment> {
    let revision = NamedDigest::new("gitCommit", owned.release.commit.as_deref()?).ok()?;
    let repository = expectations.source_repository.as_deref().or(owned.release.repository.as_deref())?;
    let summaries: Vec<(&Attested, &Summary)> = believed
        .iter()
        .filter_map(|(attested, content)| match content {
            Content::Summary(summary) => Some((attested, summary)),
            Content::Provenance(_) => None,
        })
        .collect();
    let reference = owned.release.branch.as_ref().map(|branch| format!("refs/heads/{branch}"));
    Some(assess_source(&SourceCase {
        revision: &revision,
        repository,
        reference: reference.as_deref(),
        summaries: &summaries,
        verifiers,
        reviews,
    }))
}

/// What is expected of the build of a service. Where nobody said so, the repository that the release names.
async fn expectations(session: &mut Session, owned: &OwnedRelease) -> Answer<Expectations> {
    match expectation::find(session, owned.release.service_id).await? {
        Some(found) => serde_json::from_value(found.body).map_err(Problem::internal),
        None => Ok(Expectations {
            formed: Some("the repository as the release names it; nobody stated expectations".to_owned()),
            source_repository: owned.release.repository.clone(),
            ..Expectations::default()
        }),
    }
}

async fn trusted(session: &mut Session) -> Answer<(Vec<TrustedBuilder>, Vec<SourceVerifier>)> {
    let (mut builders, mut verifiers) = (Vec::new(), Vec::new());
    for kept in builder::list(session).await?.into_iter().filter(|kept| kept.revoked.is_none()) {
        match serde_json::from_value(kept.body).map_err(Problem::internal)? {
            Trusted::Build(builder) => builders.push(builder),
            Trusted::Source(verifier) => verifiers.push(verifier),
        }
    }
    Ok((builders, verifiers))
}

/// What reports say of the change requests that became a commit. `None` where none is about it.
pub(crate) fn reviews<'r>(
    reports: impl Iterator<Item = (&'r Digest, &'r Report)>,
    commit: Option<&str>,
) -> Option<Reviews> {
    let commit = commit?;
    let mut all: Option<Reviews> = None;
    for (document, report) in reports {
        let Some(review) = &report.review else { continue };
        let became = [&review.merge_commit, &review.head_commit];
        if !became.iter().any(|of_it| of_it.as_deref() == Some(commit)) {
            continue;
        }
        let others = ReviewFacts::of(review).approved_by_other;
        let saw_the_last = |who: &String| {
            let approves = |entry: &&ReviewApproval| entry.reviewer == *who && entry.state == "approved";
            let last = review.reviews.iter().rfind(approves).and_then(|entry| entry.commit.as_ref());
            last.is_some() && last == review.head_commit.as_ref()
        };
        let found = all.get_or_insert_with(|| Reviews { of_final_revision: true, ..Reviews::default() });
        found.of_final_revision &= others.iter().all(saw_the_last);
        found.approvals += u32::try_from(others.len()).unwrap_or(u32::MAX);
        found.evidence.push(document.to_string());
    }
    all
}
