//! All public documents, whether meant for us or not.

use crate::documents::{all, bytes, of_our_formats};
use shipworthy_formats::{ReadError, read, recognise};
use std::collections::BTreeMap;

#[test]
fn every_document_of_our_formats_is_recognised_and_read() {
    let mut broken = Vec::new();
    for (path, format) in of_our_formats() {
        match read(&bytes(&path), None) {
            Ok(reading) if reading.format.name == format => {}
            Ok(reading) => broken.push(format!("{path}: read as {}, expected {format}", reading.format.name)),
            Err(error) => broken.push(format!("{path}: {error}")),
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A new format shows here which documents it takes: none of them may be another tool's.
#[test]
fn no_document_is_taken_by_two_formats_or_by_a_format_it_is_not_of() {
    let mut taken: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for path in all() {
        match recognise(&bytes(&path)) {
            Ok(format) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                *taken.entry(format.name).or_default().entry(folder.to_owned()).or_default() += 1;
            }
            Err(ReadError::Unrecognised(unrecognised)) => {
                assert_eq!(unrecognised.candidates, [] as [&str; 0], "{path}");
            }
            Err(_) => {}
        }
    }
    insta::assert_json_snapshot!(taken);
}

#[test]
fn every_document_is_read_or_refused_by_every_format() {
    for path in all() {
        let bytes = bytes(&path);
        for format in shipworthy_formats::FORMATS {
            // The outcome is either; that there is one is the promise.
            let _ = read(&bytes, Some(format.name));
        }
    }
}
