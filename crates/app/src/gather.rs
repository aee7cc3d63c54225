//! What is known of a release before an environment, as policies see it: evidence, approvals, deployments and the
//! catalogue of known exploited vulnerabilities become [`Input`], and every finding a short [`FindingFact`].

use crate::current::{self, Read};
use crate::problem::Answer;
use crate::slsa;
use crate::trust::{self, Judged};
use jiff::Timestamp;
use shipworthy_model::{
    AdvisoryData, Build, DeploymentState, Digest, EvidenceRef, FindingKind, Phase, Report, Severity, Subject,
};
use shipworthy_policy::input::{
    AdvisoryFacts, ApprovalFacts, ArtifactFacts, ArtifactIdentity, AttestationFacts, BenchmarkFacts, BuildFacts,
    BuildLevelFacts, BuildRun, CoverageFacts, DeployFacts, DigestFacts, EnvironmentIdentity, InventoryFacts,
    JudgmentFacts, LicenseFacts, MeasureFacts, Named, PerformanceFacts, ProvenanceFacts, ReleaseIdentity, ReviewFacts,
    ScorecardFacts, SourceFacts, TestFacts, VerificationFacts,
};
use shipworthy_policy::{Exploited, FindingFact, Input, LookedFor, alternatives, with_findings};
use shipworthy_store::gate_finding::{self, GateFinding};
use shipworthy_store::known_exploited::Catalog;
use shipworthy_store::place::Place;
use shipworthy_store::{Session, StoreError, Visibility, approval, component, deployment, known_exploited};
use shipworthy_trust::slsa::{Conclusion, Verdict};
use shipworthy_trust::verify::Signer;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many components of a licence a policy sees.
const COMPONENTS_SHOWN: usize = 20;

/// What is known of a release before an environment.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The facts with every finding counted.
    pub input: Input,
    /// Every finding, once.
    pub findings: Vec<FindingFact>,
    /// What was looked for.
    pub looked_for: LookedFor,
    /// The evidence behind the facts.
    pub evidence: Vec<EvidenceRef>,
    /// The vulnerability data behind the facts.
    pub advisories: Option<AdvisoryData>,
}

/// Gathers the facts. `needs` are the facts that the policies in force ask for; long lists are read only for them.
///
/// # Errors
/// When the database fails.
pub async fn gather(
    session: &mut Session,
    place: &Place,
    needs: &BTreeSet<String>,
    now: Timestamp,
) -> Answer<Gathered> {
    let read = read_evidence(session, place).await?;
    let evidence = references(&read);
    let judged = judged(session, place, &read).await?;
    // Whoever changed what was signed says nothing any more: what depends on it is unknown.
    let is_sound = |read: &Read| verification(read, &judged) != trust::word::INVALID;
    let read: Vec<Read> = read.into_iter().filter(is_sound).collect();
    let catalog = known_exploited::catalog(session).await?;
    let documents: Vec<Digest> = read.iter().map(|read| read.evidence.document.digest.clone()).collect();
    let findings = facts_of(gate_finding::of_documents(session, &documents).await?, &read);
    let looked_for = looked_for(&read, catalog.is_some());
    let mut input = identity(place, now);
    input.source = source(place, &read);
    input.build = build(place, &read, &judged);
    input.artifact = artifact(place, &read, &judged);
    add_slsa(session, &mut input, place, &read, &judged).await?;
    input.deploy = Some(deploy(session, place, &read).await?);
    input.advisories = catalog.as_ref().map(|catalog| AdvisoryFacts {
        known_exploited_version: catalog.version.clone(),
        known_exploited_released: catalog.released.clone(),
    });
    if needs.iter().any(|need| need.starts_with("artifact.licenses") || need.starts_with("artifact.components_")) {
        add_licenses(session, &mut input, &read, &documents).await?;
    }
    let input = with_findings(input, &findings, &looked_for);
    Ok(Gathered { input, findings, looked_for, evidence, advisories: catalog.map(advisory_data) })
}

async fn read_evidence(session: &mut Session, place: &Place) -> Result<Vec<Read>, StoreError> {
    current::of_release(session, place.owned.release.id, std::slice::from_ref(&place.environment.name)).await
}

/// What the attestations of the evidence are worth for the release, by document.
type AllJudged = BTreeMap<Digest, Vec<Judged>>;

async fn judged(session: &mut Session, place: &Place, read: &[Read]) -> Answer<AllJudged> {
    let documents = read.iter().map(|read| &read.evidence.document);
    let documents = documents.map(|document| (document.digest.clone(), document.received_at)).collect();
    trust::of_release(session, &place.owned, &documents).await
}

/// What is known of the signatures of a document.
fn verification<'r>(read: &'r Read, judged: &'r AllJudged) -> &'r str {
    let document = &read.evidence.document;
    trust::together(&document.verification, judged.get(&document.digest))
}

fn references(read: &[Read]) -> Vec<EvidenceRef> {
    let reference = |read: &Read| EvidenceRef {
        id: read.evidence.id,
        document: read.evidence.document.digest.clone(),
        format: read.evidence.document.format.clone().unwrap_or_default(),
    };
    read.iter().map(reference).collect()
}

fn advisory_data(catalog: Catalog) -> AdvisoryData {
    AdvisoryData { known_exploited_version: catalog.version, known_exploited_released: catalog.released }
}

fn identity(place: &Place, now: Timestamp) -> Input {
    let named = |name: &str| Named { name: name.to_owned() };
    let Place { owned, environment } = place;
    Input {
        schema: shipworthy_policy::input::SCHEMA,
        now: now.to_string(),
        release: ReleaseIdentity {
            id: owned.release.id.to_string(),
            version: owned.release.version.clone(),
            created_at: owned.release.created_at.to_string(),
            created_by: owned.release.created_by.clone(),
        },
        service: named(&owned.service_name),
        application: named(&owned.application_name),
        team: named(&owned.team_name),
        environment: EnvironmentIdentity {
            name: environment.name.clone(),
            kind: environment.kind.to_string(),
            exposure: environment.exposure.to_string(),
        },
        ..Input::default()
    }
}

/// What the reports say in one of their sections, in the order of arrival.
fn all<'r, T>(read: &'r [Read], section: impl Fn(&'r Report) -> Option<&'r T>) -> Vec<&'r T> {
    read.iter().filter_map(|read| section(&read.sections.report)).collect()
}

fn source(place: &Place, read: &[Read]) -> Option<SourceFacts> {
    let release = &place.owned.release;
    let reviews = all(read, |report| report.review.as_ref());
    let measures = all(read, |report| report.measures.as_ref());
    let facts = SourceFacts {
        repository: release.repository.clone(),
        branch: release.branch.clone(),
        commit: release.commit.clone(),
        reviews: some(reviews.into_iter().map(ReviewFacts::of).collect()),
        measures: (!measures.is_empty()).then(|| MeasureFacts::of(measures)),
        scorecard: all(read, |report| report.scorecard.as_ref()).last().copied().map(ScorecardFacts::of),
        ..SourceFacts::default()
    };
    (facts != SourceFacts::default()).then_some(facts)
}

fn build(place: &Place, read: &[Read], judged: &AllJudged) -> Option<BuildFacts> {
    let named = place.owned.release.build.as_deref().and_then(|build| build.split_once('/'));
    let builds = all(read, |report| report.build.as_ref());
    let run = builds.iter().rev().find(|build| is_named(build, named)).or(builds.last()).copied();
    let tests = all(read, |report| report.tests.as_ref());
    let coverage = all(read, |report| report.coverage.as_ref());
    let facts = BuildFacts {
        system: named.map(|(system, _)| system.to_owned()),
        id: named.map(|(_, id)| id.to_owned()),
        url: run.and_then(|run| run.url.clone()),
        started_by: run.and_then(|run| run.started_by.clone()),
        result: run.map(|run| run.result.clone()),
        builds: builds.into_iter().map(BuildRun::of).collect(),
        tests: (!tests.is_empty()).then(|| TestFacts::of(tests)),
        coverage: (!coverage.is_empty()).then(|| CoverageFacts::of(coverage)),
        provenance: some(provenance(read, judged)),
        slsa: None,
    };
    (facts != BuildFacts::default()).then_some(facts)
}

fn is_named(build: &Build, named: Option<(&str, &str)>) -> bool {
    named.is_some_and(|(system, id)| build.system == system && format!("{}/{}", build.job, build.number) == id)
}

fn provenance(read: &[Read], judged: &AllJudged) -> Vec<ProvenanceFacts> {
    let facts = |read: &Read| {
        let provenance = read.sections.report.provenance.as_ref()?;
        Some(ProvenanceFacts::of(provenance, verification(read, judged)))
    };
    read.iter().filter_map(facts).collect()
}

fn artifact(place: &Place, read: &[Read], judged: &AllJudged) -> Option<ArtifactFacts> {
    let facts = ArtifactFacts {
        artifacts: place.owned.release.artifacts.iter().map(ArtifactIdentity::of).collect(),
        inventory: InventoryFacts::of(read.iter().filter_map(|read| read.sections.inventory_quality)),
        attestations: some(judged.values().flatten().map(attestation).collect()),
        ..ArtifactFacts::default()
    };
    (facts != ArtifactFacts::default()).then_some(facts)
}

fn attestation(judged: &Judged) -> AttestationFacts {
    let attested = &judged.attested;
    // Who is only claimed to have signed is no fact.
    let signed_by = attested.signers.first().map(|signer| match signer {
        Signer::Key { id, .. } => (id.clone(), None),
        Signer::Identity(identity) => (identity.san.clone(), identity.issuer.clone()),
    });
    let (signed_by, issuer) = signed_by.map_or((None, None), |(by, issuer)| (Some(by), issuer));
    let subjects = attested.said.as_ref().map(|said| said.subjects.as_slice()).unwrap_or_default();
    let digests = subjects.iter().flat_map(|subject| &subject.digests);
    AttestationFacts {
        predicate_type: trust::predicate(attested).to_owned(),
        verification: judged.verification.to_owned(),
        signer: judged.signer.clone(),
        signed_by,
        issuer,
        signed_at: attested.signed_at.map(|at| at.to_string()),
        digests: digests.map(|(algorithm, hex)| format!("{algorithm}:{hex}")).collect(),
        why: judged.why.clone(),
    }
}

async fn add_slsa(
    session: &mut Session,
    input: &mut Input,
    place: &Place,
    read: &[Read],
    judged: &AllJudged,
) -> Answer<()> {
    let has_content = judged.values().flatten().any(|judged| judged.content.is_some());
    if !has_content {
        return Ok(());
    }
    let reports = read.iter().map(|read| (&read.evidence.document.digest, &read.sections.report));
    let reviews = slsa::reviews(reports, place.owned.release.commit.as_deref());
    let assessed = slsa::from_judged(session, &place.owned, judged, reviews.as_ref()).await?;
    let of_artifact = |conclusion: &Conclusion| BuildLevelFacts {
        artifact: conclusion.artifact.to_string(),
        level: conclusion.level as u8,
        is_accepted: conclusion.verdict == Verdict::Accepted,
        limited_by: conclusion.assessments.first().and_then(|best| best.limited_by.clone()),
        disagreements: conclusion.disagreements.iter().map(|found| found.words.clone()).collect(),
    };
    let levels = some(assessed.build.iter().map(of_artifact).collect());
    if levels.is_some() {
        input.build.get_or_insert_default().slsa = levels;
    }
    if let Some(source) = assessed.source.filter(|source| !source.summaries.is_empty()) {
        let level = source.level as u8;
        input.source.get_or_insert_default().slsa_level = Some(level);
    }
    Ok(())
}

async fn deploy(session: &mut Session, place: &Place, read: &[Read]) -> Result<DeployFacts, StoreError> {
    let Place { owned, environment } = place;
    let approvals = approval::of_release(session, owned.release.id).await?;
    let approvals = approvals.iter().filter(|placed| placed.approval.environment_id == environment.id);
    let benchmarks = all(read, |report| report.benchmark.as_ref());
    let verification = all(read, |report| report.verification.as_ref());
    let performance = all(read, |report| report.performance.as_ref());
    let judgments = read.iter().flat_map(|read| &read.sections.report.approvals);
    Ok(DeployFacts {
        approvals: Some(approvals.map(|placed| ApprovalFacts::of(&placed.approval)).collect()),
        judgments: some(judgments.map(JudgmentFacts::of).collect()),
        verification: some(verification.into_iter().map(VerificationFacts::of).collect()),
        performance: some(performance.into_iter().map(PerformanceFacts::of).collect()),
        benchmarks: some(benchmarks.into_iter().map(BenchmarkFacts::of).collect()),
        digests: digests(session, place, read).await?,
        ..DeployFacts::default()
    })
}

async fn digests(session: &mut Session, place: &Place, read: &[Read]) -> Result<Option<DigestFacts>, StoreError> {
    let Place { owned, environment } = place;
    if owned.release.artifacts.is_empty() {
        return Ok(None);
    }
    let made = |read: &Read| {
        let report = &read.sections.report;
        let is_artifact = |subject: &Subject| match subject {
            Subject::Artifact(digest) => Some(digest.to_string()),
            _ => None,
        };
        let digests = report.subjects.iter().filter_map(is_artifact).collect::<Vec<_>>();
        if report.provenance.is_some() { digests } else { Vec::new() }
    };
    let built: BTreeSet<String> = read.iter().flat_map(made).collect();
    let here = deployment::Filter {
        release: Some(owned.release.id),
        environment: Some(environment.id.to_string()),
        ..deployment::Filter::default()
    };
    // More than these of one release in one environment are history.
    let deployments = deployment::list(session, &here, &Visibility::Everything, 100).await?;
    let is_there = |state| matches!(state, DeploymentState::Requested | DeploymentState::Running);
    let runs = deployments.into_iter().map(|placed| placed.deployment).filter(|deployment| is_there(deployment.state));
    let running: BTreeSet<String> =
        runs.flat_map(|deployment| deployment.running).map(|digest| digest.to_string()).collect();
    Ok(Some(DigestFacts {
        built: some(built.into_iter().collect()),
        released: owned.release.artifacts.iter().map(|artifact| artifact.digest.to_string()).collect(),
        running: some(running.into_iter().collect()),
    }))
}

/// Nothing instead of an empty list: without evidence a fact is absent.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

async fn add_licenses(
    session: &mut Session,
    input: &mut Input,
    read: &[Read],
    documents: &[Digest],
) -> Result<(), StoreError> {
    if read.iter().all(|read| read.sections.report.inventory.is_none()) {
        return Ok(());
    }
    let mut without = 0;
    let mut licenses = Vec::new();
    for used in component::licenses(session, documents, COMPONENTS_SHOWN).await? {
        let Some(expression) = used.expression else {
            without += used.component_count;
            continue;
        };
        licenses.push(LicenseFacts {
            alternatives: alternatives(&expression),
            expression,
            components: used.components,
            component_count: used.component_count,
        });
    }
    let artifact = input.artifact.get_or_insert_default();
    artifact.licenses = Some(licenses);
    artifact.components_without_license = Some(without);
    Ok(())
}

fn looked_for(read: &[Read], is_catalogue_loaded: bool) -> LookedFor {
    let of_one = |read: &Read| {
        let phase = read.evidence.document.phase.unwrap_or(Phase::Artifact);
        read.looked_for.iter().map(move |kind| (*kind, phase)).collect::<Vec<_>>()
    };
    LookedFor { kinds: read.iter().flat_map(of_one).collect(), known_exploited: is_catalogue_loaded }
}

/// What a finding's document says of where the finding is.
pub(crate) struct Origin {
    pub(crate) phase: Phase,
    pub(crate) artifacts: Vec<Digest>,
}

/// Every finding once, as the document that thinks worst of it says it, with the artifacts of all documents.
fn facts_of(found: Vec<GateFinding>, read: &[Read]) -> Vec<FindingFact> {
    let origins: BTreeMap<&Digest, Origin> =
        read.iter().map(|read| (&read.evidence.document.digest, origin(read))).collect();
    let mut places: HashMap<(FindingKind, Option<Phase>, String), usize> = HashMap::with_capacity(found.len());
    let mut facts: Vec<FindingFact> = Vec::with_capacity(found.len());
    let whole: Vec<Digest> = Vec::new();
    for found in found {
        let origin = origins.get(&found.document);
        let phase = origin.map_or(Phase::Artifact, |origin| origin.phase);
        let artifacts = origin.map_or(&whole, |origin| &origin.artifacts);
        // A secret in the source and the same one in the image are two problems with two remedies.
        let apart = (found.kind == FindingKind::Secret).then_some(phase);
        match places.entry((found.kind, apart, found.identity.clone())) {
            std::collections::hash_map::Entry::Occupied(entry) => join(&mut facts[*entry.get()], &found, artifacts),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(facts.len());
                facts.push(fact(found, phase, artifacts.clone()));
            }
        }
    }
    facts
}

pub(crate) fn origin(read: &Read) -> Origin {
    let artifacts = read.evidence.subjects.iter().filter_map(|subject| match subject {
        Subject::Artifact(digest) => Some(digest.clone()),
        _ => None,
    });
    Origin { phase: read.evidence.document.phase.unwrap_or(Phase::Artifact), artifacts: artifacts.collect() }
}

/// Adds the artifacts of another document that tells of the same finding. One document that is about the release as a whole,
/// and so names none, makes it so.
pub(crate) fn join_artifacts(known: &mut Vec<Digest>, artifacts: &[Digest]) {
    if artifacts.is_empty() || known.is_empty() {
        known.clear();
    } else {
        known.extend(artifacts.iter().cloned());
        known.sort();
        known.dedup();
    }
}

/// A finding that another document tells of too.
fn join(fact: &mut FindingFact, again: &GateFinding, artifacts: &[Digest]) {
    join_artifacts(&mut fact.artifacts, artifacts);
    if fact.fixed_versions.is_empty() {
        fact.fixed_versions.clone_from(&again.brief.fixed_versions);
    }
    let names = again.brief.aliases.iter().chain([&again.brief.rule]);
    let new: Vec<String> = names.filter(|name| **name != fact.rule && !fact.aliases.contains(name)).cloned().collect();
    fact.aliases.extend(new);
}

fn fact(found: GateFinding, phase: Phase, artifacts: Vec<Digest>) -> FindingFact {
    let brief = found.brief;
    let rule = found.vulnerability.unwrap_or_else(|| brief.rule.clone());
    let names = brief.aliases.into_iter().chain([brief.rule]);
    let component = brief.component.unwrap_or_default();
    let location = brief.location;
    FindingFact {
        aliases: names.filter(|name| *name != rule).collect(),
        title: Some(brief.title).filter(|title| !title.is_empty()),
        severity: brief.severity,
        purl: component.purl,
        name: Some(component.name).filter(|name| !name.is_empty()),
        version: component.version,
        fixed_versions: brief.fixed_versions,
        cvss_score: brief.cvss.iter().filter_map(|cvss| cvss.score).max_by(f64::total_cmp),
        known_exploited: found.known_exploited.map(|due_date| Exploited { due_date }),
        path: location.as_ref().map(|location| location.path.clone()),
        line: location.and_then(|location| location.line),
        artifacts,
        ..FindingFact::new(found.kind, phase, &rule, Severity::Unknown)
    }
}
