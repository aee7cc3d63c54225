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
    let paths = all();
    let format_of = |path: &str| {
        let folder = FOLDERS.iter().find(|(start, end, _)| path.starts_with(start) && path.ends_with(end));
        folder.map(|(_, _, format)| *format)
    };
    paths.into_iter().filter_map(|path| format_of(&path).map(|format| (path, format))).collect()
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
