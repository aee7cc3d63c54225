//! Documents that are broken on purpose: what is said of each.

use crate::documents::{all, bytes};
use shipworthy_formats::read;
use std::collections::BTreeMap;

#[test]
fn a_malformed_document_is_refused_or_read_with_warnings_that_say_why() {
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for path in all().into_iter().filter(|path| path.starts_with("malformed/")) {
        answers.insert(path.clone(), answer(&bytes(&path), None));
    }
    insta::assert_json_snapshot!(answers);
}

/// A JUnit report by its file name only: what is said when the sender names the format all the same.
#[test]
fn a_document_that_is_sent_under_a_wrong_name_is_refused_with_what_was_expected() {
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for path in all().into_iter().filter(|path| path.starts_with("malformed/test-reports/")) {
        answers.insert(path.clone(), answer(&bytes(&path), Some("junit")));
    }
    insta::assert_json_snapshot!(answers);
}

fn answer(bytes: &[u8], format: Option<&str>) -> String {
    match read(bytes, format) {
        Ok(reading) => {
            let name = reading.format.name;
            let warnings: Vec<_> =
                reading.report.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
            format!("read as {name} with {} warnings: {}", warnings.len(), warnings.join(" · "))
        }
        // Which format is the nearest may change with every new one, and is not what this is about.
        Err(error) => {
            let told = error.to_string();
            let first = told.lines().next().unwrap_or_default();
            first.split(", the nearest is").next().unwrap_or_default().to_owned()
        }
    }
}
