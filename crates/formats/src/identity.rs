//! What makes a finding the same one in the next report and in that of another tool. Of a vulnerability it is the
//! vulnerability and the component. Of everything else the tool's own fingerprint wins; without one the identity is made
//! of what a change of unrelated lines leaves as it is.

use crate::purl;
use shipworthy_model::{ComponentRef, Digest, Finding, FindingKind};
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

/// Settles the identities of a report's findings, once its format has read them. A vulnerability of a component has the
/// same one for every tool, see [`of_vulnerability`]. Others whose identities came out the same, such as one mistake made
/// twice in a file, are told apart: the second gets a `#2`, which stays as it is when lines move.
pub(crate) fn settle(findings: &mut [Finding]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        if finding.kind == FindingKind::Vulnerability {
            finding.identity = of_vulnerability(&finding.rule, &finding.aliases, finding.component.as_ref());
            continue;
        }
        let count = seen.entry(finding.identity.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.identity = format!("{}#{count}", finding.identity);
        }
    }
}

/// The identity of a vulnerability: its best known name, from the tool's identifier `rule` and its `aliases`, and the
/// component, and nothing else, so that it is the same for
/// every tool and wherever in an image the component lies. CVE goes before GHSA before whatever the tool uses; the
/// component is its name as its ecosystem writes it and its version, without what tools differ in (the ecosystem's word,
/// qualifiers, an epoch, a leading `v`).
#[must_use]
pub fn of_vulnerability(rule: &str, aliases: &[String], component: Option<&ComponentRef>) -> String {
    let named = |prefix: &str| {
        let names = std::iter::once(rule).chain(aliases.iter().map(String::as_str));
        names.filter(|name| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))).min()
    };
    let name = named("CVE-").or_else(|| named("GHSA-")).unwrap_or(rule).to_ascii_uppercase();
    let Some(component) = component else { return of_parts(&name, &[]) };
    let canonical = component.purl.as_deref().and_then(purl::component);
    let ComponentRef { name: package, version, .. } = canonical.as_ref().unwrap_or(component);
    let package = package.to_lowercase().replace('_', "-");
    let version = version.as_deref().or(component.version.as_deref()).unwrap_or_default();
    let is_epoch = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let version = version.split_once(':').filter(|(epoch, _)| is_epoch(epoch)).map_or(version, |(_, rest)| rest);
    let without_v = version.strip_prefix('v').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    of_parts(&name, &[&package, without_v.unwrap_or(version)])
}

/// Keeps the parts apart: a bar in one of them is written `%7C`.
fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('|', "%7C")
}

/// What of a piece of code stays the same when it moves or is indented anew. The first digits of a digest and not the
/// code, because the code may hold a secret.
pub(crate) fn of_code(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    Digest::of(code.as_bytes()).hex()[..16].to_owned()
}
