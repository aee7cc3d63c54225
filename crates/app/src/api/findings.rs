//! The findings of a release: every problem once, whatever number of tools says so.

use crate::api::named::SeverityCounts;
use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::current;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::{Answer, Problem};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{self as model, Digest, EvidenceId, Permission, ReleaseId};
use shipworthy_store::finding::{self, Filter, ListedFinding, Origin, Place, Witness};
use shipworthy_store::finding_match::{self, Matched};
use shipworthy_store::{Session, generation, release};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_findings))
}

/// One problem of a release.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingView {
    /// Names it within the release.
    pub id: String,
    /// What sort of problem.
    pub kind: String,
    /// The tool's identifier of the problem.
    pub rule: String,
    /// Other identifiers of the same problem.
    pub aliases: Vec<String>,
    /// One line for people.
    pub title: String,
    /// The long text, as the tool wrote it. Untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How bad: `critical`, `high`, `medium`, `low`, `info` or `unknown`.
    pub severity: String,
    /// How bad, in the tool's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_word: Option<String>,
    /// The CVSS base score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss_score: Option<f64>,
    /// The component it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<FindingComponent>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<FindingLocation>,
    /// Versions of the component without the problem.
    pub fixed_versions: Vec<String>,
    /// What to do, as the tool says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// Addresses with more about it.
    pub references: Vec<String>,
    /// What the tool says of its state: `open`, `suppressed`, `false-positive` or `fixed`.
    pub status: String,
    /// Whether it is known to be exploited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known_exploited: bool,
    /// The format of the document that thinks worst of it.
    pub format: String,
    /// The evidence with that document.
    pub evidence_id: String,
    /// Every document that says so, that one included.
    pub witnesses: Vec<FindingWitness>,
}

/// A document that has a finding.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingWitness {
    /// The format of the document.
    pub format: String,
    /// The evidence with it.
    pub evidence_id: String,
    /// How bad it thinks the finding is.
    pub severity: String,
}

/// The component a finding is about.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingComponent {
    /// Its package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Where a finding is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingLocation {
    /// The path, or the address for dynamic findings.
    pub path: String,
    /// The first line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A page of findings with counts.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingPage {
    /// The findings, the most severe first.
    pub items: Vec<FindingView>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are of each severity, whichever severity was asked for.
    pub counts: SeverityCounts,
}

/// Which findings are asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FindingQuery {
    /// Of these kinds, separated by commas.
    kind: Option<String>,
    /// Of these severities, separated by commas.
    severity: Option<String>,
    /// Part of the rule, the title or the component.
    q: Option<String>,
    /// How many items at most, 1 to 500; 50 when not given.
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the findings of a release, the most severe first
#[utoipa::path(get, path = "/releases/{id}/findings", tag = "findings", security(("bearer" = [])),
    params(("id" = String, Path, description = "The release's id"), FindingQuery),
    responses((status = 200, body = FindingPage), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn list_findings(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<ReleaseId>,
    Query(query): Query<FindingQuery>,
) -> Answer<Json<FindingPage>> {
    let filter = Filter {
        kinds: words("kind", query.kind.as_deref())?,
        severities: words("severity", query.severity.as_deref())?,
        text: query.q,
        ..Filter::default()
    };
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let after = page.after::<(model::Severity, String)>()?;
    let after = after.map(|(severity, identity)| Place { severity, identity });
    let mut session = app.db.read().await?;
    release::get(&mut session, id, &caller.visibility(Permission::Read)).await?;
    let sources = sources(&current::of_release(&mut session, id, &[]).await?);
    let documents: Vec<Digest> = sources.keys().cloned().collect();
    let matched = finding_match::of_documents(&mut session, &documents).await?;
    let found = finding::of_documents(&mut session, &documents, &matched, &filter, after.as_ref(), limit + 1).await?;
    let identities: Vec<String> = found.iter().take(limit).map(|found| found.identity.clone()).collect();
    let witnesses = finding::witnesses(&mut session, &documents, &matched, &identities).await?;
    let all = counts(&app, &mut session, &documents, &matched, Filter { severities: Vec::new(), ..filter }).await?;
    let key = |found: &ListedFinding| (found.finding.severity, found.identity.clone());
    let Page { items, next_cursor } = Page::of(found, limit, key, |found| wire(found, &sources, &witnesses));
    Ok(Json(FindingPage { items, next_cursor, counts: all.into() }))
}

/// What stands in the place of a format where our own matching speaks, of a component that the evidence names.
const MATCHING: &str = "shipworthy";

/// How many findings there are of each severity. Documents never change, so that what was counted once is counted until
/// other vulnerabilities of components are known.
async fn counts(
    app: &App,
    session: &mut Session,
    documents: &[Digest],
    matched: &Matched,
    filter: Filter,
) -> Answer<model::SeverityCounts> {
    let known = generation::all(session).await?.get("matches").copied().unwrap_or_default();
    let question = format!("{filter:?} of {documents:?} at {known}");
    if let Some(counts) = app.finding_counts.find(&question) {
        return Ok(counts);
    }
    let by_kind = finding::counts(session, documents, matched, &filter).await?;
    let mut all = model::SeverityCounts::default();
    for severity in model::Severity::ALL {
        all.add(*severity, by_kind.values().map(|counts| counts.all.of(*severity)).sum());
    }
    app.finding_counts.keep(question, all);
    Ok(all)
}

/// The evidence and the format of each document that speaks for a release now.
pub(crate) fn sources(current: &[current::Read]) -> BTreeMap<Digest, (EvidenceId, String)> {
    let source = |read: &current::Read| {
        let evidence = &read.evidence;
        let format = evidence.document.format.clone().unwrap_or_default();
        (evidence.document.digest.clone(), (evidence.id, format))
    };
    current.iter().map(source).collect()
}

pub(crate) fn words<T: std::str::FromStr<Err = String>>(at: &str, list: Option<&str>) -> Answer<Vec<T>> {
    let words = list.into_iter().flat_map(|list| list.split(',')).map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| word.parse().map_err(|why: String| Problem::invalid(at, why))).collect()
}

fn wire(listed: ListedFinding, sources: &BTreeMap<Digest, (EvidenceId, String)>, witnesses: &[Witness]) -> FindingView {
    let ListedFinding { origin, identity, finding, is_known_exploited } = listed;
    let of_it = witnesses.iter().filter(|witness| witness.identity == identity && witness.kind == finding.kind);
    let witnesses = of_it.filter_map(|witness| {
        let (id, format) = sources.get(&witness.document)?;
        let format = if witness.is_matching { MATCHING.to_owned() } else { format.clone() };
        let evidence_id = id.to_string();
        Some(FindingWitness { format, evidence_id, severity: witness.severity.to_string() })
    });
    let mut witnesses: Vec<_> = witnesses.collect();
    witnesses.sort_by(|a, b| (&a.format, &a.evidence_id).cmp(&(&b.format, &b.evidence_id)));
    let (id, document) = match &origin {
        Origin::Document(document, position) => (format!("{}-{position}", &document.hex()[..16]), document),
        Origin::Matching(document, component) => (format!("{component}-{}", finding.rule), document),
    };
    let source = sources.get(document).map(|(id, format)| match origin {
        Origin::Document(..) => (id, format.as_str()),
        Origin::Matching(..) => (id, MATCHING),
    });
    FindingView {
        id,
        kind: finding.kind.to_string(),
        rule: finding.rule,
        aliases: finding.aliases,
        title: finding.title,
        description: finding.description,
        severity: finding.severity.to_string(),
        severity_word: finding.severity_word,
        cvss_score: finding.cvss.iter().filter_map(|cvss| cvss.score).max_by(f64::total_cmp),
        component: finding.component.map(|component| FindingComponent {
            purl: component.purl,
            name: component.name,
            version: component.version,
        }),
        location: finding.location.map(|location| FindingLocation { path: location.path, line: location.line }),
        fixed_versions: finding.fixed_versions,
        remediation: finding.remediation,
        references: finding.references,
        status: finding.status.to_string(),
        known_exploited: is_known_exploited,
        format: source.map(|(_, format)| format.to_owned()).unwrap_or_default(),
        evidence_id: source.map(|(id, _)| id.to_string()).unwrap_or_default(),
        witnesses,
    }
}
