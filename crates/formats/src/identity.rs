//! What makes a finding the same one in the next report. The tool's own fingerprint wins; else the identity is made of
//! what a change of unrelated lines leaves as it is.

use shipworthy_model::{Digest, Finding};
use std::collections::HashMap;

/// The identity from the tool's own fingerprint, called `name` by the tool.
pub(crate) fn of_fingerprint(name: &str, value: &str) -> String {
    format!("{name}:{value}")
}

/// The identity from what the finding is: the rule and then whatever tells it from others of the same rule, from the
/// coarse to the fine, such as component and path. Give a line only where nothing else distinguishes. Empty parts count.
pub(crate) fn of_parts(rule: &str, parts: &[&str]) -> String {
    let mut identity = escaped(rule);
    for part in parts {
        identity.push('|');
        identity.push_str(&escaped(part));
    }
    identity
}

/// Keeps the parts apart: a bar in one of them is written `%7C`.
fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('|', "%7C")
}

/// Tells findings apart whose identities came out the same, such as one mistake made twice in a file: the second gets a
/// `#2`, which stays as it is when lines move.
pub(crate) fn distinguish(findings: &mut [Finding]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let count = seen.entry(finding.identity.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.identity = format!("{}#{count}", finding.identity);
        }
    }
}

/// What of a piece of code stays the same when it moves or is indented anew. The first digits of a digest and not the
/// code, because the code may hold a secret.
pub(crate) fn of_code(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    Digest::of(code.as_bytes()).hex()[..16].to_owned()
}
