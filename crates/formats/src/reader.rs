//! How documents are read: unpacked, recognised, understood by their format, and settled.

use crate::{
    FORMATS, Format, MAX_DOCUMENT_BYTES, OwnFormat, Probe, ReadError, Unrecognised, archive, encoding, identity, json,
    unpack,
};
use shipworthy_model::{Phase, Report};

/// A document that was read: what it is and what it says.
#[derive(Debug)]
pub struct Reading<'o> {
    /// Its format.
    pub format: Known<'o>,
    /// What it says.
    pub report: Report,
}

/// A format that a document has: one of [`FORMATS`] or one that a user described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'o> {
    /// Its name.
    pub name: &'o str,
    /// Its name for people.
    pub title: &'o str,
    /// The phase of the delivery that its documents speak of.
    pub phase: Phase,
    /// The tool that writes it.
    pub tool: &'o str,
}

/// How documents are read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'o> {
    /// Formats that users described, beside [`FORMATS`].
    pub own: &'o [OwnFormat],
    /// The largest document that is read, unpacked.
    pub largest_bytes: u64,
}

impl Default for Reader<'_> {
    fn default() -> Self {
        Self { own: &[], largest_bytes: MAX_DOCUMENT_BYTES as u64 }
    }
}

/// Reads a document, as the format called `format` or, without one, as the only format that recognises it.
///
/// # Errors
/// When the format is unknown or the document is broken. What could merely not be used is a warning in the report.
pub fn read(bytes: &[u8], format: Option<&str>) -> Result<Reading<'static>, ReadError> {
    Reader::default().read(bytes, format)
}

/// Says which format a document has.
///
/// # Errors
/// When no format, or more than one, recognises it, or when it is too large or too deeply nested to look at.
pub fn recognise(bytes: &[u8]) -> Result<&'static Format, ReadError> {
    let text = encoding::to_utf8(bytes)?;
    let (probe, recognising) = recognising(&text, &[])?;
    let [Any::Ours(format)] = recognising[..] else { return Err(unrecognised(&probe, &recognising).into()) };
    Ok(format)
}

impl<'o> Reader<'o> {
    /// Reads a document, as the format called `format` or, without one, as the only format that recognises it. It may be
    /// packed with gzip or zstd. Of an archive every document is read, all of them of one format.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(&self, bytes: &[u8], format: Option<&str>) -> Result<Reading<'o>, ReadError> {
        let bytes = unpack::decompressed(bytes, self.largest_bytes)?;
        // Some tools call an archive their report; such a one is not opened for what is in it.
        let is_report_itself = |(_, formats): (Probe<'_>, Vec<Any<'_>>)| {
            formats.iter().any(|known| format.is_none_or(|name| known.known().name == name))
        };
        if unpack::is_archive(&bytes) && recognising(&bytes, self.own).is_ok_and(is_report_itself) {
            return self.read_one(&bytes, format);
        }
        match unpack::unpacked(&bytes, self.largest_bytes)? {
            unpack::Unpacked::Document(document) => self.read_one(&document, format),
            unpack::Unpacked::Archive(archive) => archive::read(self, archive, format),
        }
    }

    pub(crate) fn read_one(&self, bytes: &[u8], format: Option<&str>) -> Result<Reading<'o>, ReadError> {
        if bytes.len() as u64 > self.largest_bytes {
            return Err(ReadError::TooLarge { size_bytes: bytes.len(), limit_bytes: self.largest_bytes });
        }
        let text = encoding::to_utf8(bytes)?;
        if matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
            json::check_limits(&text)?;
        }
        let format = match format {
            Some(name) => self.find(name)?,
            None => {
                let (probe, recognising) = recognising(&text, self.own)?;
                let [format] = recognising[..] else { return Err(unrecognised(&probe, &recognising).into()) };
                format
            }
        };
        let mut report = match format {
            Any::Ours(format) => (format.read)(&text)?,
            Any::Own(format) => format.read(&text)?,
        };
        if let Some(findings) = &mut report.findings {
            identity::settle(findings);
            report.looked_for.extend(findings.iter().map(|finding| finding.kind));
            report.looked_for.sort_unstable();
            report.looked_for.dedup();
        }
        Ok(Reading { format: format.known(), report })
    }

    fn find(&self, name: &str) -> Result<Any<'o>, ReadError> {
        let own = self.own.iter().find(|format| format.name() == name).map(Any::Own);
        own.map_or_else(|| find(name).map(Any::Ours), Ok)
    }
}

/// One of our formats or one that a user described.
#[derive(Clone, Copy, Debug)]
enum Any<'o> {
    Ours(&'static Format),
    Own(&'o OwnFormat),
}

impl<'o> Any<'o> {
    fn known(self) -> Known<'o> {
        match self {
            Any::Ours(Format { name, title, phase, tool, .. }) => Known { name, title, phase: *phase, tool },
            Any::Own(format) => format.known(),
        }
    }
}

/// The format called `name`.
///
/// # Errors
/// When there is none; the error names the nearest one.
pub fn find(name: &str) -> Result<&'static Format, ReadError> {
    let found = FORMATS.iter().find(|format| format.name == name);
    found.copied().ok_or_else(|| ReadError::unknown_format(name))
}

/// The formats that recognise a document by its beginning or, where that says nothing, by the whole of it.
fn recognising<'t, 'o>(text: &'t [u8], own: &'o [OwnFormat]) -> Result<(Probe<'t>, Vec<Any<'o>>), ReadError> {
    let of = |probe: &Probe| {
        let ours = FORMATS.iter().filter(|format| (format.recognises)(probe)).map(|format| Any::Ours(format));
        ours.chain(own.iter().filter(|format| format.recognises(probe)).map(Any::Own)).collect::<Vec<_>>()
    };
    let probe = Probe::of(text)?;
    let found = of(&probe);
    if !found.is_empty() || probe.is_of_whole() {
        return Ok((probe, found));
    }
    let probe = Probe::of_whole(text)?;
    let found = of(&probe);
    Ok((probe, found))
}

fn unrecognised(probe: &Probe, candidates: &[Any<'_>]) -> Unrecognised {
    Unrecognised::new(probe, candidates.iter().map(|format| format.known().name.to_owned()).collect())
}
