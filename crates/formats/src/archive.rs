//! Archives of documents: every document in one is read and all of them together are one report. They must be of one
//! format, because evidence has one.

use crate::unpack::Archive;
use crate::{ReadError, Reader, Reading};
use shipworthy_model::Warning;

/// Reads every document of an archive. Those that no format recognises are left out with a warning: archives of reports
/// have pages for people beside them.
pub(crate) fn read<'o>(reader: &Reader<'o>, archive: Archive, format: Option<&str>) -> Result<Reading<'o>, ReadError> {
    let Archive { documents, mut warnings } = archive;
    let mut whole: Option<Reading<'o>> = None;
    let count = documents.len();
    for (name, bytes) in documents {
        let reading = match reader.read_one(&bytes, format) {
            Ok(reading) => reading,
            Err(ReadError::Unrecognised(unrecognised)) => {
                warnings.push(Warning { at: name, message: format!("left out: this is {}", unrecognised.seen) });
                continue;
            }
            Err(error) => return Err(ReadError::Archive { message: format!("`{name}` in the archive: {error}") }),
        };
        whole = Some(match whole {
            None => with_place(reading, &name),
            Some(whole) => added(whole, reading, &name)?,
        });
    }
    let Some(mut whole) = whole else {
        let message = format!("none of the {count} documents in the archive is recognised by a format");
        return Err(ReadError::Archive { message });
    };
    whole.report.warnings.extend(warnings);
    Ok(whole)
}

/// Says of every warning in which document of the archive its place is.
fn with_place<'o>(mut reading: Reading<'o>, name: &str) -> Reading<'o> {
    for warning in &mut reading.report.warnings {
        warning.at = format!("{name} {}", warning.at);
    }
    reading
}

fn added<'o>(mut whole: Reading<'o>, more: Reading<'o>, name: &str) -> Result<Reading<'o>, ReadError> {
    if whole.format != more.format {
        return Err(ReadError::Archive {
            message: format!(
                "expected documents of one format in the archive, found `{}` and, in `{name}`, `{}`\nhint: send them one by one",
                whole.format.name, more.format.name
            ),
        });
    }
    let left_out = whole.report.add(with_place(more, name).report);
    let message = |section| format!("left out: a second `{section}`, of which evidence has one");
    let warnings = left_out.into_iter().map(|section| Warning { at: name.to_owned(), message: message(section) });
    whole.report.warnings.extend(warnings);
    Ok(whole)
}
