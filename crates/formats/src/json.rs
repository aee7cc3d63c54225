//! JSON as tools write it: a scan for keys and nesting before anything is parsed, documents as typed borrowed structs,
//! and lists whose items may be odd one by one.

use crate::ReadError;
use crate::probe::{Media, Members};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use shipworthy_model::Warning;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;

/// The deepest nesting that is read; what `serde_json` reads, too.
pub(crate) const MAX_DEPTH: usize = 127;

/// Keys and values longer than this tell no format apart.
const MAX_PROBED_BYTES: usize = 300;
const MAX_PROBED_MEMBERS: usize = 200;

/// Parses the whole document. Strings are borrowed from it, see [`Text`].
pub(crate) fn document<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ReadError> {
    serde_json::from_slice(bytes).map_err(|error| not_well_formed(&error))
}

/// Parses one item of a list or one optional part, found at the JSON pointer `at`. One that does not have the expected
/// form is left out with a warning, and the document goes on.
pub(crate) fn part<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    at: impl fmt::Display,
    warnings: &mut Vec<Warning>,
) -> Option<T> {
    match serde_json::from_str(raw.get()) {
        Ok(item) => Some(item),
        Err(error) => {
            let message = format!("left out: {}", without_position(&error));
            warnings.push(Warning { at: at.to_string(), message });
            None
        }
    }
}

/// Parses the items of the list at the JSON pointer `at`, each with its index; odd ones are left out with a warning.
pub(crate) fn parts<'a, T: Deserialize<'a>>(
    list: &List<'a>,
    at: impl fmt::Display,
    warnings: &mut Vec<Warning>,
) -> Vec<(usize, T)> {
    let items = list.items(&at, warnings).iter().enumerate();
    items.filter_map(|(index, raw)| Some((index, part(raw, format_args!("{at}/{index}"), warnings)?))).collect()
}

/// A place in a document, as a JSON pointer once it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At<'p> {
    /// The document itself.
    Root,
    /// A member of an object.
    Key(&'p At<'p>, &'p str),
    /// An element of an array.
    Index(&'p At<'p>, usize),
}

impl<'p> At<'p> {
    pub(crate) fn key(&'p self, key: &'p str) -> Self {
        At::Key(self, key)
    }

    pub(crate) fn index(&'p self, index: usize) -> Self {
        At::Index(self, index)
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => Ok(()),
            At::Key(parent, key) => write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1")),
            At::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// A part that may not have the expected form without harm to what it is a part of. Absent and `null` are the default.
#[derive(Debug)]
pub(crate) struct Odd<T>(pub(crate) Result<T, String>);

impl<T> Odd<T> {
    /// The part. One that does not have the expected form is a warning.
    pub(crate) fn get(&self, at: impl fmt::Display, warnings: &mut Vec<Warning>) -> Option<&T> {
        match &self.0 {
            Ok(part) => Some(part),
            Err(message) => {
                warnings.push(Warning { at: at.to_string(), message: format!("left out: {message}") });
                None
            }
        }
    }
}

impl<T: Default> Default for Odd<T> {
    fn default() -> Self {
        Self(Ok(T::default()))
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Odd<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        let part: Result<Option<T>, _> = serde_json::from_str(raw.get());
        Ok(Self(part.map(Option::unwrap_or_default).map_err(|error| without_position(&error))))
    }
}

/// A list whose items are parsed one by one, see [`parts`]. Absent and `null` are empty.
#[derive(Debug, Default)]
pub(crate) struct List<'a> {
    /// Its items, unparsed.
    pub(crate) items: Vec<&'a RawValue>,
    /// What stood in its place, where it was no list.
    instead: Option<&'static str>,
}

impl<'a> List<'a> {
    /// Its items, unparsed. Something else in its place is a warning.
    pub(crate) fn items(&self, at: impl fmt::Display, warnings: &mut Vec<Warning>) -> &[&'a RawValue] {
        if let Some(found) = self.instead {
            let message = format!("left out: expected a list, found {found}");
            warnings.push(Warning { at: at.to_string(), message });
        }
        &self.items
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for List<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        let instead = match raw.get().as_bytes().first() {
            Some(b'[') => {
                let items = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
                return Ok(Self { items, instead: None });
            }
            Some(b'n') => None,
            Some(b'{') => Some("an object"),
            Some(b'"') => Some("a string"),
            _ => Some("a number or truth value"),
        };
        Ok(Self { items: Vec::new(), instead })
    }
}

/// A text, borrowed from the document where it holds no escapes. Numbers and truth values are taken for texts, because
/// tools differ in whether a version is `1.0` or `"1.0"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    /// The text, owned; nothing when it is empty or blank.
    pub(crate) fn stated(&self) -> Option<String> {
        Some(self.0.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

/// The owned text of an optional one; nothing when it is absent, empty or blank.
pub(crate) fn stated(text: Option<&Text<'_>>) -> Option<String> {
    text.and_then(Text::stated)
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    /// PostgreSQL takes no NUL, which JSON can write as an escape and nobody means.
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.replace('\0', "\u{FFFD}")))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }
}

/// The members of a JSON object in document order, for objects whose keys are data.
#[derive(Debug)]
pub(crate) struct Entries<'a, T>(pub(crate) Vec<(Text<'a>, T)>);

impl<T> Default for Entries<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Entries<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Vec<(Text<'de>, T)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
        }
        deserializer.deserialize_any(EntriesVisitor(std::marker::PhantomData)).map(Self)
    }
}

/// Turns `null` into the default, because tools written in Go write `null` for an empty list.
pub(crate) fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Refuses a document in which a key stands twice in one object, at any depth.
pub(crate) fn refuse_repeated_keys(bytes: &[u8]) -> Result<(), ReadError> {
    document::<Unambiguous>(bytes).map(|_| ())
}

/// Any value without a repeated key.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnambiguousVisitor)
    }
}

struct UnambiguousVisitor;

impl<'de> Visitor<'de> for UnambiguousVisitor {
    type Value = Unambiguous;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without repeated keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unambiguous, A::Error> {
        let mut keys = HashSet::new();
        while let Some((key, _)) = map.next_entry::<Text<'de>, Unambiguous>()? {
            if let Some(key) = keys.replace(key.0) {
                return Err(A::Error::custom(format!("expected every key once, found `{key}` again")));
            }
        }
        Ok(Unambiguous)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unambiguous, A::Error> {
        while list.next_element::<Unambiguous>()?.is_some() {}
        Ok(Unambiguous)
    }

    fn visit_unit<E>(self) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }
}

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

/// Line and column of a position, both from 1.
pub(crate) fn place(bytes: &[u8], position: usize) -> String {
    let before = &bytes[..position.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("line {line} column {column}")
}

fn not_well_formed(error: &serde_json::Error) -> ReadError {
    let at = format!("line {} column {}", error.line(), error.column());
    let message = without_position(error);
    if message == "recursion limit exceeded" {
        return ReadError::TooDeep { limit: MAX_DEPTH, at };
    }
    ReadError::NotWellFormed { what: "JSON document", at, message }
}

/// The parser's message in words for people: without the position, and with what was expected before what was found.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(before, _)| before);
    if let Some(rest) = message.strip_prefix("EOF while parsing ") {
        return format!("expected the rest of {rest}, found the end of the document");
    }
    if let Some(field) = message.strip_prefix("duplicate field ") {
        return format!("expected {field} once, found it twice");
    }
    if message == "trailing characters" {
        return "expected nothing after the end of the document, found more".to_owned();
    }
    let Some((found, expected)) = message.split_once(", expected ") else { return message.to_owned() };
    let Some((_, found)) = found.split_once(": ") else { return message.to_owned() };
    let found = match found {
        "map" => "an object",
        "sequence" => "a list",
        other => other,
    };
    let expected = match expected {
        "u8" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i64" => "a whole number",
        "f32" | "f64" => "a number",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    format!("expected {}, found {found}", expected.replace("a sequence", "a list").replace("a map", "an object"))
}
