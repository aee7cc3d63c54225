//! CVSS vectors with the scores that others compute.

use crate::samples::{Comparison, below, text};
use serde_json::Value;
use shipworthy_advisories::cvss::Cvss;

/// Lists of vectors with their scores, and how many there are.
const LISTS: &[(&str, usize)] = &[
    ("vectors_calculator2", 5),
    ("vectors_cvsslib2", 24),
    ("vectors_simple2", 365),
    ("vectors_simple3", 648),
    ("vectors_simple31", 648),
    ("vectors_simple4", 529),
    ("vectors_security4", 27),
    ("vectors_supplemental4", 288),
    ("vectors_threat4", 6),
];

#[test]
fn scores_are_those_of_the_calculators() {
    for (list, count) in LISTS {
        let path = format!("cvss/cvss-vectors/{list}.txt");
        let mut comparison = Comparison::default();
        for line in text(&path).lines().filter(|line| !line.is_empty()) {
            let (vector, scores) = line.split_once(" - ").expect("a vector and its scores");
            let cvss = Cvss::parse(vector).unwrap_or_else(|error| panic!("{vector}: {error}"));
            let theirs: Vec<Option<f64>> = scores
                .trim_matches(['(', ')'])
                .split(',')
                .filter(|score| !score.is_empty())
                .map(|score| score.trim().parse().ok().map(|score: f64| score + 0.0))
                .collect();
            // One score is that of everything; of three, none stands where the vector defines nothing of the kind.
            let ours = if theirs.len() == 1 {
                vec![Some(cvss.score())]
            } else {
                let ours = [cvss.base_score(), cvss.temporal_score(), cvss.environmental_score()];
                ours.into_iter().zip(&theirs).map(|(ours, theirs)| theirs.map(|_| ours)).collect()
            };
            comparison.add(&path, vector, &format!("{ours:?}"), &format!("{theirs:?}"));
        }
        comparison.end(list, &path, *count);
    }
}

#[test]
fn vectors_are_refused_and_scored_as_another_library_does() {
    for version in ["2.0", "3.0", "3.1", "4.0"] {
        let path = format!("cvss/cvss-vectors/go-cvss-v{version}-parse.json");
        let mut comparison = Comparison::default();
        for case in cases(&path) {
            let vector = case["vector"].as_str().expect("a vector");
            comparison.add(&path, vector, &Cvss::parse(vector).is_ok().to_string(), &case["valid"].to_string());
        }
        comparison.end(&path, &path, 3);
    }
    let path = "cvss/cvss-vectors/go-cvss-v4.0-scores.json";
    let mut comparison = Comparison::default();
    for case in cases(path) {
        let vector = case["vector"].as_str().expect("a vector");
        let score = Cvss::parse(vector).map(|cvss| cvss.score()).expect("a vector");
        comparison.add(
            path,
            vector,
            &format!("{score:.1}"),
            &format!("{:.1}", case["Score"].as_f64().expect("a score")),
        );
    }
    comparison.end(path, path, 7);
}

fn cases(path: &str) -> Vec<Value> {
    serde_json::from_str(&text(path)).expect("a list of cases")
}

/// NVD, CVE records and GitHub publish the score beside the vector.
#[test]
fn published_scores_are_those_of_their_vectors() {
    let mut comparison = Comparison::default();
    for path in below("vulndb").iter().filter(|path| path.ends_with(".json")) {
        let Ok(document) = serde_json::from_str::<Value>(&text(path)) else { continue };
        published(&document, &mut |vector, score| {
            if let Ok(cvss) = Cvss::parse(vector) {
                comparison.add(path, vector, &format!("{:.1}", cvss.base_score()), &format!("{score:.1}"));
            }
        });
    }
    comparison.end("published scores", "published scores", 40);
}

/// Every object with a vector and its base score.
fn published(value: &Value, add: &mut dyn FnMut(&str, f64)) {
    if let (Some(vector), Some(score)) = (value["vectorString"].as_str(), value["baseScore"].as_f64()) {
        add(vector, score);
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| published(value, add)),
        Value::Object(values) => values.values().for_each(|value| published(value, add)),
        _ => {}
    }
}
