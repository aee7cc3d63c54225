//! What a format is: a value with a name, a test on a cheap probe and a reading function.

use crate::{Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// One kind of document that Shipworthy reads: one file, one folder of samples, one line in [`crate::FORMATS`].
#[derive(Debug)]
pub struct Format {
    /// Its name on the wire, in kebab-case; its file and its folder of samples are called the same.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Where the tool or the standard documents it.
    pub homepage: &'static str,
    /// The phase of the delivery that its documents speak of, unless the sender says otherwise.
    pub phase: Phase,
    /// The tool that writes it, in lower case; for a standard of many tools, the standard.
    pub tool: &'static str,
    /// The layouts and versions that are read, one sentence.
    pub reads: &'static str,
    /// What makes a finding the same one in the next report, one sentence; empty where the documents have no findings.
    pub identifies: &'static str,
    /// The tool in the table of severities whose words its documents use; empty where they have none.
    pub severities: &'static str,
    /// Top-level JSON keys or XML root names which its documents show. They serve the nearest guess alone.
    pub marks: &'static [&'static str],
    /// Whether a document is of this format. Sees the probe, never the whole document.
    pub recognises: fn(&Probe) -> bool,
    /// Understands a document: UTF-8 without byte order mark, never deeper nested than the limits.
    pub read: fn(&[u8]) -> Result<Report, ReadError>,
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}
