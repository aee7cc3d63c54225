//! Thousands of comparisons of versions with known answers.

use crate::samples::{Comparison, text};
use shipworthy_advisories::version::VersionOrder;
use shipworthy_advisories::version::VersionOrder::*;
use std::cmp::Ordering;

/// Lists of comparisons, one in a line, and their order.
const LISTS: &[(&str, VersionOrder)] = &[
    ("alpine-versions-generated", Apk),
    ("alpine-versions", Apk),
    ("cran-versions-generated", Cran),
    ("cran-versions", Cran),
    ("debian-versions-generated", Debian),
    ("debian-versions", Debian),
    ("hackage-versions", Hackage),
    ("maven-versions-generated", Maven),
    ("maven-versions", Maven),
    ("nuget-versions", NuGet),
    ("packagist-versions-generated", Composer),
    ("packagist-versions", Composer),
    ("pub-versions", SemverWithBuild),
    ("pypi-versions-generated", Pep440),
    ("pypi-versions", Pep440),
    ("redhat-versions", Rpm),
    ("rpm-go-table", Rpm),
    ("rubygems-versions-generated", RubyGems),
    ("rubygems-versions", RubyGems),
    ("semver-versions", Semver),
];

#[test]
fn versions_compare_as_the_lists_of_other_scanners_say() {
    for (list, order) in LISTS {
        let path = format!("identifiers/version-compare/{list}.txt");
        let mut comparison = Comparison::default();
        let text = text(&path);
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("//") && !line.is_empty()).collect();
        for line in &lines {
            let [left, sign, right] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{path}: {line}") };
            let unquoted = |text: &'_ str| text.trim_matches('\'').to_owned();
            comparison.add(&path, line, answer(*order, &unquoted(left), &unquoted(right)), sign);
        }
        comparison.end(list, &path, lines.len());
    }
}

fn answer(order: VersionOrder, left: &str, right: &str) -> &'static str {
    match order.compare(left, right) {
        Ok(Ordering::Less) => "<",
        Ok(Ordering::Equal) => "=",
        Ok(Ordering::Greater) => ">",
        Err(_) => "unknown",
    }
}

#[test]
fn versions_of_debian_and_python_are_recognised() {
    let (debian, python) =
        ("identifiers/version-compare/deb-valid.tsv", "identifiers/version-compare/version_sample.txt");
    let mut comparison = Comparison::default();
    for line in text(debian).lines() {
        let (version, is_valid) = line.split_once('\t').expect("two columns");
        let ours = Debian.compare(version, version).is_ok().to_string();
        comparison.add(debian, version, &ours, is_valid);
    }
    comparison.end("versions of Debian", debian, 6);
    let mut comparison = Comparison::default();
    for version in text(python).lines() {
        comparison.add(python, version, answer(Pep440, version, version), "=");
    }
    comparison.end("versions of Python packages", python, 1300);
}

#[test]
fn semantic_versions_compare_as_npm_compares_them() {
    let (later, equal) = ("identifiers/semver-tests/comparisons.json", "identifiers/semver-tests/equality.json");
    for (path, expected) in [(later, ">"), (equal, "=")] {
        let mut comparison = Comparison::default();
        let cases: Vec<Vec<serde_json::Value>> = serde_json::from_str(&text(path)).expect("a list of lists");
        for case in &cases {
            let [left, right] = [&case[0], &case[1]].map(|version| version.as_str().expect("a version"));
            comparison.add(path, &format!("{left} {right}"), answer(Semver, left, right), expected);
        }
        comparison.end(path, path, cases.len());
    }
}
