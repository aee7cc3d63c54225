//! Reads what endoflife.date says of one product: which of its lines are still maintained and until when. Both forms of
//! its API are read, the list of cycles and version 1. <https://endoflife.date/docs/api/v1/>

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shipworthy_model::Warning;

use crate::reading::{Unreadable, capped, not_a};

const WHAT: &str = "a product of endoflife.date";

/// A product with its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its name there, such as `python`; the older form does not say it.
    pub name: Option<String>,
    /// Package URLs and CPE names by which it is known.
    pub identifiers: Vec<String>,
    /// Its lines, newest first as stated.
    pub lines: Vec<Line>,
    /// Lines that could not be read, and where. They are not kept with it.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// A line of versions that is maintained together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its name, such as `3.12`.
    pub name: String,
    /// The day of its first release.
    pub released: Option<String>,
    /// Its latest version.
    pub latest: Option<String>,
    /// The day of that version.
    pub latest_released: Option<String>,
    /// When maintenance ends or ended.
    pub end: End,
    /// When support that costs extra ends.
    pub extended_end: End,
}

/// Whether and when something ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Not said.
    #[default]
    Unknown,
    /// On this day.
    On(String),
    /// It has ended, the day is not said.
    Ended,
    /// It has not ended and no day is set.
    Open,
}

#[derive(Deserialize)]
struct Version1 {
    result: Value,
}

/// Reads a product. A line that cannot be read is left out and becomes a warning with its place.
///
/// # Errors
/// When the document is something else or states no line.
pub fn read(document: &str) -> Result<Product, Unreadable> {
    let value: Value = serde_json::from_str(document).map_err(|error| not_a(WHAT, &error.to_string()))?;
    let mut product = Product::default();
    let (place, lines) = if let Ok(Version1 { result }) = Version1::deserialize(&value) {
        product.name = text(&result, "name");
        let identifiers = result.get("identifiers").and_then(Value::as_array).cloned().unwrap_or_default();
        product.identifiers = identifiers.iter().filter_map(|identifier| text(identifier, "id")).collect();
        ("/result/releases", result.get("releases").cloned().unwrap_or_default())
    } else {
        ("", value)
    };
    for (position, line) in lines.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
        match line_of(line) {
            Some(line) => product.lines.push(line),
            None => product.warnings.push(Warning {
                at: format!("{place}/{position}"),
                message: format!("expected a line with `cycle` or `name`, found `{}`", capped(&line.to_string(), 60)),
            }),
        }
    }
    if product.lines.is_empty() {
        return Err(not_a(WHAT, "it states no line with `cycle` or `name`"));
    }
    Ok(product)
}

fn line_of(line: &Value) -> Option<Line> {
    let latest = line.get("latest");
    let of_version_1 = latest.filter(|latest| latest.is_object());
    Some(Line {
        name: text(line, "cycle").or_else(|| text(line, "name"))?,
        released: text(line, "releaseDate"),
        latest: of_version_1.map_or_else(|| text(line, "latest"), |latest| text(latest, "name")),
        latest_released: of_version_1.map_or_else(|| text(line, "latestReleaseDate"), |latest| text(latest, "date")),
        end: end_of(line, "eol", ["eolFrom", "isEol"]),
        extended_end: end_of(line, "extendedSupport", ["eoesFrom", "isEoes"]),
    })
}

/// The older form has a day or a claim (`false` is "not ended" for `eol` and "none" for support); version 1 has both.
fn end_of(line: &Value, older: &str, [day, claim]: [&str; 2]) -> End {
    let stated = line.get(older);
    if let Some(day) = text(line, day).or_else(|| text(line, older)) {
        return End::On(day);
    }
    match line.get(claim).or(stated).and_then(Value::as_bool) {
        Some(has_ended) if older == "eol" || stated.is_none() => {
            if has_ended {
                End::Ended
            } else {
                End::Open
            }
        }
        Some(true) => End::Open,
        Some(false) | None => End::Unknown,
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
