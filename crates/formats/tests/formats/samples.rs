//! The samples on disk, and what is read from each.

use shipworthy_formats::FORMATS;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A sample: its format's name, its file name and its bytes.
pub(crate) struct Sample {
    pub(crate) format: String,
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every sample, sorted by format and file.
pub(crate) fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    for folder in entries(&folder("samples")) {
        for file in entries(&folder) {
            let bytes = std::fs::read(&file).expect("a sample can be read");
            samples.push(Sample { format: name_of(&folder), file: name_of(&file), bytes });
        }
    }
    samples
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = listing.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("an entry has a name").to_string_lossy().into_owned()
}

#[test]
fn every_format_has_a_sample_and_every_sample_a_format() {
    let with_samples: BTreeSet<String> = all().into_iter().map(|sample| sample.format).collect();
    let listed: BTreeSet<String> = FORMATS.iter().map(|format| format.name.to_owned()).collect();
    assert_eq!(with_samples, listed);
}

#[test]
fn every_format_file_is_in_the_list_and_the_list_is_sorted() {
    let mut files = Vec::new();
    for file in entries(&folder("src")).iter().filter(|path| path.is_file()) {
        let source = std::fs::read_to_string(file).expect("a source file can be read");
        if source.contains("pub(crate) static FORMAT: Format") {
            files.push(name_of(file).trim_end_matches(".rs").replace('_', "-"));
        }
    }
    let listed: Vec<_> = FORMATS.iter().map(|format| format.name.to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn every_format_documents_itself() {
    for format in FORMATS {
        assert!(format.homepage.starts_with("https://"), "{}", format.name);
        assert!(!format.marks.is_empty() && !format.title.is_empty() && !format.reads.is_empty(), "{}", format.name);
        assert_eq!(format.tool, format.tool.to_lowercase(), "{}", format.name);
    }
}

#[test]
fn a_sample_is_recognised_by_its_own_format_and_by_no_other() {
    for Sample { format, file, bytes } in all() {
        let recognised =
            shipworthy_formats::recognise(&bytes).unwrap_or_else(|error| panic!("{format}/{file}: {error}"));
        assert_eq!(recognised.name, format, "{file}");
    }
}

#[test]
fn readings_equal_their_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    for Sample { format, file, bytes } in all() {
        let reading = shipworthy_formats::read(&bytes, None).unwrap_or_else(|error| panic!("{format}/{file}: {error}"));
        settings.set_input_file(format!("samples/{format}/{file}"));
        settings.bind(|| insta::assert_json_snapshot!(format!("{format}@{file}"), reading.report));
    }
}
