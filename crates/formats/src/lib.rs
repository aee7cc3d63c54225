//! Readers: bytes of a tool come in, a [`Report`] goes out. No files, no network, no clock.
//!
//! A reader never panics and never drops silently: what it could not use is a warning in the report. One odd item does
//! not fail a document, a broken document does. A key that occurs twice in one JSON object is an error that names the
//! key where it is the document's own object (two parsers could understand it in two ways, which for signed content is
//! an attack), and leaves the item out with a warning where it is one item among many.

mod encoding;
mod error;
mod format;
mod limits;
mod probe;

mod counts;
mod cyclonedx;
mod hashes;
mod identity;
mod json;
mod license;
mod purl;
mod secret;
mod severity;
mod sonarqube;
mod subjects;
mod table;
mod text;
mod xml;

/// Declares the module of each format and puts its `FORMAT` into the list.
macro_rules! formats {
    ($($format:ident)*) => {
        $(mod $format;)*

        /// Every format, in alphabetical order.
        pub static FORMATS: &[&Format] = &[$(&$format::FORMAT),*];
    };
}

// The formats, in alphabetical order: one line each, which is all that a new one needs here.
formats! {
    cobertura
    cyclonedx_json
    cyclonedx_xml
    github_pull_request
    in_toto
    jacoco
    jenkins_build
    junit
    kube_bench
    sarif
    sonarqube_issues
    sonarqube_measures
    sonarqube_quality_gate
    spdx_json
    trivy
}

pub use error::{ReadError, Unrecognised};
pub use format::Format;
pub use limits::MAX_DOCUMENT_BYTES;
pub use probe::{Media, Members, Probe, Root, Shape};
pub use severity::{Row as SeverityRow, table as severities};

use shipworthy_model::Report;

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
    if matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        json::check_limits(&text)?;
    }
    let format = match format {
        Some(name) => find(name)?,
        None => only_one_recognising(&text)?,
    };
    let mut report = (format.read)(&text)?;
    if let Some(findings) = &mut report.findings {
        identity::settle(findings);
        report.looked_for.extend(findings.iter().map(|finding| finding.kind));
        report.looked_for.sort_unstable();
        report.looked_for.dedup();
    }
    Ok(Reading { format, report })
}

/// Says which format a document has.
///
/// # Errors
/// When no format, or more than one, recognises it, or when it is too large or too deeply nested to look at.
pub fn recognise(bytes: &[u8]) -> Result<&'static Format, ReadError> {
    only_one_recognising(&decode(bytes)?)
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

/// The one format that recognises the document by its beginning or, where that says nothing, by the whole of it.
fn only_one_recognising(text: &[u8]) -> Result<&'static Format, ReadError> {
    let probe = Probe::of(text)?;
    let recognising = recognising(&probe);
    if !recognising.is_empty() || probe.is_of_whole() {
        return Ok(only_one(&probe, &recognising)?);
    }
    let probe = Probe::of_whole(text)?;
    Ok(only_one(&probe, &self::recognising(&probe))?)
}

fn recognising(probe: &Probe) -> Vec<&'static Format> {
    FORMATS.iter().copied().filter(|format| (format.recognises)(probe)).collect()
}

fn only_one(probe: &Probe, recognising: &[&'static Format]) -> Result<&'static Format, Unrecognised> {
    match recognising {
        [format] => Ok(format),
        several => Err(Unrecognised::new(probe, several.iter().map(|format| format.name).collect())),
    }
}
