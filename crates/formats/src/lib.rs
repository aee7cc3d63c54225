//! Readers: bytes of a tool come in, a [`Report`] goes out. No files, no network, no clock.
//!
//! A reader never panics and never drops silently: what it could not use is a warning in the report. One odd item does
//! not fail a document, a broken document does. A key that occurs twice in one JSON object is an error that names the
//! key where it is the document's own object (two parsers could understand it in two ways, which for signed content is
//! an attack), and leaves the item out with a warning where it is one item among many.

mod encoding;
mod error;
mod format;
mod probe;

mod counts;
mod cyclonedx;
mod hashes;
mod identity;
mod json;
mod license;
mod purl;
mod severity;
mod sonarqube;
mod subjects;

mod text;
mod xml;

// The formats: a module line here and a line in `FORMATS` below, both in alphabetical order.
mod cobertura;
mod cyclonedx_json;
mod cyclonedx_xml;
mod github_pull_request;
mod in_toto;
mod jacoco;
mod jenkins_build;
mod junit;
mod kube_bench;
mod sarif;
mod sonarqube_issues;
mod sonarqube_measures;
mod sonarqube_quality_gate;
mod spdx_json;
mod trivy;

/// Every format, in alphabetical order.
pub static FORMATS: &[&Format] = &[
    &cobertura::FORMAT,
    &cyclonedx_json::FORMAT,
    &cyclonedx_xml::FORMAT,
    &github_pull_request::FORMAT,
    &in_toto::FORMAT,
    &jacoco::FORMAT,
    &jenkins_build::FORMAT,
    &junit::FORMAT,
    &kube_bench::FORMAT,
    &sarif::FORMAT,
    &sonarqube_issues::FORMAT,
    &sonarqube_measures::FORMAT,
    &sonarqube_quality_gate::FORMAT,
    &spdx_json::FORMAT,
    &trivy::FORMAT,
];

pub use error::{ReadError, Unrecognised};
pub use format::Format;
pub use probe::{Media, Members, Probe, Root};

use shipworthy_model::Report;

/// The largest document that is looked at. Larger ones are refused before anything is parsed.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024 * 1024;

/// A document that was read: what it is and what it says.
#[derive(Debug)]
pub struct Reading {
    /// Its format.
    pub format: &'static Format,
    /// What it says.
    pub report: Report,
}

/// Reads a document, as the format called `format` or, without one, as the only format that recognises it.
///
/// # Errors
/// When the format is unknown or the document is broken. What could merely not be used is a warning in the report.
pub fn read(bytes: &[u8], format: Option<&str>) -> Result<Reading, ReadError> {
    let text = decode(bytes)?;
    // The probe is made for a named format too, because it is what refuses a nesting that would harm the parser.
    let probe = Probe::of(&text)?;
    let format = match format {
        Some(name) => find(name)?,
        None => only_one_recognising(&probe)?,
    };
    let report = (format.read)(&text)?;
    Ok(Reading { format, report })
}

/// Says which format a document has.
///
/// # Errors
/// When no format, or more than one, recognises it, or when it is too large or too deeply nested to look at.
pub fn recognise(bytes: &[u8]) -> Result<&'static Format, ReadError> {
    Ok(only_one_recognising(&Probe::of(&decode(bytes)?)?)?)
}

/// The format called `name`.
///
/// # Errors
/// When there is none; the error names the nearest one.
pub fn find(name: &str) -> Result<&'static Format, ReadError> {
    let found = FORMATS.iter().find(|format| format.name == name);
    found.copied().ok_or_else(|| ReadError::unknown_format(name))
}

fn decode(bytes: &[u8]) -> Result<std::borrow::Cow<'_, [u8]>, ReadError> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(ReadError::TooLarge { size_bytes: bytes.len(), limit_bytes: MAX_DOCUMENT_BYTES });
    }
    encoding::to_utf8(bytes)
}

fn only_one_recognising(probe: &Probe) -> Result<&'static Format, Unrecognised> {
    let recognising: Vec<_> = FORMATS.iter().filter(|format| (format.recognises)(probe)).collect();
    match recognising.as_slice() {
        [format] => Ok(format),
        several => Err(Unrecognised::new(probe, several.iter().map(|format| format.name).collect())),
    }
}
