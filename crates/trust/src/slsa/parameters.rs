//! Parameters of a build compared with those that are expected: everything that is not expected is a difference.

use serde_json::{Map, Value};

/// Where the two differ, each as a sentence. `ignored` are JSON pointers (RFC 6901), with all that is below them.
/// What is unset, null or empty is the same (SLSA 1.2, "Parsing rules").
pub(super) fn differences(found: &Value, expected: &Value, ignored: &[String]) -> Vec<String> {
    let mut differences = Vec::new();
    compare("", found, expected, ignored, &mut differences);
    differences
}

fn compare(at: &str, found: &Value, expected: &Value, ignored: &[String], differences: &mut Vec<String>) {
    if ignored.iter().any(|pointer| pointer == at) || is_nothing(found) && is_nothing(expected) {
        return;
    }
    match (found, expected) {
        (Value::Object(_) | Value::Null, Value::Object(_)) | (Value::Object(_), Value::Null) => {
            let none = Map::new();
            let (found, expected) = (found.as_object().unwrap_or(&none), expected.as_object().unwrap_or(&none));
            let mut names: Vec<&String> = found.keys().chain(expected.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                let side = |side: &Map<String, Value>| side.get(name).cloned().unwrap_or_default();
                compare(&at, &side(found), &side(expected), ignored, differences);
            }
        }
        _ if found == expected => {}
        _ if is_nothing(expected) => differences.push(format!("`{at}` is {found}, and nothing is expected there")),
        _ if is_nothing(found) => differences.push(format!("`{at}` is not stated: expected {expected}")),
        _ => differences.push(format!("`{at}` is {found}: expected {expected}")),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
