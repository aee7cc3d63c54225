//! Grype's records of its matcher tests, as far as they are in a form that we read: what its tests and the descriptions
//! beside its records say of components. <https://github.com/anchore/grype/tree/main/grype/matcher>

use shipworthy_advisories::cpe::Cpe;
use shipworthy_advisories::ecosystem::identities;
use shipworthy_advisories::matching::{Answer, assess};
use shipworthy_advisories::products::{Installed, assess_product};
use shipworthy_advisories::{nvd, osv};

use crate::samples::{Comparison, text};

/// Record below the folder, component, `affected`, `not` or `unknown`, where that is said.
const CASES: &str = include_str!("grype.tsv");

#[test]
fn what_grype_finds_with_its_records() {
    let mut comparison = Comparison::default();
    for line in CASES.lines().skip(1) {
        let [record, component, expected, _] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let path = format!("matching/grype-matcher-db/{record}");
        let wrapped: serde_json::Value = serde_json::from_str(&text(&path)).expect("JSON");
        let record = wrapped["item"].to_string();
        let mut answer = None;
        let read = if let Ok(cpe) = Cpe::parse(component) {
            let installed = Installed { cpe: &cpe, version: None, beside: &[] };
            nvd::read(&record, &mut |advisory| answer = Some(assess_product(&installed, &advisory)))
        } else {
            let names = identities(component, None).expect("a package URL");
            osv::read(&record, "osv", &mut |advisory| answer = Some(assess(&names, &advisory)))
        };
        read.unwrap_or_else(|error| panic!("{path}: {error}"));
        let ours = match answer.expect("one record") {
            Answer::Affected(_) => "affected",
            Answer::NotAffected => "not",
            Answer::Unknown { .. } => "unknown",
        };
        comparison.add(&path, component, ours, expected);
    }
    comparison.end("Grype's records, components", "matching/grype-matcher-db", 37);
}
