//! Where the public documents are, which of them are of which format, and what is known of them.

use std::path::{Path, PathBuf};

/// The documents of each format: a folder or a file, how its names end, the format.
pub(crate) const FOLDERS: &[(&str, &str, &str)] = &[
    ("coverage/cobertura", ".xml", "cobertura"),
    ("coverage/jacoco", ".xml", "jacoco"),
    ("tests/junit", ".xml", "junit"),
    ("scans/sonarqube", ".json", "sonarqube-issues"),
    ("sonarqube/sonarqube-web-api/sonarqube-api.json", "", "sonarqube-issues"),
    ("sonarqube/sonarqube-web-api/sonarqube-differential.json", "", "sonarqube-issues"),
    ("sonarqube/sonarqube-web-api/projectStatus.json", "", "sonarqube-quality-gate"),
    ("sonarqube/sonarqube-web-api/client-03.json", "", "sonarqube-measures"),
    ("sonarqube/sonarqube-webhook", ".json", "sonarqube-quality-gate"),
    ("ci-events/github-webhook/pull_request", ".json", "github-pull-request"),
    ("ci-events/github-webhook/scm__pr", ".json", "github-pull-request"),
    ("ci-events/github-webhook/github_no_action_pr", ".json", "github-pull-request"),
    ("sbom/bsi-compliance/", ".cdx.json", "cyclonedx-json"),
    ("sbom/bsi-compliance/", ".spdx23.json", "spdx-json"),
    ("sbom/cyclonedx-real/", ".json", "cyclonedx-json"),
    ("sbom/cyclonedx-real/", ".xml", "cyclonedx-xml"),
    ("sbom/cyclonedx-spec-suite/", ".json", "cyclonedx-json"),
    ("sbom/cyclonedx-spec-suite/", ".xml", "cyclonedx-xml"),
    ("sbom/ntia-minimum-elements/", ".spdx.json", "spdx-json"),
    ("sbom/quality-cyclonedx/", ".json", "cyclonedx-json"),
    ("sbom/quality-spdx/", ".json", "spdx-json"),
    ("sbom/spdx-json/", ".json", "spdx-json"),
    ("vex/cyclonedx-vex/", ".json", "cyclonedx-json"),
    ("scans/cyclonedx/", ".json", "cyclonedx-json"),
    ("scans/cyclonedx/", ".xml", "cyclonedx-xml"),
    ("scans/spdx/", ".json", "spdx-json"),
    ("scans/trivy/golden-conda-environment-cyclonedx.json", "", "cyclonedx-json"),
    ("scans/trivy/golden-npm-cyclonedx.json", "", "cyclonedx-json"),
    ("scans/trivy/golden-pom-cyclonedx.json", "", "cyclonedx-json"),
    ("scans/trivy/", ".json", "trivy"),
    ("scans/kubebench/", ".json", "kube-bench"),
    ("scans/sarif/", "", "sarif"),
    ("scans/", ".sarif", "sarif"),
    ("sarif/sarif/", "", "sarif"),
    ("sarif/sarif-baseline/", ".sarif", "sarif"),
    ("sarif/sarif-partition/", ".sarif", "sarif"),
    ("sarif/sarif-validation/", ".sarif", "sarif"),
    ("attestation/chainloop/", ".json", "in-toto"),
    ("attestation/cosign-sbom-attestation/", ".json", "in-toto"),
    ("attestation/in-toto-predicate-examples/", ".json", "in-toto"),
    ("attestation/in-toto-statement/", ".json", "in-toto"),
    ("attestation/slsa-provenance-github/", ".jsonl", "in-toto"),
    ("attestation/slsa-provenance-github/", ".slsa", "in-toto"),
    ("attestation/slsa-provenance-other/", ".json", "in-toto"),
    ("attestation/slsa-vsa/", ".jsonl", "in-toto"),
];

/// Documents in these folders that are not of the format, and why.
pub(crate) const NOT_OF_THE_FORMAT: &[(&str, &str)] = &[
    (
        "attestation/chainloop/with-git-subject.json",
        "its statement has `type` and `predicate_type`, which no version of in-toto has",
    ),
    ("sarif/sarif/vexctl-sample-2vulns.json", "an OpenVEX document"),
    ("sbom/cyclonedx-spec-suite/1.2/invalid-bomformat-1.2.json", "its `bomFormat` is another on purpose"),
    ("sbom/cyclonedx-spec-suite/1.3/invalid-bomformat-1.3.json", "its `bomFormat` is another on purpose"),
    ("sbom/cyclonedx-spec-suite/1.4/invalid-bomformat-1.4.json", "its `bomFormat` is another on purpose"),
    ("sbom/cyclonedx-spec-suite/1.5/invalid-bomformat-1.5.json", "its `bomFormat` is another on purpose"),
    ("sbom/cyclonedx-spec-suite/1.6/invalid-bomformat-1.6.json", "its `bomFormat` is another on purpose"),
    ("sbom/cyclonedx-spec-suite/1.7/invalid-bomformat-1.7.json", "its `bomFormat` is another on purpose"),
    ("scans/trivy/legacy_no_vuln.json", "`null` names no tool; it is read as Trivy when the sender says so"),
];

/// The folder of the documents, from `SHIPWORTHY_SAMPLES`, else beside the project.
pub(crate) fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let folder = std::env::var_os("SHIPWORTHY_SAMPLES").map_or_else(beside, PathBuf::from);
    assert!(
        folder.join("expected.tsv").is_file(),
        "{} has no `expected.tsv`: set SHIPWORTHY_SAMPLES",
        folder.display()
    );
    folder
}

/// Every document of one of our formats: its path below the folder, and the format.
pub(crate) fn of_our_formats() -> Vec<(String, &'static str)> {
    let is_of_format = |path: &String| !NOT_OF_THE_FORMAT.iter().any(|(other, _)| path == other);
    let paths = all().into_iter().filter(is_of_format);
    let format_of = |path: &str| {
        let folder = FOLDERS.iter().find(|(start, end, _)| path.starts_with(start) && path.ends_with(end));
        folder.map(|(_, _, format)| *format)
    };
    paths.filter_map(|path| format_of(&path).map(|format| (path, format))).collect()
}

/// The path of every document, below the folder and sorted.
pub(crate) fn all() -> Vec<String> {
    let root = folder();
    let mut paths = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder can be listed") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(&root).expect("it is below the root");
                paths.push(path.to_str().expect("names are UTF-8").to_owned());
            }
        }
    }
    paths.sort();
    paths
}

pub(crate) fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What somebody else says of a document.
pub(crate) struct Expectation {
    pub(crate) path: String,
    pub(crate) what: String,
    pub(crate) value: String,
    pub(crate) source: String,
}

/// Every line of `expected.tsv`.
pub(crate) fn expectations() -> Vec<Expectation> {
    let text = std::fs::read_to_string(folder().join("expected.tsv")).expect("`expected.tsv` can be read");
    let rows = text.lines().skip(1).map(|line| {
        let [_, path, what, value, source] = *line.split('\t').collect::<Vec<_>>() else { panic!("{line}") };
        let [path, what, value, source] = [path, what, value, source].map(str::to_owned);
        Expectation { path, what, value, source }
    });
    rows.collect()
}
