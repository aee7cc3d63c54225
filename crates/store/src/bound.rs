//! What the audit log is bound to: the rows of evidence, documents, decisions and what decisions depend on, each as one
//! JSON value whose digest stands in the entry about it.

use crate::Column::{self, Int, Text};
use crate::value::list_of;
use crate::{Columns, Session, StoreError, args};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A kind of object that entries are bound to. The first part has one row for each object.
#[derive(Debug)]
pub struct Noun {
    /// The kind, as entries name it.
    pub kind: &'static str,
    parts: &'static [Part],
}

#[derive(Debug)]
struct Part {
    table: &'static str,
    /// The column with the object's id.
    key: &'static str,
    columns: &'static [(&'static str, Column)],
}

/// Every kind of object that entries are bound to.
pub static NOUNS: &[Noun] = &[
    Noun { kind: "document", parts: &[DOCUMENT, DOCUMENT_FILE, ATTESTATION] },
    Noun { kind: "evidence", parts: &[EVIDENCE, EVIDENCE_SUBJECT] },
    Noun { kind: "decision", parts: &[DECISION, DECISION_POLICY, DECISION_EXCEPTION] },
    Noun { kind: "release", parts: &[RELEASE, RELEASE_ARTIFACT, RELEASE_SUBJECT, APPROVAL] },
    Noun { kind: "deployment", parts: &[DEPLOYMENT] },
    Noun { kind: "environment", parts: &[ENVIRONMENT] },
    Noun { kind: "exception", parts: &[EXCEPTION] },
    Noun { kind: "policy", parts: &[POLICY] },
    Noun { kind: "assignment", parts: &[ASSIGNMENT, ASSIGNMENT_ENVIRONMENT] },
];

const DOCUMENT: Part = Part {
    table: "document",
    key: "digest",
    columns: &[
        ("size_bytes", Int),
        ("received_at", Int),
        ("format", Text),
        ("phase", Text),
        ("tool", Text),
        ("report", Text),
        ("counts", Text),
        ("warnings", Int),
        ("summary", Text),
        ("verification", Text),
    ],
};
const DOCUMENT_FILE: Part =
    Part { table: "document_file", key: "document", columns: &[("digest", Text), ("size_bytes", Int)] };
const ATTESTATION: Part = Part {
    table: "attestation",
    key: "document",
    columns: &[("position", Int), ("outcome", Text), ("body", Text), ("content", Text)],
};
const EVIDENCE: Part = Part {
    table: "evidence",
    key: "id",
    columns: &[
        ("document", Text),
        ("subjects_digest", Text),
        ("submitted_by", Text),
        ("submitted_at", Int),
        ("scope_kind", Text),
        ("scope_id", Text),
    ],
};
const EVIDENCE_SUBJECT: Part = Part { table: "evidence_subject", key: "evidence_id", columns: &[("subject", Text)] };
const DECISION: Part = Part {
    table: "decision",
    key: "id",
    columns: &[
        ("release_id", Text),
        ("environment_id", Text),
        ("verdict", Text),
        ("decided_at", Int),
        ("valid_until", Int),
        ("asked_by", Text),
        ("failed", Int),
        ("unknown", Int),
        ("excused", Int),
        ("headline", Text),
        ("record", Text),
        ("record_digest", Text),
        ("envelope", Text),
        ("subjects_version", Int),
        ("rules_generation", Int),
    ],
};
const DECISION_POLICY: Part =
    Part { table: "decision_policy", key: "decision_id", columns: &[("policy", Text), ("outcome", Text)] };
const DECISION_EXCEPTION: Part =
    Part { table: "decision_exception", key: "decision_id", columns: &[("exception_id", Text)] };
const RELEASE: Part = Part {
    table: "release",
    key: "id",
    columns: &[
        ("service_id", Text),
        ("version", Text),
        ("repository", Text),
        ("branch", Text),
        ("commit_id", Text),
        ("build", Text),
        ("created_by", Text),
        ("created_at", Int),
    ],
};
const RELEASE_ARTIFACT: Part = Part {
    table: "release_artifact",
    key: "release_id",
    columns: &[("position", Int), ("digest", Text), ("name", Text), ("kind", Text)],
};
const RELEASE_SUBJECT: Part = Part { table: "release_subject", key: "release_id", columns: &[("subject", Text)] };
const APPROVAL: Part = Part {
    table: "approval",
    key: "release_id",
    columns: &[
        ("id", Text),
        ("environment_id", Text),
        ("approved_by", Text),
        ("approved_by_name", Text),
        ("comment", Text),
        ("approved_at", Int),
    ],
};
const DEPLOYMENT: Part = Part {
    table: "deployment",
    key: "id",
    columns: &[
        ("release_id", Text),
        ("environment_id", Text),
        ("state", Text),
        ("running", Text),
        ("tool", Text),
        ("started_by", Text),
        ("started_at", Int),
        ("changed_at", Int),
    ],
};
const ENVIRONMENT: Part = Part {
    table: "environment",
    key: "id",
    columns: &[
        ("name", Text),
        ("kind", Text),
        ("exposure", Text),
        ("gate_mode", Text),
        ("unknowns", Text),
        ("created_at", Int),
    ],
};
const EXCEPTION: Part = Part {
    table: "exception",
    key: "id",
    columns: &[
        ("policy", Text),
        ("rule", Text),
        ("purl", Text),
        ("artifact", Text),
        ("team_id", Text),
        ("application_id", Text),
        ("service_id", Text),
        ("environment_id", Text),
        ("environment_kind", Text),
        ("exposure", Text),
        ("reason", Text),
        ("justification", Text),
        ("ticket", Text),
        ("valid_from", Int),
        ("valid_until", Int),
        ("requested_by", Text),
        ("requested_at", Int),
        ("decided_by", Text),
        ("decided_at", Int),
        ("is_approved", Int),
        ("revoked_by", Text),
        ("revoked_at", Int),
    ],
};
const POLICY: Part = Part {
    table: "policy",
    key: "id",
    columns: &[
        ("name", Text),
        ("version", Int),
        ("digest", Text),
        ("source", Text),
        ("is_builtin", Int),
        ("created_by", Text),
        ("created_at", Int),
    ],
};
const ASSIGNMENT: Part = Part {
    table: "assignment",
    key: "id",
    columns: &[
        ("policy_id", Text),
        ("parameters", Text),
        ("action", Text),
        ("scope_kind", Text),
        ("scope_id", Text),
        ("created_by", Text),
        ("created_at", Int),
        ("ended_at", Int),
    ],
};
const ASSIGNMENT_ENVIRONMENT: Part =
    Part { table: "assignment_environment", key: "assignment_id", columns: &[("environment_id", Text)] };

impl Noun {
    /// The noun of this kind, if entries are bound to it.
    #[must_use]
    pub fn of(kind: &str) -> Option<&'static Self> {
        NOUNS.iter().find(|noun| noun.kind == kind)
    }

    /// The tables that an object consists of, each with the column of the object's id and the other columns. Those of
    /// texts are marked.
    pub fn tables(&self) -> impl Iterator<Item = (&'static str, &'static str, Vec<(&'static str, bool)>)> {
        self.parts.iter().map(|part| {
            (part.table, part.key, part.columns.iter().map(|(name, column)| (*name, *column == Text)).collect())
        })
    }
}

/// Objects as they are now, by their ids: all columns of all their rows. What does not exist is left out.
///
/// # Errors
/// When the database fails.
pub async fn read(session: &mut Session, noun: &Noun, ids: &[String]) -> Result<BTreeMap<String, Value>, StoreError> {
    let mut objects: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for (index, part) in noun.parts.iter().enumerate() {
        for (id, row) in rows(session, part, ids).await? {
            let object = if index == 0 { Some(objects.entry(id).or_default()) } else { objects.get_mut(&id) };
            let Some(object) = object else { continue };
            let rows = object.entry(part.table).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(rows) = rows {
                rows.push(row);
            }
        }
    }
    // The order of rows means nothing, and the two databases sort texts differently.
    for rows in objects.values_mut().flat_map(Map::values_mut).filter_map(Value::as_array_mut) {
        rows.sort_by_cached_key(Value::to_string);
    }
    Ok(objects.into_iter().map(|(id, object)| (id, Value::Object(object))).collect())
}

async fn rows(session: &mut Session, part: &Part, ids: &[String]) -> Result<Vec<(String, Value)>, StoreError> {
    let Part { table, key, columns } = part;
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut arguments = Vec::new();
    let list = list_of(ids, &mut arguments);
    let sql = format!("SELECT {key}, {} FROM {table} WHERE {key} IN ({list})", names.join(", "));
    let found = session.rows(&sql, arguments).await?;
    found
        .iter()
        .map(|row| {
            let mut column = row.columns();
            let id = column.read()?;
            let values = columns.iter().map(|(name, kind)| ((*name).to_owned(), value(&mut column, *kind)));
            Ok((id, Value::Object(values.collect())))
        })
        .collect()
}

/// What stands in a column. What cannot be read is not what was written, and is told apart from everything that can.
fn value(column: &mut Columns<'_>, kind: Column) -> Value {
    let read = match kind {
        Text => column.read::<Option<String>>().map(|text| text.map(Value::from)),
        Int => column.read::<Option<i64>>().map(|int| int.map(|int| Value::from(int.to_string()))),
    };
    match read {
        Ok(value) => value.unwrap_or_default(),
        Err(error) => Value::Array(vec![Value::from(error.to_string())]),
    }
}

/// The ids of the objects after `after` in their order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn ids(session: &mut Session, noun: &Noun, after: &str, limit: usize) -> Result<Vec<String>, StoreError> {
    let Some(Part { table, key, .. }) = noun.parts.first() else { return Ok(Vec::new()) };
    let sql = format!("SELECT {key} FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2");
    session.rows(&sql, args![after, limit]).await?.iter().map(crate::Row::first).collect()
}
