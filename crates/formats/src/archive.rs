//! Archives of documents: every document in one is read and all of them together are one report. They must be of one
//! format, because evidence has one.

use crate::unpack::Archive;
use crate::{ReadError, Reader, Reading};
use shipworthy_model::Warning;

/// Reads every document of an archive. Those that no format recognises are left out with a warning: archives of reports
/// have pages for people beside them.
pub(crate) fn read<'o>(reader: &Reader<'o>, archive: Archive, format: Option<&str>) -> Result<Reading<'o>, ReadError> {
    let Archive { documents, warnings } = archive;
    let count = documents.len();
    let mut whole = None;
    let mut left_out = warnings;
    for (name, bytes) in &documents {
        match reader.read_one(bytes, None) {
            Ok(reading) if format.is_none_or(|wanted| reading.format.name == wanted) => {
                whole = Some(joined(whole, reading, name)?);
            }
            Ok(other) => {
                let message = format!("left out: it is of the format `{}`", other.format.name);
                left_out.push(Warning { at: name.clone(), message });
            }
            Err(ReadError::Unrecognised(unrecognised)) => {
                left_out
                    .push(Warning { at: name.clone(), message: format!("left out: this is {}", unrecognised.seen) });
            }
            Err(error) => return Err(broken(name, &error)),
        }
    }
    if whole.is_none() && format.is_some() {
        // Nothing in it is known for what the sender says it is, so the sender is believed.
        left_out.clear();
        for (name, bytes) in &documents {
            let reading = reader.read_one(bytes, format).map_err(|error| broken(name, &error))?;
            whole = Some(joined(whole, reading, name)?);
        }
    }
    let Some(mut whole) = whole else {
        let message = format!("none of the {count} documents in the archive is recognised by a format");
        return Err(ReadError::Archive { message });
    };
    whole.report.warnings.extend(left_out);
    Ok(whole)
}

fn broken(name: &str, error: &ReadError) -> ReadError {
    ReadError::Archive { message: format!("`{name}` in the archive: {error}") }
}

fn joined<'o>(whole: Option<Reading<'o>>, more: Reading<'o>, name: &str) -> Result<Reading<'o>, ReadError> {
    match whole {
        None => Ok(with_place(more, name)),
        Some(whole) => added(whole, more, name),
    }
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
