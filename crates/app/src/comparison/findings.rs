//! Compares the findings of two releases. A vulnerability is the same one when it is in the same package, whatever the
//! version: an upgrade that does not mend it mends nothing. Every other finding is the same by its identity.

use crate::comparison::components::package_of;
use shipworthy_model::{ComponentRef, FindingKind, Severity};
use shipworthy_store::gate_finding::GateFinding;
use std::collections::{BTreeMap, BTreeSet};

/// How the findings differ, each list the most severe first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Findings {
    /// Those that only the later release has.
    pub(crate) added: Vec<Compared>,
    /// Those that only the earlier release had.
    pub(crate) fixed: Vec<Compared>,
    /// Those that both have, as the later one has them.
    pub(crate) same: Vec<Compared>,
}

impl Findings {
    /// Adds differences of other kinds.
    pub(crate) fn extend(&mut self, other: Self) {
        let Self { added, fixed, same } = other;
        for (list, more) in [(&mut self.added, added), (&mut self.fixed, fixed), (&mut self.same, same)] {
            list.extend(more);
            list.sort_by(|one, other| one.key.cmp(&other.key));
        }
    }
}

/// A finding as far as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    /// What sort of problem.
    pub(crate) kind: FindingKind,
    /// The vulnerability or rule.
    pub(crate) rule: String,
    /// One line for people.
    pub(crate) title: String,
    /// How bad, as the document says that thinks worst of it.
    pub(crate) severity: Severity,
    /// The component it is about.
    pub(crate) component: Option<ComponentRef>,
    /// The file it is in.
    pub(crate) path: Option<String>,
    /// Versions of the component without the problem.
    pub(crate) fixed_versions: Vec<String>,
    /// Whether it is known to be exploited.
    pub(crate) is_known_exploited: bool,
    /// Its place in the lists, which no other has: by severity, then by name.
    pub(crate) key: String,
}

/// Compares findings of these kinds, each list the most severe first.
pub(crate) fn compare(before: &[GateFinding], after: &[GateFinding], kinds: &BTreeSet<FindingKind>) -> Findings {
    let (old, new) = (by_problem(before, kinds), by_problem(after, kinds));
    let mut found = Findings::default();
    for (problem, compared) in &new {
        let list = if old.contains_key(problem) { &mut found.same } else { &mut found.added };
        list.push(compared.clone());
    }
    let fixed = old.into_iter().filter(|(problem, _)| !new.contains_key(problem));
    found.fixed.extend(fixed.map(|(_, compared)| compared));
    let mut sorted = Findings::default();
    sorted.extend(found);
    sorted
}

/// What makes it the same problem in another release.
type Problem = (FindingKind, String, String);

fn by_problem(findings: &[GateFinding], kinds: &BTreeSet<FindingKind>) -> BTreeMap<Problem, Compared> {
    let mut problems: BTreeMap<Problem, Compared> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| kinds.contains(&finding.kind)) {
        let problem = problem(finding);
        match problems.get_mut(&problem) {
            // The worst word came first.
            Some(known) if known.fixed_versions.is_empty() => {
                known.fixed_versions.clone_from(&finding.brief.fixed_versions);
            }
            Some(_) => {}
            None => {
                let compared = compared(finding, &problem);
                problems.insert(problem, compared);
            }
        }
    }
    problems
}

fn problem(finding: &GateFinding) -> Problem {
    match (&finding.vulnerability, &finding.brief.component) {
        (Some(name), Some(ComponentRef { purl, name: component, .. })) => {
            (finding.kind, name.clone(), package_of(purl.as_deref(), component))
        }
        (Some(name), None) => (finding.kind, name.clone(), String::new()),
        (None, _) => (finding.kind, finding.identity.clone(), String::new()),
    }
}

fn compared(finding: &GateFinding, problem: &Problem) -> Compared {
    let brief = &finding.brief;
    let rule = finding.vulnerability.clone().unwrap_or_else(|| brief.rule.clone());
    let rank = Severity::ALL.iter().rev().position(|severity| *severity == brief.severity).unwrap_or_default();
    let (kind, name, package) = problem;
    Compared {
        key: format!("{rank} {rule} {package} {kind} {name}"),
        kind: finding.kind,
        rule,
        title: brief.title.clone(),
        severity: brief.severity,
        component: brief.component.clone(),
        path: brief.location.as_ref().map(|location| location.path.clone()),
        fixed_versions: brief.fixed_versions.clone(),
        is_known_exploited: finding.known_exploited.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shipworthy_model::Digest;
    use shipworthy_store::gate_finding::Brief;

    fn finding(kind: FindingKind, rule: &str, purl: Option<&str>, severity: Severity) -> GateFinding {
        let component = purl.map(|purl| ComponentRef { purl: Some(purl.to_owned()), ..ComponentRef::default() });
        GateFinding {
            document: Digest::of(b"document"),
            is_matching: false,
            kind,
            identity: format!("{rule} {purl:?}"),
            vulnerability: (kind == FindingKind::Vulnerability).then(|| rule.to_owned()),
            known_exploited: None,
            brief: Brief {
                rule: rule.to_owned(),
                aliases: Vec::new(),
                title: rule.to_owned(),
                severity,
                cvss: Vec::new(),
                component,
                location: None,
                fixed_versions: Vec::new(),
            },
        }
    }

    fn rules(list: &[Compared]) -> Vec<&str> {
        list.iter().map(|compared| compared.rule.as_str()).collect()
    }

    #[test]
    fn an_upgrade_that_does_not_mend_a_vulnerability_leaves_it_the_same() {
        let vulnerability = |rule, purl| finding(FindingKind::Vulnerability, rule, Some(purl), Severity::High);
        let before = [vulnerability("CVE-1", "pkg:npm/a@1.0.0"), vulnerability("CVE-2", "pkg:npm/a@1.0.0")];
        let after = [
            vulnerability("CVE-1", "pkg:npm/a@1.1.0?x=y"),
            vulnerability("CVE-1", "pkg:npm/b@1.0.0"),
            finding(FindingKind::Vulnerability, "CVE-3", Some("pkg:npm/a@1.1.0"), Severity::Critical),
            finding(FindingKind::Secret, "key", None, Severity::Critical),
        ];
        let found = compare(&before, &after, &BTreeSet::from([FindingKind::Vulnerability]));
        assert_eq!(rules(&found.added), ["CVE-3", "CVE-1"]);
        assert_eq!(rules(&found.fixed), ["CVE-2"]);
        assert_eq!(rules(&found.same), ["CVE-1"]);
    }

    #[test]
    fn the_worst_word_of_several_documents_is_the_one_that_is_told() {
        let twice = [
            finding(FindingKind::Code, "sql", None, Severity::High),
            finding(FindingKind::Code, "sql", None, Severity::Low),
        ];
        let found = compare(&[], &twice, &BTreeSet::from([FindingKind::Code]));
        assert_eq!(found.added.iter().map(|compared| compared.severity).collect::<Vec<_>>(), [Severity::High]);
    }
}
