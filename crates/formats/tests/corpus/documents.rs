//! Where the public documents are, which of them are of which format, and what is known of them.

use std::path::{Path, PathBuf};

/// Which documents are of which format: how their paths start and end, the format, or `-` with the reason why they are of
/// none although documents around them are. Of several rows for a document the one with the longest start holds, then the
/// one with the longest end.
const DOCUMENTS: &str = include_str!("documents.tsv");

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

/// Every document of one of our formats: its path below the folder, and the format. The variable
/// `SHIPWORTHY_CORPUS_ONLY` narrows them to some formats, for the inner loop of whoever works on those.
pub(crate) fn of_our_formats() -> Vec<(String, &'static str)> {
    let rows = rows();
    let only = std::env::var("SHIPWORTHY_CORPUS_ONLY").ok();
    let is_wanted = |format: &str| only.as_deref().is_none_or(|only| only.split(',').any(|wanted| wanted == format));
    let of_ours = all().into_iter().filter_map(|path| Some((format_of(&rows, &path)?, path)));
    of_ours.filter(|(format, _)| is_wanted(format)).map(|(format, path)| (path, format)).collect()
}

/// Start, end and format of each row.
pub(crate) fn rows() -> Vec<[&'static str; 3]> {
    let row = |line: &'static str| {
        let cells: Vec<_> = line.split('\t').collect();
        let [start, end, format, ..] = cells[..] else { panic!("expected at least three cells: {line}") };
        [start, end, format]
    };
    DOCUMENTS.lines().skip(1).map(row).collect()
}

/// The row that holds for a document.
pub(crate) fn row_of<'a>(rows: &'a [[&'static str; 3]], path: &str) -> Option<&'a [&'static str; 3]> {
    let fits = |[start, end, _]: &&[&str; 3]| path.starts_with(start) && path.ends_with(end);
    rows.iter().filter(fits).max_by_key(|[start, end, _]| (start.len(), end.len()))
}

/// The format that the rows give a document.
pub(crate) fn format_of(rows: &[[&'static str; 3]], path: &str) -> Option<&'static str> {
    row_of(rows, path).map(|[.., format]| *format).filter(|format| *format != "-")
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
