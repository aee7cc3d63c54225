//! The pass over a JSON document before anything is parsed: how deep it is nested, and which keys it has on top.

use super::place;
use crate::ReadError;
use crate::probe::{Media, Members};

/// The deepest nesting that is read; what `serde_json` reads, too.
pub(super) const MAX_DEPTH: usize = 127;

/// Keys and values longer than this tell no format apart.
const MAX_PROBED_BYTES: usize = 300;
const MAX_PROBED_MEMBERS: usize = 200;

/// Passes over a JSON document once, without building anything: measures the nesting, and picks up the members of the
/// top-level object or of the first element of the top-level array. It does not check the grammar; the parser does.
pub(crate) fn scan(bytes: &[u8]) -> Result<Media, ReadError> {
    let mut scan = Scan { bytes, position: 0, depth: 0, level: 1, members: Vec::new(), key: None, is_done: false };
    let is_array = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if is_array {
        scan.level = 2;
    }
    scan.run()?;
    let members =
        Members(scan.members.into_iter().map(|(key, value)| (unescaped(key), value.map(unescaped))).collect());
    Ok(match (is_array, members.0.is_empty()) {
        (false, _) => Media::JsonObject(members),
        (true, true) => Media::JsonArray(None),
        (true, false) => Media::JsonArray(Some(members)),
    })
}

struct Scan<'a> {
    bytes: &'a [u8],
    position: usize,
    depth: usize,
    /// The depth at which the members of interest stand.
    level: usize,
    members: Vec<(&'a [u8], Option<&'a [u8]>)>,
    /// A key whose value has not come yet.
    key: Option<&'a [u8]>,
    /// The object of interest has ended, or never begins.
    is_done: bool,
}

impl<'a> Scan<'a> {
    fn run(&mut self) -> Result<(), ReadError> {
        while let Some(&byte) = self.bytes.get(self.position) {
            let is_of_interest = self.depth == self.level && !self.is_done;
            match byte {
                b'"' => {
                    let text = self.string();
                    if is_of_interest {
                        self.token(text);
                    }
                    continue;
                }
                b'{' | b'[' => self.open(byte)?,
                b'}' | b']' => self.close(),
                b',' if is_of_interest => self.key = None,
                b',' if self.depth < self.level => self.is_done = true,
                b'-' | b'0'..=b'9' | b't' | b'f' if is_of_interest => {
                    let literal = self.literal();
                    self.token(literal);
                    continue;
                }
                _ => {}
            }
            self.position += 1;
        }
        Ok(())
    }

    /// Steps over a string and gives what is between its quotes.
    fn string(&mut self) -> &'a [u8] {
        let start = self.position + 1;
        let mut end = start;
        while let Some(step) = memchr::memchr2(b'"', b'\\', &self.bytes[end..]) {
            end += step;
            if self.bytes[end] == b'"' {
                self.position = end + 1;
                return &self.bytes[start..end];
            }
            end = (end + 2).min(self.bytes.len());
        }
        self.position = self.bytes.len();
        &self.bytes[start..]
    }

    /// Steps over a number or a truth value.
    fn literal(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        self.position += length;
        &rest[..length]
    }

    /// Takes a token of the object of interest: a key, or the value of the key before it.
    fn token(&mut self, text: &'a [u8]) {
        let is_short = text.len() <= MAX_PROBED_BYTES;
        match self.key.take() {
            None => {
                self.key = Some(text);
                if is_short && self.members.len() < MAX_PROBED_MEMBERS {
                    self.members.push((text, None));
                }
            }
            Some(key) => {
                let last = self.members.last_mut().filter(|(last, _)| *last == key && is_short);
                if let Some((_, value)) = last {
                    *value = Some(text);
                }
                self.key = Some(key);
            }
        }
    }

    fn open(&mut self, byte: u8) -> Result<(), ReadError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ReadError::TooDeep { limit: MAX_DEPTH, at: place(self.bytes, self.position) });
        }
        // An array in the place of the object of interest has no members.
        self.is_done |= self.depth == self.level && byte == b'[';
        Ok(())
    }

    fn close(&mut self) {
        self.is_done |= self.depth == self.level;
        self.depth = self.depth.saturating_sub(1);
    }
}

fn unescaped(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    if !text.contains('\\') {
        return text.into_owned();
    }
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.into_owned())
}
