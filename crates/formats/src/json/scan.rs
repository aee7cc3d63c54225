//! The passes over JSON before anything is parsed: one over the beginning, for which keys there are; one over the
//! whole, for how deep it is nested and how much it holds. Neither checks the grammar; the parser does.

use super::place;
use crate::ReadError;
use crate::limits::{MAX_JSON_DEPTH, MAX_NODES, PROBED_DEPTH, PROBED_PLACES};
use crate::probe::{Media, Members, Shape};
use std::collections::HashMap;

/// Keys and values longer than this tell no format apart.
const MAX_PROBED_TEXT_BYTES: usize = 300;

/// Refuses a document that is nested deeper or holds more than any report of a tool.
pub(crate) fn check_limits(bytes: &[u8]) -> Result<(), ReadError> {
    let (mut position, mut depth, mut nodes) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                position = end_of_string(bytes, position);
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                nodes += 1;
                if depth > MAX_JSON_DEPTH {
                    return Err(ReadError::TooDeep { limit: MAX_JSON_DEPTH, at: place(bytes, position) });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => nodes += 1,
            _ => {}
        }
        position += 1;
    }
    if nodes > MAX_NODES {
        return Err(ReadError::TooMany { count: nodes, limit: MAX_NODES });
    }
    Ok(())
}

/// The position after the string that begins at `position`.
fn end_of_string(bytes: &[u8], position: usize) -> usize {
    let mut end = position + 1;
    while let Some(step) = memchr::memchr2(b'"', b'\\', &bytes[end..]) {
        end += step;
        if bytes[end] == b'"' {
            return end + 1;
        }
        end = (end + 2).min(bytes.len());
    }
    bytes.len()
}

/// What a document, or the beginning of one, is made of and which keys it shows.
pub(crate) fn shape(bytes: &[u8]) -> (Media, Shape) {
    let mut scan = Scan { bytes, ..Scan::default() };
    scan.run();
    let Scan { places, members, values, is_array, .. } = scan;
    let members = Members(members);
    let media = match (is_array, values) {
        (true, 0 | 1) => Media::JsonArray(Some(members).filter(|members| !members.0.is_empty())),
        (false, 0 | 1) => Media::JsonObject(members),
        _ => Media::JsonLines(members),
    };
    (media, Shape(places))
}

#[derive(Default)]
struct Scan<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The containers that are open.
    open: Vec<Container>,
    /// The path of the key whose value is read.
    path: String,
    places: HashMap<String, Option<String>>,
    /// The members of the first object that stands at the top or in the array at the top.
    members: Vec<(String, Option<String>)>,
    has_members: bool,
    is_array: bool,
    /// How many values have begun at the top.
    values: usize,
}

struct Container {
    is_object: bool,
    /// Whether a key comes next.
    expects_key: bool,
    /// Length of the path of the container itself.
    path_length: usize,
    /// How many objects are around its members.
    level: usize,
    /// Whether its members are those of the document.
    is_first: bool,
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.position) {
            match byte {
                b'"' => {
                    let end = end_of_string(self.bytes, self.position);
                    let text = &self.bytes[self.position + 1..end.saturating_sub(1).max(self.position + 1)];
                    self.position = end;
                    self.token(text);
                    continue;
                }
                b'{' | b'[' => self.begin(byte == b'{'),
                b'}' | b']' => self.end(),
                b',' => {
                    if let Some(container) = self.open.last_mut() {
                        container.expects_key = container.is_object;
                        self.path.truncate(container.path_length);
                    }
                }
                b'-' | b'0'..=b'9' | b't' | b'f' => {
                    let text = self.literal();
                    self.token(text);
                    continue;
                }
                _ => {}
            }
            self.position += 1;
        }
    }

    /// Steps over a number or a truth value.
    fn literal(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        self.position += length;
        &rest[..length]
    }

    fn begin(&mut self, is_object: bool) {
        if self.open.is_empty() {
            self.values += 1;
            self.is_array |= self.values == 1 && !is_object;
        }
        let level = self.open.last().map_or(0, |container| container.level) + usize::from(is_object);
        let is_first = is_object && level == 1 && self.open.len() <= 1 && !self.has_members;
        self.has_members |= is_object && level == 1;
        // What stands before the first object of an array is not an object, and so has no members.
        self.has_members |= self.open.len() == 1 && self.is_array;
        self.open.push(Container { is_object, expects_key: is_object, path_length: self.path.len(), level, is_first });
    }

    fn end(&mut self) {
        if let Some(container) = self.open.pop() {
            self.path.truncate(container.path_length);
        }
    }

    /// Takes a key, or the value of the key before it.
    fn token(&mut self, text: &[u8]) {
        let Some(container) = self.open.last_mut() else {
            self.values += 1;
            return;
        };
        // A bare value in an array at the top: no object comes first.
        self.has_members |= container.level == 0;
        if container.level > PROBED_DEPTH || text.len() > MAX_PROBED_TEXT_BYTES {
            container.expects_key = false;
            return;
        }
        if container.expects_key {
            container.expects_key = false;
            self.path.truncate(container.path_length);
            if !self.path.is_empty() {
                self.path.push('.');
            }
            let key = unescaped(text);
            self.path.push_str(&key);
            if container.is_first {
                self.members.push((key, None));
            }
            if !self.places.contains_key(&self.path) && self.places.len() < PROBED_PLACES {
                self.places.insert(self.path.clone(), None);
            }
            return;
        }
        if container.is_first
            && let Some((_, value @ None)) = self.members.last_mut()
        {
            *value = Some(unescaped(text));
        }
        if let Some(value @ None) = self.places.get_mut(&self.path) {
            *value = Some(unescaped(text));
        }
    }
}

fn unescaped(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    if !text.contains('\\') {
        return text.into_owned();
    }
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.into_owned())
}
