//! Coverage in Codecov's own JSON, as cargo-llvm-cov and others write it. A line of which only a part was executed was
//! executed; its parts are counted as branches.

use crate::covered::{self, Covered};
use crate::json::{self, Entries};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shipworthy_model::{Counter, Phase, Report, Warning};

/// The layout: <https://docs.codecov.com/docs/codecov-custom-coverage-format>.
pub(crate) static FORMAT: Format = Format {
    name: "codecov-json",
    title: "Codecov custom coverage",
    homepage: "https://docs.codecov.com/docs/codecov-custom-coverage-format",
    phase: Phase::Build,
    tool: "codecov",
    reads: "JSON with `coverage`, the lines of each file as an object or as a list",
    identifies: "",
    severities: "",
    marks: &["coverage"],
    recognises,
    read,
};

/// There is nothing but the coverage, and maybe messages.
fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let others = members.has("meta") || members.has("timestamp") || members.value("coverage").is_some();
        members.has("coverage") && (members.has_only("coverage") || members.has("messages")) && !others
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    coverage: Entries<'a, &'a RawValue>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let (mut covered, mut warnings) = (Covered::default(), Vec::new());
    for (path, raw) in &document.coverage.0 {
        let (root, file) = (json::At::Root, covered.file(path));
        let root = root.key("coverage");
        let at = root.key(path);
        if raw.get().starts_with('[') {
            // The first entry stands for a line 0 that no file has.
            let lines: Option<Vec<Value>> = json::part(raw, at, &mut warnings);
            for (number, value) in (0..).zip(lines.unwrap_or_default()).skip(1) {
                line(&mut covered, file, number, &value, &at.to_string(), &mut warnings);
            }
            continue;
        }
        let lines: Option<Entries<Value>> = json::part(raw, at, &mut warnings);
        for (number, value) in lines.unwrap_or_default().0 {
            match number.parse() {
                Ok(number) => line(&mut covered, file, number, &value, &at.to_string(), &mut warnings),
                Err(_) => {
                    let message = format!("left out: expected the number of a line, found `{}`", &*number);
                    warnings.push(Warning { at: at.to_string(), message });
                }
            }
        }
    }
    Ok(Report { coverage: Some(covered.coverage()), warnings, ..Report::default() })
}

/// Notes a line: a number of hits, `1/2` parts, `true` for a part of it, `null` where there is no code.
fn line(covered: &mut Covered, file: usize, number: u64, value: &Value, at: &str, warnings: &mut Vec<Warning>) {
    let hits = match value {
        Value::Null => return,
        Value::Bool(is_partly) => Some(f64::from(u8::from(*is_partly))),
        Value::Number(hits) => hits.as_f64(),
        Value::String(text) => match text.split_once('/') {
            Some((hit, total)) => {
                let counter = covered::stated(hit.trim().parse().ok(), total.trim().parse().ok());
                if let Some(counter) = counter.filter(|counter: &Counter| counter.total > 1) {
                    covered.branches(file, number, counter);
                }
                counter.map(|counter| if counter.covered > 0 { 1.0 } else { 0.0 })
            }
            None => text.trim().parse().ok(),
        },
        Value::Array(_) | Value::Object(_) => None,
    };
    match hits {
        Some(hits) => covered.line(file, number, hits > 0.0),
        None => warnings.push(Warning {
            at: at.to_owned(),
            message: format!(
                "left out: expected hits of the line {number}, such as `1` or `1/2`, found something else"
            ),
        }),
    }
}
