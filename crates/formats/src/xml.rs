//! XML as tools write it, pulled element by element. No entity is ever defined or fetched: a plain `DOCTYPE` line is
//! passed over, one that defines something is refused.
//!
//! ```text
//! let mut document = Document::new(bytes);
//! let root = document.root()?;
//! while let Some(child) = document.next_child(&root)? {
//!     match child.name.as_str() {
//!         "name" => name = document.text(&child)?,
//!         _ => {} // what is not read is passed over
//!     }
//! }
//! ```

mod node;

pub(crate) use node::Node;

use crate::limits::{MAX_NODES, MAX_XML_DEPTH, PROBED_DEPTH, PROBED_PLACES};
use crate::probe::{Media, Root, Shape};
use crate::{ReadError, json};
use quick_xml::Reader;
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

/// An XML document that is being read.
pub(crate) struct Document<'a> {
    bytes: &'a [u8],
    reader: Reader<&'a [u8]>,
    /// How many elements are open.
    depth: usize,
    /// How many elements have begun.
    elements: usize,
    /// Where the last event began.
    position: usize,
    /// The place that was counted last, so that many warnings do not count the document many times.
    counted: Cell<Counted>,
}

/// A position with its line and the position where that line begins.
#[derive(Clone, Copy)]
struct Counted {
    position: usize,
    line: usize,
    line_start: usize,
}

/// The start tag of an element that has been reached.
#[derive(Debug)]
pub(crate) struct Element {
    /// Its name without prefix.
    pub(crate) name: String,
    /// Its attributes with their prefixes.
    attributes: Vec<(String, String)>,
    /// How many elements are open in it, itself included.
    depth: usize,
}

impl Element {
    /// The attributes with their prefixes, in document order.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The attribute `name`.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A step in a document.
enum Step<'a> {
    Start(Element),
    End,
    Text(Cow<'a, str>),
}

impl<'a> Document<'a> {
    /// Begins to read a document in UTF-8.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Reader::from_reader(bytes);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        let counted = Cell::new(Counted { position: 0, line: 1, line_start: 0 });
        Self { bytes, reader, depth: 0, elements: 0, position: 0, counted }
    }

    /// Goes to the root.
    pub(crate) fn root(&mut self) -> Result<Element, ReadError> {
        if let Some(position) = memchr::memchr(0, self.bytes) {
            let message = "expected characters that XML allows, found a NUL".to_owned();
            return Err(not_well_formed(json::place(self.bytes, position), message));
        }
        loop {
            match self.step()? {
                Some(Step::Start(root)) => return Ok(root),
                Some(_) => {}
                None => return Err(self.broken("expected a root element, found none")),
            }
        }
    }

    /// Goes to the next child of `parent`, past whatever was left unread of the one before. Nothing after the last.
    pub(crate) fn next_child(&mut self, parent: &Element) -> Result<Option<Element>, ReadError> {
        while self.depth >= parent.depth {
            match self.step()? {
                Some(Step::Start(child)) if child.depth == parent.depth + 1 => return Ok(Some(child)),
                Some(_) => {}
                None => return Err(self.broken(&format!("expected the end of `{}`, found the end", parent.name))),
            }
        }
        Ok(None)
    }

    /// As [`Document::next_child`], and adds the text before the child, or before the end of `parent`, to `text`.
    pub(crate) fn next_child_with_text(
        &mut self,
        parent: &Element,
        text: &mut String,
    ) -> Result<Option<Element>, ReadError> {
        while self.depth >= parent.depth {
            match self.step()? {
                Some(Step::Start(child)) if child.depth == parent.depth + 1 => return Ok(Some(child)),
                Some(Step::Text(part)) if self.depth == parent.depth => text.push_str(&part),
                Some(_) => {}
                None => return Err(self.broken(&format!("expected the end of `{}`, found the end", parent.name))),
            }
        }
        Ok(None)
    }

    /// The text of `element` up to its first child, trimmed, and that child; without a child goes past its end.
    pub(crate) fn content(&mut self, element: &Element) -> Result<(String, Option<Element>), ReadError> {
        let mut text = String::new();
        while self.depth >= element.depth {
            match self.step()? {
                Some(Step::Start(child)) => return Ok((text.trim().to_owned(), Some(child))),
                Some(Step::Text(part)) => text.push_str(&part),
                Some(Step::End) => {}
                None => return Err(self.broken(&format!("expected the end of `{}`, found the end", element.name))),
            }
        }
        Ok((text.trim().to_owned(), None))
    }

    /// The text of `element` and of all elements in it, trimmed; goes past its end.
    pub(crate) fn text(&mut self, element: &Element) -> Result<String, ReadError> {
        let mut text = String::new();
        while self.depth >= element.depth {
            match self.step()? {
                Some(Step::Text(part)) => text.push_str(&part),
                Some(_) => {}
                None => return Err(self.broken(&format!("expected the end of `{}`, found the end", element.name))),
            }
        }
        Ok(if text.trim().len() == text.len() { text } else { text.trim().to_owned() })
    }

    /// The text of `element` without that of the elements in it, trimmed; goes past its end.
    pub(crate) fn own_text(&mut self, element: &Element) -> Result<String, ReadError> {
        let mut text = String::new();
        while self.depth >= element.depth {
            match self.step()? {
                Some(Step::Text(part)) if self.depth == element.depth => text.push_str(&part),
                Some(_) => {}
                None => return Err(self.broken(&format!("expected the end of `{}`, found the end", element.name))),
            }
        }
        Ok(text.trim().to_owned())
    }

    /// The texts of the children of `element` by their names, the first of several of one name; goes past its end.
    pub(crate) fn texts(&mut self, element: &Element) -> Result<HashMap<String, String>, ReadError> {
        let mut texts = HashMap::new();
        while let Some(child) = self.next_child(element)? {
            let text = self.text(&child)?;
            texts.entry(child.name).or_insert(text);
        }
        Ok(texts)
    }

    /// Line and column where the last tag or text began, for warnings.
    pub(crate) fn place(&self) -> String {
        let Counted { position, mut line, mut line_start } = self.counted.get();
        let end = self.position.min(self.bytes.len()).max(position);
        for newline in memchr::memchr_iter(b'\n', &self.bytes[position..end]) {
            line += 1;
            line_start = position + newline + 1;
        }
        self.counted.set(Counted { position: end, line, line_start });
        format!("line {line} column {}", end - line_start + 1)
    }

    /// Makes sure that nothing but comments and white space follows the root, which has been read.
    pub(crate) fn end(&mut self) -> Result<(), ReadError> {
        loop {
            match self.step()? {
                None => return Ok(()),
                Some(Step::Text(text)) if text.trim().is_empty() => {}
                Some(Step::End) if self.depth == 0 => {}
                Some(_) => return Err(self.broken("expected nothing after the end of the root, found more")),
            }
        }
    }

    /// Takes the next step; nothing at the end of the document.
    fn step(&mut self) -> Result<Option<Step<'a>>, ReadError> {
        loop {
            self.position = self.position_in_bytes();
            let event = self.reader.read_event().map_err(|error| self.broken_by(&error))?;
            let step = match event {
                Event::Start(start) => Step::Start(self.open(&start)?),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Step::End
                }
                Event::Text(text) => Step::Text(text.xml10_content().map_err(|e| self.broken(&e.to_string()))?),
                Event::CData(text) => Step::Text(text.xml10_content().map_err(|e| self.broken(&e.to_string()))?),
                Event::GeneralRef(reference) => Step::Text(self.resolved(&reference)?.into()),
                Event::DocType(text) if defines_something(&text) => {
                    return Err(self.broken("expected no definitions in the DOCTYPE, since none is ever followed"));
                }
                Event::Eof if self.depth > 0 => {
                    return Err(self.broken("expected the end of every element, found the end of the document"));
                }
                Event::Eof => return Ok(None),
                Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => continue,
            };
            return Ok(Some(step));
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<Element, ReadError> {
        self.depth += 1;
        self.elements += 1;
        if self.depth > MAX_XML_DEPTH {
            return Err(ReadError::TooDeep { limit: MAX_XML_DEPTH, at: self.place() });
        }
        if self.elements > MAX_NODES {
            return Err(ReadError::TooMany { count: self.elements, limit: MAX_NODES });
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| match error {
                AttrError::Duplicated(..) => self.broken("expected every attribute once, found one twice"),
                other => self.broken(&other.to_string()),
            })?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map_err(|error| match error {
                quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => self.undefined(&name),
                other => self.broken(&other.to_string()),
            })?;
            attributes.push((lossy(attribute.key.as_ref()), value.into_owned()));
        }
        Ok(Element { name: lossy(start.local_name().as_ref()), attributes, depth: self.depth })
    }

    /// The text of `&amp;`, `&#10;` and their like; other entities are defined nowhere.
    fn resolved(&self, reference: &BytesRef<'_>) -> Result<String, ReadError> {
        let character = reference.resolve_char_ref().map_err(|error| self.broken(&error.to_string()))?;
        if let Some(character) = character {
            return Ok(character.to_string());
        }
        let name = reference.decode().map_err(|error| self.broken(&error.to_string()))?;
        let text = resolve_predefined_entity(&name);
        Ok(text.ok_or_else(|| self.undefined(&name))?.to_owned())
    }

    fn undefined(&self, entity: &str) -> ReadError {
        self.broken(&format!("expected a predefined entity, found `&{entity};`"))
    }

    fn position_in_bytes(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn broken_by(&self, error: &quick_xml::Error) -> ReadError {
        let position = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        not_well_formed(json::place(self.bytes, position), error.to_string())
    }

    fn broken(&self, message: &str) -> ReadError {
        not_well_formed(self.place(), message.to_owned())
    }
}

/// Whether a DOCTYPE has an internal subset that changes what the document says. Pester writes an empty one, Burp one that
/// only describes its elements.
fn defines_something(doctype: &[u8]) -> bool {
    let subset = memchr::memchr(b'[', doctype).map_or(&[][..], |start| &doctype[start + 1..]);
    let declarations = subset.split(|byte| *byte == b'<').skip(1);
    let only_describes = |declaration: &[u8]| {
        declaration.starts_with(b"!ELEMENT ") || declaration.starts_with(b"!ATTLIST ") && !declaration.contains(&b'&')
    };
    let before = subset.split(|byte| *byte == b'<').next().unwrap_or_default();
    before.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != b']')
        || subset.contains(&b'%')
        || !declarations.into_iter().all(only_describes)
}

/// The root and the elements below it, a few levels deep, as far as the document, or the beginning of one, goes.
pub(crate) fn shape(bytes: &[u8]) -> Result<(Media, Shape), ReadError> {
    let mut document = Document::new(bytes);
    let Element { attributes, .. } = document.root()?;
    let root = root_of(&bytes[document.position..], attributes);
    let mut places = HashMap::new();
    // The path of the last element, and where the part of each element that is open ends in it.
    let (mut path, mut ends) = (String::new(), Vec::new());
    // What breaks further down, the reader says; a beginning breaks off where it ends.
    while let Ok(Some(step)) = document.step() {
        let Step::Start(element) = step else { continue };
        if element.depth > PROBED_DEPTH + 1 || places.len() >= PROBED_PLACES {
            continue;
        }
        ends.truncate(element.depth.saturating_sub(2));
        path.truncate(ends.last().copied().unwrap_or_default());
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&element.name);
        ends.push(path.len());
        if !places.contains_key(&path) {
            places.insert(path.clone(), None);
        }
    }
    Ok((Media::Xml(root), Shape(places)))
}

/// The root with its prefix taken for the namespace that it stands for.
fn root_of(tag: &[u8], attributes: Vec<(String, String)>) -> Root {
    let name = tag.get(1..).unwrap_or_default();
    let length = name.iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/')).count();
    let name = lossy(&name[..length]);
    let (prefix, name) = name.split_once(':').map_or((None, name.as_str()), |(prefix, name)| (Some(prefix), name));
    let declares = prefix.map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
    let namespace = attributes.iter().find(|(key, _)| *key == declares).map(|(_, value)| value.clone());
    Root { name: name.to_owned(), namespace, attributes }
}

fn not_well_formed(at: String, message: String) -> ReadError {
    ReadError::NotWellFormed { what: "XML document", at, message }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
