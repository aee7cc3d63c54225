//! The equations of CVSS 2.0, <https://www.first.org/cvss/v2/guide#3-2-Equations>.

use super::Cvss;

/// The base score.
pub(super) fn base(vector: &Cvss) -> f64 {
    let impact = |name| impact(vector.value(name));
    base_of(vector, 10.41 * (1.0 - (1.0 - impact("C")) * (1.0 - impact("I")) * (1.0 - impact("A"))))
}

/// The temporal score.
pub(super) fn temporal(vector: &Cvss) -> f64 {
    temporal_of(vector, base(vector))
}

/// The environmental score: with the impact as the environment weighs it.
pub(super) fn environmental(vector: &Cvss) -> f64 {
    let left = |metric, requirement| 1.0 - impact(vector.value(metric)) * required(vector.value(requirement));
    let impact = 10.41 * (1.0 - left("C", "CR") * left("I", "IR") * left("A", "AR"));
    let temporal = temporal_of(vector, base_of(vector, impact.min(10.0)));
    let damage = match vector.value("CDP") {
        "L" => 0.1,
        "LM" => 0.3,
        "MH" => 0.4,
        "H" => 0.5,
        _ => 0.0,
    };
    let targets = match vector.value("TD") {
        "N" => 0.0,
        "L" => 0.25,
        "M" => 0.75,
        _ => 1.0,
    };
    rounded((temporal + (10.0 - temporal) * damage) * targets)
}

fn base_of(vector: &Cvss, impact: f64) -> f64 {
    let access = match vector.value("AV") {
        "L" => 0.395,
        "A" => 0.646,
        _ => 1.0,
    };
    let complexity = match vector.value("AC") {
        "H" => 0.35,
        "M" => 0.61,
        _ => 0.71,
    };
    let authentication = match vector.value("Au") {
        "M" => 0.45,
        "S" => 0.56,
        _ => 0.704,
    };
    let exploitability = 20.0 * access * complexity * authentication;
    let factor = if impact == 0.0 { 0.0 } else { 1.176 };
    rounded((0.6 * impact + 0.4 * exploitability - 1.5) * factor)
}

fn temporal_of(vector: &Cvss, base: f64) -> f64 {
    let exploit = match vector.value("E") {
        "U" => 0.85,
        "POC" => 0.9,
        "F" => 0.95,
        _ => 1.0,
    };
    let remedy = match vector.value("RL") {
        "OF" => 0.87,
        "TF" => 0.9,
        "W" => 0.95,
        _ => 1.0,
    };
    let confidence = match vector.value("RC") {
        "UC" => 0.9,
        "UR" => 0.95,
        _ => 1.0,
    };
    rounded(base * exploit * remedy * confidence)
}

fn impact(value: &str) -> f64 {
    match value {
        "P" => 0.275,
        "C" => 0.66,
        _ => 0.0,
    }
}

fn required(value: &str) -> f64 {
    match value {
        "L" => 0.5,
        "H" => 1.51,
        _ => 1.0,
    }
}

/// No score is below 0. Half a tenth is rounded up. What the machine is off from the decimal numbers of the equations is far less than a billionth.
fn rounded(score: f64) -> f64 {
    (score.max(0.0) * 10.0 + 1e-9).round() / 10.0
}
