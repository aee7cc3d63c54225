//! Why a document could not be read, in a sentence for whoever sent it.

use crate::{FORMATS, Media, Probe};
use std::fmt;

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No format, or more than one, recognises it.
    #[error(transparent)]
    Unrecognised(#[from] Unrecognised),
    /// The sender named a format that does not exist.
    #[error("`{name}` is not a format{}\nhint: `shipworthy format list` shows every format", nearest_clause(*.nearest))]
    UnknownFormat {
        /// What was named.
        name: String,
        /// The format whose name is nearest.
        nearest: Option<&'static str>,
    },
    /// It breaks the rules of its own language or of its format.
    #[error("not a well-formed {what}: {message}, at {at}")]
    NotWellFormed {
        /// What was expected: `JSON document`, `XML document`, `in-toto statement` …
        what: &'static str,
        /// Where it broke: line and column, or a path.
        at: String,
        /// What was expected and what was found instead.
        message: String,
    },
    /// It is nested deeper than any report of a tool.
    #[error("nested deeper than {limit} levels, at {at}; documents of tools are not, so it is not read any further")]
    TooDeep {
        /// The deepest nesting that is read.
        limit: usize,
        /// Where that limit was passed.
        at: String,
    },
    /// It holds more than any report of a tool.
    #[error("{count} values or elements are more than the {limit} that are read of one document")]
    TooMany {
        /// How many it holds, as far as they were counted.
        count: usize,
        /// The most that are read.
        limit: usize,
    },
    /// It came packed and cannot be unpacked.
    #[error("it begins like {packing} and cannot be unpacked: {message}")]
    Damaged {
        /// How it is packed.
        packing: &'static str,
        /// What broke.
        message: String,
    },
    /// It came packed and unpacks to more than what is read.
    #[error("it unpacks to more than {limit_bytes} bytes\nhint: send the documents uncompressed, or in parts")]
    UnpacksTooLarge {
        /// The largest size that is read.
        limit_bytes: u64,
    },
    /// It came packed and grows more than any report of a tool.
    #[error(
        "{packed_bytes} bytes unpack to more than {limit_ratio} times as many\nhint: send the documents uncompressed"
    )]
    UnpacksTooMuch {
        /// Its packed size.
        packed_bytes: usize,
        /// The largest ratio.
        limit_ratio: u64,
    },
    /// It is an archive of which nothing, or too many different things, can be read.
    #[error("{message}")]
    Archive {
        /// What was found in it.
        message: String,
    },
    /// It is larger than what is read.
    #[error("{size_bytes} bytes are more than the {limit_bytes} bytes that are read of one document")]
    TooLarge {
        /// Its size.
        size_bytes: usize,
        /// The largest size that is read.
        limit_bytes: u64,
    },
}

impl ReadError {
    pub(crate) fn unknown_format(name: &str) -> Self {
        let nearest = FORMATS.iter().map(|format| format.name).find(|known| {
            known.replace('-', "").contains(&name.to_lowercase().replace(['-', '_', ' '], "")) || name.contains(known)
        });
        Self::UnknownFormat { name: name.chars().take(100).collect(), nearest }
    }

    /// The document is well-formed as JSON or XML and yet lacks what every document of its format has.
    pub(crate) fn lacks(what: &'static str, at: &str, message: impl Into<String>) -> Self {
        Self::NotWellFormed { what, at: at.to_owned(), message: message.into() }
    }
}

/// A document that no format, or more than one, recognises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecognised {
    /// What the document looks like, such as ``a JSON object with the keys `a`, `b` ``.
    pub seen: String,
    /// The formats that recognise it; empty or more than one.
    pub candidates: Vec<String>,
    /// The format that looks most like it.
    pub nearest: Option<&'static str>,
}

impl Unrecognised {
    pub(crate) fn new(probe: &Probe, candidates: Vec<String>) -> Self {
        Self { seen: probe.to_string(), candidates, nearest: nearest(probe) }
    }
}

impl fmt::Display for Unrecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seen, candidates, nearest } = self;
        if !candidates.is_empty() {
            let candidates = candidates.join("` and `");
            return write!(f, "this is {seen}, which could be `{candidates}`\nhint: name the format");
        }
        write!(f, "this is {seen}, which no format recognises{}", nearest_clause(*nearest))?;
        f.write_str("\nhint: name the format if it is one of those that `shipworthy format list` shows")
    }
}

impl std::error::Error for Unrecognised {}

/// The format that shares most marks with the document; among equals the one with the fewest marks of its own, because
/// it shares the larger part.
fn nearest(probe: &Probe) -> Option<&'static str> {
    let is_shown = |mark: &&&str| match &probe.media {
        Media::JsonObject(members) | Media::JsonArray(Some(members)) | Media::JsonLines(members) => members.has(mark),
        Media::Xml(root) => root.name == ***mark,
        Media::JsonArray(None) | Media::Text | Media::Empty => false,
    };
    let scored = FORMATS.iter().map(|format| (format.marks.iter().filter(is_shown).count(), format));
    let best = scored.filter(|(shared, _)| *shared > 0);
    best.min_by_key(|(shared, format)| (usize::MAX - shared, format.marks.len())).map(|(_, format)| format.name)
}

fn nearest_clause(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(", the nearest is `{name}`"))
}
