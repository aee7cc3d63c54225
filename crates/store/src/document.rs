//! Documents as the database knows them: what each one is, and what a reader understood in it. Components and findings
//! have tables of their own; the bytes are in [`crate::documents`].

use crate::value::list_of;
use crate::{Columns, Session, StoreError, args};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Component, Digest, Finding, InventoryQuality, Phase, Report, Subject, Warning};
use std::collections::BTreeMap;

/// A document without its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its digest.
    pub digest: Digest,
    /// Its size as received.
    pub size_bytes: u64,
    /// When it first came.
    pub received_at: Timestamp,
    /// The format it was read as; absent while no reader knows it.
    pub format: Option<String>,
    /// The phase it speaks of.
    pub phase: Option<Phase>,
    /// The tool that wrote it.
    pub tool: Option<String>,
    /// How many of what it holds, by name of the thing.
    pub counts: BTreeMap<String, u64>,
    /// How many warnings its reader had.
    pub warnings: u64,
    /// What it holds in a few words.
    pub summary: String,
    /// What is known of its signature: `unsigned` or `not-verified`.
    pub verification: String,
}

/// What is kept of a report beside its components and findings. `schema` counts up when this form changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sections {
    /// Version of this form, `1`.
    pub schema: u32,
    /// The report. Its inventory and findings are there, and empty, where the document had them.
    pub report: Report,
    /// How complete the inventory was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory_quality: Option<InventoryQuality>,
}

/// A reader that has more to complain of is repeating itself; the last warning kept says how many were not.
const WARNINGS_KEPT: usize = 500;

impl Sections {
    /// Takes a report apart into what is kept as a whole and what goes into tables.
    #[must_use]
    pub fn of(mut report: Report) -> (Self, Vec<Component>, Vec<Finding>) {
        let inventory_quality = report.inventory.as_ref().map(shipworthy_model::Inventory::quality);
        let components = report.inventory.as_mut().map_or_else(Vec::new, |inventory| {
            inventory.dependencies = Vec::new();
            std::mem::take(&mut inventory.components)
        });
        let findings = report.findings.as_mut().map_or_else(Vec::new, std::mem::take);
        if report.warnings.len() > WARNINGS_KEPT {
            let more = report.warnings.len() - WARNINGS_KEPT;
            report.warnings.truncate(WARNINGS_KEPT);
            report.warnings.push(Warning { at: String::new(), message: format!("and {more} more warnings") });
        }
        (Self { schema: 1, report, inventory_quality }, components, findings)
    }
}

/// What became of a document that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insertion {
    /// It was not here. Its components and findings are to be written now.
    New,
    /// It was here unread and is understood now. Its components and findings are to be written now, and the subjects
    /// of [`subjects`] touched.
    Learned,
    /// It was here as it is.
    Known,
}

/// Adds a document, or adds the understanding to one that was kept unread.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    session: &mut Session,
    document: &Document,
    sections: Option<&Sections>,
) -> Result<Insertion, StoreError> {
    let Document { digest, size_bytes, received_at, format, phase, tool, counts, warnings, summary, verification } =
        document;
    let report = sections.map(to_json).transpose()?;
    let counts = to_json(counts)?;
    let sql = "INSERT INTO document (digest, size_bytes, received_at, format, phase, tool, report, counts, warnings,
                 summary, verification) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let values = args![
        digest,
        *size_bytes,
        *received_at,
        format,
        phase,
        tool,
        &report,
        &counts,
        *warnings,
        summary,
        verification
    ];
    if session.execute(sql, values).await? == 1 {
        return Ok(Insertion::New);
    }
    if format.is_none() {
        return Ok(Insertion::Known);
    }
    let sql = "UPDATE document SET format = $2, phase = $3, tool = $4, report = $5, counts = $6, warnings = $7,
                 summary = $8, verification = $9 WHERE digest = $1 AND format IS NULL";
    let values = args![digest, format, phase, tool, report, counts, *warnings, summary, verification];
    let is_learned = session.execute(sql, values).await? == 1;
    Ok(if is_learned { Insertion::Learned } else { Insertion::Known })
}

fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(format!("it cannot be written as JSON: {error}")))
}

/// The columns of a document `d`, in the order in which [`read`] reads them.
pub(crate) const COLUMNS: &str = "d.digest, d.size_bytes, d.received_at, d.format, d.phase, d.tool, d.counts,
    d.warnings, d.summary, d.verification";

pub(crate) fn read(column: &mut Columns<'_>) -> Result<Document, StoreError> {
    Ok(Document {
        digest: column.read()?,
        size_bytes: column.read()?,
        received_at: column.read()?,
        format: column.read()?,
        phase: column.read()?,
        tool: column.read()?,
        counts: column.read_json()?,
        warnings: column.read()?,
        summary: column.read()?,
        verification: column.read()?,
    })
}

/// The document with this digest, if it is here.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, digest: &Digest) -> Result<Option<Document>, StoreError> {
    let row = session.row(&format!("SELECT {COLUMNS} FROM document d WHERE d.digest = $1"), args![digest]).await?;
    row.map(|row| read(&mut row.columns())).transpose()
}

/// What the readers understood in these documents, by digest. Documents that nobody understood yet are left out.
///
/// # Errors
/// When the database fails.
pub async fn sections(session: &mut Session, digests: &[Digest]) -> Result<BTreeMap<Digest, Sections>, StoreError> {
    let mut arguments = Vec::new();
    let digests = list_of(digests, &mut arguments);
    let sql = format!("SELECT digest, report FROM document WHERE digest IN ({digests}) AND report IS NOT NULL");
    let rows = session.rows(&sql, arguments).await?;
    rows.iter()
        .map(|row| {
            let mut column = row.columns();
            Ok((column.read()?, column.read_json()?))
        })
        .collect()
}

/// Everything that evidence with this document is about.
///
/// # Errors
/// When the database fails.
pub async fn subjects(session: &mut Session, digest: &Digest) -> Result<Vec<Subject>, StoreError> {
    let sql = "SELECT DISTINCT es.subject FROM evidence e JOIN evidence_subject es ON es.evidence_id = e.id
               WHERE e.document = $1 ORDER BY es.subject";
    session.rows(sql, args![digest]).await?.iter().map(crate::Row::first).collect()
}
