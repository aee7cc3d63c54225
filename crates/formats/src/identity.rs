//! What makes a finding the same one in the next report. The tool's own fingerprint wins; else the identity is made of
//! what a change of unrelated lines leaves as it is.

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
