//! Conftest: configuration files against policies in Rego. It counts what passed without listing it.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "conftest",
    title: "Conftest results",
    homepage: "https://www.conftest.dev/options/",
    phase: Phase::Source,
    tool: "conftest",
    reads: "the JSON of version 0.2 and later",
    identifies: "query, file and message",
    severities: "conftest",
    marks: &["filename", "namespace", "successes", "failures", "warnings"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_file = |members: &crate::Members| members.has_all(&["filename", "successes"]);
    probe.first_element().is_some_and(is_file)
}

#[derive(Deserialize)]
struct FileItem<'a> {
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    #[serde(borrow, default)]
    warnings: List<'a>,
    #[serde(borrow, default)]
    failures: List<'a>,
    #[serde(borrow, default)]
    exceptions: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, rename = "msg")]
    message: Option<Text<'a>>,
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    query: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, file) in json::parts::<FileItem<'_>>(&list, "", &mut checks.warnings) {
        let lists = [
            ("warnings", &file.warnings, Outcome::Warned),
            ("failures", &file.failures, Outcome::Failed),
            ("exceptions", &file.exceptions, Outcome::Excused),
        ];
        for (name, list, outcome) in lists {
            for (_, item) in json::parts::<Item<'_>>(list, format_args!("/{index}/{name}"), &mut checks.warnings) {
                checks.add(check(&file, &item, outcome));
            }
        }
    }
    Ok(checks.report("conftest", None))
}

/// The severity is that which the policy gives along; that something fails or warns says how the run ends.
fn check(file: &FileItem<'_>, item: &Item<'_>, outcome: Outcome) -> Check {
    let metadata = item.metadata.0.as_ref().ok();
    let word = metadata.and_then(|metadata| stated(metadata.severity.as_ref()));
    let query = metadata.and_then(|metadata| stated(metadata.query.as_ref()));
    let rule = query.or_else(|| stated(file.namespace.as_ref())).unwrap_or_else(|| "conftest".to_owned());
    let location = checks::place(file.filename.as_deref(), None, None);
    let path = location.as_ref().map_or("", |location| &location.path);
    Check {
        identity: Some(identity::of_parts(&rule, &[path, item.message.as_deref().unwrap_or_default()])),
        rule,
        title: stated(item.message.as_ref()),
        outcome,
        severity: checks::rated("conftest", word.as_deref()),
        severity_word: word,
        location,
        ..Check::default()
    }
}
