//! The metrics of each version of CVSS and their values, in the order of the canonical vector.

use super::CvssVersion;

/// To what a metric contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Every vector has it.
    Base,
    /// What changes with time: exploits, fixes. Version 4 calls it threat.
    Temporal,
    /// What is known of the place where the software runs.
    Environmental,
    /// What is said beside the score.
    Supplemental,
}

/// A metric. Its values stand as in the specification; outside of the base group the first one is that for "not defined".
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) group: Group,
    pub(super) values: &'static [&'static str],
}

const fn base(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Base, values }
}

const fn temporal(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Temporal, values }
}

const fn environmental(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Environmental, values }
}

const fn supplemental(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Supplemental, values }
}

/// The metrics of a version.
pub(super) fn of(version: CvssVersion) -> &'static [Metric] {
    match version {
        CvssVersion::V2 => V2,
        CvssVersion::V3_0 | CvssVersion::V3_1 => V3,
        CvssVersion::V4 => V4,
    }
}

/// <https://www.first.org/cvss/v2/guide#2-4-Base-Temporal-Environmental-Vectors>
const V2: &[Metric] = &[
    base("AV", &["L", "A", "N"]),
    base("AC", &["H", "M", "L"]),
    base("Au", &["M", "S", "N"]),
    base("C", &["N", "P", "C"]),
    base("I", &["N", "P", "C"]),
    base("A", &["N", "P", "C"]),
    temporal("E", &["ND", "U", "POC", "F", "H"]),
    temporal("RL", &["ND", "OF", "TF", "W", "U"]),
    temporal("RC", &["ND", "UC", "UR", "C"]),
    environmental("CDP", &["ND", "N", "L", "LM", "MH", "H"]),
    environmental("TD", &["ND", "N", "L", "M", "H"]),
    environmental("CR", &["ND", "L", "M", "H"]),
    environmental("IR", &["ND", "L", "M", "H"]),
    environmental("AR", &["ND", "L", "M", "H"]),
];

/// <https://www.first.org/cvss/v3.1/specification-document#Vector-String>
const V3: &[Metric] = &[
    base("AV", &["N", "A", "L", "P"]),
    base("AC", &["L", "H"]),
    base("PR", &["N", "L", "H"]),
    base("UI", &["N", "R"]),
    base("S", &["U", "C"]),
    base("C", &["N", "L", "H"]),
    base("I", &["N", "L", "H"]),
    base("A", &["N", "L", "H"]),
    temporal("E", &["X", "H", "F", "P", "U"]),
    temporal("RL", &["X", "U", "W", "T", "O"]),
    temporal("RC", &["X", "C", "R", "U"]),
    environmental("CR", &["X", "H", "M", "L"]),
    environmental("IR", &["X", "H", "M", "L"]),
    environmental("AR", &["X", "H", "M", "L"]),
    environmental("MAV", &["X", "N", "A", "L", "P"]),
    environmental("MAC", &["X", "L", "H"]),
    environmental("MPR", &["X", "N", "L", "H"]),
    environmental("MUI", &["X", "N", "R"]),
    environmental("MS", &["X", "U", "C"]),
    environmental("MC", &["X", "N", "L", "H"]),
    environmental("MI", &["X", "N", "L", "H"]),
    environmental("MA", &["X", "N", "L", "H"]),
];

/// <https://www.first.org/cvss/v4.0/specification-document#Vector-String>
const V4: &[Metric] = &[
    base("AV", &["N", "A", "L", "P"]),
    base("AC", &["L", "H"]),
    base("AT", &["N", "P"]),
    base("PR", &["N", "L", "H"]),
    base("UI", &["N", "P", "A"]),
    base("VC", &["H", "L", "N"]),
    base("VI", &["H", "L", "N"]),
    base("VA", &["H", "L", "N"]),
    base("SC", &["H", "L", "N"]),
    base("SI", &["H", "L", "N"]),
    base("SA", &["H", "L", "N"]),
    temporal("E", &["X", "A", "P", "U"]),
    environmental("CR", &["X", "H", "M", "L"]),
    environmental("IR", &["X", "H", "M", "L"]),
    environmental("AR", &["X", "H", "M", "L"]),
    environmental("MAV", &["X", "N", "A", "L", "P"]),
    environmental("MAC", &["X", "L", "H"]),
    environmental("MAT", &["X", "N", "P"]),
    environmental("MPR", &["X", "N", "L", "H"]),
    environmental("MUI", &["X", "N", "P", "A"]),
    environmental("MVC", &["X", "H", "L", "N"]),
    environmental("MVI", &["X", "H", "L", "N"]),
    environmental("MVA", &["X", "H", "L", "N"]),
    environmental("MSC", &["X", "H", "L", "N"]),
    environmental("MSI", &["X", "S", "H", "L", "N"]),
    environmental("MSA", &["X", "S", "H", "L", "N"]),
    supplemental("S", &["X", "N", "P"]),
    supplemental("AU", &["X", "N", "Y"]),
    supplemental("R", &["X", "A", "U", "I"]),
    supplemental("V", &["X", "D", "C"]),
    supplemental("RE", &["X", "L", "M", "H"]),
    supplemental("U", &["X", "Clear", "Green", "Amber", "Red"]),
];
