//! A cheap look at a document, made once, by which formats recognise theirs: its size, its first bytes, and the
//! top-level keys of its JSON or the root of its XML. No tree is built; the nesting of JSON is measured on the way, so
//! that no parser ever sees one that would harm it.

use crate::{ReadError, json, xml};
use std::fmt;

/// A cheap look at a document.
#[derive(Debug)]
pub struct Probe<'a> {
    /// Its size.
    pub size_bytes: usize,
    /// Its first bytes, at most 512, after the byte order mark.
    pub head: &'a [u8],
    /// What it is made of.
    pub media: Media,
}

/// What a document is made of.
#[derive(Debug)]
pub enum Media {
    /// A JSON object, with its top-level members.
    JsonObject(Members),
    /// A JSON array, with the members of its first element where that is an object.
    JsonArray(Option<Members>),
    /// An XML document, with its root.
    Xml(Root),
    /// Something else.
    Text,
    /// Nothing but white space.
    Empty,
}

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
    /// Looks at a document in UTF-8.
    pub(crate) fn of(text: &'a [u8]) -> Result<Self, ReadError> {
        let media = match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => Media::Empty,
            Some(b'{' | b'[') => json::scan(text)?,
            Some(b'<') => xml::root(text)?,
            Some(_) => Media::Text,
        };
        Ok(Self { size_bytes: text.len(), head: &text[..text.len().min(512)], media })
    }

    /// The members, where the document is a JSON object.
    #[must_use]
    pub fn object(&self) -> Option<&Members> {
        match &self.media {
            Media::JsonObject(members) => Some(members),
            Media::JsonArray(_) | Media::Xml(_) | Media::Text | Media::Empty => None,
        }
    }

    /// The members of the first element, where the document is a JSON array of objects.
    #[must_use]
    pub fn first_element(&self) -> Option<&Members> {
        match &self.media {
            Media::JsonArray(members) => members.as_ref(),
            Media::JsonObject(_) | Media::Xml(_) | Media::Text | Media::Empty => None,
        }
    }

    /// The root, where the document is XML.
    #[must_use]
    pub fn root(&self) -> Option<&Root> {
        match &self.media {
            Media::Xml(root) => Some(root),
            Media::JsonObject(_) | Media::JsonArray(_) | Media::Text | Media::Empty => None,
        }
    }
}

/// What the document looks like, for people.
impl fmt::Display for Probe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.media {
            Media::JsonObject(members) => write!(f, "a JSON object {}", keys(members)),
            Media::JsonArray(Some(members)) => write!(f, "a JSON array of objects {}", keys(members)),
            Media::JsonArray(None) => f.write_str("a JSON array that does not say what its elements are"),
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
