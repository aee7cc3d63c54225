//! kube-score: manifests of Kubernetes against good practice, with a grade for each check of each object.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "kube-score",
    title: "kube-score results",
    homepage: "https://github.com/zegl/kube-score",
    phase: Phase::Source,
    tool: "kube-score",
    reads: "the JSON of output version 2",
    identifies: "check, file and object",
    severities: "kube-score",
    marks: &["object_name", "type_meta", "checks", "file_name"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["object_name", "checks"]))
        && probe.has_all(&["checks.check.id", "checks.grade"])
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    object_name: Option<Text<'a>>,
    #[serde(borrow)]
    file_name: Option<Text<'a>>,
    file_row: Option<u32>,
    #[serde(borrow, default)]
    checks: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    check: Rule<'a>,
    grade: Option<u8>,
    skipped: Option<bool>,
    #[serde(borrow, default)]
    comments: Odd<Vec<Comment<'a>>>,
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    comment: Option<Text<'a>>,
    optional: Option<bool>,
}

#[derive(Deserialize)]
struct Comment<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    documentation_url: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner_with_passed("kube-score");
    for (index, object) in json::parts::<Object<'_>>(&list, "", &mut checks.warnings) {
        let at = format!("/{index}/checks");
        for (index, item) in json::parts::<Item<'_>>(&object.checks, &at, &mut checks.warnings) {
            let comments = item.comments.get(format_args!("{at}/{index}/comments"), &mut checks.warnings);
            let comments = comments.map(Vec::as_slice).unwrap_or_default();
            let (outcome, word) = graded(&item, &format!("{at}/{index}"), &mut checks.warnings);
            let reasons: Vec<_> = comments.iter().filter_map(reason).collect();
            checks.add(Check {
                rule: stated(item.check.id.as_ref()).unwrap_or_default(),
                title: stated(item.check.name.as_ref()),
                outcome,
                is_unscored: item.check.optional == Some(true),
                severity: checks::rated("kube-score", word),
                severity_word: word.map(str::to_owned),
                reason: Some(reasons.join("\n")).filter(|text| !text.is_empty()),
                description: stated(item.check.comment.as_ref()),
                resource: stated(object.object_name.as_ref()),
                location: checks::place(object.file_name.as_deref(), object.file_row, None),
                references: comments.iter().filter_map(|comment| stated(comment.documentation_url.as_ref())).collect(),
                ..Check::default()
            });
        }
    }
    Ok(checks.report("kube-score", None))
}

/// The four grades, with its words for the two that are problems.
fn graded(item: &Item<'_>, at: &str, warnings: &mut Vec<Warning>) -> (Outcome, Option<&'static str>) {
    match (item.skipped, item.grade) {
        (Some(true), _) => (Outcome::NotApplicable, None),
        (_, Some(1)) => (Outcome::Failed, Some("critical")),
        (_, Some(5)) => (Outcome::Warned, Some("warning")),
        (_, Some(7 | 10)) => (Outcome::Passed, None),
        (_, other) => {
            let found = other.map_or("nothing".to_owned(), |grade| grade.to_string());
            let message = format!("expected a grade of 1, 5, 7 or 10, found {found}; somebody has to look");
            warnings.push(Warning { at: format!("{at}/grade"), message });
            (Outcome::Undecided, None)
        }
    }
}

fn reason(comment: &Comment<'_>) -> Option<String> {
    let parts = [stated(comment.path.as_ref()), stated(comment.summary.as_ref()), stated(comment.description.as_ref())];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(": ")).filter(|text| !text.is_empty())
}
