//! The test suite of the VERS standard.

use crate::samples::{Comparison, below, text};
use serde_json::Value;
use shipworthy_advisories::vers::{Comparator, Vers};
use shipworthy_advisories::version::VersionOrder;
use std::cmp::Ordering;

const SUITE: &str = "identifiers/vers-tests";

#[test]
fn ranges_and_versions_are_understood_as_the_suite_of_the_standard_expects() {
    let mut cases = 0;
    for path in below(SUITE) {
        let suite: Value = serde_json::from_str(&text(&path)).expect("JSON");
        let mut comparison = Comparison::default();
        for case in suite["tests"].as_array().expect("cases") {
            let (ours, theirs) = answers(case);
            let what = case["input"].to_string();
            comparison.add(&path, &what, &ours, &theirs);
            cases += 1;
        }
        comparison.end(&path, &path, 1);
    }
    assert!(cases >= 1350, "{cases} cases");
}

/// What we say in a case, and what is expected.
fn answers(case: &Value) -> (String, String) {
    let (input, expected) = (&case["input"], &case["expected_output"]);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let named = |new: &str, old: &str| input.get(new).or(input.get(old)).map(text).expect("a type of versions");
    let fails = case["expected_failure"] == true;
    let theirs = if fails { "refused".to_owned() } else { expected.to_string() };
    let ours = match case["test_type"].as_str().expect("a kind of test") {
        "comparison" => {
            let mut versions = versions(input);
            match sort(&named("input_type", "input_scheme"), &mut versions) {
                // NuGet has no regard to case, and the suite writes the answer in small letters.
                Some(()) if Value::from(versions.clone()) != *expected && is_caseless(&versions, expected) => {
                    theirs.clone()
                }
                Some(()) => Value::from(versions).to_string(),
                None => "unknown".to_owned(),
            }
        }
        "equality" => {
            let versions = versions(input);
            let order = order(&named("input_type", "input_scheme"));
            order.compare(&versions[0], &versions[1]).map_or("unknown".to_owned(), |order| order.is_eq().to_string())
        }
        "from_native" => {
            let range = Vers::from_native(&named("type", "scheme"), &text(&input["native_range"]));
            range.map_or_else(|error| error.to_string(), |range| Value::from(range.to_string()).to_string())
        }
        "containment" => {
            let range = Vers::parse(&text(&input["vers"])).expect("a range");
            range.contains(&text(&input["version"])).map_or("refused".to_owned(), |contains| contains.to_string())
        }
        "validate" => {
            Vers::parse(&text(input)).map_or("refused".to_owned(), |range| Value::from(range.to_string()).to_string())
        }
        "parse" => Vers::parse_canonical(&text(input)).map_or("refused".to_owned(), |range| parsed(&range, expected)),
        other => panic!("{other} is no kind of test"),
    };
    (ours, theirs)
}

fn versions(input: &Value) -> Vec<String> {
    let versions = input["versions"].as_array().expect("versions").iter();
    versions.map(|version| version.as_str().expect("a version").to_owned()).collect()
}

fn is_caseless(versions: &[String], expected: &Value) -> bool {
    let expected = expected.as_array().expect("versions").iter();
    let expected: Vec<_> = expected.filter_map(Value::as_str).map(str::to_ascii_lowercase).collect();
    versions.iter().map(|version| version.to_ascii_lowercase()).collect::<Vec<_>>() == expected
}

fn order(versions_type: &str) -> VersionOrder {
    match versions_type {
        "intdot" => VersionOrder::Intdot,
        "datetime" => VersionOrder::Datetime,
        "gentoo" => VersionOrder::Gentoo,
        "lexicographic" => VersionOrder::Lexicographic,
        "openssl" => VersionOrder::OpenSsl,
        other => VersionOrder::of_purl_type(other).unwrap_or_else(|| panic!("no order is known for {other}")),
    }
}

/// Sorts versions; those that are the same version by their texts.
fn sort(versions_type: &str, versions: &mut [String]) -> Option<()> {
    let order = order(versions_type);
    let mut understood = Some(());
    versions.sort_by(|left, right| match order.compare(left, right) {
        Ok(compared) => compared.then_with(|| left.cmp(right)),
        Err(_) => {
            understood = None;
            Ordering::Equal
        }
    });
    understood
}

fn parsed(range: &Vers, expected: &Value) -> String {
    let (type_name, constraints_name) =
        if expected.get("scheme").is_some() { ("scheme", "version_constraints") } else { ("type", "constraints") };
    let constraints = range.constraints().iter().map(|constraint| {
        let sign = match constraint.comparator {
            Comparator::Any => "*",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Equal => "=",
            Comparator::NotEqual => "!=",
            Comparator::GreaterOrEqual => ">=",
            Comparator::Greater => ">",
        };
        Value::from(vec![sign, &constraint.version])
    });
    serde_json::json!({ type_name: range.versions_type(), constraints_name: constraints.collect::<Vec<_>>() })
        .to_string()
}

#[test]
fn ranges_of_npm_mean_what_npm_says() {
    for (path, expected) in [
        ("identifiers/semver-tests/range-include.json", "true"),
        ("identifiers/semver-tests/range-exclude.json", "false"),
    ] {
        let mut comparison = Comparison::default();
        let cases: Vec<Vec<Value>> = serde_json::from_str(&text(path)).expect("a list of lists");
        for case in &cases {
            let [range, version] = [&case[0], &case[1]].map(|text| text.as_str().unwrap_or_default());
            let contains = Vers::from_native("npm", range).map(|range| range.contains(version));
            let ours = contains.map_or("refused".to_owned(), |contains| {
                contains.map_or("unknown".to_owned(), |contains| contains.to_string())
            });
            comparison.add(path, &format!("{version} in {range}"), &ours, expected);
        }
        comparison.end(path, path, cases.len());
    }
    let path = "identifiers/semver-tests/range-parse.json";
    let mut comparison = Comparison::default();
    let cases: Vec<Vec<Value>> = serde_json::from_str(&text(path)).expect("a list of lists");
    for case in &cases {
        // The end of a range is `2.0.0-0` to npm and `2.0.0` to the suite of VERS.
        let read = |range: &Value| {
            range.as_str().map(|range| Vers::from_native("npm", range).map(|range| range.to_string().replace("-0", "")))
        };
        let shown = |range: Option<Result<String, _>>| range.and_then(Result::ok).unwrap_or("refused".to_owned());
        let what: String = case[0].as_str().expect("a range").chars().take(60).collect();
        comparison.add(path, what.trim(), &shown(read(&case[0])), &shown(read(&case[1])));
    }
    comparison.end(path, path, cases.len());
}

#[test]
fn what_npm_refuses_as_a_version_has_no_place() {
    let path = "identifiers/semver-tests/invalid-versions.json";
    let mut comparison = Comparison::default();
    let cases: Vec<Vec<Value>> = serde_json::from_str(&text(path)).expect("a list of lists");
    for version in cases.iter().filter_map(|case| case[0].as_str()) {
        let ours = VersionOrder::Semver.compare(version, version).is_ok().to_string();
        comparison.add(path, &version.chars().take(30).collect::<String>(), &ours, "false");
    }
    comparison.end(path, path, 4);
}
