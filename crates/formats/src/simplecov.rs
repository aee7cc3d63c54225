//! Coverage that SimpleCov collects for Ruby: its result set, in which each command that ran tests has its own part, and
//! the JSON of its formatter.

use crate::covered::Covered;
use crate::json::{self, Entries, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, Tool, Warning};

/// The layout: <https://github.com/simplecov-ruby/simplecov>.
pub(crate) static FORMAT: Format = Format {
    name: "simplecov",
    title: "SimpleCov coverage",
    homepage: "https://github.com/simplecov-ruby/simplecov",
    phase: Phase::Build,
    tool: "simplecov",
    reads: "JSON of `.resultset.json`, with lines alone or with branches, and of the formatter `JSONFormatter`",
    identifies: "",
    severities: "",
    marks: &["coverage", "timestamp", "groups"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_set = probe
        .object()
        .and_then(|members| members.first())
        .is_some_and(|command| probe.has(&format!("{command}.coverage")) && probe.has(&format!("{command}.timestamp")));
    probe.object().is_some() && (is_set || probe.has("meta.simplecov_version"))
}

#[derive(Deserialize)]
struct Formatted<'a> {
    #[serde(borrow)]
    meta: Meta<'a>,
    #[serde(borrow)]
    coverage: Entries<'a, &'a RawValue>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    simplecov_version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Command<'a> {
    #[serde(borrow)]
    coverage: Entries<'a, &'a RawValue>,
}

/// What is known of a file. Lines are `null` without code and `"ignored"` where a comment leaves them out.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    lines: Vec<Option<&'a RawValue>>,
    #[serde(borrow)]
    branches: Option<&'a RawValue>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Entries<&RawValue> = json::document(bytes)?;
    let (mut covered, mut warnings, mut version) = (Covered::default(), Vec::new(), None);
    if document.0.iter().any(|(key, _)| &**key == "meta") {
        let Formatted { meta, coverage } = json::document(bytes)?;
        version = stated(meta.simplecov_version.as_ref());
        files(&coverage, &mut covered, &mut warnings);
    } else {
        for (name, raw) in &document.0 {
            let root = json::At::Root;
            if let Some(Command { coverage }) = json::part(raw, root.key(name), &mut warnings) {
                files(&coverage, &mut covered, &mut warnings);
            }
        }
    }
    let tool = Some(Tool { name: "simplecov".to_owned(), version });
    Ok(Report { tool, coverage: Some(covered.coverage()), warnings, ..Report::default() })
}

fn files(files: &Entries<&RawValue>, covered: &mut Covered, warnings: &mut Vec<Warning>) {
    for (path, raw) in &files.0 {
        let root = json::At::Root;
        let at = root.key(path);
        let number = covered.file(path);
        // Before version 0.18 a file was the list of its lines.
        let file = if raw.get().starts_with('[') {
            json::part(raw, at, warnings).map(|lines| File { lines, branches: None })
        } else {
            json::part(raw, at, warnings)
        };
        let Some(File { lines, branches }) = file else { continue };
        for (line, hits) in (1..).zip(lines) {
            if let Some(hits) = hits.and_then(|hits| hits.get().parse::<f64>().ok()) {
                covered.line(number, line, hits > 0.0);
            }
        }
        // Conditions with their branches, as an object in the result set and as a list in the formatter.
        let conditions = branches.filter(|branches| branches.get().starts_with('{'));
        let conditions = conditions.and_then(|raw| json::part::<Entries<Entries<f64>>>(raw, at, warnings));
        for (condition, branches) in conditions.unwrap_or_default().0 {
            for (branch, hits) in branches.0 {
                covered.branch(number, 0, format!("{} {}", &*condition, &*branch), hits > 0.0);
            }
        }
        let listed = branches.filter(|branches| branches.get().starts_with('['));
        let listed = listed.and_then(|raw| json::part::<Vec<Branch>>(raw, at, warnings));
        for (index, branch) in (0..).zip(listed.unwrap_or_default()) {
            covered.branch(number, index, "", branch.coverage.unwrap_or(0.0) > 0.0);
        }
    }
}

#[derive(Deserialize)]
struct Branch {
    coverage: Option<f64>,
}
