//! JSON as tools write it: a scan for keys and nesting before anything is parsed, documents as typed borrowed structs,
//! and lists whose items may be odd one by one.

mod object;
mod scan;
mod unambiguous;

pub(crate) use object::Object;
pub(crate) use scan::{check_limits, shape};
pub(crate) use unambiguous::refuse_repeated_keys;

use crate::ReadError;
use crate::limits::MAX_JSON_DEPTH;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use shipworthy_model::Warning;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;

/// Parses the whole document. Strings are borrowed from it, see [`Text`].
pub(crate) fn document<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ReadError> {
    expected_first(|| serde_json::from_slice(bytes)).map_err(|error| not_well_formed(&error))
}

/// The values of a document that are written one after another, each on a line of its own (NDJSON) or not. A value that is
/// cut off or broken is an error, because what comes after it cannot be trusted to begin where it seems to.
pub(crate) fn values(bytes: &[u8]) -> Result<Vec<&RawValue>, ReadError> {
    let values: Result<Vec<_>, _> = serde_json::Deserializer::from_slice(bytes).into_iter().collect();
    values.map_err(|error| not_well_formed(&error))
}

/// Parses one item of a list or one optional part, found at the JSON pointer `at`. One that does not have the expected
/// form is left out with a warning, and the document goes on.
pub(crate) fn part<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    at: impl fmt::Display,
    warnings: &mut Vec<Warning>,
) -> Option<T> {
    match expected_first(|| serde_json::from_str(raw.get())) {
        Ok(item) => Some(item),
        Err(error) => {
            let message = format!("left out: {}", without_position(&error));
            warnings.push(Warning { at: at.to_string(), message });
            None
        }
    }
}

thread_local! {
    /// Whether parts that may be odd are taken for what they should be, see [`expected_first`].
    static IS_EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Parses what nearly always is as expected: once as if no part of it were odd, which looks at every byte once, and only
/// if that fails again with its [`Odd`] parts apart.
fn expected_first<T>(parse: impl Fn() -> Result<T, serde_json::Error>) -> Result<T, serde_json::Error> {
    let parse_as = |is_expected| {
        let before = IS_EXPECTED.replace(is_expected);
        let parsed = parse();
        IS_EXPECTED.set(before);
        parsed
    };
    parse_as(true).or_else(|_| parse_as(false))
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
        if IS_EXPECTED.get() {
            return Ok(Self(Ok(Option::deserialize(deserializer)?.unwrap_or_default())));
        }
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

    /// A list of these items.
    pub(crate) fn of(items: Vec<&'a RawValue>) -> Self {
        Self { items, instead: None }
    }

    fn instead(found: &'static str) -> Self {
        Self { items: Vec::new(), instead: Some(found) }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for List<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(List { items, instead: None })
    }

    fn visit_unit<E>(self) -> Result<List<'de>, E> {
        Ok(List::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(List::instead("an object"))
    }

    fn visit_str<E>(self, _: &str) -> Result<List<'de>, E> {
        Ok(List::instead("a string"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<List<'de>, E> {
        Ok(List::instead("a truth value"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<List<'de>, E> {
        Ok(List::instead("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<List<'de>, E> {
        Ok(List::instead("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<List<'de>, E> {
        Ok(List::instead("a number"))
    }
}

/// A text, borrowed from the document where it holds no escapes. Numbers and truth values are taken for texts, because
/// tools differ in whether a version is `1.0` or `"1.0"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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

/// An optional text of a document. Structs of many of them say `bound(deserialize = "'de: 'a")` once, which is what
/// `borrow` says for a single field.
pub(crate) type Said<'a> = Option<Text<'a>>;

/// The owned text of an optional one; nothing when it is absent, empty or blank.
pub(crate) fn said(text: &Said<'_>) -> Option<String> {
    text.as_ref().and_then(Text::stated)
}

/// The text of an optional one, empty when it is absent.
pub(crate) fn or_empty<'t>(text: &'t Said<'_>) -> &'t str {
    text.as_deref().unwrap_or_default().trim()
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

/// A list, or its only item without a list around it.
#[derive(Debug)]
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list or one item of it")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                T::deserialize(serde::de::value::BorrowedStrDeserializer::new(text)).map(|item| vec![item])
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(serde::de::value::StrDeserializer::new(text)).map(|item| vec![item])
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|item| vec![item])
            }
        }
        deserializer.deserialize_any(OneOrManyVisitor(std::marker::PhantomData)).map(Self)
    }
}

/// Something that is written as its name alone or as an object that says more.
#[derive(Debug)]
pub(crate) enum NameOr<'a, T> {
    /// Its name.
    Name(Text<'a>),
    /// What is said of it.
    Object(T),
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for NameOr<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrVisitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for NameOrVisitor<T> {
            type Value = NameOr<'de, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or an object")
            }
            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                TextVisitor.visit_borrowed_str(text).map(|text| NameOr::Name(Text(text)))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                TextVisitor.visit_str(text).map(|text| NameOr::Name(Text(text)))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(NameOr::Object)
            }
        }
        deserializer.deserialize_any(NameOrVisitor(std::marker::PhantomData))
    }
}

/// Texts where a tool writes a list of them, one alone, or nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts<'a>(pub(crate) Vec<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor).map(Self)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Vec<Text<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element::<Option<Text<'de>>>()? {
            texts.extend(text);
        }
        Ok(texts)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(vec![Text(Cow::Borrowed(text))])
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        TextVisitor.visit_str(text).map(|text| vec![Text(text)])
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(vec![Text(Cow::Owned(number.to_string()))])
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
        return ReadError::TooDeep { limit: MAX_JSON_DEPTH, at };
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
