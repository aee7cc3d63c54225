//! Bills of materials that are there as JSON and as XML, which say the same.

use crate::documents::{all, bytes, format_of, rows};
use shipworthy_model::Report;

/// Pairs of which the two documents say something else, and what.
const OTHERS: &[(&str, &str)] =
    &[("scans/cyclonedx/log4j.json", "it was made ten seconds after the other and has a serial number of its own")];

#[test]
fn the_same_bill_of_materials_gives_the_same_report_from_json_and_from_xml() {
    let rows = rows();
    let paths = all();
    let mut different = Vec::new();
    let mut compared = 0;
    for xml in paths.iter().filter(|path| format_of(&rows, path) == Some("cyclonedx-xml")) {
        let json = format!("{}.json", xml.trim_end_matches(".xml"));
        if paths.binary_search(&json).is_err() || OTHERS.iter().any(|(path, _)| *path == json) {
            continue;
        }
        compared += 1;
        if said(&json) != said(xml) {
            different.push(json);
        }
    }
    assert!(compared > 10, "only {compared} pairs were found");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// What a document says. Places of warnings are lines in one form and pointers in the other.
fn said(path: &str) -> Report {
    let reading = shipworthy_formats::read(&bytes(path), None).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut report = reading.report;
    report.warnings.iter_mut().for_each(|warning| warning.at.clear());
    report
}
