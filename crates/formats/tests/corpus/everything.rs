//! All public documents, whether meant for us or not.

use crate::documents::{all, bytes, format_of, of_our_formats, rows};
use shipworthy_formats::{ReadError, read, recognise};

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

/// What a format takes, `documents.tsv` must say is its own: none of it may be another tool's.
#[test]
fn no_document_is_taken_by_two_formats_or_by_a_format_it_is_not_of() {
    let rows = rows();
    let mut wrong = Vec::new();
    for path in all().into_iter().filter(|path| !path.starts_with("malformed/")) {
        match recognise(&bytes(&path)) {
            Ok(format) if format_of(&rows, &path) == Some(format.name) => {}
            // What looks like one of them and is broken is refused by the reader.
            Ok(_) if read(&bytes(&path), None).is_err() => {}
            Ok(format) => wrong.push(format!("{path}: taken by {}", format.name)),
            Err(ReadError::Unrecognised(unrecognised)) if !unrecognised.candidates.is_empty() => {
                wrong.push(format!("{path}: taken by {}", unrecognised.candidates.join(" and ")));
            }
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every document by every format would be hundreds of thousands of readings; each document is read by some of the formats,
/// which are others for the next document.
#[test]
fn every_document_is_read_or_refused_by_formats_it_is_not_of() {
    const PARTS: usize = 16;
    for (number, path) in all().into_iter().enumerate() {
        let bytes = bytes(&path);
        let formats = shipworthy_formats::FORMATS.iter().enumerate();
        for (_, format) in formats.filter(|(index, _)| index % PARTS == number % PARTS) {
            // The outcome is either; that there is one is the promise.
            let _ = read(&bytes, Some(format.name));
        }
    }
}
