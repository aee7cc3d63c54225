//! What is known of a vulnerability: what each database says of it, and how likely it is exploited.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::exposure::share;
use crate::extract::{Json, Path};
use crate::problem::{Answer, Problem};
use crate::wording::{counted, shown};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_advisories::advisory::{Advisory, Affected, Rating, Reference, Ssvc};
use shipworthy_advisories::alias::preference;
use shipworthy_advisories::correlation::Exploitability;
use shipworthy_advisories::cvss::Cvss;
use shipworthy_store::advisory::Found;
use shipworthy_store::{
    Session, StoreError, advisory, advisory_alias, advisory_source, exploitability, known_exploited,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_vulnerability))
}

/// A vulnerability, as far as it is known.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Vulnerability {
    /// The id by which people know it.
    pub name: String,
    /// All its ids, that one first.
    pub ids: Vec<String>,
    /// The CVE ids that it is about, where it is an advisory about several.
    pub covers: Vec<String>,
    /// Other advisories that name it among several.
    pub named_by: Vec<String>,
    /// How likely it is exploited in the next 30 days, by EPSS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploitability: Option<VulnerabilityExploitability>,
    /// Its entry in CISA's catalogue of known exploited vulnerabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<KnownExploitedEntry>,
    /// What each database says, by its name.
    pub advisories: Vec<VulnerabilityAdvisory>,
}

/// How likely a vulnerability is exploited.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilityExploitability {
    /// The probability, from 0 to 1.
    pub probability: f64,
    /// The share of all scored vulnerabilities that score the same or lower, from 0 to 1.
    pub percentile: f64,
}

/// An entry of CISA's catalogue.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KnownExploitedEntry {
    /// What people call it.
    pub name: String,
    /// The day it was added.
    pub date_added: String,
    /// The day until which the catalogue tells to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// Whether ransomware is known to use it.
    pub is_ransomware: bool,
}

impl From<Exploitability> for VulnerabilityExploitability {
    fn from(Exploitability { probability, percentile }: Exploitability) -> Self {
        Self { probability, percentile }
    }
}

impl From<known_exploited::Entry> for KnownExploitedEntry {
    fn from(entry: known_exploited::Entry) -> Self {
        let known_exploited::Entry { vulnerability: _, name, date_added, due_date, is_ransomware } = entry;
        Self { name, date_added, due_date, is_ransomware }
    }
}

/// What one database says. The texts are those of strangers.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilityAdvisory {
    /// The database.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// One line for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The long text in Markdown, its first 4,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// When it was withdrawn or rejected; it says nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// How bad it is, by those who rated it.
    pub ratings: Vec<VulnerabilityRating>,
    /// CWE numbers.
    pub cwes: Vec<u32>,
    /// What CISA or another coordinator judged of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssvc: Option<VulnerabilitySsvc>,
    /// The packages that it is about, the first 100.
    pub affected: Vec<AffectedPackage>,
    /// How many packages there are more.
    pub more_affected: u64,
    /// Where to read more, the first 100.
    pub references: Vec<VulnerabilityReference>,
}

/// How bad somebody says it is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilityRating {
    /// `cvss` for a vector, else whose word it is.
    pub scheme: String,
    /// The vector or the word, as stated.
    pub value: String,
    /// Who rated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The score of the vector, computed here, from 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The severity that the score means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
}

/// The decision points of CISA's SSVC tree.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilitySsvc {
    /// `none`, `poc` or `active`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploitation: Option<String>,
    /// `yes` or `no`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatable: Option<String>,
    /// `partial` or `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical_impact: Option<String>,
}

/// A package that an advisory is about.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AffectedPackage {
    /// Its ecosystem with its release, as the advisory writes it.
    pub ecosystem: String,
    /// Its name there.
    pub name: String,
    /// Its package URL without a version, where one is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Which versions, in words.
    pub ranges: Vec<String>,
    /// Single versions beside the ranges, the first 20.
    pub versions: Vec<String>,
    /// How many single versions there are more.
    pub more_versions: u64,
}

/// A place to read more.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VulnerabilityReference {
    /// The address.
    pub url: String,
    /// What is there, in one word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it leads to an exploit.
    pub is_exploit: bool,
}

/// Shows what is known of a vulnerability, by any of its ids
#[utoipa::path(get, path = "/vulnerabilities/{id}", tag = "vulnerabilities", security(("bearer" = [])),
    params(("id" = String, Path, description = "Any id of the vulnerability, such as a CVE or GHSA id")),
    responses((status = 200, body = Vulnerability), (status = 404, body = Problem)))]
async fn get_vulnerability(
    State(app): State<App>,
    _caller: Allowed<Read>,
    Path(id): Path<String>,
) -> Answer<Json<Vulnerability>> {
    let mut session = app.db.snapshot().await?;
    match vulnerability(&mut session, &id).await? {
        Some(vulnerability) => Ok(Json(vulnerability)),
        None => Err(unknown(&mut session, &id).await?),
    }
}

async fn vulnerability(session: &mut Session, id: &str) -> Answer<Option<Vulnerability>> {
    if id.is_empty() || id.len() > 200 || id.contains(char::is_control) {
        return Ok(None);
    }
    let name = advisory_alias::name(session, id).await?;
    let mut ids = advisory_alias::ids(session, &name.vulnerability).await?;
    ids.sort_by(|one, other| preference(one).cmp(&preference(other)));
    let records = advisory::with_ids(session, &ids).await?;
    let mut named_by: Vec<String> = Vec::new();
    for (one, other) in advisory_alias::pairs(session, &ids).await? {
        named_by.extend([one, other].into_iter().filter(|end| !ids.contains(end) && preference(end).0 > 0));
    }
    named_by.sort();
    named_by.dedup();
    let (mut score, mut entry) = (None, None);
    for id in ids.iter().filter(|id| preference(id).0 == 0) {
        score = score.or(exploitability::find(session, id).await?);
        entry = entry.or(known_exploited::find(session, id).await?);
    }
    if records.is_empty() && ids.len() == 1 && named_by.is_empty() && score.is_none() && entry.is_none() {
        return Ok(None);
    }
    let exploitability = score.map(|score| VulnerabilityExploitability {
        probability: share(score.probability),
        percentile: share(score.percentile),
    });
    let known_exploited = entry.map(Into::into);
    let advisories = records.iter().map(said).collect::<Result<_, StoreError>>()?;
    let (name, covers) = (name.vulnerability, name.covers);
    Ok(Some(Vulnerability { name, ids, covers, named_by, exploitability, known_exploited, advisories }))
}

/// The sentence for an id of which nothing is known: what was expected, or what there is to look in.
async fn unknown(session: &mut Session, id: &str) -> Answer<Problem> {
    let sources = advisory_source::list(session).await?;
    let records: u64 = sources.iter().map(|source| source.records.unsigned_abs()).sum();
    let (family, number) = id.split_once('-').unwrap_or(("", id));
    let upper = id.to_uppercase();
    let hint = if records == 0 {
        "no vulnerability data is loaded: `shipworthy advisories import FILE…` loads it".to_owned()
    } else if family.is_empty() || number.is_empty() {
        "expected an id such as `CVE-2021-44228` or `GHSA-jfh8-c2jp-5v3q`".to_owned()
    } else if id != upper && upper.starts_with("CVE-") {
        format!("ids of CVE are written in capitals: `{}`", shown(&upper))
    } else {
        let names: Vec<&str> = sources.iter().map(|source| source.source.as_str()).collect();
        format!("none of the {} that are loaded names it: {}", counted(records, "record"), names.join(", "))
    };
    Ok(Problem::not_found(format!("vulnerability `{}`", shown(id))).hint(hint))
}

/// So much of a record is told; the record itself may be longer than anybody reads.
const DETAILS_CHARACTERS: usize = 4000;
const SHOWN_PACKAGES: usize = 100;
const SHOWN_REFERENCES: usize = 100;
const SHOWN_VERSIONS: usize = 20;

fn said(record: &Found) -> Result<VulnerabilityAdvisory, StoreError> {
    let said: Advisory = serde_json::from_str(&record.body)
        .map_err(|error| StoreError::Corrupt(format!("advisory `{}` of {}: {error}", record.id, record.source)))?;
    let of_packages = said.affected.iter().flat_map(|affected| &affected.ratings);
    let mut ratings: Vec<&Rating> = Vec::new();
    for rating in said.ratings.iter().chain(of_packages) {
        if !ratings.contains(&rating) {
            ratings.push(rating);
        }
    }
    Ok(VulnerabilityAdvisory {
        source: record.source.clone(),
        id: record.id.clone(),
        title: said.title.as_deref().map(capped),
        details: said.details.as_deref().map(capped),
        published: said.published.map(|at| at.to_string()),
        modified: said.modified.map(|at| at.to_string()),
        withdrawn: said.withdrawn.map(|at| at.to_string()),
        ratings: ratings.into_iter().map(rating).collect(),
        cwes: said.cwes,
        ssvc: said.ssvc.map(ssvc),
        more_affected: said.affected.len().saturating_sub(SHOWN_PACKAGES) as u64,
        affected: said.affected.iter().take(SHOWN_PACKAGES).map(affected).collect(),
        references: said.references.into_iter().take(SHOWN_REFERENCES).map(reference).collect(),
    })
}

fn capped(text: &str) -> String {
    match text.char_indices().nth(DETAILS_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn rating(rating: &Rating) -> VulnerabilityRating {
    let Rating { scheme, value, by } = rating.clone();
    let cvss = Some(&value).filter(|_| scheme == "cvss").and_then(|vector| Cvss::parse(vector).ok());
    VulnerabilityRating {
        score: cvss.as_ref().map(Cvss::score),
        severity: cvss.as_ref().map(|cvss| cvss.severity().to_string()),
        scheme,
        value,
        by,
    }
}

fn ssvc(ssvc: Ssvc) -> VulnerabilitySsvc {
    let Ssvc { exploitation, automatable, technical_impact } = ssvc;
    VulnerabilitySsvc { exploitation, automatable, technical_impact }
}

fn affected(affected: &Affected) -> AffectedPackage {
    AffectedPackage {
        ecosystem: affected.package.ecosystem.clone(),
        name: affected.package.name.clone(),
        purl: affected.package.purl.clone(),
        ranges: affected.ranges.iter().map(|range| range.in_words()).collect(),
        versions: affected.versions.iter().take(SHOWN_VERSIONS).cloned().collect(),
        more_versions: affected.versions.len().saturating_sub(SHOWN_VERSIONS) as u64,
    }
}

fn reference(reference: Reference) -> VulnerabilityReference {
    let Reference { url, kind, is_exploit } = reference;
    VulnerabilityReference { url, kind, is_exploit }
}
