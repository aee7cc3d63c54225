//! What we count in a document against what others counted in it.

use crate::documents::{Expectation, bytes, expectations, of_our_formats};
use shipworthy_model::{Component, ControlStatus, Counter, Finding, FindingKind, FindingStatus, Inventory, Report};
use std::collections::{BTreeMap, BTreeSet};

/// Where our reading differs from others' for a reason: path, what, our value, which reading is right (`ours`, `theirs`
/// or `both`, which mean different things), why. The page of the documentation is made from it.
const DIFFERENCES: &str = include_str!("differences.tsv");

/// What was compared of one format.
#[derive(Clone, Copy, Default)]
struct Compared {
    files: usize,
    read: usize,
    agrees: usize,
    differs: usize,
}

#[test]
fn our_counts_are_those_of_others_but_for_the_listed_differences() {
    let known: Vec<Vec<&str>> = DIFFERENCES.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let mut table: BTreeMap<&str, Compared> = BTreeMap::new();
    let mut reports = BTreeMap::new();
    for (path, format) in of_our_formats() {
        let compared = table.entry(format).or_default();
        compared.files += 1;
        if let Ok(reading) = shipworthy_formats::read(&bytes(&path), Some(format)) {
            compared.read += 1;
            reports.insert(path, (format, reading.report));
        }
    }
    let mut fields: Fields = BTreeMap::new();
    for Expectation { path, what, value, .. } in expectations() {
        let Some((number, field)) = field(&what) else { continue };
        fields.entry((path, number)).or_default().push((field.to_owned(), value));
    }
    let mut differences = Vec::new();
    let mut met = BTreeSet::new();
    for Expectation { path, what, value, source } in expectations() {
        let Some((format, report)) = reports.get(&path) else { continue };
        let of_field = || value_of_field(report, &path, &what, &value, &fields);
        let Some(ours) = count(report, &what, &value).or_else(of_field) else { continue };
        let compared = table.entry(format).or_default();
        if ours == value {
            compared.agrees += 1;
            continue;
        }
        compared.differs += 1;
        match known.iter().position(|row| row[..3] == [path.as_str(), what.as_str(), ours.as_str()]) {
            Some(position) => drop(met.insert(position)),
            None => differences.push(format!("{path}\t{what}\t{ours}\t(theirs: {value})\t{source}")),
        }
    }
    print_table(&table);
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
    let of_ours = |path: &&str| reports.contains_key(*path);
    let rows = known.iter().enumerate().filter(|(_, row)| of_ours(&row[0]));
    let stale: Vec<_> = rows.filter(|(position, _)| !met.contains(position)).map(|(_, row)| row.join("\t")).collect();
    assert!(stale.is_empty(), "listed without a difference:\n{}", stale.join("\n"));
}

/// The table that `cargo xtask corpus` shows.
#[expect(clippy::print_stdout, reason = "this test's output is what the command is for")]
fn print_table(table: &BTreeMap<&str, Compared>) {
    println!("{:<34} {:>6} {:>6} {:>7} {:>8}", "format", "files", "read", "agrees", "differs");
    let line = |name: &str, Compared { files, read, agrees, differs }: Compared| {
        println!("{name:<34} {files:>6} {read:>6} {agrees:>7} {differs:>8}");
    };
    let mut all = Compared::default();
    for (name, compared) in table {
        line(name, *compared);
        all.files += compared.files;
        all.read += compared.read;
        all.agrees += compared.agrees;
        all.differs += compared.differs;
    }
    line("all", all);
    let compared = all.agrees + all.differs;
    let tenths = (all.agrees * 1000).checked_div(compared).unwrap_or_default();
    println!(
        "{}.{} % of {compared} values agree; each of the others is listed with its reason",
        tenths / 10,
        tenths % 10
    );
}

/// Our value for what the expectations call `what`; nothing for what we do not count. A value of theirs that is a map is
/// written in the order of the document, which says nothing, so it is given back where ours means the same.
fn count(report: &Report, what: &str, theirs: &str) -> Option<String> {
    tests(report, what)
        .or_else(|| coverage(report, what))
        .or_else(|| inventory(report, what))
        .or_else(|| quality(report, what, theirs))
        .or_else(|| controls(report, what))
        .or_else(|| heimdall(report, what, theirs))
        .or_else(|| results(report, what, theirs))
        .or_else(|| faults(report, what, theirs))
        .or_else(|| by_word(report, what, theirs))
        .or_else(|| findings(report, what))
        .or_else(|| health(report, what))
}

fn health(report: &Report, what: &str) -> Option<String> {
    let health = report.deployments.first()?.health.as_deref().filter(|_| what == "health_status")?;
    Some(format!("{}{}", health[..1].to_uppercase(), &health[1..]))
}

fn tests(report: &Report, what: &str) -> Option<String> {
    let tests = report.tests.as_ref()?;
    let count = match what {
        "tests" | "testcase elements" => tests.total,
        "passed" | "tests_succ" => tests.passed,
        "failed" | "tests_fail" | "testcase with failure" => tests.failed,
        "errors" | "tests_error" | "testcase with error" => tests.errors,
        "skipped" | "tests_skip" | "testcase with skipped" => tests.skipped,
        "suites" => tests.suites,
        // They count whole seconds.
        "duration" => return Some(tests.duration_seconds.unwrap_or(0.0).trunc().to_string()),
        _ => return None,
    };
    Some(count.to_string())
}

fn coverage(report: &Report, what: &str) -> Option<String> {
    let coverage = report.coverage.as_ref()?;
    let missed_and_covered = |counter: Option<Counter>| {
        let Counter { covered, total } = counter?;
        Some(format!("{}/{covered}", total - covered))
    };
    match what {
        "counter LINE missed/covered" => missed_and_covered(coverage.lines),
        "counter BRANCH missed/covered" => missed_and_covered(coverage.branches),
        "counter INSTRUCTION missed/covered" => missed_and_covered(coverage.instructions),
        "counter METHOD missed/covered" => missed_and_covered(coverage.methods),
        "LF/LH sums" => Some(total_and_covered(coverage.lines.unwrap_or_default())),
        "DA_records" => Some(coverage.lines.unwrap_or_default().total.to_string()),
        "DA_hit" => Some(coverage.lines.unwrap_or_default().covered.to_string()),
        "totals.lines count/covered" => coverage.lines.map(total_and_covered),
        "project statements/coveredstatements" | "Summary numSequencePoints/visited" => {
            coverage.instructions.map(total_and_covered)
        }
        "root@lines-covered" | "lines_covered(by file+number)" => Some(coverage.lines?.covered.to_string()),
        "root@lines-valid" | "lines_total(by file+number)" => Some(coverage.lines?.total.to_string()),
        _ => None,
    }
}

fn total_and_covered(Counter { covered, total }: Counter) -> String {
    format!("{total}/{covered}")
}

fn inventory(report: &Report, what: &str) -> Option<String> {
    let empty = Inventory::default();
    let inventory = report.inventory.as_ref().unwrap_or(&empty);
    let count = match what {
        "cdx_components_all_nested" => inventory.components.len(),
        "cdx_dependencies" => inventory.dependencies.len(),
        "spdx_files" => files(report)?,
        "syft_artifacts" => inventory.components.len(),
        // Packages of data and of models are of other classes than `software_Package`.
        "spdx3_software_Package" => {
            let is_other = |kind: &str| matches!(kind, "file" | "data" | "machine-learning-model");
            let packages = inventory.components.iter().chain(&inventory.describes);
            packages.filter(|component| !is_other(&component.kind)).count()
        }
        // The described package is one of the packages. Files are listed only where there is no other package.
        "spdx_packages" => {
            let is_file = |component: &&Component| component.kind == "file" && component.version.is_none();
            inventory.components.iter().filter(|component| !is_file(component)).count()
                + inventory.describes.iter().len()
        }
        _ => return None,
    };
    Some(count.to_string())
}

/// Files: those that became components and those that were left out with their number in a warning.
fn files(report: &Report) -> Option<usize> {
    let left_out = report.warnings.iter().find(|warning| warning.message.starts_with("left out: files, because"));
    let left_out = left_out.and_then(|warning| warning.message.rsplit(' ').next()?.parse::<usize>().ok());
    let components = &report.inventory.as_ref()?.components;
    Some(left_out.unwrap_or_default() + components.iter().filter(|component| component.kind == "file").count())
}

/// The minimum elements of NTIA that a bill of materials lacks, where theirs is one of ours. They look at packages, of
/// which the described one is one of ours, and not at files.
fn quality(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let inventory = report.inventory.as_ref().filter(|_| what == "ntia_missing")?;
    let packages = inventory.components.iter().filter(|component| component.kind != "file");
    let components = packages.chain(&inventory.describes).cloned().collect();
    let packages = Inventory { components, describes: None, ..inventory.clone() }.quality();
    let missing: Vec<_> = [
        ("component_name", packages.without_name > 0),
        ("component_version", packages.without_version > 0),
        ("supplier_name", packages.without_supplier > 0),
        ("dependency_relationships", !packages.has_dependencies),
        ("author_name", !packages.has_author),
        ("timestamp", !packages.has_timestamp),
    ]
    .into_iter()
    .filter(|(_, is_missing)| *is_missing)
    .map(|(element, _)| element)
    .collect();
    let is_same = missing.contains(&theirs) || (missing.is_empty() && theirs == "none");
    Some(if is_same { theirs.to_owned() } else { missing.join(", ") })
}

/// Runs, results and rules of SARIF. We keep results alone: findings, and in a warning how many were none.
fn results(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let (runs, rest) = theirs.split_once('/').filter(|_| what == "sarif runs/results/rules")?;
    let (_, rules) = rest.split_once('/')?;
    let no_findings = report.warnings.iter().filter(|warning| warning.message.starts_with("not findings"));
    let no_findings = no_findings.filter_map(|warning| warning.message.rsplit(' ').next()?.parse::<usize>().ok());
    let results = report.findings.as_ref().map_or(0, Vec::len) + no_findings.sum::<usize>();
    Some(format!("{runs}/{results}/{rules}"))
}

/// What the validator of SARIF finds. Most of its rules are of style, which is nothing to us; where it finds nothing, we
/// must not either. That results are none, or that there are none, is no fault.
fn faults(report: &Report, what: &str, theirs: &str) -> Option<String> {
    if what != "validator_results" || theirs != "{}" {
        return None;
    }
    let is_fault = |message: &&str| !message.starts_with("not findings") && !message.starts_with("no run has results");
    let messages = report.warnings.iter().map(|warning| warning.message.as_str());
    let faults: Vec<_> = messages.filter(is_fault).collect();
    Some(if faults.is_empty() { "{}".to_owned() } else { faults.join("; ") })
}

fn controls(report: &Report, what: &str) -> Option<String> {
    let controls = &report.benchmark.as_ref()?.controls;
    let of = |status: ControlStatus| controls.iter().filter(|control| control.status == status).count();
    let (fail, warn) = (of(ControlStatus::Fail), of(ControlStatus::Warn));
    match what {
        "Totals" => Some(format!(
            r#"{{"total_pass": {}, "total_fail": {fail}, "total_warn": {warn}, "total_info": {}}}"#,
            of(ControlStatus::Pass),
            of(ControlStatus::Info)
        )),
        "total PASS/FAIL/WARN/INFO" => {
            Some(format!("{}/{fail}/{warn}/{}", of(ControlStatus::Pass), of(ControlStatus::Info)))
        }
        // Of a scanner that lists what passed, too, the findings are counted.
        "dd_findings_count" if report.findings.is_none() => Some((fail + warn).to_string()),
        _ => None,
    }
}

/// Results by the words of the Heimdall Data Format, and how many controls (rules) they are of. What could not be parsed
/// is an `error` in theirs and a warning in ours.
fn heimdall(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let findings = || report.findings.iter().flatten();
    let controls = report.benchmark.as_ref().map(|benchmark| &benchmark.controls);
    if what == "hdf_controls" {
        let of_findings = findings().map(|finding| finding.rule.as_str());
        let of_controls = controls.into_iter().flatten().map(|control| control.id.as_str());
        return Some(of_findings.chain(of_controls).collect::<BTreeSet<_>>().len().to_string());
    }
    if what != "hdf_result_status" {
        return None;
    }
    let mut ours: BTreeMap<&str, u64> = BTreeMap::new();
    let mut count = |word| *ours.entry(word).or_default() += 1;
    for control in controls.into_iter().flatten() {
        match control.status {
            ControlStatus::Pass => count("passed"),
            ControlStatus::Fail => count("failed"),
            ControlStatus::Warn | ControlStatus::Info | ControlStatus::NotApplicable => count("skipped"),
        }
    }
    for finding in findings().filter(|_| controls.is_none()) {
        count(if finding.status == FindingStatus::Open { "failed" } else { "skipped" });
    }
    let mut expected: BTreeMap<&str, u64> = serde_json::from_str(theirs).ok()?;
    expected.remove("error");
    Some(if expected == ours { theirs.to_owned() } else { format!("{ours:?}") })
}

fn by_word(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let kind = match what {
        "vulnerabilities by severity" => FindingKind::Vulnerability,
        "misconfigurations by status" => FindingKind::Misconfiguration,
        _ => return None,
    };
    let mut ours: BTreeMap<String, u64> = BTreeMap::new();
    for finding in report.findings.iter().flatten().filter(|finding| finding.kind == kind) {
        let word = if kind == FindingKind::Misconfiguration { "FAIL" } else { finding.severity_word.as_deref()? };
        *ours.entry(word.to_owned()).or_default() += 1;
    }
    let is_same = serde_json::from_str::<BTreeMap<String, u64>>(theirs).is_ok_and(|theirs| theirs == ours);
    Some(if is_same { theirs.to_owned() } else { format!("{ours:?}") })
}

fn findings(report: &Report, what: &str) -> Option<String> {
    // The expectations of DefectDojo's tests may name the mode in which it read.
    let what = what.strip_suffix(" (mode=detailed)").unwrap_or(what);
    let findings = report.findings.as_ref()?;
    matches!(what, "dd_findings_count" | "issues").then(|| findings.len().to_string())
}

/// What somebody else says of each finding: path and number to field and value.
type Fields = BTreeMap<(String, usize), Vec<(String, String)>>;

/// `finding[3].severity` is number 3 and the field `severity`.
fn field(what: &str) -> Option<(usize, &str)> {
    let what = what.strip_suffix(" (mode=detailed)").unwrap_or(what);
    let (number, field) = what.strip_prefix("finding[")?.split_once("].")?;
    Some((number.parse().ok()?, field))
}

/// Our value of a field of the finding that theirs is. They sort and join findings before they count them, so theirs is
/// taken for that of ours which agrees in most of the fields that are known, and of several for the first.
fn value_of_field(report: &Report, path: &str, what: &str, theirs: &str, fields: &Fields) -> Option<String> {
    let (number, field) = field(what)?;
    let fields = fields.get(&(path.to_owned(), number))?;
    let findings = report.findings.as_ref()?;
    let agreeing = |finding: &&Finding| {
        let agrees = |(field, value): &&(String, String)| value_in(finding, field, value).as_ref() == Some(value);
        fields.iter().filter(agrees).count()
    };
    let best = findings.iter().rev().max_by_key(agreeing)?;
    value_in(best, field, theirs)
}

/// Our value of a field of a finding; theirs where ours means the same.
fn value_in(finding: &Finding, field: &str, theirs: &str) -> Option<String> {
    let one_of = |ours: Vec<String>| {
        let is_nothing = ours.is_empty() && theirs == "None";
        let is_same = is_nothing || ours.iter().any(|ours| ours.eq_ignore_ascii_case(theirs));
        Some(if is_same { theirs.to_owned() } else { ours.join(", ") })
    };
    let location = finding.location.as_ref();
    let component = finding.component.as_ref();
    let names = || std::iter::once(&finding.rule).chain(&finding.aliases).cloned().collect::<Vec<_>>();
    match field {
        "severity" => {
            let severity = finding.severity.as_str();
            Some(format!("{}{}", severity[..1].to_uppercase(), &severity[1..]))
        }
        "cwe" => one_of(finding.cwes.iter().map(u32::to_string).collect()),
        "file_path" => one_of(location.map(|location| location.path.clone()).into_iter().collect()),
        "line" => {
            one_of(location.and_then(|location| location.line).map(|line| line.to_string()).into_iter().collect())
        }
        "component_name" => {
            let name = component.map(|component| component.name.clone());
            let short = name.as_deref().and_then(|name| name.rsplit([':', '/']).next()).map(str::to_owned);
            one_of(name.into_iter().chain(short).collect())
        }
        "component_version" => one_of(component.and_then(|component| component.version.clone()).into_iter().collect()),
        "vuln_id_from_tool" => one_of(names()),
        "cvssv3" => one_of(finding.cvss.iter().filter_map(|cvss| cvss.vector.clone()).collect()),
        "fix_version" => one_of(finding.fixed_versions.clone()),
        "false_p" => Some(title_case(finding.status == FindingStatus::FalsePositive)),
        "is_mitigated" => Some(title_case(finding.status == FindingStatus::Fixed)),
        _ if field.starts_with("unsaved_vulnerability_ids[") => one_of(names()),
        _ => None,
    }
}

/// A truth value as Python writes it.
fn title_case(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}
