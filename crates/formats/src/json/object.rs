//! Objects of which a few members are read, wherever they stand: events and answers of interfaces, which are many small
//! parts deep. A member that is not what it should be is left out with a warning.

use super::{Entries, Text, document, values, without_position};
use crate::ReadError;
use serde_json::value::RawValue;
use shipworthy_model::Warning;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

/// Of several equal warnings close to each other one is kept.
const LAST_WARNINGS: usize = 8;

/// An object, its place, and where the warnings about it and its parts go.
#[derive(Clone, Debug)]
pub(crate) struct Object<'a> {
    members: Vec<(Text<'a>, &'a RawValue)>,
    at: String,
    warnings: Rc<RefCell<Vec<Warning>>>,
}

impl<'a> Object<'a> {
    /// The document, which is one object.
    pub(crate) fn document(bytes: &'a [u8]) -> Result<Self, ReadError> {
        Self::root(document(bytes)?, String::new(), &Rc::default())
    }

    /// The objects of a document: itself, the elements of a list, or several one after another.
    pub(crate) fn documents(bytes: &'a [u8]) -> Result<Vec<Self>, ReadError> {
        let warnings = Rc::default();
        let values = values(bytes)?;
        let items: Vec<&RawValue> = match &values[..] {
            [list] if list.get().starts_with('[') => document(list.get().as_bytes())?,
            [object] => return Ok(vec![Self::root(parsed(object)?, String::new(), &warnings)?]),
            _ => values,
        };
        let objects = items.into_iter().enumerate();
        objects.map(|(index, item)| Self::root(parsed(item)?, format!("/{index}"), &warnings)).collect()
    }

    fn root(
        members: Entries<'a, &'a RawValue>,
        at: String,
        warnings: &Rc<RefCell<Vec<Warning>>>,
    ) -> Result<Self, ReadError> {
        if let Some(key) = repeated_key(&members) {
            let at = if at.is_empty() { "/" } else { &at };
            return Err(ReadError::lacks("JSON document", at, format!("expected every key once, found `{key}` again")));
        }
        Ok(Self { members: members.0, at, warnings: Rc::clone(warnings) })
    }

    /// Every warning so far, about the whole document.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        self.warnings.borrow().clone()
    }

    /// Warns of the member at `path`.
    pub(crate) fn warn(&self, path: &str, message: impl Into<String>) {
        let path = path.replace('.', "/");
        let at = if path.is_empty() { self.at.clone() } else { format!("{}/{path}", self.at) };
        let warning = Warning { at, message: message.into() };
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.iter().rev().take(LAST_WARNINGS).any(|last| *last == warning) {
            warnings.push(warning);
        }
    }

    /// Where it stands in the document.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{}", self.at, path.replace('.', "/"))
    }

    /// Whether it has the member `key`, which is not `null`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(known, value)| **known == *key && value.get() != "null")
    }

    /// Whether the member `key` is an object.
    pub(crate) fn has_object(&self, key: &str) -> bool {
        self.members.iter().any(|(known, value)| **known == *key && value.get().starts_with('{'))
    }

    /// Whether the member `key` is a list.
    pub(crate) fn has_list(&self, key: &str) -> bool {
        self.members.iter().any(|(known, value)| **known == *key && value.get().starts_with('['))
    }

    /// Its keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(key, _)| &**key)
    }

    /// The text at `path`, such as `commit.sha`; numbers and truth values are texts, too. Nothing where it is blank.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let value = self.value(path)?;
        let text = serde_json::from_str::<Text<'_>>(value.get());
        text.map_err(|_| self.odd(path, "a text", value)).ok()?.stated()
    }

    /// The first text that stands at one of `paths`.
    pub(crate) fn first_text(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.text(path))
    }

    /// The number at `path`.
    pub(crate) fn number(&self, path: &str) -> Option<f64> {
        let value = self.value(path)?;
        let number = serde_json::from_str::<f64>(value.get()).ok().filter(|number| number.is_finite());
        if number.is_none() {
            self.odd(path, "a number", value);
        }
        number
    }

    /// The whole number from 0 at `path`.
    pub(crate) fn count(&self, path: &str) -> Option<u64> {
        let value = self.value(path)?;
        serde_json::from_str(value.get()).map_err(|_| self.odd(path, "a whole number from 0", value)).ok()
    }

    /// The truth value at `path`.
    pub(crate) fn flag(&self, path: &str) -> Option<bool> {
        let value = self.value(path)?;
        serde_json::from_str(value.get()).map_err(|_| self.odd(path, "a truth value", value)).ok()
    }

    /// The object at `path`.
    pub(crate) fn object(&self, path: &str) -> Option<Self> {
        let value = self.value(path)?;
        self.part(value, path)
    }

    /// The objects of the list at `path`.
    pub(crate) fn objects(&self, path: &str) -> Vec<Self> {
        let items = self.items(path).into_iter().enumerate();
        items.filter_map(|(index, item)| self.part(item, &format!("{path}.{index}"))).collect()
    }

    /// The objects of the object at `path`, with their keys.
    pub(crate) fn entries(&self, path: &str) -> Vec<(String, Self)> {
        let Some(object) = self.object(path) else { return Vec::new() };
        let members = object.members.iter();
        members.filter_map(|(key, value)| Some((key.to_string(), object.part(value, key)?))).collect()
    }

    /// The texts of the list at `path`.
    pub(crate) fn texts(&self, path: &str) -> Vec<String> {
        let items = self.items(path).into_iter();
        items.filter_map(|item| serde_json::from_str::<Text<'_>>(item.get()).ok()?.stated()).collect()
    }

    /// The texts at `path`, be it one text or a list of them.
    pub(crate) fn one_or_more(&self, path: &str) -> Vec<String> {
        let is_list = self.value(path).is_some_and(|value| value.get().starts_with('['));
        if is_list { self.texts(path) } else { self.text(path).into_iter().collect() }
    }

    fn items(&self, path: &str) -> Vec<&'a RawValue> {
        let Some(value) = self.value(path) else { return Vec::new() };
        serde_json::from_str(value.get()).map_err(|_| self.odd(path, "a list", value)).unwrap_or_default()
    }

    /// What stands at `path`, unparsed; nothing where it is `null`. Keys may hold dots themselves.
    fn value(&self, path: &str) -> Option<&'a RawValue> {
        let of = |key: &str| self.members.iter().find(|(known, _)| **known == *key).map(|(_, value)| *value);
        let is_stated = |value: &&RawValue| value.get() != "null";
        if let Some(value) = of(path) {
            return Some(value).filter(is_stated);
        }
        let (key, rest) = path.split_once('.')?;
        self.part(of(key).filter(is_stated)?, key)?.value(rest)
    }

    fn part(&self, value: &'a RawValue, path: &str) -> Option<Self> {
        let Ok(members) = parsed(value) else {
            self.odd(path, "an object", value);
            return None;
        };
        if let Some(key) = repeated_key(&members) {
            self.warn(path, format!("left out: expected every key once, found `{key}` again"));
            return None;
        }
        Some(Self { members: members.0, at: self.at(path), warnings: Rc::clone(&self.warnings) })
    }

    fn odd(&self, path: &str, expected: &str, found: &RawValue) {
        let found = match found.get().as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a text",
            Some(b't' | b'f') => "a truth value",
            Some(b'n') => "nothing",
            _ => "a number",
        };
        self.warn(path, format!("left out: expected {expected}, found {found}"));
    }
}

fn parsed(value: &RawValue) -> Result<Entries<'_, &RawValue>, ReadError> {
    serde_json::from_str(value.get())
        .map_err(|error| ReadError::lacks("JSON document", "its values", without_position(&error)))
}

/// A key that stands twice: two parsers could understand the object in two ways.
fn repeated_key<'m>(members: &'m Entries<'_, &RawValue>) -> Option<&'m str> {
    let mut known = HashSet::new();
    members.0.iter().map(|(key, _)| &**key).find(|key| !known.insert(*key))
}
