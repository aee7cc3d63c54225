//! A document as a PDF file: laid out on sheets of A4 first, and painted when the number of sheets is known. The file is
//! tagged for readers that speak (PDF/UA-1, ISO 14289-1), has an outline, and carries the document's attachments.

mod faces;
mod layout;
mod lines;
mod paint;
mod sheet;
mod structure;
mod table;

use crate::document::Document;
use faces::Faces;
use std::fmt;

/// The bytes of the file.
///
/// # Errors
/// When the library refuses what was painted, which is a mistake of ours.
pub fn pdf(document: &Document) -> Result<Vec<u8>, NotTypeset> {
    let faces = Faces::load()?;
    let laid_out = layout::lay_out(&faces, document);
    paint::paint(&faces, document, laid_out)
}

/// Why a document could not be typeset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTypeset(String);

impl fmt::Display for NotTypeset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotTypeset {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{long, sample};
    use sheet::{BOTTOM, MARGIN, MEASURE, Mark, Sheet};

    /// The lines of a sheet as they are read.
    fn read(sheet: &Sheet) -> String {
        let line = |mark: &Mark| match mark {
            Mark::Text { letters, .. } => Some(letters.iter().map(|letter| letter.character).collect::<String>()),
            Mark::Box { .. } => None,
        };
        sheet.marks.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    fn laid_out(document: &Document) -> Vec<Sheet> {
        layout::lay_out(&Faces::load().unwrap(), document).sheets
    }

    /// Where the files are kept for whoever wants to look at them.
    fn keep(name: &str, bytes: &[u8]) {
        if let Some(folder) = std::env::var_os("SHIPWORTHY_PDF_FOLDER") {
            std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
        }
    }

    #[test]
    fn a_file_says_everything_as_it_was_given() {
        let sheets: Vec<String> = laid_out(&sample()).iter().map(read).collect();
        insta::assert_snapshot!(sheets.join("\n\n"));
    }

    /// The library that writes the file checks it against PDF/A-3a and PDF/UA-1, which ask among other things that every
    /// letter can be read out of it.
    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let bytes = pdf(&sample()).unwrap();
        keep("sample.pdf", &bytes);
        assert!(bytes.starts_with(b"%PDF-1.7"));
        assert!(bytes == pdf(&sample()).unwrap());
    }

    #[test]
    fn ten_thousand_rows_and_one_that_no_page_can_hold_go_on_from_page_to_page() {
        let sheets = laid_out(&long(10_000));
        let count = sheets.len();
        assert!((300..400).contains(&count), "{count} pages, of which each has room for about thirty rows");
        let last = read(&sheets[count - 1]);
        assert!(last.starts_with("Artifact\nDigest\nProvenance\nrow 99"), "{last}");
        assert!(last.contains("row 9999\n") && last.contains(&format!("page {count} of {count}")), "{last}");
        let bytes = pdf(&long(10_000)).unwrap();
        keep("long.pdf", &bytes);
        assert!(bytes.len() < 8_000_000, "{} bytes", bytes.len());
    }

    #[test]
    fn nothing_stands_outside_of_the_text() {
        for sheet in laid_out(&sample()).iter().chain(&laid_out(&long(100))) {
            for mark in &sheet.marks {
                let Mark::Text { x, y, size, letters, part: sheet::Part::Of(_), .. } = mark else { continue };
                assert!(x + lines::width(letters, *size) <= MARGIN + MEASURE + 0.1, "{mark:?}");
                assert!(*y < BOTTOM, "{mark:?}");
            }
        }
    }

    #[test]
    fn a_time_that_is_none_is_refused() {
        let document = Document { made_at: "yesterday".to_owned(), ..sample() };
        let refusal = pdf(&document).unwrap_err().to_string();
        assert_eq!(refusal, "`yesterday` is no instant: expected `2026-11-22T09:30:00Z`");
    }
}
