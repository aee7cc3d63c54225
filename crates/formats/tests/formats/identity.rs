//! One vulnerability of one component is one finding, whichever tool tells of it and wherever the component lies, and stays
//! the same one from scan to scan.

use crate::samples;
use shipworthy_formats::read;
use shipworthy_model::{Finding, FindingStatus};
use std::collections::BTreeSet;

/// The findings of a sample, `format/file`.
fn findings(sample: &str) -> Vec<Finding> {
    findings_of(&bytes(sample))
}

fn bytes(sample: &str) -> Vec<u8> {
    let (format, file) = sample.split_once('/').expect("format and file");
    let all = samples::all();
    let found = all.into_iter().find(|sample| sample.format == format && sample.file == file);
    found.unwrap_or_else(|| panic!("no sample {sample}")).bytes
}

fn findings_of(bytes: &[u8]) -> Vec<Finding> {
    read(bytes, None).expect("it can be read").report.findings.expect("it has findings")
}

fn open(findings: &[Finding]) -> BTreeSet<String> {
    let open = findings.iter().filter(|finding| finding.status == FindingStatus::Open);
    open.map(|finding| finding.identity.clone()).collect()
}

/// A vulnerability of a component, and samples of tools that tell of it.
const SEEN_BY_SEVERAL: &[(&str, &[&str])] = &[
    (
        "CVE-2021-23337|lodash|4.17.20",
        &[
            "anchore-vulnerabilities/engine.json",
            "auditjs/ossi.json",
            "devaudit/audit.json",
            "fossa/test.json",
            "grype/image.json",
            "mend/platform.json",
            "npm-audit/version-6.json",
            "osv-scanner/version-2.json",
            "pnpm-audit/two-versions.json",
            "snyk/all-projects.json",
            "snyk/container.json",
            "spectra-assure/report.rl.json",
            "yarn-audit/classic.jsonl",
        ],
    ),
    (
        "CVE-2024-0727|libssl3|3.0.11-1~deb12u1",
        &[
            "anchore-vulnerabilities/anchorectl.json",
            "anchore-vulnerabilities/engine.json",
            "aws-inspector/findings.json",
            "clair/klar.json",
            "clair/scanner.json",
            "clair/version-4.json",
            "gcloud-artifact-analysis/describe.json",
            "grype/image.json",
            "harbor/vulnerabilities.json",
            "snyk/container.json",
            "wizcli/image.json",
        ],
    ),
    (
        "CVE-2024-22195|jinja2|3.1.2",
        &["osv-scanner/version-2.json", "pip-audit/dependencies.json", "safety/check.json", "snyk-issues/page.json"],
    ),
    (
        "CVE-2021-38561|golang.org/x/text|0.3.5",
        &[
            "govulncheck/stream.json",
            "meterian/report.json",
            "nancy/sleuth.json",
            "osv-scanner/version-2.json",
            "wizcli/image.json",
        ],
    ),
    (
        "CVE-2021-44228|org.apache.logging.log4j:log4j-core|2.14.1",
        &[
            "blackduck-csv/security.csv",
            "blackduck-vulnerabilities/page.json",
            "dependency-check-csv/report.csv",
            "dependency-check-json/report.json",
            "dependency-check-xml/report.xml",
            "dependency-track/findings.json",
            "mend/project-vulnerabilities.json",
            "ort/evaluated-model.json",
            "scantist/vulnerabilities.json",
            "sonatype/raw.json",
        ],
    ),
    ("CVE-2020-8184|rack|2.2.2", &["bundler-audit/audit.json", "bundler-audit-text/audit.txt"]),
];

#[test]
fn several_tools_tell_of_the_same_vulnerability_of_the_same_component() {
    for (identity, samples) in SEEN_BY_SEVERAL {
        for sample in *samples {
            let found = findings(sample).iter().filter(|finding| finding.identity == *identity).count();
            assert_eq!(found, 1, "{identity} in {sample}");
        }
    }
}

/// Scans one after another, as Grype would write them.
#[test]
fn what_is_fixed_new_moved_or_back_is_known_by_its_identity() {
    let document = String::from_utf8(bytes("grype/image.json")).expect("it is UTF-8");
    let first = open(&findings_of(document.as_bytes()));
    let vulnerability = "CVE-2021-23337|lodash|4.17.20".to_owned();
    assert!(first.contains(&vulnerability));

    let moved = document.replace("/srv/cart/node_modules", "/opt/shop/cart/node_modules");
    assert_ne!(moved, document);
    assert_eq!(open(&findings_of(moved.as_bytes())), first, "moved in the image");

    let renamed = document.replace("\"id\": \"GHSA-35jh-r3h4-6jhm\"", "\"id\": \"CVE-2021-23337\"");
    assert_ne!(renamed, document);
    assert_eq!(open(&findings_of(renamed.as_bytes())), first, "told by another database");

    let updated = document.replace("4.17.20", "4.17.22").replace("GHSA-35jh-r3h4-6jhm", "GHSA-xxxx-yyyy-0001");
    let updated = open(&findings_of(updated.replace("CVE-2021-23337", "CVE-2099-0001").as_bytes()));
    let fixed: Vec<_> = first.difference(&updated).collect();
    assert_eq!(fixed, [&vulnerability], "fixed by the update");
    let new: Vec<_> = updated.difference(&first).collect();
    assert_eq!(new, ["CVE-2099-0001|lodash|4.17.22"], "new with the update");

    let rolled_back = open(&findings_of(document.as_bytes()));
    assert_eq!(rolled_back, first, "back after the update was rolled back");
}

#[test]
fn an_unsafe_setting_stays_the_same_when_lines_move() {
    let document = String::from_utf8(bytes("snyk/iac.json")).expect("it is UTF-8");
    let moved = document.replace("\"lineNumber\": 21", "\"lineNumber\": 34");
    assert_ne!(moved, document);
    assert_eq!(open(&findings_of(moved.as_bytes())), open(&findings_of(document.as_bytes())));
}
