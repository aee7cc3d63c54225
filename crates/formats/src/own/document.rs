//! JSON, XML and tables in one shape, so that a path means the same in each.

use super::description::Media;
use crate::table::Table;
use crate::xml::{Document, Element};
use crate::{ReadError, json};
use serde_json::{Map, Value};

/// One item of a document.
#[derive(Debug)]
pub(super) struct Item {
    /// Where it is: a JSON pointer, or a line.
    pub(super) place: String,
    value: Value,
}

impl Item {
    /// The texts at a path: scalars, each as text, of all lists that the path goes through. Blank ones are none.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        let mut found = Vec::new();
        // A column may have a dot in its name, and so may a key.
        if let Some(value) = self.value.get(path) {
            collect(value, "", &mut found);
        } else {
            collect(&self.value, path, &mut found);
        }
        found
    }
}

fn collect(value: &Value, path: &str, found: &mut Vec<String>) {
    if let Value::Array(items) = value {
        items.iter().for_each(|item| collect(item, path, found));
        return;
    }
    if path.is_empty() {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            // An element with attributes has its text beside them.
            Value::Object(members) => {
                members.get(TEXT).and_then(Value::as_str).map(str::trim).unwrap_or_default().to_owned()
            }
            Value::Null | Value::Array(_) => String::new(),
        };
        found.extend(Some(text).filter(|text| !text.is_empty()));
        return;
    }
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Some(inner) = value.get(key) {
        collect(inner, rest, found);
    }
}

/// Where the text of an element stands among its attributes and children.
const TEXT: &str = "#text";

/// The items of a document at the path `path`; without one the document is the list, or its only item.
pub(super) fn items(media: Media, path: Option<&str>, bytes: &[u8]) -> Result<Vec<Item>, ReadError> {
    match media {
        Media::Json => {
            let value: Value = json::document(bytes)?;
            at_path(value, path.unwrap_or_default())
        }
        Media::JsonLines => {
            let mut found = Vec::new();
            for (index, raw) in json::values(bytes)?.into_iter().enumerate() {
                let value: Value = json::document(raw.get().as_bytes())?;
                let items = at_path(value, path.unwrap_or_default())?;
                found.extend(
                    items.into_iter().map(|item| Item { place: format!("value {} {}", index + 1, item.place), ..item }),
                );
            }
            Ok(found)
        }
        Media::Xml => {
            let mut document = Document::new(bytes);
            let root = document.root()?;
            let value = of_element(&mut document, &root)?;
            document.end()?;
            // A document without findings has none of their elements.
            let mut found = Vec::new();
            walk(value, path.unwrap_or_default(), String::new(), &mut found);
            Ok(found)
        }
        Media::Csv => {
            let table = Table::parse("table", bytes)?;
            let item = |row: crate::table::Row<'_>| {
                let cells = row.cells().map(|(column, cell)| (column.to_owned(), Value::from(cell)));
                Item { place: format!("line {}", row.line), value: Value::Object(cells.collect()) }
            };
            Ok(table.rows().map(item).collect())
        }
    }
}

/// Every item at the path. That the path leads nowhere is an error: the document is not of the format after all.
fn at_path(value: Value, path: &str) -> Result<Vec<Item>, ReadError> {
    let mut found = Vec::new();
    if !walk(value, path, String::new(), &mut found) {
        let message = format!("expected the findings at `{path}`, found nothing there");
        return Err(ReadError::lacks("document of the format", "the document itself", message));
    }
    Ok(found)
}

/// Whether there was anything at the path, an empty list included.
fn walk(value: Value, path: &str, place: String, found: &mut Vec<Item>) -> bool {
    match value {
        Value::Array(items) => {
            let is_empty = items.is_empty();
            let mut is_found = is_empty;
            for (index, item) in items.into_iter().enumerate() {
                is_found |= walk(item, path, format!("{place}/{index}"), found);
            }
            is_found
        }
        Value::Null => path.is_empty(),
        value if path.is_empty() => {
            found.push(Item { place, value });
            true
        }
        Value::Object(mut members) => {
            let (key, rest) = path.split_once('.').unwrap_or((path, ""));
            members.remove(key).is_some_and(|inner| walk(inner, rest, format!("{place}/{key}"), found))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// An element as an object: attributes with an `@`, children by name, its own text. Children of one name are a list.
fn of_element(document: &mut Document<'_>, element: &Element) -> Result<Value, ReadError> {
    let attributes = element.attributes().map(|(name, value)| (format!("@{name}"), Value::from(value)));
    let mut members: Map<String, Value> = attributes.collect();
    let mut text = String::new();
    while let Some(child) = document.next_child_with_text(element, &mut text)? {
        let value = of_element(document, &child)?;
        match members.get_mut(&child.name) {
            Some(Value::Array(items)) => items.push(value),
            Some(first) => {
                let items = vec![first.take(), value];
                *first = Value::Array(items);
            }
            None => drop(members.insert(child.name, value)),
        }
    }
    if members.is_empty() {
        return Ok(Value::from(text.trim()));
    }
    members.insert(TEXT.to_owned(), Value::from(text.trim()));
    Ok(Value::Object(members))
}
