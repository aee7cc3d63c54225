//! The findings of reports. The same problem in several documents is one problem in every answer, by the identity that its
//! reader gave it, with every document as a witness.

use crate::audit::escape_like;
use crate::component::{ROWS_AT_ONCE, identity as component_identity};
use crate::finding_match::{self as matched, Matched};
use crate::value::list_of;
use crate::{Arg, Column, Row, Session, StoreError, args};
use shipworthy_model::{Digest, Finding, FindingKind, FindingStatus, Severity, SeverityCounts};
use std::collections::{BTreeMap, BTreeSet};

/// One problem as a release has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFinding {
    /// Whose word it is: of several, the one that thinks worst of it.
    pub origin: Origin,
    /// What makes it the same problem in another document.
    pub identity: String,
    /// What the document says.
    pub finding: Finding,
    /// Whether the catalogue of known exploited vulnerabilities has it.
    pub is_known_exploited: bool,
}

/// Whose word a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A document's, at a place in it.
    Document(Digest, u64),
    /// Our own matching's, of a component that this document names.
    Matching(Digest, u32),
}

/// Adds the findings of a document, once in its life.
///
/// # Errors
/// When the database fails.
pub async fn insert(session: &mut Session, document: &Digest, findings: &[Finding]) -> Result<(), StoreError> {
    let columns = [
        ("document", Column::Text),
        ("position", Column::Int),
        ("kind", Column::Text),
        ("severity", Column::Int),
        ("status", Column::Text),
        ("rule", Column::Text),
        ("vulnerability", Column::Text),
        ("identity", Column::Text),
        ("component", Column::Text),
        ("title", Column::Text),
        ("is_fixable", Column::Int),
        ("body", Column::Text),
    ];
    for (chunk, findings) in findings.chunks(ROWS_AT_ONCE).enumerate() {
        let rows = findings.iter().enumerate();
        let rows = rows.map(|(index, finding)| row(document, chunk * ROWS_AT_ONCE + index, finding));
        session.insert_many("finding", &columns, rows.collect::<Result<_, _>>()?, "").await?;
    }
    Ok(())
}

fn row(document: &Digest, position: usize, finding: &Finding) -> Result<Vec<Arg>, StoreError> {
    let body = serde_json::to_string(finding)
        .map_err(|error| StoreError::Corrupt(format!("a finding cannot be written as JSON: {error}")))?;
    let Finding { kind, severity, status, rule, title, .. } = finding;
    let vulnerability = (*kind == FindingKind::Vulnerability).then(|| vulnerability(finding));
    let component = component(finding);
    let is_fixable = !finding.fixed_versions.is_empty();
    let rank = rank(*severity);
    Ok(args![
        document,
        position,
        *kind,
        rank,
        *status,
        rule,
        vulnerability,
        &finding.identity,
        component,
        title,
        is_fixable,
        body
    ])
}

/// The one name of a vulnerability: its CVE where it has one, because tools differ in which database they follow.
fn vulnerability(finding: &Finding) -> &str {
    let names = std::iter::once(&finding.rule).chain(&finding.aliases);
    names.map(String::as_str).filter(|name| name.starts_with("CVE-")).min().unwrap_or(&finding.rule)
}

fn component(finding: &Finding) -> Option<String> {
    let component = finding.component.as_ref()?;
    Some(component_identity(component.purl.as_deref(), &component.name, component.version.as_deref()))
}

/// A package URL without what follows `?` or `#`: tools differ in which qualifiers they write.
#[must_use]
pub fn without_qualifiers(purl: &str) -> &str {
    purl.split(['?', '#']).next().unwrap_or(purl)
}

pub(crate) fn rank(severity: Severity) -> i64 {
    match severity {
        Severity::Unknown => 0,
        Severity::Info => 1,
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    }
}

pub(crate) fn severity(rank: i64) -> Result<Severity, StoreError> {
    let found = Severity::ALL.iter().find(|severity| self::rank(**severity) == rank);
    found.copied().ok_or_else(|| StoreError::Corrupt(format!("{rank} is no rank of a severity")))
}

/// Which findings are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of these kinds; empty means all.
    pub kinds: Vec<FindingKind>,
    /// Of these severities; empty means all.
    pub severities: Vec<Severity>,
    /// In these states; empty means all but fixed ones.
    pub statuses: Vec<FindingStatus>,
    /// Part of the rule, the title or the component.
    pub text: Option<String>,
    /// Only those that the catalogue of known exploited vulnerabilities has.
    pub is_known_exploited: bool,
}

/// Where a page of findings ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The severity of its last finding.
    pub severity: Severity,
    /// The identity of its last finding.
    pub identity: String,
}

/// The findings of these documents and of what our own matching says of their components that match, most severe first, at
/// most `limit`, after `after`.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(
    session: &mut Session,
    documents: &[Digest],
    matched: &Matched,
    filter: &Filter,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<ListedFinding>, StoreError> {
    let mut found = Vec::new();
    // Each document is walked along its index as far as the page goes, and the walks are merged.
    for documents_at_once in documents.chunks(WALKS_AT_ONCE) {
        found.extend(walk(session, documents, documents_at_once, matched, filter, after, limit).await?);
    }
    if documents.len() > WALKS_AT_ONCE {
        found.sort_by(|a, b| (b.finding.severity, &a.identity).cmp(&(a.finding.severity, &b.identity)));
        found.truncate(limit);
    }
    Ok(found)
}

/// A query may have so many parts in both databases.
const WALKS_AT_ONCE: usize = 100;

/// The first findings of some of the documents that no word of any of them thinks worse of.
async fn walk(
    session: &mut Session,
    documents: &[Digest],
    walked: &[Digest],
    matched: &Matched,
    filter: &Filter,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<ListedFinding>, StoreError> {
    let mut arguments = args![
        after.map(|place| rank(place.severity)),
        after.map(|place| place.identity.as_str()),
        limit,
        matched.list()
    ];
    let all = list_of(documents, &mut arguments);
    let (mine, theirs) = (conditions("f", filter, &mut arguments), conditions("b", filter, &mut arguments));
    let severities = severities(filter, &mut arguments);
    // The plus keeps SQLite from looking for worse words along the index of severities, which is most of the findings for
    // each of them; by their identity there are one or two.
    let mut walks = Vec::new();
    let numbers = session.numbers_of("$4");
    let matching = matched::conditions("b", filter, &mut arguments);
    if walked.first() == documents.first() {
        walks.push(matched::walk(
            session,
            &format!("b.document IN ({all}) AND {theirs}"),
            filter,
            &severities,
            &mut arguments,
        ));
    }
    for document in walked {
        let document = list_of(std::slice::from_ref(document), &mut arguments);
        walks.push(format!(
            "SELECT * FROM (SELECT f.document, f.position, f.severity, f.identity FROM finding f
               WHERE f.document = {document} AND {mine} AND {severities}
                 AND ($1 IS NULL OR f.severity < $1 OR (f.severity = $1 AND f.identity > $2))
                 AND NOT EXISTS (SELECT 1 FROM finding b
                   WHERE b.document IN ({all}) AND b.identity = f.identity AND b.kind = f.kind AND {theirs}
                     AND (+b.severity > f.severity OR (+b.severity = f.severity
                       AND (b.document < f.document OR (b.document = f.document AND +b.position < f.position)))))
                 AND NOT EXISTS (SELECT 1 FROM vulnerability_match b
                   WHERE b.identity = f.identity AND f.kind = 'vulnerability' AND b.severity > f.severity
                     AND b.component IN ({numbers}) AND b.is_affected = 1 AND b.ended_at IS NULL AND {matching})
               ORDER BY f.severity DESC, f.identity LIMIT $3) walk"
        ));
    }
    // The bodies are fetched for the page alone: sorting them all would be most of the work.
    let sql = format!(
        "SELECT page.document, page.position, page.identity, f.body,
             (SELECT COUNT(*) FROM known_exploited k WHERE k.vulnerability = COALESCE(f.vulnerability, m.vulnerability)),
             {}
         FROM (SELECT document, position, severity, identity FROM ({}) walks
               ORDER BY severity DESC, identity LIMIT $3) page
         LEFT JOIN finding f ON f.document = page.document AND f.position = page.position
         LEFT JOIN vulnerability_match m ON page.document = '' AND m.component = page.position
           AND m.identity = page.identity
         LEFT JOIN component c ON c.number = m.component
         ORDER BY page.severity DESC, page.identity",
        matched::COLUMNS,
        walks.join(" UNION ALL ")
    );
    session.rows(&sql, arguments).await?.iter().map(|row| finding(row, matched)).collect()
}

/// Who has a problem too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The document.
    pub document: Digest,
    /// Whether it is our own matching of a component that the document names.
    pub is_matching: bool,
    /// What kind of problem it is.
    pub kind: FindingKind,
    /// Which problem it is.
    pub identity: String,
    /// The worst that it thinks of it.
    pub severity: Severity,
}

/// Who has the problems with these identities, each once for a problem.
///
/// # Errors
/// When the database fails.
pub async fn witnesses(
    session: &mut Session,
    documents: &[Digest],
    matched: &Matched,
    identities: &[String],
) -> Result<Vec<Witness>, StoreError> {
    let mut arguments = Vec::new();
    let documents = list_of(documents, &mut arguments);
    let named = list_of(identities, &mut arguments);
    let sql = format!(
        "SELECT document, kind, identity, MAX(severity) FROM finding
         WHERE document IN ({documents}) AND identity IN ({named}) AND status <> 'fixed'
         GROUP BY document, kind, identity ORDER BY document"
    );
    let mut witnesses: Vec<Witness> =
        session.rows(&sql, arguments).await?.iter().map(witness).collect::<Result<_, _>>()?;
    witnesses.extend(matched::witnesses(session, matched, identities).await?);
    Ok(witnesses)
}

fn witness(row: &Row) -> Result<Witness, StoreError> {
    let mut column = row.columns();
    let (document, kind, identity, rank) = (column.read()?, column.read()?, column.read()?, column.read()?);
    Ok(Witness { document, is_matching: false, kind, identity, severity: severity(rank)? })
}

/// How many findings of one kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCounts {
    /// All of them.
    pub all: SeverityCounts,
    /// Those with a version without the problem.
    pub fixable: SeverityCounts,
}

/// How many findings of these documents match, by kind. Kinds without any are left out.
///
/// # Errors
/// When the database fails.
pub async fn counts(
    session: &mut Session,
    documents: &[Digest],
    matched: &Matched,
    filter: &Filter,
) -> Result<BTreeMap<FindingKind, KindCounts>, StoreError> {
    let mut arguments = Vec::new();
    let distinct = distinct(session, documents, matched, filter, &mut arguments);
    let severities = severities(filter, &mut arguments);
    let sql = format!(
        "SELECT kind, severity, is_fixable, COUNT(*) FROM ({distinct}) x WHERE {severities}
         GROUP BY kind, severity, is_fixable"
    );
    let mut counts: BTreeMap<FindingKind, KindCounts> = BTreeMap::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        let (kind, rank, is_fixable, count) = (column.read()?, column.read()?, column.read()?, column.read()?);
        let severity = severity(rank)?;
        let of_kind: &mut KindCounts = counts.entry(kind).or_default();
        of_kind.all.add(severity, count);
        if is_fixable {
            of_kind.fixable.add(severity, count);
        }
    }
    Ok(counts)
}

/// The vulnerabilities of each component in these documents, by its identity without qualifiers.
///
/// # Errors
/// When the database fails.
pub async fn vulnerabilities_by_component(
    session: &mut Session,
    documents: &[Digest],
    matched: &Matched,
) -> Result<BTreeMap<String, SeverityCounts>, StoreError> {
    let filter = Filter { kinds: vec![FindingKind::Vulnerability], ..Filter::default() };
    let mut arguments = Vec::new();
    let distinct = distinct(session, documents, matched, &filter, &mut arguments);
    let sql = format!(
        "SELECT component, severity, COUNT(*) FROM ({distinct}) x WHERE component IS NOT NULL
         GROUP BY component, severity"
    );
    let mut counts: BTreeMap<String, SeverityCounts> = BTreeMap::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        let component: String = column.read()?;
        let severity = severity(column.read()?)?;
        counts.entry(without_qualifiers(&component).to_owned()).or_default().add(severity, column.read()?);
    }
    Ok(counts)
}

/// Which kinds of findings occur in which of these documents.
///
/// # Errors
/// When the database fails.
pub async fn kinds_by_document(
    session: &mut Session,
    documents: &[Digest],
) -> Result<BTreeMap<Digest, BTreeSet<FindingKind>>, StoreError> {
    let mut arguments = Vec::new();
    let documents = list_of(documents, &mut arguments);
    let sql = format!("SELECT DISTINCT document, kind FROM finding WHERE document IN ({documents})");
    let mut kinds: BTreeMap<Digest, BTreeSet<FindingKind>> = BTreeMap::new();
    for row in session.rows(&sql, arguments).await? {
        let mut column = row.columns();
        kinds.entry(column.read()?).or_default().insert(column.read()?);
    }
    Ok(kinds)
}

/// Every problem of the documents that matches, severity apart, once: as bad as the document that thinks worst of it says.
fn distinct(
    session: &Session,
    documents: &[Digest],
    matched: &Matched,
    filter: &Filter,
    arguments: &mut Vec<Arg>,
) -> String {
    let documents = list_of(documents, arguments);
    let conditions = conditions("f", filter, arguments);
    let matched = matched::all(session, matched, filter, arguments);
    format!(
        "SELECT kind, identity, MAX(severity) AS severity, MAX(is_fixable) AS is_fixable, MIN(component) AS component
         FROM (SELECT f.kind, f.identity, f.severity, f.is_fixable, f.component FROM finding f
               WHERE f.document IN ({documents}) AND {conditions} UNION ALL {matched}) every
         GROUP BY kind, identity"
    )
}

/// What a filter asks of the finding called `alias`, documents and severity apart.
fn conditions(alias: &str, filter: &Filter, arguments: &mut Vec<Arg>) -> String {
    let Filter { kinds, severities: _, statuses, text, is_known_exploited } = filter;
    let mut conditions = Vec::new();
    if !kinds.is_empty() {
        conditions.push(format!("{alias}.kind IN ({})", list_of(kinds, arguments)));
    }
    if statuses.is_empty() {
        conditions.push(format!("{alias}.status <> 'fixed'"));
    } else {
        conditions.push(format!("{alias}.status IN ({})", list_of(statuses, arguments)));
    }
    if let Some(text) = text {
        let pattern = list_of(&[format!("%{}%", escape_like(&text.to_lowercase()))], arguments);
        let like = |column: &str| format!("LOWER({alias}.{column}) LIKE {pattern} ESCAPE '\\'");
        let columns = ["rule", "vulnerability", "title", "component"].map(like);
        conditions.push(format!("({})", columns.join(" OR ")));
    }
    if *is_known_exploited {
        conditions.push(format!("{alias}.vulnerability IN (SELECT k.vulnerability FROM known_exploited k)"));
    }
    conditions.join(" AND ")
}

fn severities(filter: &Filter, arguments: &mut Vec<Arg>) -> String {
    if filter.severities.is_empty() {
        return "1 = 1".to_owned();
    }
    let ranks: Vec<i64> = filter.severities.iter().copied().map(rank).collect();
    format!("severity IN ({})", list_of(&ranks, arguments))
}

fn finding(row: &Row, matched: &Matched) -> Result<ListedFinding, StoreError> {
    let mut column = row.columns();
    let (document, position): (String, u64) = (column.read()?, column.read()?);
    let (identity, body): (String, Option<String>) = (column.read()?, column.read()?);
    let is_known_exploited = column.read()?;
    let (origin, finding) = match body {
        Some(body) => {
            let document = document.parse().map_err(|error| StoreError::Corrupt(format!("`{document}`: {error}")))?;
            let finding = serde_json::from_str(&body)
                .map_err(|error| StoreError::Corrupt(format!("a finding of `{document}`: {error}")))?;
            (Origin::Document(document, position), finding)
        }
        None => matched.finding(&mut column, &identity)?,
    };
    Ok(ListedFinding { origin, identity, finding, is_known_exploited })
}
