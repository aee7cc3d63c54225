//! What our own matching says of the components of documents, as findings beside those that the documents state.

use crate::audit::escape_like;
use crate::finding::{Filter, Origin, Witness, rank, severity};
use crate::gate_finding::{Brief, GateFinding};
use crate::value::list_of;
use crate::vulnerability_match::of_tenths;
use crate::{Arg, Columns, Row, Session, StoreError, args, inventory};
use serde::Deserialize;
use serde_json::json;
use shipworthy_model::{ComponentRef, Cvss, Digest, Finding, FindingKind, FindingStatus, Severity};
use std::collections::BTreeMap;

/// The components of some documents that have a vulnerability by our own matching.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The documents that name each.
    naming: BTreeMap<u32, Vec<Digest>>,
}

/// Looks up which components of these documents have a vulnerability. What asks for findings of the same documents several
/// times does this once.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(session: &mut Session, documents: &[Digest]) -> Result<Matched, StoreError> {
    let mut naming = inventory::naming(session, documents).await?;
    let all = json!(naming.keys().collect::<Vec<_>>()).to_string();
    let sql = format!(
        "SELECT DISTINCT component FROM vulnerability_match WHERE component IN ({}) AND is_affected = 1
           AND ended_at IS NULL ORDER BY component",
        session.numbers_of("$1")
    );
    let rows = if naming.is_empty() { Vec::new() } else { session.rows(&sql, args![all]).await? };
    let numbers = rows.iter().map(Row::first).collect::<Result<Vec<u32>, _>>()?;
    let naming = numbers.iter().filter_map(|number| Some((*number, naming.remove(number)?))).collect();
    Ok(Matched { naming })
}

/// The first matches of the components at `$4`, of which nobody thinks worse, as a part of the query for a page. `theirs` is the
/// condition on findings `b` of documents.
pub(crate) fn walk(
    session: &Session,
    theirs: &str,
    filter: &Filter,
    severities: &str,
    arguments: &mut Vec<Arg>,
) -> String {
    let (mine, others) = (conditions("f", filter, arguments), conditions("b", filter, arguments));
    let numbers = session.numbers_of("$4");
    format!(
        "SELECT * FROM (SELECT '' AS document, f.component AS position, f.severity, f.identity FROM vulnerability_match f
           WHERE f.component IN ({numbers}) AND f.is_affected = 1 AND f.ended_at IS NULL AND {mine} AND {severities}
             AND ($1 IS NULL OR f.severity < $1 OR (f.severity = $1 AND f.identity > $2))
             AND NOT EXISTS (SELECT 1 FROM finding b WHERE {theirs} AND b.identity = f.identity
               AND b.kind = 'vulnerability' AND +b.severity >= f.severity)
             AND NOT EXISTS (SELECT 1 FROM vulnerability_match b WHERE b.identity = f.identity
               AND b.component IN ({numbers}) AND b.is_affected = 1 AND b.ended_at IS NULL AND {others}
               AND (b.severity > f.severity OR (b.severity = f.severity AND b.component < f.component)))
           ORDER BY f.severity DESC, f.identity LIMIT $3) walk"
    )
}

/// Every match of the components, in the columns of a finding, as a part of a query.
pub(crate) fn all(session: &Session, matched: &Matched, filter: &Filter, arguments: &mut Vec<Arg>) -> String {
    arguments.push(Arg::from(matched.list()));
    let numbers = session.numbers_of(&format!("${}", arguments.len()));
    let conditions = conditions("m", filter, arguments);
    format!(
        "SELECT 'vulnerability' AS kind, m.identity, m.severity,
           CAST(CASE WHEN m.fixed_version IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_fixable, c.identity AS component
         FROM vulnerability_match m JOIN component c ON c.number = m.component
         WHERE m.component IN ({numbers}) AND m.is_affected = 1 AND m.ended_at IS NULL AND {conditions}"
    )
}

/// What a filter asks of the match called `alias`, severity apart.
pub(crate) fn conditions(alias: &str, filter: &Filter, arguments: &mut Vec<Arg>) -> String {
    let Filter { kinds, severities: _, statuses, text, is_known_exploited } = filter;
    let is_asked = (kinds.is_empty() || kinds.contains(&FindingKind::Vulnerability))
        && (statuses.is_empty() || statuses.contains(&FindingStatus::Open));
    let mut conditions = vec![if is_asked { "1 = 1" } else { "1 = 0" }.to_owned()];
    if let Some(text) = text {
        let pattern = list_of(&[format!("%{}%", escape_like(&text.to_lowercase()))], arguments);
        let like = |column: &str| format!("LOWER({column}) LIKE {pattern} ESCAPE '\\'");
        conditions.push(format!(
            "({} OR {} OR EXISTS (SELECT 1 FROM component n WHERE n.number = {alias}.component AND {}))",
            like(&format!("{alias}.vulnerability")),
            like(&format!("{alias}.title")),
            like("n.identity")
        ));
    }
    if *is_known_exploited {
        conditions.push(format!("{alias}.vulnerability IN (SELECT k.vulnerability FROM known_exploited k)"));
    }
    conditions.join(" AND ")
}

/// What [`Matched::finding`] reads of a match `m` and its component `c`.
pub(crate) const COLUMNS: &str = "m.component, m.vulnerability, m.severity, m.score, m.title, m.fixed_version, m.body,
    c.name, c.version, c.purl";

/// What is read of the JSON that is kept with a match.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    vector: Option<String>,
    #[serde(default)]
    cwes: Vec<u32>,
}

impl Matched {
    /// Their numbers as a JSON list.
    pub(crate) fn list(&self) -> String {
        json!(self.naming.keys().collect::<Vec<_>>()).to_string()
    }

    /// The match of a row as a finding.
    pub(crate) fn finding(&self, column: &mut Columns<'_>, identity: &str) -> Result<(Origin, Finding), StoreError> {
        let component: u32 = column.read()?;
        let document = self.first(component);
        let document = document.ok_or_else(|| StoreError::Corrupt(format!("no document names {component}")))?;
        let finding = read(column, identity)?;
        Ok((Origin::Matching(document, component), finding))
    }

    fn first(&self, component: u32) -> Option<Digest> {
        self.naming.get(&component).and_then(|documents| documents.first()).cloned()
    }
}

/// Reads [`COLUMNS`] after the first.
fn read(column: &mut Columns<'_>, identity: &str) -> Result<Finding, StoreError> {
    let (vulnerability, severity): (String, Severity) = (column.read()?, severity(column.read()?)?);
    let (score, title): (Option<i64>, String) = (column.read()?, column.read()?);
    let fixed: Option<String> = column.read()?;
    let Body { ids, vector, cwes } = column.read_json()?;
    let component = ComponentRef { name: column.read()?, version: column.read()?, purl: column.read()? };
    let cvss = score.map(of_tenths).map(|score| {
        let stated = vector.as_deref().and_then(|vector| vector.strip_prefix("CVSS:")?.split('/').next());
        Cvss { version: stated.unwrap_or("2.0").to_owned(), vector: vector.clone(), score: Some(score), source: None }
    });
    Ok(Finding {
        aliases: ids.into_iter().filter(|id| *id != vulnerability).collect(),
        identity: identity.to_owned(),
        severity,
        cvss: cvss.into_iter().collect(),
        cwes,
        component: Some(component),
        fixed_versions: fixed.into_iter().collect(),
        ..Finding::new(FindingKind::Vulnerability, vulnerability, title)
    })
}

/// Our own matching as a witness of the problems with these identities.
pub(crate) async fn witnesses(
    session: &mut Session,
    matched: &Matched,
    identities: &[String],
) -> Result<Vec<Witness>, StoreError> {
    let sql = format!(
        "SELECT component, identity, severity FROM vulnerability_match WHERE component IN ({}) AND identity IN ({})
           AND is_affected = 1 AND ended_at IS NULL ORDER BY component",
        session.numbers_of("$1"),
        session.texts_of("$2")
    );
    let mut worst: BTreeMap<String, Witness> = BTreeMap::new();
    for row in session.rows(&sql, args![matched.list(), json!(identities).to_string()]).await? {
        let mut column = row.columns();
        let component: u32 = column.read()?;
        let identity: String = column.read()?;
        let severity = severity(column.read()?)?;
        let Some(document) = matched.first(component) else { continue };
        let kind = FindingKind::Vulnerability;
        let witness = Witness { document, is_matching: true, kind, identity: identity.clone(), severity };
        match worst.get(&identity) {
            Some(other) if rank(other.severity) >= rank(severity) => {}
            _ => drop(worst.insert(identity, witness)),
        }
    }
    Ok(worst.into_values().collect())
}

/// The vulnerabilities of the components of these documents by our own matching, as a gate looks at them: once for each
/// document that names the component.
pub(crate) async fn of_gate(session: &mut Session, documents: &[Digest]) -> Result<Vec<GateFinding>, StoreError> {
    let matched = of_documents(session, documents).await?;
    let sql = format!(
        "SELECT m.identity, k.vulnerability, k.due_date, {COLUMNS} FROM vulnerability_match m
         JOIN component c ON c.number = m.component LEFT JOIN known_exploited k ON k.vulnerability = m.vulnerability
         WHERE m.component IN ({}) AND m.is_affected = 1 AND m.ended_at IS NULL ORDER BY m.component, m.vulnerability",
        session.numbers_of("$1")
    );
    let mut findings = Vec::new();
    for row in session.rows(&sql, args![matched.list()]).await? {
        let mut column = row.columns();
        let identity: String = column.read()?;
        let (exploited, due_date): (Option<String>, Option<String>) = (column.read()?, column.read()?);
        let component: u32 = column.read()?;
        let Finding { rule, aliases, title, severity, cvss, component: named, fixed_versions, .. } =
            read(&mut column, &identity)?;
        let vulnerability = Some(rule.clone());
        let brief = Brief { rule, aliases, title, severity, cvss, component: named, location: None, fixed_versions };
        for document in matched.naming.get(&component).into_iter().flatten() {
            findings.push(GateFinding {
                document: document.clone(),
                is_matching: true,
                kind: FindingKind::Vulnerability,
                identity: identity.clone(),
                vulnerability: vulnerability.clone(),
                known_exploited: exploited.as_ref().map(|_| due_date.clone()),
                brief: brief.clone(),
            });
        }
    }
    Ok(findings)
}
