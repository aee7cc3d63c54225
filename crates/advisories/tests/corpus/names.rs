//! CPE names in both forms.

use crate::samples::{Comparison, text};
use serde_json::Value;
use shipworthy_advisories::cpe::{self, Attribute, Cpe};

#[test]
fn names_are_read_and_written_as_another_scanner_does() {
    let path = "identifiers/cpe/cpe-data.json";
    let names: Vec<Value> = serde_json::from_str(&text(path)).expect("a list");
    let mut comparison = Comparison::default();
    for case in &names {
        let [string, uri] = ["cpe-string", "cpe-url"].map(|form| case[form].as_str().expect("a name"));
        let name = Cpe::parse(string).unwrap_or_else(|error| panic!("{error}"));
        comparison.add(path, string, &name.to_string(), string);
        comparison.add(path, uri, &name.to_uri(), uri);
        comparison.add(
            path,
            uri,
            &Cpe::parse(uri).map_or_else(|error| error.to_string(), |name| name.to_string()),
            string,
        );
        for attribute in Attribute::ALL {
            let theirs = case["wfn"][format!("{attribute:?}")].as_str().expect("a value");
            let ours = match name.value(attribute) {
                cpe::Value::Any => "",
                cpe::Value::NotApplicable => "-",
                cpe::Value::Text(text) => text.literal().expect("no wildcards"),
            };
            comparison.add(path, string, ours, theirs);
        }
    }
    comparison.end("CPE names", path, 498 * 14);
}

#[test]
fn names_of_an_index_are_read_and_written() {
    let path = "identifiers/cpe/expected-cpe-index.json";
    let index: Value = serde_json::from_str(&text(path)).expect("JSON");
    let mut comparison = Comparison::default();
    for names in index["ecosystems"].as_object().expect("ecosystems").values().filter_map(Value::as_object) {
        for name in names.values().filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
            comparison.add(path, name, &Cpe::parse(name).expect("a name").to_string(), name);
        }
    }
    comparison.end("CPE names of an index", path, 49);
}
