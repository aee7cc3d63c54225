//! Findings as a gate looks at them: every one, without the long texts, with all documents that tell of it.

use crate::finding_match;
use crate::value::list_of;
use crate::{Row, Session, StoreError};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Cvss, Digest, FindingKind, Location, Severity};

/// One finding of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct GateFinding {
    /// The document.
    pub document: Digest,
    /// Whether our own matching says so of a component that the document names, rather than the document.
    pub is_matching: bool,
    /// What sort of problem.
    pub kind: FindingKind,
    /// What makes it the same problem in another document.
    pub identity: String,
    /// The one name of a vulnerability, whatever name the tool gave it.
    pub vulnerability: Option<String>,
    /// The day until which the catalogue of known exploited vulnerabilities tells to act, and nothing for a
    /// vulnerability that is not in it.
    pub known_exploited: Option<Option<String>>,
    /// The parts of the finding that policies may see.
    pub brief: Brief,
}

/// The parts of a finding that policies may see.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Brief {
    /// The tool's identifier of the problem.
    pub rule: String,
    /// Other identifiers of the same problem.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One line for people.
    pub title: String,
    /// How bad.
    pub severity: Severity,
    /// CVSS ratings as published.
    #[serde(default)]
    pub cvss: Vec<Cvss>,
    /// The component it is about.
    #[serde(default)]
    pub component: Option<ComponentRef>,
    /// Where it is.
    #[serde(default)]
    pub location: Option<Location>,
    /// Versions of the component without the problem.
    #[serde(default)]
    pub fixed_versions: Vec<String>,
}

/// Every finding of these documents that its tool does not call fixed, and what our own matching says of their components: most severe first, the rest of the order is the
/// same every time. What a tool calls accepted or false counts all the same: here only exceptions excuse.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(session: &mut Session, documents: &[Digest]) -> Result<Vec<GateFinding>, StoreError> {
    let mut arguments = Vec::new();
    let all = documents;
    let documents = list_of(documents, &mut arguments);
    let sql = format!(
        "SELECT f.document, f.kind, f.identity, f.vulnerability, k.vulnerability, k.due_date, f.body
         FROM finding f LEFT JOIN known_exploited k ON k.vulnerability = f.vulnerability
         WHERE f.document IN ({documents}) AND f.status <> 'fixed'
         ORDER BY f.document, f.position"
    );
    let mut findings: Vec<GateFinding> =
        session.rows(&sql, arguments).await?.iter().map(finding).collect::<Result<_, _>>()?;
    findings.extend(finding_match::of_gate(session, all).await?);
    // Sorted here, for there the rows would be sorted with their bodies; the primary key gives the order within.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.brief.severity));
    Ok(findings)
}

fn finding(row: &Row) -> Result<GateFinding, StoreError> {
    let mut column = row.columns();
    let (document, kind, identity, vulnerability) = (column.read()?, column.read()?, column.read()?, column.read()?);
    let exploited: Option<String> = column.read()?;
    let due_date: Option<String> = column.read()?;
    let known_exploited = exploited.map(|_| due_date);
    Ok(GateFinding {
        document,
        is_matching: false,
        kind,
        identity,
        vulnerability,
        known_exploited,
        brief: column.read_json()?,
    })
}
