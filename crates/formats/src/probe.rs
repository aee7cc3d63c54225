//! A cheap look at a document, made once, by which formats recognise theirs: its size, its first bytes, and the keys of
//! its JSON or the elements of its XML, a few levels deep. No tree is built and only the beginning of a large document is
//! looked at; if no format knows it by that, the whole of it is.

use crate::limits::PROBED_BYTES;
use crate::{ReadError, json, xml};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// A cheap look at a document.
#[derive(Debug)]
pub struct Probe<'a> {
    /// Its size.
    pub size_bytes: usize,
    /// Its first bytes, after the byte order mark.
    pub head: &'a [u8],
    /// What it is made of.
    pub media: Media,
    /// The keys or elements that were seen.
    pub shape: Shape,
    /// The first line that is not blank and the columns that it names, once a format has asked for them.
    table: OnceCell<Table>,
}

/// The first line of a text, read once for all formats that ask.
#[derive(Debug, Default)]
struct Table {
    first_line: String,
    columns: Vec<String>,
    names: HashSet<String>,
}

impl Table {
    /// Reads the first line that is not blank, lossy where it is not UTF-8.
    fn of(head: &[u8], is_text: bool) -> Self {
        let line = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
        let first_line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
        let column = |column: &str| column.trim().trim_matches('"').trim().to_owned();
        let columns: Vec<_> =
            if is_text { first_line.split(separator(&first_line)).map(column).collect() } else { Vec::new() };
        let names = columns.iter().cloned().collect();
        Self { first_line, columns, names }
    }
}

/// What a document is made of.
#[derive(Debug)]
pub enum Media {
    /// A JSON object, with its top-level members.
    JsonObject(Members),
    /// A JSON array, with the members of its first element where that is an object.
    JsonArray(Option<Members>),
    /// Several JSON values one after another, each on a line of its own or not, with the members of the first.
    JsonLines(Members),
    /// An XML document, with its root.
    Xml(Root),
    /// Something else.
    Text,
    /// Nothing but white space.
    Empty,
}

/// The keys of a JSON document or the elements of an XML document, by path. Arrays are passed through as if they were
/// not there, and so is the root of XML: `matches.artifact` is a key of an element of the array `matches`.
#[derive(Debug, Default)]
pub struct Shape(pub(crate) HashMap<String, Option<String>>);

/// The members of a JSON object.
#[derive(Debug, Default)]
pub struct Members(pub(crate) Vec<(String, Option<String>)>);

impl Members {
    /// Whether there is a member `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    /// Whether there is a member for each of `keys`.
    #[must_use]
    pub fn has_all(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.has(key))
    }

    /// The key of the first member, for objects whose keys are data.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(|(key, _)| key.as_str())
    }

    /// Whether there is a member `key` and no other.
    #[must_use]
    pub fn has_only(&self, key: &str) -> bool {
        self.0.len() == 1 && self.has(key)
    }

    /// The short scalar value of `key`: the text of a string, or a number or truth value as written.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key)?.1.as_deref()
    }
}

/// The root of an XML document.
#[derive(Debug, Default)]
pub struct Root {
    /// Its name without prefix.
    pub name: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its attributes, with their prefixes.
    pub attributes: Vec<(String, String)>,
}

impl Root {
    /// The attribute `name`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<'a> Probe<'a> {
    /// Looks at the beginning of a document in UTF-8.
    pub(crate) fn of(text: &'a [u8]) -> Result<Self, ReadError> {
        Self::of_part(text, &text[..text.len().min(PROBED_BYTES)])
    }

    /// Looks at the whole of a document in UTF-8.
    pub(crate) fn of_whole(text: &'a [u8]) -> Result<Self, ReadError> {
        Self::of_part(text, text)
    }

    /// Whether the whole document was looked at.
    pub(crate) fn is_of_whole(&self) -> bool {
        self.size_bytes <= PROBED_BYTES
    }

    fn of_part(text: &'a [u8], part: &'a [u8]) -> Result<Self, ReadError> {
        let (media, shape) = match part.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => (Media::Empty, Shape::default()),
            Some(b'{' | b'[') => json::shape(part),
            // The beginning may end before the root's own tag does.
            Some(b'<') => xml::shape(part).or_else(|_| xml::shape(text))?,
            Some(_) => (Media::Text, Shape::default()),
        };
        let head = &text[..text.len().min(PROBED_BYTES)];
        Ok(Self { size_bytes: text.len(), head, media, shape, table: OnceCell::new() })
    }

    /// The members, where the document is one JSON object.
    #[must_use]
    pub fn object(&self) -> Option<&Members> {
        match &self.media {
            Media::JsonObject(members) => Some(members),
            Media::JsonArray(_) | Media::JsonLines(_) | Media::Xml(_) | Media::Text | Media::Empty => None,
        }
    }

    /// The members of the first element, where the document is a JSON array of objects.
    #[must_use]
    pub fn first_element(&self) -> Option<&Members> {
        match &self.media {
            Media::JsonArray(members) => members.as_ref(),
            Media::JsonObject(_) | Media::JsonLines(_) | Media::Xml(_) | Media::Text | Media::Empty => None,
        }
    }

    /// The members of the first object, where the document is one JSON object or several, one after another. A tool
    /// that writes a line for each problem writes one object when it found one problem.
    #[must_use]
    pub fn first_of_lines(&self) -> Option<&Members> {
        match &self.media {
            Media::JsonObject(members) | Media::JsonLines(members) => Some(members),
            Media::JsonArray(_) | Media::Xml(_) | Media::Text | Media::Empty => None,
        }
    }

    /// The root, where the document is XML.
    #[must_use]
    pub fn root(&self) -> Option<&Root> {
        match &self.media {
            Media::Xml(root) => Some(root),
            Media::JsonObject(_) | Media::JsonArray(_) | Media::JsonLines(_) | Media::Text | Media::Empty => None,
        }
    }

    /// Whether a key or an element was seen at `path`, such as `matches.artifact`; see [`Shape`].
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.shape.0.contains_key(path)
    }

    /// Whether something was seen at each of `paths`.
    #[must_use]
    pub fn has_all(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(path))
    }

    /// The first short scalar value of JSON at `path`, such as `scan.type`.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<&str> {
        self.shape.0.get(path)?.as_deref()
    }

    /// Whether `text` stands in the first bytes, for what is neither JSON nor XML and for what those do not tell apart.
    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        memchr::memmem::find(self.head, text.as_bytes()).is_some()
    }

    /// Whether the document is neither JSON nor XML.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.media, Media::Text)
    }

    /// The first line that is not blank, trimmed; lossy where it is not UTF-8.
    #[must_use]
    pub fn first_line(&self) -> &str {
        &self.table().first_line
    }

    /// The columns that the first line of a table in text names, separated by commas, semicolons or tabs.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.table().columns
    }

    /// Whether the first line names each of `columns`.
    #[must_use]
    pub fn has_columns(&self, columns: &[&str]) -> bool {
        columns.iter().all(|column| self.table().names.contains(*column))
    }

    fn table(&self) -> &Table {
        self.table.get_or_init(|| Table::of(self.head, self.is_text()))
    }
}

/// What separates the columns of a table in text: whichever of comma, semicolon and tab its first line has most of.
pub(crate) fn separator(first_line: &str) -> char {
    let count = |separator: &char| first_line.matches(*separator).count();
    // Of equals the last is taken, which for a line without any of them is the comma.
    [';', '\t', ','].into_iter().max_by_key(count).unwrap_or(',')
}

/// What the document looks like, for people.
impl fmt::Display for Probe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.media {
            Media::JsonObject(members) => write!(f, "a JSON object {}", keys(members)),
            Media::JsonArray(Some(members)) => write!(f, "a JSON array of objects {}", keys(members)),
            Media::JsonArray(None) => f.write_str("a JSON array that does not say what its elements are"),
            Media::JsonLines(members) => write!(f, "JSON values one after another, the first {}", keys(members)),
            Media::Xml(Root { name, namespace: Some(namespace), .. }) => {
                write!(f, "an XML document with the root `{name}` of the namespace `{namespace}`")
            }
            Media::Xml(root) => write!(f, "an XML document with the root `{}`", root.name),
            Media::Text => f.write_str("neither JSON nor XML"),
            Media::Empty => f.write_str("an empty document"),
        }
    }
}

fn keys(Members(members): &Members) -> String {
    const SHOWN: usize = 12;
    if members.is_empty() {
        return "without keys".to_owned();
    }
    let mut shown: Vec<_> = members.iter().take(SHOWN).map(|(key, _)| format!("`{key}`")).collect();
    if members.len() > SHOWN {
        shown.push("…".to_owned());
    }
    format!("with the keys {}", shown.join(", "))
}
