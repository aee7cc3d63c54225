//! Samples of one content in two forms of one format.

use crate::samples::{Sample, all};
use shipworthy_model::Report;

#[test]
fn a_bill_of_materials_says_the_same_as_json_and_as_xml() {
    assert_eq!(said("cyclonedx-json", "till-1.7.json"), said("cyclonedx-xml", "till-1.7.xml"));
}

fn said(format: &str, file: &str) -> Report {
    let sample = all().into_iter().find(|sample| sample.format == format && sample.file == file);
    let Sample { bytes, .. } = sample.unwrap_or_else(|| panic!("expected the sample {format}/{file}"));
    shipworthy_formats::read(&bytes, None).unwrap_or_else(|error| panic!("{format}/{file}: {error}")).report
}
