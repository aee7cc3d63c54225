//! The equations of CVSS 3.0 and 3.1, <https://www.first.org/cvss/v3.1/specification-document#CVSS-v3-1-Equations>. The two
//! differ in the modified impact of a changed scope and in how a score is rounded up.

use super::{Cvss, CvssVersion};

/// The base score.
pub(super) fn base(vector: &Cvss) -> f64 {
    let value = |name: &str| vector.value(name);
    let impact_base = 1.0 - left(value("C"), 1.0) * left(value("I"), 1.0) * left(value("A"), 1.0);
    let is_changed = value("S") == "C";
    let impact = if is_changed {
        7.52 * (impact_base - 0.029) - 3.25 * (impact_base - 0.02).powi(15)
    } else {
        6.42 * impact_base
    };
    rounded_up(vector.version, combined(impact, exploitability(value, is_changed), is_changed))
}

/// The temporal score.
pub(super) fn temporal(vector: &Cvss) -> f64 {
    rounded_up(vector.version, base(vector) * with_time(vector))
}

/// The environmental score.
pub(super) fn environmental(vector: &Cvss) -> f64 {
    let value = |name: &str| vector.modified(name);
    let left = |metric, requirement| left(value(metric), required(vector.value(requirement)));
    let impact_base = (1.0 - left("C", "CR") * left("I", "IR") * left("A", "AR")).min(0.915);
    let is_changed = value("S") == "C";
    let impact = match (is_changed, vector.version) {
        (false, _) => 6.42 * impact_base,
        (true, CvssVersion::V3_0) => 7.52 * (impact_base - 0.029) - 3.25 * (impact_base - 0.02).powi(15),
        (true, _) => 7.52 * (impact_base - 0.029) - 3.25 * (impact_base * 0.9731 - 0.02).powi(13),
    };
    let score = rounded_up(vector.version, combined(impact, exploitability(value, is_changed), is_changed));
    rounded_up(vector.version, score * with_time(vector))
}

/// What an impact leaves untouched, weighed by what is required.
fn left(value: &str, requirement: f64) -> f64 {
    let impact = match value {
        "L" => 0.22,
        "H" => 0.56,
        _ => 0.0,
    };
    1.0 - requirement * impact
}

fn required(value: &str) -> f64 {
    match value {
        "L" => 0.5,
        "H" => 1.5,
        _ => 1.0,
    }
}

fn exploitability(value: impl Fn(&str) -> &'static str, is_changed: bool) -> f64 {
    let vector = match value("AV") {
        "A" => 0.62,
        "L" => 0.55,
        "P" => 0.2,
        _ => 0.85,
    };
    let complexity = if value("AC") == "H" { 0.44 } else { 0.77 };
    let privileges = match (value("PR"), is_changed) {
        ("L", false) => 0.62,
        ("L", true) => 0.68,
        ("H", false) => 0.27,
        ("H", true) => 0.5,
        _ => 0.85,
    };
    let interaction = if value("UI") == "R" { 0.62 } else { 0.85 };
    8.22 * vector * complexity * privileges * interaction
}

fn combined(impact: f64, exploitability: f64, is_changed: bool) -> f64 {
    if impact <= 0.0 {
        return 0.0;
    }
    let factor = if is_changed { 1.08 } else { 1.0 };
    (factor * (impact + exploitability)).min(10.0)
}

fn with_time(vector: &Cvss) -> f64 {
    let exploit = match vector.value("E") {
        "F" => 0.97,
        "P" => 0.94,
        "U" => 0.91,
        _ => 1.0,
    };
    let remedy = match vector.value("RL") {
        "W" => 0.97,
        "T" => 0.96,
        "O" => 0.95,
        _ => 1.0,
    };
    let confidence = match vector.value("RC") {
        "R" => 0.96,
        "U" => 0.92,
        _ => 1.0,
    };
    exploit * remedy * confidence
}

/// The next tenth that is not less. Version 3.1 says how, in its appendix A; version 3.0 means the decimal numbers, from which
/// those of the machine are off by less than a billionth.
fn rounded_up(version: CvssVersion, score: f64) -> f64 {
    if version == CvssVersion::V3_0 {
        return (score * 10.0 - 1e-9).max(0.0).ceil() / 10.0;
    }
    let fine = (score * 100_000.0).round();
    (fine / 10_000.0).ceil() / 10.0
}
