//! The score of CVSS 4.0, <https://www.first.org/cvss/v4.0/specification-document#CVSS-v4-0-Scoring>: that of the MacroVector,
//! less what the vector is milder than the most severe one of its MacroVector.

use super::{Cvss, macro_vectors};

/// The score of everything that the vector defines.
pub(super) fn score(vector: &Cvss) -> f64 {
    let value = |name: &str| effective(vector, name);
    if ["VC", "VI", "VA", "SC", "SI", "SA"].into_iter().all(|name| value(name) == "N") {
        return 0.0;
    }
    let levels = levels(value);
    let Some(highest) = macro_vectors::score(levels) else { return 0.0 };
    let mut steps = Vec::new();
    for (set, lower) in [
        (0, vec![next(levels, 0)]),
        (1, vec![next(levels, 1)]),
        (2, next_of_impact(levels)),
        (3, vec![next(levels, 3)]),
        (4, vec![next(levels, 4)]),
    ] {
        let lower = lower.into_iter().filter_map(macro_vectors::score).max_by(f64::total_cmp);
        steps.extend(lower.map(|lower| (highest - lower) * milder(value, levels, set)));
    }
    let count = u8::try_from(steps.len()).unwrap_or(u8::MAX);
    let mean = if steps.is_empty() { 0.0 } else { steps.iter().sum::<f64>() / f64::from(count) };
    // The calculator rounds half a tenth up, and adds a millionth against what the machine is off.
    (((highest - mean).clamp(0.0, 10.0) + 1e-6) * 10.0).round() / 10.0
}

/// The value of a metric: as the environment changes it, and the most severe where a metric is not defined.
fn effective(vector: &Cvss, name: &str) -> &'static str {
    let value = match name {
        "E" | "CR" | "IR" | "AR" => vector.value(name),
        _ => vector.modified(name),
    };
    match (name, value) {
        ("E", "X") => "A",
        ("CR" | "IR" | "AR", "X") => "H",
        _ => value,
    }
}

/// The levels of the MacroVector from EQ1 to EQ6, tables 24 to 29.
fn levels(value: impl Fn(&str) -> &'static str) -> [u8; 6] {
    let is = |name: &str, expected: &str| value(name) == expected;
    let easy = [is("AV", "N"), is("PR", "N"), is("UI", "N")];
    let eq1 = match (easy, is("AV", "P")) {
        ([true, true, true], _) => 0,
        (easy, false) if easy.contains(&true) => 1,
        _ => 2,
    };
    let eq2 = u8::from(!(is("AC", "L") && is("AT", "N")));
    let eq3 = match (is("VC", "H"), is("VI", "H"), is("VA", "H")) {
        (true, true, _) => 0,
        (false, false, false) => 2,
        _ => 1,
    };
    let eq4 = match (is("SI", "S") || is("SA", "S"), is("SC", "H") || is("SI", "H") || is("SA", "H")) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    };
    let eq5 = match value("E") {
        "A" => 0,
        "P" => 1,
        _ => 2,
    };
    let matters = |requirement, impact| is(requirement, "H") && is(impact, "H");
    let eq6 = u8::from(!(matters("CR", "VC") || matters("IR", "VI") || matters("AR", "VA")));
    [eq1, eq2, eq3, eq4, eq5, eq6]
}

/// The levels with the next lower one at a place.
fn next(mut levels: [u8; 6], place: usize) -> [u8; 6] {
    if let Some(level) = levels.get_mut(place) {
        *level += 1;
    }
    levels
}

/// The next lower levels of EQ3 and EQ6, which depend on each other.
fn next_of_impact(levels: [u8; 6]) -> Vec<[u8; 6]> {
    let [_, _, eq3, _, _, eq6] = levels;
    match (eq3, eq6) {
        (0, 0) => vec![next(levels, 2), next(levels, 5)],
        (1, 0) => vec![next(levels, 5)],
        _ => vec![next(levels, 2)],
    }
}

/// By how much of the way to the next lower level the vector is milder than the most severe of its level, from 0 to 1.
fn milder(value: impl Fn(&str) -> &'static str, levels: [u8; 6], set: usize) -> f64 {
    let (most_severe, depth) = most_severe(levels, set);
    // Of several most severe vectors the first counts than which the vector is milder or equal in every metric.
    let distances = most_severe.iter().filter_map(|vector| {
        let distance = vector.split('/').map(|part| {
            let (name, severest) = part.split_once(':')?;
            severity(name, value(name))?.checked_sub(severity(name, severest)?)
        });
        distance.sum::<Option<u8>>()
    });
    let distance = distances.into_iter().next().unwrap_or(0);
    f64::from(distance) / f64::from(depth)
}

/// The most severe vectors of a level, and how many steps there are to the next: tables 24 to 29 and section 8.2. The sets are
/// EQ1, EQ2, EQ3 with EQ6, EQ4, EQ5.
fn most_severe(levels: [u8; 6], set: usize) -> (&'static [&'static str], u8) {
    let [eq1, eq2, eq3, eq4, _, eq6] = levels;
    match (set, eq1, eq2, (eq3, eq6), eq4) {
        (0, 0, ..) => (&["AV:N/PR:N/UI:N"], 1),
        (0, 1, ..) => (&["AV:A/PR:N/UI:N", "AV:N/PR:L/UI:N", "AV:N/PR:N/UI:P"], 4),
        (0, ..) => (&["AV:P/PR:N/UI:N", "AV:A/PR:L/UI:P"], 5),
        (1, _, 0, ..) => (&["AC:L/AT:N"], 1),
        (1, ..) => (&["AC:H/AT:N", "AC:L/AT:P"], 2),
        (2, _, _, (0, 0), _) => (&["VC:H/VI:H/VA:H/CR:H/IR:H/AR:H"], 7),
        (2, _, _, (0, _), _) => (&["VC:H/VI:H/VA:L/CR:M/IR:M/AR:H", "VC:H/VI:H/VA:H/CR:M/IR:M/AR:M"], 6),
        (2, _, _, (1, 0), _) => (&["VC:L/VI:H/VA:H/CR:H/IR:H/AR:H", "VC:H/VI:L/VA:H/CR:H/IR:H/AR:H"], 8),
        (2, _, _, (1, _), _) => (
            &[
                "VC:L/VI:H/VA:L/CR:H/IR:M/AR:H",
                "VC:L/VI:H/VA:H/CR:H/IR:M/AR:M",
                "VC:H/VI:L/VA:H/CR:M/IR:H/AR:M",
                "VC:H/VI:L/VA:L/CR:M/IR:H/AR:H",
                "VC:L/VI:L/VA:H/CR:H/IR:H/AR:M",
            ],
            8,
        ),
        (2, ..) => (&["VC:L/VI:L/VA:L/CR:H/IR:H/AR:H"], 10),
        (3, .., 0) => (&["SC:H/SI:S/SA:S"], 6),
        (3, .., 1) => (&["SC:H/SI:H/SA:H"], 5),
        (3, ..) => (&["SC:L/SI:L/SA:L"], 4),
        _ => (&[], 1),
    }
}

/// How mild a value is; 0 is the most severe.
fn severity(name: &str, value: &str) -> Option<u8> {
    let values: &[&str] = match name {
        "AV" => &["N", "A", "L", "P"],
        "PR" => &["N", "L", "H"],
        "UI" => &["N", "P", "A"],
        "AC" => &["L", "H"],
        "AT" => &["N", "P"],
        "VC" | "VI" | "VA" => &["H", "L", "N"],
        "SC" | "SI" | "SA" => &["S", "H", "L", "N"],
        _ => &["H", "M", "L"],
    };
    u8::try_from(values.iter().position(|known| *known == value)?).ok()
}
