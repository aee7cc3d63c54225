//! Our values of what others say of each finding.

use crate::documents::Expectation;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Report};
use std::collections::BTreeMap;

/// What somebody else says of each finding: path and number to field and value.
pub(crate) struct Fields(BTreeMap<(String, usize), Vec<(String, String)>>);

impl Fields {
    pub(crate) fn of(rows: &[Expectation]) -> Self {
        let mut fields: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for Expectation { path, what, value, .. } in rows {
            if let Some((number, field)) = field(what) {
                fields.entry((path.clone(), number)).or_default().push((field.to_owned(), value.clone()));
            }
        }
        Self(fields)
    }

    /// Our value of a field of the finding that theirs is. They sort and join findings before they count them, so theirs
    /// is taken for that of ours which agrees in most of the fields that are known, and of several for the first.
    pub(crate) fn ours(&self, report: &Report, Expectation { path, what, value, .. }: &Expectation) -> Option<String> {
        let (number, field) = field(what)?;
        let fields = self.0.get(&(path.clone(), number))?;
        let findings = report.findings.as_ref()?;
        let agreeing = |finding: &&Finding| {
            let agrees = |(field, value): &&(String, String)| value_in(finding, field, value).as_ref() == Some(value);
            fields.iter().filter(agrees).count()
        };
        let Some(best) = findings.iter().rev().max_by_key(agreeing) else { return Some("no finding".to_owned()) };
        value_in(best, field, value)
    }
}

/// `finding[3].severity` is number 3 and the field `severity`. Number -1 is the last one, which is told by its fields.
fn field(what: &str) -> Option<(usize, &str)> {
    let what = what.strip_suffix(" (mode=detailed)").unwrap_or(what);
    let (number, field) = what.strip_prefix("finding[")?.split_once("].")?;
    Some((if number == "-1" { usize::MAX } else { number.parse().ok()? }, field))
}

/// Our value of a field of a finding; theirs where ours means the same.
fn value_in(finding: &Finding, field: &str, theirs: &str) -> Option<String> {
    if field == "unsaved_vulnerability_ids" || field.starts_with("unsaved_vulnerability_ids[") {
        return ids(finding, theirs);
    }
    let location = finding.location.as_ref();
    let component = finding.component.as_ref();
    match field {
        "severity" => {
            let severity = finding.severity.as_str();
            Some(format!("{}{}", severity[..1].to_uppercase(), &severity[1..]))
        }
        "title" => Some(title(finding, theirs)),
        "cwe" => same(finding.cwes.iter().map(u32::to_string), theirs, weakness),
        "file_path" => same(location.map(|location| location.path.clone()), theirs, path),
        "line" | "sast_source_line" => {
            one_of(location.and_then(|location| location.line).map(|line| line.to_string()), theirs)
        }
        "component_name" => {
            let name = component.map(|component| component.name.clone());
            let short = name.as_deref().and_then(|name| name.rsplit([':', '/']).next()).map(str::to_owned);
            same(name.into_iter().chain(short), theirs, |name| name.replace("%40", "@"))
        }
        "component_version" => one_of(component.and_then(|component| component.version.clone()), theirs),
        "vuln_id_from_tool" => one_of(names(finding), theirs),
        // An identity is made of parts, of which theirs may be one; so is a name of a publisher and a number.
        "unique_id_from_tool" => {
            let is_kept = finding.identity.contains(theirs) || names(finding).any(|name| name.contains(theirs));
            Some(if is_kept { theirs } else { "not kept" }.to_owned()).filter(|_| theirs != "None")
        }
        "len(unsaved_vulnerability_ids)" => Some(names(finding).filter(|name| is_published(name)).count().to_string()),
        "cvssv3" => same(vectors(finding, "3."), theirs, vector),
        "cvssv4" => same(vectors(finding, "4."), theirs, vector),
        "cvssv3_score" => {
            let of_three = finding.cvss.iter().filter(|cvss| cvss.version.starts_with("3."));
            let scores = of_three.filter_map(|cvss| cvss.score).chain(finding.score);
            one_of(scores.map(|score| score.to_string()), theirs)
        }
        "fix_version" => {
            same(finding.fixed_versions.clone(), theirs, |version| version.trim_start_matches('v').to_owned())
        }
        "fix_available" => Some(truth(!finding.fixed_versions.is_empty() || finding.remediation.is_some())),
        "false_p" => Some(truth(finding.status == FindingStatus::FalsePositive)),
        "is_mitigated" => Some(truth(finding.status == FindingStatus::Fixed)),
        "active" => Some(truth(finding.status == FindingStatus::Open)),
        "risk_accepted" => Some(truth(finding.status == FindingStatus::Suppressed)),
        "dynamic_finding" => Some(truth(finding.kind == FindingKind::Dynamic)),
        "static_finding" => Some(truth(finding.kind != FindingKind::Dynamic)),
        _ => None,
    }
}

/// All of ours, unless theirs is one of them or both have none.
fn one_of(ours: impl IntoIterator<Item = String>, theirs: &str) -> Option<String> {
    same(ours, theirs, str::to_owned)
}

/// The same of what is written in several ways: `bare` is what all of them have in common, nothing where they say none.
fn same(ours: impl IntoIterator<Item = String>, theirs: &str, bare: fn(&str) -> String) -> Option<String> {
    let ours: Vec<_> = ours.into_iter().collect();
    let their_bare = if theirs == "None" { String::new() } else { bare(theirs) };
    let is_nothing = ours.is_empty() && their_bare.is_empty();
    let is_same = is_nothing || ours.iter().any(|ours| bare(ours).eq_ignore_ascii_case(&their_bare));
    Some(if is_same { theirs.to_owned() } else { ours.join(", ") })
}

/// The number of a weakness; some write 0 for none.
fn weakness(text: &str) -> String {
    text.trim_start_matches("CWE-").trim_start_matches('0').to_owned()
}

/// A path from the root; whether that is written with a slash, or as an address of a file, says nothing.
fn path(text: &str) -> String {
    text.trim_start_matches("file://").trim_start_matches('/').to_owned()
}

/// A vector of CVSS without the version before it.
fn vector(text: &str) -> String {
    match text.split_once('/') {
        Some((version, vector)) if version.starts_with("CVSS:") => vector.to_owned(),
        _ => text.to_owned(),
    }
}

/// The vectors of a version of CVSS.
fn vectors(finding: &Finding, version: &str) -> Vec<String> {
    let of_version = finding.cvss.iter().filter(|cvss| cvss.version.starts_with(version));
    of_version.filter_map(|cvss| cvss.vector.clone()).collect()
}

/// The problem's names: its rule and its aliases.
fn names(finding: &Finding) -> impl Iterator<Item = String> {
    std::iter::once(&finding.rule).chain(&finding.aliases).cloned()
}

/// Whether a name is that of a published vulnerability, as those that publish them number them.
fn is_published(name: &str) -> bool {
    let (publisher, number) = name.split_once(['-', ':']).unwrap_or_default();
    let is_upper = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    publisher.len() >= 2 && publisher.chars().all(is_upper) && number.len() >= 4 && !number.contains(' ')
}

/// A title is put together of many things. Ours says the same where one has the other in it, or where theirs is made of
/// the problem's name, of its component with the version, of its place or of what is our description.
fn title(finding: &Finding, theirs: &str) -> String {
    let (ours, other) = (words(&finding.title), words(theirs));
    let has = |text: &str| text.len() >= 4 && other.contains(&words(text));
    let has_component = || {
        let component = finding.component.as_ref();
        component.is_some_and(|component| has(&component.name) && component.version.as_deref().is_some_and(has))
    };
    let has_place = || finding.location.as_ref().is_some_and(|location| has(&location.path));
    let is_described = || {
        let description = finding.description.as_deref().filter(|_| other.len() > 12);
        description.is_some_and(|description| words(description).contains(&other))
    };
    let is_same = (!ours.is_empty() && (other.contains(&ours) || ours.contains(&other)))
        || names(finding).any(|name| has(&name))
        || has_component()
        || has_place()
        || is_described();
    if is_same { theirs.to_owned() } else { finding.title.clone() }
}

/// The words of a text without what stands between them.
fn words(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Published vulnerabilities: one, or a list as Python writes it.
fn ids(finding: &Finding, theirs: &str) -> Option<String> {
    let listed =
        theirs.trim_matches(['[', ']']).split(", ").map(|id| id.trim_matches('\'')).filter(|id| !id.is_empty());
    let has = |id: &str| names(finding).any(|name| name.eq_ignore_ascii_case(id));
    let is_same = listed.clone().all(has);
    Some(if is_same { theirs.to_owned() } else { names(finding).collect::<Vec<_>>().join(", ") })
}

/// A truth value as Python writes it.
fn truth(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}
