//! kube-bench results: the CIS benchmark of a Kubernetes cluster. The profile level of a control is not in them.

use crate::json::{self, At, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Benchmark, Control, ControlStatus, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "kube-bench",
    title: "kube-bench results",
    homepage: "https://github.com/aquasecurity/kube-bench/blob/main/docs/running.md",
    phase: Phase::Deploy,
    tool: "kube-bench",
    reads: "the object with `Controls` and `Totals`, the older list of controls, and the controls of one node alone",
    identifies: "",
    severities: "",
    marks: &["Controls", "Totals", "node_type", "tests", "total_pass", "total_fail"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_controls = |members: &crate::Members| members.has_all(&["node_type", "tests"]);
    probe.object().is_some_and(|members| members.has_all(&["Controls", "Totals"]) || is_controls(members))
        || probe.first_element().is_some_and(is_controls)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "Controls")]
    controls: Option<List<'a>>,
    #[serde(rename = "Totals")]
    totals: Option<Totals>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
struct Totals {
    #[serde(default)]
    total_pass: u64,
    #[serde(default)]
    total_fail: u64,
    #[serde(default)]
    total_warn: u64,
    #[serde(default)]
    total_info: u64,
}

#[derive(Deserialize)]
struct Controls<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    detected_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    tests: List<'a>,
    total_pass: Option<u64>,
    total_fail: Option<u64>,
    total_warn: Option<u64>,
    total_info: Option<u64>,
}

impl Controls<'_> {
    /// The totals that are stated for these controls, where they are.
    fn totals(&self) -> Option<Totals> {
        Some(Totals {
            total_pass: self.total_pass?,
            total_fail: self.total_fail?,
            total_warn: self.total_warn?,
            total_info: self.total_info.unwrap_or_default(),
        })
    }
}

#[derive(Deserialize)]
struct Section<'a> {
    #[serde(borrow)]
    section: Option<Text<'a>>,
    #[serde(borrow, rename = "desc")]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct ResultItem<'a> {
    #[serde(borrow, rename = "test_number")]
    number: Option<Text<'a>>,
    #[serde(borrow, rename = "test_desc")]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    scored: Option<bool>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut report = Report { tool: Some(Tool { name: "kube-bench".to_owned(), version: None }), ..Report::default() };
    let mut benchmark = Benchmark::default();
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        read_list(&list, &At::Root, &mut benchmark, &mut report.warnings);
    } else {
        let document: Document<'_> = json::document(bytes)?;
        if let Some(controls) = &document.controls {
            read_list(controls, &At::Root.key("Controls"), &mut benchmark, &mut report.warnings);
            let totals = document.totals.unwrap_or_default();
            compare(totals, &benchmark.controls, "/Totals", &mut report.warnings);
        } else {
            let controls: Controls<'_> = json::document(bytes)?;
            read_controls(&controls, &At::Root, &mut benchmark, &mut report.warnings);
        }
    }
    report.benchmark = Some(benchmark);
    Ok(report)
}

fn read_list(list: &List<'_>, at: &At<'_>, benchmark: &mut Benchmark, warnings: &mut Vec<Warning>) {
    for (index, controls) in json::parts::<Controls<'_>>(list, at, warnings) {
        read_controls(&controls, &at.index(index), benchmark, warnings);
    }
}

fn read_controls(controls: &Controls<'_>, at: &At<'_>, benchmark: &mut Benchmark, warnings: &mut Vec<Warning>) {
    let first = benchmark.controls.len();
    if let Some(name) = stated(controls.version.as_ref()).map(named) {
        if benchmark.name.is_empty() {
            benchmark.name = name;
        } else if benchmark.name != name {
            let message = format!("the controls of `{name}` are kept under the first benchmark, `{}`", benchmark.name);
            warnings.push(Warning { at: at.key("version").to_string(), message });
        }
    }
    benchmark.target_version = benchmark.target_version.take().or_else(|| stated(controls.detected_version.as_ref()));
    let at_tests = at.key("tests");
    for (index, section) in json::parts::<Section<'_>>(&controls.tests, at_tests, warnings) {
        let at_section = at_tests.index(index);
        let parts = [stated(section.section.as_ref()), stated(section.description.as_ref())];
        let title = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let title = Some(title).filter(|title| !title.is_empty());
        let at_results = at_section.key("results");
        for (index, result) in json::parts::<ResultItem<'_>>(&section.results, at_results, warnings) {
            let status = status(result.status.as_deref(), &at_results.index(index), warnings);
            benchmark.controls.push(Control {
                id: stated(result.number.as_ref()).unwrap_or_default(),
                title: stated(result.description.as_ref()).unwrap_or_default(),
                section: title.clone(),
                status,
                is_scored: result.scored.unwrap_or_default(),
                remediation: stated(result.remediation.as_ref()),
                ..Control::default()
            });
        }
    }
    if let Some(totals) = controls.totals() {
        compare(totals, &benchmark.controls[first..], &at.to_string(), warnings);
    }
}

/// The benchmark's name; a bare number is one of the CIS benchmarks, as older versions wrote them.
fn named(version: String) -> String {
    if version.starts_with(|c: char| c.is_ascii_digit()) { format!("cis-{version}") } else { version }
}

/// A word that is none of the four needs a look by a person.
fn status(word: Option<&str>, at: &At<'_>, warnings: &mut Vec<Warning>) -> ControlStatus {
    match word {
        Some("PASS") => ControlStatus::Pass,
        Some("FAIL") => ControlStatus::Fail,
        Some("WARN") => ControlStatus::Warn,
        Some("INFO") => ControlStatus::Info,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!("expected PASS, FAIL, WARN or INFO, found {found}; taken for WARN");
            warnings.push(Warning { at: at.key("status").to_string(), message });
            ControlStatus::Warn
        }
    }
}

fn compare(totals: Totals, controls: &[Control], at: &str, warnings: &mut Vec<Warning>) {
    let count = |status: ControlStatus| controls.iter().filter(|control| control.status == status).count() as u64;
    let counted = Totals {
        total_pass: count(ControlStatus::Pass),
        total_fail: count(ControlStatus::Fail),
        total_warn: count(ControlStatus::Warn),
        total_info: count(ControlStatus::Info),
    };
    if counted != totals {
        let written = |totals: Totals| {
            let Totals { total_pass, total_fail, total_warn, total_info } = totals;
            format!("{total_pass} pass, {total_fail} fail, {total_warn} warn, {total_info} info")
        };
        let message = format!("the totals say {}, counted were {}", written(totals), written(counted));
        warnings.push(Warning { at: at.to_owned(), message });
    }
}
