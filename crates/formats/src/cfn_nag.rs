//! cfn_nag: insecure settings in templates of AWS CloudFormation.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cfn-nag",
    title: "cfn_nag results",
    homepage: "https://github.com/stelligent/cfn_nag",
    phase: Phase::Source,
    tool: "cfn_nag",
    reads: "the JSON of `cfn_nag_scan`",
    identifies: "rule, file and logical resource",
    severities: "cfn-nag",
    marks: &["filename", "file_results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["filename", "file_results"]))
        && probe.has("file_results.violations")
}

#[derive(Deserialize)]
struct FileItem<'a> {
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    #[serde(borrow)]
    file_results: Results<'a>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow, default)]
    violations: List<'a>,
}

#[derive(Deserialize)]
struct Violation<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    of_type: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow, default)]
    logical_resource_ids: Vec<Text<'a>>,
    #[serde(default)]
    line_numbers: Vec<i64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, file) in json::parts::<FileItem<'_>>(&list, "", &mut checks.warnings) {
        let at = format!("/{index}/file_results/violations");
        for (_, violation) in json::parts::<Violation<'_>>(&file.file_results.violations, at, &mut checks.warnings) {
            let resources = violation.logical_resource_ids.iter().map(|name| name.stated());
            let resources: Vec<_> =
                if violation.logical_resource_ids.is_empty() { vec![None] } else { resources.collect() };
            for (index, resource) in resources.into_iter().enumerate() {
                // -1 stands for a line that it does not know.
                let line = violation.line_numbers.get(index).and_then(|line| u32::try_from(*line).ok());
                checks.add(check(&violation, resource, checks::place(file.filename.as_deref(), line, None)));
            }
        }
    }
    Ok(checks.report("cfn_nag", None))
}

fn check(violation: &Violation<'_>, resource: Option<String>, location: Option<shipworthy_model::Location>) -> Check {
    let word = stated(violation.of_type.as_ref());
    Check {
        rule: stated(violation.id.as_ref()).unwrap_or_default(),
        aliases: stated(violation.name.as_ref()).into_iter().collect(),
        title: stated(violation.message.as_ref()),
        outcome: Outcome::Failed,
        severity: checks::rated("cfn-nag", word.as_deref()),
        severity_word: word,
        resource,
        location,
        ..Check::default()
    }
}
