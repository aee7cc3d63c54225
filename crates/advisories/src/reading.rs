//! What the readers of advisories share: records of a document one after another, dates, CWE numbers and long texts.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use shipworthy_model::Warning;

use crate::advisory::{Advisory, DETAILS_BYTES, Rating};

/// Why a document is not read at all. One sentence: what was found, what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(crate) String);

/// Reads the records one after another with `read_one`; one that cannot be read becomes a warning at its place. A list of
/// which none can be read is something else.
pub(crate) fn each<T: DeserializeOwned>(
    what: &str,
    place: &str,
    records: &[&RawValue],
    keep: &mut dyn FnMut(Advisory),
    read_one: impl Fn(T) -> Result<Advisory, String>,
) -> Result<Vec<Warning>, Unreadable> {
    let mut warnings = Vec::new();
    for (position, record) in records.iter().enumerate() {
        let read = serde_json::from_str(record.get()).map_err(|error| error.to_string()).and_then(&read_one);
        match read {
            Ok(advisory) => keep(advisory),
            Err(message) => {
                warnings.push(Warning { at: format!("{place}/{position}"), message: capped(&message, 300) })
            }
        }
    }
    match warnings.first() {
        Some(Warning { at, message }) if warnings.len() == records.len() => {
            Err(not_a(what, &format!("none of its records can be read, {at}: {message}")))
        }
        _ => Ok(warnings),
    }
}

/// Reads one record that is the whole document.
pub(crate) fn alone<T: DeserializeOwned>(
    document: &str,
    what: &str,
    keep: &mut dyn FnMut(Advisory),
    read_one: impl FnOnce(T) -> Result<Advisory, String>,
) -> Result<Vec<Warning>, Unreadable> {
    let record = serde_json::from_str(document).map_err(|error| not_a(what, &error.to_string()))?;
    keep(read_one(record).map_err(|error| not_a(what, &error))?);
    Ok(Vec::new())
}

/// The sentence for a document that is something else.
pub(crate) fn not_a(what: &str, why: &str) -> Unreadable {
    Unreadable(format!("the document is not {what}: {}", capped(why, 300)))
}

/// An id as it can be kept.
pub(crate) fn id(stated: &str) -> Result<String, String> {
    let id = stated.trim();
    let is_odd =
        id.is_empty() || id.len() > 200 || id.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    if is_odd { Err(format!("`{}` is not an id", capped(id, 50))) } else { Ok(id.to_owned()) }
}

/// Ids without the empty ones, the one that is excluded, and what occurs twice, in the order in which they are stated.
pub(crate) fn ids(stated: Vec<String>, without: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(stated.len());
    let mut seen = std::collections::BTreeSet::from([without.to_owned()]);
    for id in stated.into_iter().filter_map(|stated| id(&stated).ok()) {
        if seen.insert(id.clone()) {
            kept.push(id);
        }
    }
    kept
}

/// An instant. NVD and CVE records leave the zone out and mean UTC; a date alone is its first instant.
pub(crate) fn instant(stated: Option<&str>) -> Option<Timestamp> {
    let stated = stated?.trim();
    let civil = || stated.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    stated.parse().ok().or_else(civil)
}

/// The text up to a number of bytes, never within a letter. What is longer ends in `…`.
pub(crate) fn capped(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// A text for people, absent when there is nothing in it.
pub(crate) fn prose(text: Option<String>) -> Option<String> {
    let text = text?;
    let text = text.trim();
    (!text.is_empty()).then(|| capped(text, DETAILS_BYTES))
}

/// The numbers of CWE ids such as `CWE-79`, ascending, each once.
pub(crate) fn cwes<'a>(stated: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
    let number = |id: &str| id.trim().strip_prefix("CWE-").and_then(|number| number.parse().ok());
    let mut numbers: Vec<u32> = stated.into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A CVSS vector as a rating.
pub(crate) fn vector(value: &str, by: Option<&str>) -> Rating {
    Rating { scheme: "cvss".to_owned(), value: value.trim().to_owned(), by: by.map(str::to_owned) }
}

/// `null` where a list or an object is expected means that there is none; some databases write it so.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}
