//! Entries as lines of CSV or of JSON.

use crate::api::audit::AuditEntry;
use crate::problem::{Answer, Problem};
use serde::{Deserialize, Serialize};

/// How entries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TableFormat {
    /// A table for spreadsheets, RFC 4180, with a line of headings.
    #[default]
    Csv,
    /// An entry a line, as `GET /audit` gives it.
    Jsonl,
}

impl TableFormat {
    /// The media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl",
        }
    }

    /// The end of a file's name.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

const HEADINGS: [&str; 13] = [
    "sequence",
    "at",
    "actor",
    "actor_kind",
    "actor_id",
    "via",
    "address",
    "action",
    "object_kind",
    "object_id",
    "summary",
    "details",
    "request_id",
];

/// What comes before the first entry.
///
/// # Errors
/// Internal, when it cannot be written.
pub(crate) fn heading(format: TableFormat) -> Answer<Vec<u8>> {
    match format {
        TableFormat::Csv => records(std::iter::once(HEADINGS.map(str::to_owned))),
        TableFormat::Jsonl => Ok(Vec::new()),
    }
}

/// Entries, a line each.
///
/// # Errors
/// Internal, when they cannot be written.
pub(crate) fn lines(format: TableFormat, entries: &[AuditEntry]) -> Answer<Vec<u8>> {
    match format {
        TableFormat::Csv => records(entries.iter().map(record)),
        TableFormat::Jsonl => {
            let mut out = Vec::new();
            for entry in entries {
                serde_json::to_writer(&mut out, entry).map_err(Problem::internal)?;
                out.push(b'\n');
            }
            Ok(out)
        }
    }
}

fn records(rows: impl Iterator<Item = [String; 13]>) -> Answer<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        out.write_record(row.iter().map(|cell| guarded(cell))).map_err(Problem::internal)?;
    }
    out.into_inner().map_err(Problem::internal)
}

fn record(entry: &AuditEntry) -> [String; 13] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        entry.sequence.to_string(),
        entry.at.clone(),
        entry.actor.name.clone(),
        entry.actor.kind.clone(),
        text(&entry.actor.id),
        text(&entry.actor.via),
        text(&entry.address),
        entry.action.clone(),
        entry.object_kind.clone(),
        entry.object_id.clone(),
        entry.summary.clone(),
        entry.details.to_string(),
        text(&entry.request_id),
    ]
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}
