//! YAML as Kubernetes writes it, turned into JSON, so that an object is read alike in both.

use crate::{Probe, ReadError};
use std::borrow::Cow;

/// The document as JSON: as it is where it is JSON already, else the one YAML document that it holds. What is refused:
/// aliases that multiply (the parser has a budget), and several documents in one.
pub(crate) fn as_json(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return Ok(Cow::Borrowed(bytes));
    }
    let broken = |message: String| ReadError::lacks("YAML document", "the document", message);
    let text = std::str::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    let value: serde_json::Value = serde_saphyr::from_str(text).map_err(|error| {
        let message = error.to_string();
        broken(message.lines().next().unwrap_or_default().to_owned())
    })?;
    let json = serde_json::to_vec(&value).map_err(|error| broken(error.to_string()))?;
    crate::json::check_limits(&json)?;
    Ok(Cow::Owned(json))
}

/// All documents as JSON: one as it is, several as a list.
pub(crate) fn all_as_json(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return Ok(Cow::Borrowed(bytes));
    }
    let broken =
        |message: String| ReadError::lacks("YAML document", "the document", message.lines().next().unwrap_or_default());
    let text = std::str::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    let mut documents: Vec<serde_json::Value> =
        serde_saphyr::from_multiple(text).map_err(|error| broken(error.to_string()))?;
    documents.retain(|document| !document.is_null());
    let json = match &documents[..] {
        [only] => serde_json::to_vec(only),
        several => serde_json::to_vec(several),
    };
    let json = json.map_err(|error| broken(error.to_string()))?;
    crate::json::check_limits(&json)?;
    Ok(Cow::Owned(json))
}

/// The version and the kind of a Kubernetes object, in JSON or in the first of the YAML documents.
pub(crate) fn kind(probe: &Probe) -> Option<(String, String)> {
    if probe.is_text() {
        return Some((top_level(probe, "apiVersion")?, top_level(probe, "kind")?));
    }
    probe.object()?;
    Some((probe.value("apiVersion")?.to_owned(), probe.value("kind")?.to_owned()))
}

/// Whether a Kubernetes object tells how it is, and is not what somebody asks for.
pub(crate) fn has_status(probe: &Probe) -> bool {
    if probe.is_text() {
        probe.shows("\nstatus:") && !probe.shows("\n---")
    } else {
        probe.has("status") || probe.has("items.status")
    }
}

/// The scalar value of a key that stands at the beginning of a line.
fn top_level(probe: &Probe, key: &str) -> Option<String> {
    let lines = probe.head.split(|byte| *byte == b'\n');
    let value = lines.filter_map(|line| line.strip_prefix(key.as_bytes())?.strip_prefix(b":")).next()?;
    let value = std::str::from_utf8(value).ok()?.trim().trim_matches(['"', '\'']);
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_that_multiply_are_refused() {
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (name, of) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "e"), ("g", "f"), ("h", "g")] {
            let many = vec![format!("*{of}"); 10].join(", ");
            bomb.push_str(&format!("{name}: &{name} [{many}]\n"));
        }
        assert!(as_json(bomb.as_bytes()).is_err());
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert!(as_json("- ".repeat(100_000).as_bytes()).is_err());
        assert!(as_json(format!("a: {}", "[".repeat(100_000)).as_bytes()).is_err());
    }

    #[test]
    fn several_documents_in_one_are_refused() {
        assert!(as_json(b"kind: Pod\n---\nkind: Job\n").is_err());
    }
}
