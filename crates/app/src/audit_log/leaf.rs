//! The leaf of an entry: its canonical JSON, made from every column of its row, and the hash over it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use shipworthy_model::Digest;
use shipworthy_store::audit::Line;
use shipworthy_trust::merkle::{leaf_hash, to_hex};

/// The version of this form.
const VERSION: u32 = 1;

/// The members stand in the order of their names, which makes the JSON canonical.
#[derive(Serialize)]
struct Leaf<'l> {
    action: &'l str,
    actor: Actor<'l>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: &'l Option<String>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bindings: Option<&'l RawValue>,
    details: &'l RawValue,
    object: Object<'l>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: &'l Option<String>,
    sequence: i64,
    summary: &'l str,
    version: u32,
}

#[derive(Serialize)]
struct Actor<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: &'l Option<String>,
    kind: &'l str,
    name: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: &'l Option<String>,
}

#[derive(Serialize)]
struct Object<'l> {
    id: &'l str,
    kind: &'l str,
}

/// The canonical JSON of an entry, which is what its place in the tree stands for.
///
/// # Errors
/// A sentence, when the columns are not what an entry can have.
pub(crate) fn text(line: &Line) -> Result<String, String> {
    text_at(line, line.sequence)
}

fn text_at(line: &Line, sequence: i64) -> Result<String, String> {
    let at = Timestamp::from_microsecond(line.at).map_err(|_| "its time is no time".to_owned())?;
    let leaf = Leaf {
        action: &line.action,
        actor: Actor { id: &line.actor_id, kind: &line.actor_kind, name: &line.actor_name, via: &line.via },
        address: &line.address,
        at: at.to_string(),
        bindings: line.bindings.as_deref().map(raw).transpose()?,
        details: raw(&line.details)?,
        object: Object { id: &line.object_id, kind: &line.object_kind },
        request_id: &line.request_id,
        sequence,
        summary: &line.summary,
        version: VERSION,
    };
    serde_json::to_string(&leaf).map_err(|error| error.to_string())
}

/// JSON that goes into the leaf as it is, so that every byte of it counts.
fn raw(text: &str) -> Result<&RawValue, String> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| "a column does not hold JSON".to_owned())?;
    if raw.get().len() == text.len() { Ok(raw) } else { Err("a column holds more than JSON".to_owned()) }
}

/// The hash of an entry in hexadecimal digits.
///
/// # Errors
/// As [`text`].
pub(crate) fn hash(line: &Line) -> Result<String, String> {
    hash_at(line, line.sequence)
}

/// The hash that an entry would have at another place.
///
/// # Errors
/// As [`text`].
pub(crate) fn hash_at(line: &Line, sequence: i64) -> Result<String, String> {
    Ok(to_hex(&leaf_hash(text_at(line, sequence)?.as_bytes())))
}

/// What stands for details that are kept elsewhere.
pub(crate) fn elsewhere(digest: &Digest, size_bytes: usize) -> String {
    format!(r#"{{"elsewhere":"{digest}","size_bytes":{size_bytes}}}"#)
}

/// The digest of details that are kept elsewhere.
pub(crate) fn is_elsewhere(details: &str) -> Option<&str> {
    details.strip_prefix(r#"{"elsewhere":""#)?.split_once('"').map(|(digest, _)| digest)
}
