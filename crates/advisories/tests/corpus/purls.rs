//! The test suite of package URLs. Whatever reads one in this project reads it with `packageurl`; this is what that makes of
//! the suite.

use crate::samples::{Comparison, below, text};
use packageurl::PackageUrl;
use serde_json::{Value, json};
use std::str::FromStr;

const SUITE: &str = "identifiers/purl-tests";

#[test]
fn package_urls_are_understood_as_the_suite_expects() {
    let mut comparison = Comparison::default();
    for path in below(SUITE) {
        let suite: Value = serde_json::from_str(&text(&path)).expect("JSON");
        for case in suite["tests"].as_array().expect("cases") {
            let (input, expected) = (&case["input"], &case["expected_output"]);
            let ours = match case["test_type"].as_str().expect("a kind of test") {
                "build" => built(input).map(|purl| json!(purl.to_string())),
                "parse" => read(input).map(|purl| parts(&purl)),
                "validate" => read(input).map(|purl| json!(purl.to_string())),
                other => panic!("{other} is no kind of test"),
            };
            let theirs = if case["expected_failure"] == true { json!("refused") } else { without_nothing(expected) };
            let what = input.as_str().map_or_else(|| input.to_string(), str::to_owned);
            comparison.add(&path, &what, &ours.unwrap_or(json!("refused")).to_string(), &theirs.to_string());
        }
    }
    comparison.end("package URLs", SUITE, 300);
}

fn read(input: &Value) -> Option<PackageUrl<'_>> {
    PackageUrl::from_str(input.as_str()?).ok()
}

fn built(input: &Value) -> Option<PackageUrl<'_>> {
    let text = |part: &str| input[part].as_str();
    let mut purl = PackageUrl::new(text("type")?, text("name")?).ok()?;
    if let Some(namespace) = text("namespace") {
        purl.with_namespace(namespace).ok()?;
    }
    if let Some(version) = text("version") {
        purl.with_version(version).ok()?;
    }
    if let Some(subpath) = text("subpath") {
        purl.with_subpath(subpath).ok()?;
    }
    for (key, value) in input["qualifiers"].as_object().into_iter().flatten() {
        purl.add_qualifier(key, value.as_str()?).ok()?;
    }
    Some(purl)
}

fn parts(purl: &PackageUrl<'_>) -> Value {
    without_nothing(&json!({
        "type": purl.ty(),
        "namespace": purl.namespace(),
        "name": purl.name(),
        "version": purl.version(),
        "qualifiers": purl.qualifiers(),
        "subpath": purl.subpath(),
    }))
}

/// An object without what is null or empty, which the suite writes in one way and in the other.
fn without_nothing(value: &Value) -> Value {
    let Some(parts) = value.as_object() else { return value.clone() };
    let is_something = |value: &Value| !value.is_null() && value.as_object().is_none_or(|value| !value.is_empty());
    parts.iter().filter(|(_, value)| is_something(value)).map(|(key, value)| (key.clone(), value.clone())).collect()
}
